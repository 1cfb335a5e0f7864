#!/usr/bin/env python3
"""Compares matches event by event: compare.py FOLDER PEER.jsonl [RULES.yml]

FOLDER holds rules.yml, events.jsonl and kordon.jsonl as RulesAgainstOracleTest writes them. A line of PEER.jsonl is either
{"rule": ID, "event": N}, or {"rule": ID, "refused": WHY}, or a match of rsigma. RULES.yml
holds the rules that the peer was given, if not all. Exit status 1 where they differ
in another way than those known of rsigma (see README.md), which are only counted.
"""
import collections
import json
import os
import re
import sys


# Where rsigma reads the specification otherwise; told by the rule's and the event's text.
KNOWN = {
    "a wildcard does not match a line break": lambda rule, event: "\\u000a" in event,
    "a field that is null does not exist": lambda rule, event: "|exists" in rule and "null" in event,
    "null in a list does not match an absent field": lambda rule, event: re.search(r"\[null,", rule),
    "an absent field is not different": lambda rule, event: "|neq" in rule,
    "fieldref heeds case, and arrays not": lambda rule, event: "|fieldref" in rule,
    "keywords are looked for in texts, one by one": lambda rule, event: "keywords" in rule,
    "a pattern has its star at the end only": lambda rule, event: re.search(r" of \*", rule),
    "brackets in a field's name are an index": lambda rule, event: "[2]" in rule,
    "a wildcard is not tried again further on": lambda rule, event: "|startswith" in rule and "%TEMP%%TEMP%" in event,
    "truth values have more spellings": lambda rule, event: re.search(r": (true|false)\b", rule),
}


def known(rule, event):
    return next((name for name, applies in KNOWN.items() if applies(rule, event)), None)


def matches(file):
    found, refused = set(), {}
    for line in open(file, encoding="utf-8"):
        match = json.loads(line)
        if "refused" in match:
            refused[match["rule"]] = match["refused"]
        elif "rule" in match:
            found.add((match["rule"], match["event"]))
        else:
            found.add((match["rule_id"], match["event"]["kordon_event"]))
    return found, refused


def documents(file):
    texts = re.split(r"(?m)^---\s*$", open(file, encoding="utf-8").read())
    ids = [re.search(r"(?m)^id: (.*)$", text) for text in texts]  # a rule without one cannot be told from others
    return {found[1]: text.strip() for found, text in zip(ids, texts) if found}


def main(folder, peer_file, given=None):
    kordon, _ = matches(os.path.join(folder, "kordon.jsonl"))
    peer, refused = matches(peer_file)
    rsigma = "rule_id" in open(peer_file, encoding="utf-8").readline()
    rules = documents(os.path.join(folder, "rules.yml"))
    for rule in rules.keys() - documents(given).keys() if given else []:
        refused[rule] = "not given to the peer, which would refuse it and all others"
    events = open(os.path.join(folder, "events.jsonl"), encoding="utf-8").read().splitlines()
    kordon = {match for match in kordon if match[0] in rules and match[0] not in refused}
    peer = {match for match in peer if match[0] in rules}
    differing = collections.defaultdict(list)
    explained = collections.Counter()
    for rule, event in sorted(kordon ^ peer):
        name = known(rules[rule], events[event]) if rsigma else None
        if name:
            explained[name] += 1
        else:
            differing[rule].append(event)
    for rule, numbers in differing.items():
        print(rules[rule])
        for number in numbers[:3]:
            print("   ", "kordon" if (rule, number) in kordon else "peer  ", "matches", events[number])
        print(f"    {len(numbers)} events of {len(events)}\n")
    for name, count in explained.items():
        print(f"known of rsigma: {name}: {count}")
    for rule, why in refused.items():
        print(f"refused by the peer: {rule}: {why}")
    print(f"{len(rules)} rules, {len(events)} events: {len(kordon)} matches, {len(peer)} of the peer; "
          f"{sum(map(len, differing.values()))} differ, in {len(differing)} rules; "
          f"{len(refused)} rules refused by the peer")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
