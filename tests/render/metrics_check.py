#!/usr/bin/env python3
"""What pipelines and monitoring read: metrics and alert rules by promtool's own judgement, JUnit as XML.

usage: metrics_check.py NGXDIAG PRINT_REPORT SOURCE-ROOT; exit status 77 without promtool
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unittest
import xml.etree.ElementTree

NGXDIAG, PRINT_REPORT = sys.argv[1:3]
ROOT = pathlib.Path(sys.argv[3])
RULES = ROOT / "packaging/prometheus"
NOW = ["--now", "2026-11-20T15:00:00Z"]


def promtool(*arguments, stdin=b"", cwd=None):
    return subprocess.run(["promtool", *arguments], input=stdin, capture_output=True, cwd=cwd)


def scan(case, form):
    run = subprocess.run([NGXDIAG, "scan", *NOW, "--format", form, "--exit-zero", str(case.parent / "evidence")],
                         check=True, capture_output=True)
    return run.stdout


def rendered(form):
    yield "the tests' report", subprocess.run([PRINT_REPORT, form], check=True, capture_output=True).stdout
    for case in sorted((ROOT / "samples").glob("*/case.json")):
        yield case.parent.name, scan(case, form)


class Metrics(unittest.TestCase):
    def test_promtool_takes_the_metrics_without_a_remark(self):
        for name, text in rendered("prometheus"):
            with self.subTest(name):
                run = promtool("check", "metrics", stdin=text)
                self.assertEqual((run.returncode, run.stdout, run.stderr), (0, b"", b""))

    def test_alert_rules_are_valid_and_fire_when_they_should(self):
        for arguments in (("check", "rules", "ngxdiag.rules.yml"), ("test", "rules", "ngxdiag.rules.test.yml")):
            run = promtool(*arguments, cwd=RULES)
            self.assertEqual(run.returncode, 0, run.stdout.decode() + run.stderr.decode())

    def test_alert_rules_use_metrics_that_exist(self):
        source = (ROOT / "libdiag/render/prometheus.cc").read_text(encoding="utf-8")
        known = {"ngxdiag_" + name for name in re.findall(r'^    \{"(\w+)", "[A-Zn1]', source, re.M)}
        used = set(re.findall(r"\bngxdiag_\w+", (RULES / "ngxdiag.rules.yml").read_text(encoding="utf-8")))
        self.assertTrue(used)
        self.assertLessEqual(used, known)

    def test_the_same_evidence_gives_the_same_bytes(self):
        case = ROOT / "samples/nchan-certbot-storm/case.json"
        for form in ("html", "prometheus", "junit", "sarif", "markdown", "nagios"):
            self.assertEqual(scan(case, form), scan(case, form), form)


class Pipelines(unittest.TestCase):
    def test_junit_is_xml_whose_counts_are_true(self):
        for name, text in rendered("junit"):
            with self.subTest(name):
                suites = xml.etree.ElementTree.fromstring(text)
                for suite in [suites, *suites.findall("testsuite")]:
                    self.assertEqual(int(suite.get("tests")), len(suites.findall(".//testcase")))
                    self.assertEqual(int(suite.get("failures")), len(suites.findall(".//failure")))
                    self.assertEqual(int(suite.get("errors")), len(suites.findall(".//error")))

    def test_sarif_results_name_rules_and_real_lines(self):
        for name, text in rendered("sarif"):
            with self.subTest(name):
                (run,) = json.loads(text)["runs"]
                rules = run["tool"]["driver"]["rules"]
                self.assertEqual(len({rule["id"] for rule in rules}), len(rules))
                for result in run["results"]:
                    self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
                    self.assertIn(result["level"], ("note", "warning", "error"))
                    for location in result["locations"]:
                        place = location["physicalLocation"]
                        self.assertGreaterEqual(place["region"]["startLine"], 1)
                        self.assertRegex(place["artifactLocation"]["uri"], r"^[!-~]+$")


if __name__ == "__main__":
    if not shutil.which("promtool"):
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
