"""What came of audit.sh: a line per rule, then what is true of all that was sent. Ends with 1 if something is not as it must be.

    audit_result.py FOLDER CANARY
"""

import base64
import collections
import json
import pathlib
import sys

folder, canary = pathlib.Path(sys.argv[1]), sys.argv[2]
wrong = []


def requests(name):
    return [json.loads(line) for line in open(folder / f"{name}.jsonl")]


def say(good, text):
    print(("ok    " if good else "WRONG ") + text)
    if not good:
        wrong.append(text)


calls = {name: json.loads((folder / f"{name}.calls").read_text()) for name in ("policy", "everything")}
matched = collections.Counter(json.loads(line)["rule_name"] for line in open(folder / "matches.jsonl"))
for rule in calls["policy"]["rules"]:
    say(matched[rule] > 0, f"{rule}: {matched[rule]} matches")
audit = set()
for file in pathlib.Path(__file__).parents[2].glob("rules/*.yml"):
    for document in file.read_text().split("\n---\n"):
        if "service: audit" in document and "\ndetection:" in document:
            audit.update(line[6:].strip() for line in document.splitlines() if line.startswith("name: "))
say(audit == set(calls["policy"]["rules"]), f"{len(audit)} rules on the audit log, a call made for each")

sent = requests("policy")
answers = [json.loads(request["answer"]) for request in sent if request["status"] == 200]
rejected = sum(answer["rejected"] + answer["ignored"] for answer in answers)
say(len(answers) == len(sent) and rejected == 0, f"{len(sent)} requests, the gateway took every event of each")
say(all(request["authorized"] for request in sent), "each with its bearer token")
everything = "".join(request["body"] for request in sent)
hidden = [canary, base64.b64encode(canary.encode()).decode(), base64.b64encode((canary + "-patched").encode()).decode()]
say(not any(text in everything for text in hidden), "no secret, config map or token review in it")
events = [event for request in sent for event in json.loads(request["body"])["items"]]
bodies = [
    event["objectRef"]["resource"]
    for event in events
    if ("requestObject" in event or "responseObject" in event)
    and (event["objectRef"]["resource"] in ("secrets", "configmaps", "tokenreviews")
         or event["objectRef"].get("subresource") == "token")
]
say(not bodies, "no bodies of these")
say(any(text in "".join(r["body"] for r in requests("everything")) for text in hidden), "which the policy that keeps everything has")

print()
ordinary = ("system:node:node-1", "system:serviceaccount:kube-system:deployment-controller", "system:serviceaccount:ops:operator")
for name in ("everything", "policy"):
    own = [event for request in requests(name) for event in json.loads(request["body"])["items"]]
    life = [json.dumps(event) for event in own if event["user"]["username"] in ordinary]
    print(f"{name}: of the cluster's ordinary life, {calls[name]['ordinary']} calls, {len(life)} events,"
          f" {sum(map(len, life)) / 1024:.0f} KiB; with the calls above and the API server's own first start {len(own)} events")
sys.exit(1 if wrong else 0)
