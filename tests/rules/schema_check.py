#!/usr/bin/env python3
"""Holds docs/rule.schema.json against the rules and against the rule reader.

usage: schema_check.py SCHEMA NGXDIAG RULES
Every shipped rule is valid by the schema; a rule that is wrong is refused by both, one that is right
by both accepted.
"""
import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import jsonschema

SCHEMA, NGXDIAG, RULES = sys.argv[1:4]

GOOD = {
    "$schema": "../rule.schema.json", "id": "tested", "cause": "tested", "component": "config", "severity": "warning",
    "title": "T {deaths.total|no}", "explanation": "E", "params": {"some": {"value": 2, "because": "two"}},
    "lines": {"hit": {"in": ["error_log"], "contains": "some words", "regex": "some (words)", "levels": ["error"]}},
    "prior": {"db": -10, "because": "rare"},
    "requires": {"any": [{"line": "hit", "at_least": "some", "from": "master"}, {"line": "hit", "matches": "w", "group": 1}]},
    "evidence": [{"when": {"all": [{"line": "hit"}, {"not": {"module": "lua", "version_below": "0.10.2"}}]}, "weight": 25, "says": "S"}],
    "against": [{"when": {"directive": "user", "matches": "w", "at_least": "some"}, "weight": -3, "says": "S"},
                {"when": {"fact": "deaths.total", "at_least": "fact:deaths.total"}, "weight": 0, "says": "S"},
                {"when": {"nginx_below": "1.9.4", "nginx_at_least": "1.9.1"}, "weight": -1, "says": "S"},
                {"when": {"any": [{"zone": "z", "matches": True}, {"loaded": "lua"}, {"stack": "f"}, {"stack_top": "f"}, {"kernel_object": "o"}, {"known": "deaths.total"}, {"unknown": "deaths.total"}]}, "weight": -1, "says": "S"}],
    "explains": [], "supersedes": [],
    "checks": [{"says": "C", "command": "true", "when": {"unknown": "deaths.total"}}],
    "fixes": [{"title": "F", "commands": ["true"], "impact": "none", "verify": "true", "undo": "true"}],
    "references": ["https://nginx.org/"],
    "examples": [
        {"name": "a", "fires": True, "files": {"error.log": "2024/01/01 00:00:00 [error] 1#1: some words\n" * 3}},
        {"name": "b", "fires": False, "facts": {"deaths.total": 1}},
    ],
}

# What is broken, and where: a dotted path into GOOD and the value that goes there (None takes it away).
WRONG = {
    "an unknown member": ("colour", "red"),
    "no id": ("id", None),
    "no severity": ("severity", None),
    "no prior": ("prior", None),
    "no requires": ("requires", None),
    "no evidence": ("evidence", None),
    "a severity nobody knows": ("severity", "fatal"),
    "a kind nobody knows": ("kind", "guess"),
    "an id with capitals": ("id", "Tested"),
    "an empty title": ("title", ""),
    "a title that is a number": ("title", 3),
    "last_resort as a text": ("last_resort", "yes"),
    "a parameter without a value": ("params.some", {"because": "two"}),
    "a parameter as a bare number": ("params.some", 2),
    "a pattern without a literal": ("lines.hit", {"regex": "some words"}),
    "a pattern of an unknown kind": ("lines.hit.in", ["mailbox"]),
    "a pattern of an unknown level": ("lines.hit.levels", ["fatal"]),
    "a pattern's name with a dot": ("lines", {"a.b": {"contains": "x"}}),
    "a prior that is a number": ("prior", -10),
    "a prior without db": ("prior", {"because": "rare"}),
    "a condition of an unknown form": ("requires", {"lines": "hit"}),
    "an empty condition": ("requires", {}),
    "an empty list of conditions": ("requires", {"all": []}),
    "a condition that is a text": ("requires", "hit"),
    "a bare number in a condition": ("requires", {"line": "hit", "at_least": 3}),
    "an unknown writer": ("requires", {"line": "hit", "from": "boss"}),
    "group without matches": ("requires", {"line": "hit", "group": 1}),
    "a module compared with matches": ("requires", {"module": "lua", "matches": "x"}),
    "a version that is none": ("requires", {"nginx_below": "newest"}),
    "matches of a zone as a text": ("requires", {"zone": "z", "matches": "yes"}),
    "a reason for with a negative weight": ("evidence.0.weight", -3),
    "a reason without a sentence": ("evidence.0.says", None),
    "a reason without when": ("evidence.0.when", None),
    "a reason against with a positive weight": ("against.0.weight", 3),
    "a check without a command": ("checks.0.command", None),
    "a fix without a title": ("fixes.0.title", None),
    "a fix with a member nobody knows": ("fixes.0.risk", "none"),
    "explains as a text": ("explains", "other"),
    "an example without fires": ("examples.0.fires", None),
    "an example without evidence": ("examples.0.files", None),
    "an example with files and facts": ("examples.0.facts", {"deaths.total": 1}),
    "a file that is a list": ("examples.0.files", {"a": ["x"]}),
}


def broken(path, value):
    rule = copy.deepcopy(GOOD)
    *way, last = path.split(".")
    node = rule
    for step in way:
        node = node[int(step) if step.isdigit() else step]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return rule


def reader_takes(rule):
    """Whether `rules lint` finds no mistake in the file of this rule."""
    with tempfile.TemporaryDirectory() as folder:
        name = pathlib.Path(folder) / "tested.json"
        name.write_text(json.dumps(rule), encoding="utf-8")
        out = subprocess.run([NGXDIAG, "rules", "lint", "--rules", folder], capture_output=True, text=True)
        return "tested.json:" not in out.stdout + out.stderr


class RuleSchema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(pathlib.Path(SCHEMA).read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(cls.schema)
        cls.validator = jsonschema.Draft202012Validator(cls.schema)

    def test_every_shipped_rule_is_valid(self):
        files = sorted(pathlib.Path(RULES).rglob("*.json"))
        self.assertGreater(len(files), 300)
        for path in files:
            errors = [e.message[:200] for e in self.validator.iter_errors(json.loads(path.read_text(encoding="utf-8")))]
            self.assertEqual(errors, [], path.name)

    def test_examples_stand_last(self):
        # A scan reads a compiled-in rule only up to them.
        for path in sorted(pathlib.Path(RULES).rglob("*.json")):
            self.assertEqual(list(json.loads(path.read_text(encoding="utf-8")))[-1], "examples", path.name)

    def test_a_right_rule_passes_both(self):
        self.assertEqual([e.message for e in self.validator.iter_errors(GOOD)], [])
        self.assertTrue(reader_takes(GOOD))

    def test_a_wrong_rule_fails_both(self):
        for name, (path, value) in WRONG.items():
            with self.subTest(name):
                rule = broken(path, value)
                self.assertFalse(self.validator.is_valid(rule), "the schema takes it")
                self.assertFalse(reader_takes(rule), "the reader takes it")

    def test_schema_and_format_page_name_the_same_members(self):
        page = (pathlib.Path(SCHEMA).parent / "rule-format.md").read_text(encoding="utf-8")
        table = page.split("| member | meaning |")[1].split("\n\n")[0]
        told = {name for line in table.splitlines() for name in re.findall(r"`([a-z_$]+)`", line.split("|")[1] if "|" in line else "")}
        self.assertEqual(told, set(self.schema["properties"]))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
