#!/bin/sh
# Has Prometheus' promtool check the alerts on Kordon's own health, and play series that must and must not make each fire.
# PROMTOOL names it where it is not on the PATH (Debian has it in the package prometheus).
set -eu
cd "$(dirname "$0")"
promtool=${PROMTOOL:-promtool}
command -v "$promtool" >/dev/null || {
  echo "check.sh: no promtool: install Prometheus, or set PROMTOOL to its path" >&2
  exit 2
}
"$promtool" check rules ../kordon/files/alerts.yaml
"$promtool" test rules alerts-test.yaml
