#!/usr/bin/env python3
"""The rules that rsigma reads: rsigma_rules.py RULES.yml > SOME.yml

One rule that it refuses costs all others of the file, so those with a comparison of a part of a date, like `hour|gte`, and
those with an expression that looks around are left out.
"""
import re
import sys

texts = re.split(r"(?m)^---\s*$", open(sys.argv[1], encoding="utf-8").read())
refused = re.compile(r"\|(minute|hour|day|week|month|year)\|(lt|lte|gt|gte)\b|\(\?<?[!=]")
print("---".join(text for text in texts if not refused.search(text)))
