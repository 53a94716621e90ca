#!/usr/bin/env python3
"""Validates rendered reports against docs/report.schema.json.

usage: schema_check.py SCHEMA PRINT_REPORT SAMPLES
PRINT_REPORT prints the report of the renderers' tests; the goldens of all samples are checked too.
"""
import copy
import json
import pathlib
import subprocess
import sys
import unittest

import jsonschema

SCHEMA, PRINT_REPORT, SAMPLES = sys.argv[1:4]


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(pathlib.Path(SCHEMA).read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(cls.schema)
        cls.validator = jsonschema.Draft202012Validator(cls.schema)

    def rendered(self, what):
        out = subprocess.run([PRINT_REPORT, what], check=True, capture_output=True).stdout
        return json.loads(out.decode("utf-8"))

    def test_rendered_reports_are_valid(self):
        for what in ("json", "empty"):
            with self.subTest(what):
                self.validator.validate(self.rendered(what))

    def test_goldens_are_valid(self):
        for path in sorted(pathlib.Path(SAMPLES).glob("*/expected/report.json")):
            with self.subTest(path.parts[-3]):
                self.validator.validate(json.loads(path.read_text(encoding="utf-8")))

    def test_the_schema_refuses_what_is_wrong(self):
        good = self.rendered("json")
        breaks = {
            "no verdict": lambda report: report.pop("verdict"),
            "unknown verdict": lambda report: report.update(verdict="fine"),
            "confidence above one": lambda report: report["findings"][0].update(confidence=1.5),
            "evidence without source": lambda report: report["findings"][0]["evidence"][0].pop("source"),
            "a fact without source": lambda report: report["facts"]["deaths.total"].update(sources=[]),
            "a member nobody knows": lambda report: report.update(extra=1),
        }
        for name, damage in breaks.items():
            with self.subTest(name):
                bad = copy.deepcopy(good)
                damage(bad)
                self.assertFalse(self.validator.is_valid(bad))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
