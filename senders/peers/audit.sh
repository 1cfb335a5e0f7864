#!/usr/bin/env bash
# A real kube-apiserver with Kordon's audit policy and webhook, and a gateway:
#   senders/peers/audit.sh http://127.0.0.1:8080
# Every rule on the audit log has the call that it is about made; looked at is whether the gateway takes all that comes, whether
# each rule sees its call in it, that nothing of a secret is in it, and how much it is against a policy that keeps everything.
#   KORDON         how to start Kordon's rule tools, by default ./kordon
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
. "$here/servers.sh"
gateway="${1:?which gateway? e.g. http://127.0.0.1:8080}"
etcd="$(binary etcd "${ETCD:-}")"
kube_apiserver="$(binary kube-apiserver "${KUBE_APISERVER:-}")"
read -r tee_port etcd_port peer_port api_port kubelet_port < <(ports 5)
canary="canary-$(openssl rand -hex 12)"

mkdir "$work/tokens" "$work/kordon"
csv() { # FILE USER GROUPS
  local token
  token="$(openssl rand -hex 24)"
  echo "$token" > "$work/tokens/$1"
  echo "$token,$2,$1,\"$3\"" >> "$work/tokens.csv"
}
csv alice alice system:masters
csv kubelet system:node:node-1 system:nodes
csv controller system:serviceaccount:kube-system:deployment-controller system:serviceaccounts,system:serviceaccounts:kube-system
csv operator system:serviceaccount:ops:operator system:serviceaccounts,system:serviceaccounts:ops
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=node-1 -keyout "$work/kubelet.key" -out "$work/kubelet.crt" 2> /dev/null
openssl req -newkey rsa:2048 -nodes -subj /CN=mallory -keyout "$work/m.key" -out "$work/tokens/request.csr" 2> /dev/null
openssl genrsa -out "$work/accounts.key" 2048 2> /dev/null
start kubelet python3 "$here/kubelet.py" "$kubelet_port" "$work/kubelet.crt" "$work/kubelet.key"

# The shipped kubeconfig, but for the address and the folder of its files.
echo "not-a-secret-of-anybodys" > "$work/kordon/token"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=gateway -addext subjectAltName=DNS:kordon-gateway.kordon.svc \
  -keyout "$work/gateway.key" -out "$work/kordon/ca.crt" 2> /dev/null
sed -e "s|GATEWAY|127.0.0.1:$tee_port|" -e "s|/etc/kubernetes/kordon|$work/kordon|" "$here/../audit/webhook.yaml" > "$work/kordon/webhook.yaml"
printf 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: RequestResponse}]\n' > "$work/everything.yaml"

api() { # TOKEN METHOD PATH [CURL_OPTIONS]
  curl -sfk -H "Authorization: Bearer $(cat "$work/tokens/$1")" -X "$2" "https://127.0.0.1:$api_port$3" "${@:4}"
}

run() { # NAME POLICY
  local here_pids=("${pids[@]}")
  pids=()
  start tee python3 "$here/tee.py" "$tee_port" "$gateway" "$work/$1.jsonl" "$work/kordon/ca.crt" "$work/gateway.key"
  start etcd "$etcd" --data-dir "$work/etcd-$1" --listen-client-urls "http://127.0.0.1:$etcd_port" \
    --advertise-client-urls "http://127.0.0.1:$etcd_port" --listen-peer-urls "http://127.0.0.1:$peer_port" \
    --initial-advertise-peer-urls "http://127.0.0.1:$peer_port" --initial-cluster "default=http://127.0.0.1:$peer_port"
  await 30 etcd curl -sf "http://127.0.0.1:$etcd_port/health"
  start kube-apiserver "$kube_apiserver" --etcd-servers="http://127.0.0.1:$etcd_port" --secure-port="$api_port" \
    --bind-address=127.0.0.1 --cert-dir="$work/certs" --authorization-mode=RBAC --token-auth-file="$work/tokens.csv" \
    --service-account-key-file="$work/accounts.key" --service-account-signing-key-file="$work/accounts.key" \
    --service-account-issuer=https://kubernetes.default.svc --service-cluster-ip-range=10.0.0.0/16 \
    --allow-privileged=true --kubelet-preferred-address-types=InternalIP --anonymous-auth=true --disable-admission-plugins=ServiceAccount \
    --audit-policy-file="$2" --audit-webhook-config-file="$work/kordon/webhook.yaml" \
    --audit-webhook-batch-max-wait=2s --audit-webhook-batch-buffer-size=20000 \
    --audit-webhook-truncate-enabled=true --audit-webhook-truncate-max-event-size=524288
  await 90 kube-apiserver curl -sfk "https://127.0.0.1:$api_port/readyz"
  await 30 kube-apiserver api alice GET /apis/rbac.authorization.k8s.io/v1/clusterroles/cluster-admin
  for group in system:nodes system:serviceaccounts:kube-system system:serviceaccounts:ops; do
    api alice POST /apis/rbac.authorization.k8s.io/v1/clusterrolebindings -H 'Content-Type: application/json' -o /dev/null -d '{
      "metadata": {"name": "'"${group//:/-}"'"},
      "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
      "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "'"$group"'"}]}'
  done
  api alice POST /api/v1/nodes -H 'Content-Type: application/json' -o /dev/null -d '{"metadata": {"name": "node-1"}}'
  api alice PATCH /api/v1/nodes/node-1/status -H 'Content-Type: application/merge-patch+json' -o /dev/null -d '{"status": {
    "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}, {"type": "Hostname", "address": "node-1"}],
    "daemonEndpoints": {"kubeletEndpoint": {"Port": '"$kubelet_port"'}}}}'
  python3 "$here/audit_calls.py" "https://127.0.0.1:$api_port" "$work/tokens" "$canary" > "$work/$1.calls"
  # Nothing is left to come once the last call, made for this, has come.
  api alice GET "/api/v1/namespaces/shop/pods/the-last-one" -o /dev/null || true
  await 60 kube-apiserver grep -q the-last-one "$work/$1.jsonl"
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill -KILL "${pids[i]}"
    wait "${pids[i]}" 2> /dev/null || true
  done
  pids=("${here_pids[@]}")
}

"$kube_apiserver" --version
run policy "$here/../audit/policy.yaml"
run everything "$work/everything.yaml"
python3 - "$work/policy.jsonl" > "$work/events.jsonl" <<'EVENTS'
import json, sys
for line in open(sys.argv[1]):
    for event in json.loads(json.loads(line)["body"])["items"]:
        print(json.dumps(event))
EVENTS
# shellcheck disable=SC2086
${KORDON:-"$here/../../kordon"} rules eval --rules "$here/../../rules" --events "$work/events.jsonl" > "$work/matches.jsonl"
python3 "$here/audit_result.py" "$work" "$canary"
