#!/usr/bin/env python3
"""Evaluates rules over events with SigmaHQ's own parser: pysigma_eval.py RULES.yml EVENTS.jsonl > MATCHES.jsonl

pySigma reads the rules, resolves modifiers and conditions, and stands for the specification there. Only the comparison of
a resolved value with an event's is written here.
"""
import datetime
import ipaddress
import json
import re
import sys

from sigma.collection import SigmaCollection
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.types import (
    CompareOperators,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SpecialChars,
)

DATE = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?")
FLAGS = {"IGNORECASE": re.I, "MULTILINE": re.M, "DOTALL": re.S}


def values(node, path):
    """The values at a dotted path, those of lists one by one."""
    if isinstance(node, list):
        return [found for element in node for found in values(element, path)]
    if not isinstance(node, dict):
        return []
    found = []
    for key, value in node.items():
        if key == path:
            found += flat(value)
        elif path.startswith(key + "."):
            found += values(value, path[len(key) + 1 :])
    return found


def flat(node):
    if isinstance(node, list):
        return [leaf for element in node for leaf in flat(element)]
    if isinstance(node, dict):
        return [leaf for element in node.values() for leaf in flat(element)]
    return [node]


def text(value):
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def pattern(string, around):
    regex = "".join(
        ".*" if part is SpecialChars.WILDCARD_MULTI
        else "." if part is SpecialChars.WILDCARD_SINGLE
        else re.escape(part)
        for part in string.s
    )
    regex = f".*{regex}.*" if around else regex
    return re.compile(regex, re.S | (0 if isinstance(string, SigmaCasedString) else re.I))


def number(value):
    try:
        return float(value) if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text(value)) else None
    except ValueError:
        return None


def part_of(value, wanted):
    date = DATE.fullmatch(text(value))
    if not date:
        return None
    when = datetime.datetime.fromisoformat(f"{date[1]}T{date[2]}")
    return when.isocalendar().week if wanted == "week" else getattr(when, wanted)


def compare(left, operator, right):
    if left is None:
        return False
    return {
        CompareOperators.LT: left < right,
        CompareOperators.LTE: left <= right,
        CompareOperators.GT: left > right,
        CompareOperators.GTE: left >= right,
        CompareOperators.NEQ: left != right,
    }[operator]


def in_network(value, network):
    try:
        return ipaddress.ip_address(text(value)) in ipaddress.ip_network(network)
    except ValueError:
        return False


def fits(found, value, event, around=False):
    if isinstance(value, SigmaExpansion):
        return any(fits(found, one, event, around) for one in value.values)
    if isinstance(value, SigmaExists):
        return bool(found) == bool(value)
    some = [leaf for leaf in found if leaf is not None]
    if isinstance(value, SigmaNull):
        return not some
    if isinstance(value, SigmaFieldReference):
        others = [other for other in values(event, value.field) if other is not None]
        return any(text(one).lower() == text(other).lower() for one in some for other in others)
    if isinstance(value, SigmaRegularExpression):
        flags = re.ASCII
        for flag in value.flags:
            flags |= FLAGS[flag.name]
        return any(re.search(value.regexp.original, text(one), flags) for one in some)
    if isinstance(value, SigmaCIDRExpression):
        return any(in_network(one, value.cidr) for one in some)
    if isinstance(value, SigmaCompareExpression):
        if isinstance(value.number, SigmaTimestampPart):
            wanted = value.number.timestamp_part.name.lower()
            return any(compare(part_of(one, wanted), value.op, value.number.number) for one in some)
        return any(compare(number(one), value.op, value.number.number) for one in some)
    if isinstance(value, SigmaTimestampPart):
        return any(part_of(one, value.timestamp_part.name.lower()) == value.number for one in some)
    if isinstance(value, SigmaString):
        matcher = pattern(value, around)
        return any(matcher.fullmatch(text(one)) for one in some)
    if isinstance(value, SigmaBool):
        return any(text(one).lower() == text(value.boolean) for one in some)
    if isinstance(value, SigmaNumber):
        wanted = text(value.number)
        return any(wanted in text(one) if around else text(one) == wanted for one in some)
    raise ValueError(f"no comparison for {type(value)}")


def holds(node, event):
    if isinstance(node, ConditionAND):
        return all(holds(part, event) for part in node.args)
    if isinstance(node, ConditionOR):
        return any(holds(part, event) for part in node.args)
    if isinstance(node, ConditionNOT):
        return not any(holds(part, event) for part in node.args)
    if isinstance(node, ConditionFieldEqualsValueExpression):
        return fits(values(event, node.field), node.value, event)
    if isinstance(node, ConditionValueExpression):
        return fits(flat(event), node.value, event, around=True)
    raise ValueError(f"no evaluation of {type(node)}")


def main(rules_file, events_file):
    with open(rules_file, encoding="utf-8") as file:
        documents = re.split(r"(?m)^---\s*$", file.read())
    events = [json.loads(line) for line in open(events_file, encoding="utf-8")]
    for document in documents:
        try:
            rule = SigmaCollection.from_yaml(document).rules[0]
            conditions = [condition.parsed for condition in rule.detection.parsed_condition]
        except Exception as refusal:  # what pySigma refuses is told, and not compared
            title = re.search(r"(?m)^id: (.*)$", document)
            print(json.dumps({"rule": title and title[1], "refused": str(refusal)[:200]}))
            continue
        for event in events:
            if any(holds(condition, event) for condition in conditions):
                print(json.dumps({"rule": str(rule.id), "event": event["kordon_event"]}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
