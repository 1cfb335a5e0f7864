#!/usr/bin/env bash
# Runs the containment contract, and the controllers' part of it, on a real kube-apiserver. README.md says how to get one.
#   connectors/kubernetes/peers/check.sh [TEST]        TEST as Maven takes it, e.g. 'IsolateStepTest' or 'Cordon*'
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
cd "$here/../../.."

# shellcheck source=servers.sh
source "$here/servers.sh"

reports=connectors/kubernetes/target/surefire-reports
run() { # TEST FURTHER_OPTIONS...
  local test="$1"
  shift
  rm -rf "$reports"
  ./mvnw -q -B ${MAVEN_OPTIONS:-} -pl connectors/kubernetes -am test -Dmaven.test.failure.ignore=true \
    -Dsurefire.failIfNoSpecifiedTests=false -Dgroups=containment ${test:+-Dtest="$test"} \
    -Dkordon.test.kubeconfig="$work/kubeconfig" "$@" > "$work/maven.log" 2>&1 || {
    tail -n 40 "$work/maven.log" >&2
    exit 2
  }
}

status=0
"$apiserver" --version
echo "The containment contract, actuator as the chart's service account:"
run "${1:-}"
python3 "$here/summary.py" "$here/differences.txt" "$reports" || status=1

if [[ -x "$manager" ]]; then
  start_manager deployment-controller,replicaset-controller,endpointslice-controller,garbage-collector-controller,disruption-controller
  echo "What controllers make of it, with kube-controller-manager:"
  run ReplacementTest -Dkordon.test.controllers=true
  python3 "$here/summary.py" "$here/differences.txt" "$reports" || status=1
else
  echo "No kube-controller-manager (KUBE_CONTROLLER_MANAGER): what controllers make of it was not looked at."
fi
exit $status
