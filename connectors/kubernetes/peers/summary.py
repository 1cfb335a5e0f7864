#!/usr/bin/env python3
"""Says how a run on a real API server came out: summary.py DIFFERENCES SUREFIRE_REPORTS

DIFFERENCES lists tests that cannot come out alike, one a line: Class.method, then why. Ends with 1 if another one failed,
if one of them did not fail, or if nothing ran.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

known = {}
for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
    if line.strip() and not line.startswith("#"):
        name, _, why = line.partition(" ")
        known[name] = why.strip()

alike, simulated, expected, wrong, ran = 0, {}, {}, [], set()
for report in sorted(pathlib.Path(sys.argv[2]).glob("TEST-*.xml")):
    for case in xml.parse(report).getroot().iter("testcase"):
        name = case.get("classname", "").rsplit(".", 1)[-1] + "." + re.split(r"[({\[]", case.get("name", ""))[0].strip()
        ran.add(name)
        failure = next((found for kind in ("failure", "error") for found in case.iter(kind)), None)
        skipped = next(case.iter("skipped"), None)
        if failure is not None:
            text = " ".join((failure.get("message") or failure.text or "").split())[:400]
            if name in known:
                expected[name] = known[name]
            else:
                wrong.append((name, text))
        elif skipped is not None:
            why = (skipped.get("message") or skipped.text or "?").strip().splitlines()[0]
            simulated.setdefault(re.sub(r"^\S*TestAbortedException:? *", "", why), []).append(name)
        else:
            alike += 1

print(f"  {alike} alike")
for why, names in sorted(simulated.items()):
    print(f"  {len(names)} not run: {why}")
for name, why in sorted(expected.items()):
    print(f"  known to differ: {name}: {why}")
for name, text in wrong:
    print(f"  DIFFERS: {name}: {text}")
sys.exit(1 if wrong or alike == 0 else 0)
