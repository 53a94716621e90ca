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
import tempfile
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


def known_metrics():
    """Those that have a help text."""
    source = (ROOT / "libdiag/render/prometheus.cc").read_text(encoding="utf-8")
    (table,) = re.findall(r"kHelp\[\] = \{\n(.*?)^\};", source, re.M | re.S)
    return {"ngxdiag_" + name for name in re.findall(r'^    \{"(\w+)",', table, re.M)}


def metrics_in(text):
    return set(re.findall(r"\bngxdiag_\w+", text))


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
        used = metrics_in((RULES / "ngxdiag.rules.yml").read_text(encoding="utf-8"))
        self.assertTrue(used)
        self.assertLessEqual(used, known_metrics())

    def test_every_metric_is_described(self):
        page = (ROOT / "docs/reports.md").read_text(encoding="utf-8")
        for metric in known_metrics():
            self.assertIn(f"`{metric}`", page)


class Dashboard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.board = json.loads((ROOT / "packaging/grafana/ngxdiag.json").read_text(encoding="utf-8"))
        cls.targets = [target for panel in cls.board["panels"] for target in panel["targets"]]

    def test_panels_have_a_place_of_their_own(self):
        panels = self.board["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        self.assertEqual(len({panel["title"] for panel in panels}), len(panels))
        taken = set()
        for panel in panels:
            place = panel["gridPos"]
            self.assertLessEqual(place["x"] + place["w"], 24)
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                     for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            taken |= cells
            self.assertTrue(panel["targets"], panel["title"])

    def test_the_data_source_and_the_host_are_chosen_above(self):
        variables = {variable["name"]: variable for variable in self.board["templating"]["list"]}
        self.assertEqual(variables["datasource"]["type"], "datasource")
        self.assertEqual(variables["datasource"]["query"], "prometheus")
        self.assertIn("instance", variables)
        for thing in [*self.board["panels"], *self.targets, variables["instance"]]:
            self.assertEqual(thing["datasource"], {"type": "prometheus", "uid": "${datasource}"})
        for target in self.targets:
            self.assertIn('instance=~"$instance"', target["expr"])

    def test_its_metrics_exist_and_its_expressions_are_valid(self):
        self.assertLessEqual(metrics_in(json.dumps(self.board)), known_metrics())
        rules = "groups:\n- name: dashboard\n  rules:\n"
        for number, target in enumerate(self.targets):
            expression = target["expr"].replace("$instance", ".*")
            rules += f"  - record: dashboard:{number}\n    expr: {json.dumps(expression)}\n"
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            file.write(rules)
            file.flush()
            run = promtool("check", "rules", file.name)
        self.assertEqual(run.returncode, 0, run.stdout.decode() + run.stderr.decode())


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
