#!/usr/bin/env bash
# A real Prometheus with Kordon's alert rules, a real Alertmanager with Kordon's routes, and a gateway:
#   senders/peers/alertmanager.sh http://127.0.0.1:8080        takes about four minutes
# A pod's memory passes 2 GiB and goes back; looked at is when the gateway hears of it, how often, and what it answers.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
. "$here/servers.sh"
gateway="${1:?which gateway? e.g. http://127.0.0.1:8080}"
prometheus="$(binary prometheus "${PROMETHEUS:-}")"
alertmanager="$(binary alertmanager "${ALERTMANAGER:-}" prometheus-alertmanager)"
read -r tee_port metrics_port prometheus_port alertmanager_port < <(ports 4)

# The pod's memory stands in a file.
echo 1500000000 > "$work/bytes"
python3 - "$metrics_port" "$work/bytes" > "$work/metrics.log" 2>&1 <<'METRICS' &
import http.server, sys
class Metrics(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        labels = 'namespace="tomcat",pod="tomcat-depl-89bb8c5c7-lspcw",container="tomcat",node="node-1"'
        body = f'container_memory_working_set_bytes{{{labels}}} {open(sys.argv[2]).read()}'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Metrics).serve_forever()
METRICS
pids+=($!)
start tee python3 "$here/tee.py" "$tee_port" "$gateway" "$work/sent.jsonl"

# The shipped configuration, but for the address, and the secrets' folder.
mkdir "$work/secrets"
echo "not-a-secret-of-anybodys" > "$work/secrets/token"
sed -e "s|https://kordon-gateway.kordon.svc:8080|http://127.0.0.1:$tee_port|" \
  -e "s|/etc/alertmanager/secrets/kordon-gateway|$work/secrets|" -e '/tls_config:/,/ca_file:/d' \
  "$here/../alertmanager/alertmanager.yml" > "$work/alertmanager.yml"
start alertmanager "$alertmanager" --config.file="$work/alertmanager.yml" --storage.path="$work/alertmanager" \
  --web.listen-address="127.0.0.1:$alertmanager_port" --cluster.listen-address=
cat > "$work/prometheus.yml" <<PROMETHEUS
global: {scrape_interval: 5s}
rule_files: ['$here/../prometheus/rules.yaml', '$here/../prometheus/rules-kubernetes.yaml']
alerting: {alertmanagers: [{static_configs: [{targets: ['127.0.0.1:$alertmanager_port']}]}]}
scrape_configs: [{job_name: cadvisor, static_configs: [{targets: ['127.0.0.1:$metrics_port']}]}]
PROMETHEUS
start prometheus "$prometheus" --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/tsdb" \
  --web.listen-address="127.0.0.1:$prometheus_port"
await 30 alertmanager curl -sf "http://127.0.0.1:$alertmanager_port/-/ready"
await 60 prometheus curl -sf "http://127.0.0.1:$prometheus_port/-/ready"
await 30 prometheus has "container_memory_working_set_bytes" "http://127.0.0.1:$prometheus_port/api/v1/query?query=container_memory_working_set_bytes"

sent() { # STATUS: how many notifications of it
  [[ -f "$work/sent.jsonl" ]] && grep -c "\\\\\"status\\\\\":\\\\\"$1\\\\\",\\\\\"alerts" "$work/sent.jsonl" || true
}
at_least() { (($(sent "$1") >= $2)); }
begun=$SECONDS
echo 2658500608 > "$work/bytes"
await 90 prometheus at_least firing 1
echo "memory passed 2 GiB, the gateway heard of it after $((SECONDS - begun)) s"
again=$SECONDS
await 200 alertmanager at_least firing 2
echo "and again after $((SECONDS - again)) s"
echo 1500000000 > "$work/bytes"
back=$SECONDS
await 90 alertmanager at_least resolved 1
echo "memory went back, the gateway heard of it after $((SECONDS - back)) s"

python3 - "$work/sent.jsonl" <<'CHECK'
import json, sys
requests = [json.loads(line) for line in open(sys.argv[1])]
for request in requests:
    answer = json.loads(request["answer"])
    assert request["status"] == 200 and answer["rejected"] == 0 and answer["accepted"] > 0, request
    assert request["authorized"], "no Authorization header"
    for alert in json.loads(request["body"])["alerts"]:
        assert alert["labels"]["alertname"] == "PodMemoryAbove2GiB", alert
        assert alert["labels"]["pod"] == "tomcat-depl-89bb8c5c7-lspcw", alert
        assert alert["annotations"]["value"] == "2.658500608e+09", alert
print(f"{len(requests)} notifications, all of them accepted by the gateway")
CHECK
