#!/usr/bin/env bash
# To be sourced: starts etcd and kube-apiserver in a folder of their own, with RBAC, TLS, tokens and pod security; stops them when
# the shell ends. Sets work (the folder, with a kubeconfig of the administrator), manager (kube-controller-manager, or nothing) and
# start_manager CONTROLLERS. README.md says how to get the binaries.
find_binary() { # NAME [OVERRIDE]
  if [[ -n "${2:-}" ]]; then echo "$2"; else command -v "$1" || true; fi
}
etcd="$(find_binary etcd "${ETCD:-}")"
apiserver="$(find_binary kube-apiserver "${KUBE_APISERVER:-}")"
manager="$(find_binary kube-controller-manager "${KUBE_CONTROLLER_MANAGER:-}")"
[[ -x "$etcd" ]] || { echo "no etcd: put it on the PATH or name it by ETCD" >&2; exit 2; }
[[ -x "$apiserver" ]] || { echo "no kube-apiserver: put it on the PATH or name it by KUBE_APISERVER" >&2; exit 2; }

work="$(mktemp -d)"
pids=()
stop() { # the last first, and without asking: an API server whose etcd is gone would wait for it
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill -KILL "${pids[i]}" 2> /dev/null || true
    wait "${pids[i]}" 2> /dev/null || true
  done
  rm -rf "$work"
}
trap stop EXIT

read -r client_port peer_port api_port < <(python3 - <<'PORTS'
import socket
held = [socket.socket() for _ in range(3)]
for one in held:
    one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in held))
PORTS
)

await() { # SECONDS WHAT COMMAND...
  local deadline=$((SECONDS + $1)) what="$2"
  shift 2
  until "$@" > /dev/null 2>&1; do
    if ((SECONDS > deadline)); then
      echo "$what did not come up; the end of its log:" >&2
      tail -n 20 "$work/$what.log" >&2
      exit 2
    fi
    sleep 0.2
  done
}

"$etcd" --data-dir "$work/etcd" --listen-client-urls "http://127.0.0.1:$client_port" \
  --advertise-client-urls "http://127.0.0.1:$client_port" --listen-peer-urls "http://127.0.0.1:$peer_port" \
  --initial-advertise-peer-urls "http://127.0.0.1:$peer_port" --initial-cluster "default=http://127.0.0.1:$peer_port" \
  > "$work/etcd.log" 2>&1 &
pids+=($!)
await 30 etcd curl -sf "http://127.0.0.1:$client_port/health"

token="$(openssl rand -hex 24)"
openssl genrsa -out "$work/accounts.key" 2048 2> /dev/null
echo "$token,admin,admin,system:masters" > "$work/tokens.csv"
chmod 600 "$work/tokens.csv"
"$apiserver" --etcd-servers="http://127.0.0.1:$client_port" --secure-port="$api_port" --bind-address=127.0.0.1 \
  --cert-dir="$work/certs" --authorization-mode=RBAC --token-auth-file="$work/tokens.csv" \
  --service-account-key-file="$work/accounts.key" --service-account-signing-key-file="$work/accounts.key" \
  --service-account-issuer=https://kubernetes.default.svc --service-cluster-ip-range=10.0.0.0/16 \
  > "$work/kube-apiserver.log" 2>&1 &
pids+=($!)
await 90 kube-apiserver curl -sfk "https://127.0.0.1:$api_port/readyz"

cat > "$work/kubeconfig" <<KUBECONFIG
apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "https://127.0.0.1:$api_port", certificate-authority: "$work/certs/apiserver.crt"}}]
users: [{name: admin, user: {token: "$token"}}]
contexts: [{name: test, context: {cluster: test, user: admin}}]
current-context: test
KUBECONFIG
chmod 600 "$work/kubeconfig"

start_manager() { # CONTROLLERS, comma-separated
  "$manager" --kubeconfig="$work/kubeconfig" --use-service-account-credentials=false --leader-elect=false \
    --secure-port=0 --service-account-private-key-file="$work/accounts.key" --controllers="$1" \
    > "$work/kube-controller-manager.log" 2>&1 &
  pids+=($!)
}
