#!/usr/bin/env python3
"""The settings file: what it changes, what beats it, and that every mistake in it is named with its place.

usage: settings.py NGXDIAG
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

NGXDIAG = os.path.abspath(sys.argv[1])
OK, WARNING, CRITICAL, UNKNOWN, USAGE = 0, 1, 2, 3, 64
CRASH = "".join(f"2026/04/21 23:18:{second} [alert] 812#812: worker process {9000 + second} exited on signal 11\n"
                for second in range(20, 40))


class Settings(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "error.log").write_text(CRASH)
        self.conf = self.folder / "ngxdiag.conf"

    def run_with(self, settings, *arguments, env=None):
        if settings is not None:
            self.conf.write_bytes(settings.encode() if isinstance(settings, str) else settings)
        return subprocess.run([NGXDIAG, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=60,
                              env={"PATH": os.environ["PATH"], "NGXDIAG_CONFIG": str(self.conf), **(env or {})})

    def scan(self, settings, *arguments, **options):
        return self.run_with(settings, "scan", "--now", "2026-04-22 09:00:00", *arguments, "error.log", **options)

    def test_common_and_own_section(self):
        self.assertEqual(json.loads(self.scan("[scan]\nformat = json\n").stdout)["verdict"], "critical")
        self.assertEqual(len(self.scan("[common]\nquiet = yes\n").stdout.splitlines()), 1)
        self.assertGreater(len(self.scan("[common]\nquiet = yes\n[scan]\nquiet = no\n").stdout.splitlines()), 5)
        self.assertGreater(len(self.scan("[logs]\nformat = json\n").stdout.splitlines()), 5)

    def test_a_skipped_cause(self):
        first = json.loads(self.scan("[scan]\nformat = json\n").stdout)["findings"][0]["id"]
        skipped = json.loads(self.scan(f"[scan]\nformat = json\n[common]\nskip = {first}\nskip = nothing-else\n").stdout)
        self.assertNotIn(first, [finding["id"] for finding in skipped["findings"]])

    def test_the_command_line_replaces_it(self):
        settings = "[scan]\nformat = json\nfail-on = critical\noutput = html=/nowhere/at/all.html\n"
        run = self.scan(settings, "--format", "nagios", "--output", "html=page.html")
        self.assertEqual(run.returncode, CRITICAL, run.stderr)
        self.assertTrue(run.stdout.startswith("NGINX CRITICAL"))
        self.assertTrue((self.folder / "page.html").exists())
        run = self.scan(settings, "-f", "nagios", "-o", "html=page.html")
        self.assertTrue(run.stdout.startswith("NGINX CRITICAL"), run.stderr)

    def test_thresholds(self):
        run = self.run_with("[check]\ncritical = deaths=10\n", "check", "--now", "2026-04-22 09:00:00", "error.log")
        self.assertIn("deaths=20;;10", run.stdout)

    def test_which_file(self):
        (self.folder / "other.conf").write_text("[scan]\nformat = nagios\n")
        run = self.run_with("[scan]\nformat = json\n", "--config", "other.conf", "scan", "error.log")
        self.assertTrue(run.stdout.startswith("NGINX"), run.stderr)
        run = self.run_with("[scan]\nformat = json\n", "--config=other.conf", "scan", "error.log")
        self.assertTrue(run.stdout.startswith("NGINX"), run.stderr)
        self.assertTrue(self.scan("[scan]\nformat = json\n").stdout.startswith("{"))
        run = self.run_with(None, "--config", "/dev/null", "scan", "error.log")
        self.assertTrue(run.stdout.startswith("CRITICAL"), run.stderr)
        for bad in ("/no/such/file", ".", "/dev/zero"):
            run = self.run_with(None, "--config", bad, "scan", "error.log")
            self.assertEqual(run.returncode, USAGE)
            self.assertIn("cannot read the settings", run.stderr)

    def test_every_mistake_with_its_place(self):
        run = self.run_with("color = never\n"
                            "[comon]\n"
                            "x = y\n"
                            "[common]\n"
                            "fail-onn = warning\n"
                            "  color = sometimes\n"
                            "format = json\n"
                            "now = today\n"
                            "skip =\n"
                            "[scan]\n"
                            "quiet = maybe\n"
                            "output = jsn=/x\n"
                            "width = broad\n"
                            "nonsense\n"
                            "[check]\n"
                            "warning = proceses=10\n"
                            "critical = 10:x\n"
                            "suppress = here.json\n"
                            "suppress = /no/such/list.json\n"
                            "[half\n", "config", "validate")
        self.assertEqual(run.returncode, WARNING, run.stderr)
        lines = [line.removeprefix(str(self.conf)) for line in run.stdout.splitlines()]
        wanted = [
            r":1:1: color stands before any section; put it below \[common\]",
            r":2:2: no such section: \[comon\]; did you mean common\?",
            r":5:1: no such setting: fail-onn; did you mean fail-on\?",
            r":6:11: color: unknown value sometimes; one of: auto, always, never",
            r":7:1: format means different things to different commands; put it below \[scan\], .*\[logs\].*",
            r":8:1: now can only be given on the command line",
            r":9:7: skip: a value is needed: ID",
            r":11:9: quiet: write yes or no, not maybe",
            r":12:10: output: unknown value jsn; did you mean json\?",
            r":13:9: width: not a number: broad",
            r":14:1: neither KEY = VALUE nor \[SECTION\] nor a comment",
            r":16:11: warning: unknown value proceses; did you mean processes\?",
            r":17:12: critical: not a range: 10:x; .*",
            r":18:12: suppress: write the whole path, from / on: here.json",
            r":19:12: suppress: no such file: /no/such/list.json",
            r":20:1: a section ends with \]",
            r"16 mistakes",
        ]
        self.assertEqual(len(lines), len(wanted), run.stdout)
        for line, pattern in zip(lines, wanted):
            self.assertRegex(line, "^" + pattern + "$")

    def test_a_mistake_stops_a_scan_but_not_the_help(self):
        run = self.scan("[scan]\nformt = json\nx = 1\n")
        self.assertEqual((run.returncode, run.stdout), (USAGE, ""))
        for part in (f"{self.conf}:2:1: no such setting: formt", "did you mean format?", "1 other mistake", "config validate"):
            self.assertIn(part, run.stderr)
        for arguments in (["scan", "--help"], ["help"], ["version"], ["config", "init"]):
            self.assertEqual(self.run_with(None, *arguments).returncode, OK)

    def test_hostile_settings_are_safe_to_print(self):
        run = self.run_with(b"[\x1b[31m]\n\x1b]0;x\x07 = \x1b\n\x00\xff\n[scan]\nformat = \x1b[31m\n", "config", "validate")
        self.assertEqual(run.returncode, WARNING)
        self.assertNotIn("\x1b", run.stdout)

    def test_init(self):
        text = self.run_with(None, "config", "init").stdout
        run = self.run_with(text, "config", "validate")
        self.assertEqual((run.returncode, run.stdout), (OK, f"{self.conf}: no mistakes\n"))
        self.assertTrue(all(line[:1] in ("", "#", "[") for line in text.splitlines()))
        # With every key uncommented only sample values may be wrong, never a key or a section.
        run = self.run_with(re.sub(r"^#(\S+ = )", r"\1", text, flags=re.M), "config", "validate")
        for line in run.stdout.splitlines()[:-1]:
            self.assertRegex(line, "METRIC|DIR|FILE|COLUMNS|DAYS|COUNT")
        self.assertIn("fail-on = warning", text)

    def test_init_overwrites_nothing(self):
        path = self.folder / "new.conf"
        self.assertEqual(self.run_with("", "config", "init", str(path)).returncode, OK)
        path.write_text("[scan]\nquiet = yes\n")
        run = self.run_with("", "config", "init", str(path))
        self.assertEqual(run.returncode, USAGE)
        self.assertIn("nothing is overwritten", run.stderr)
        self.assertEqual(path.read_text(), "[scan]\nquiet = yes\n")
        (self.folder / "link").symlink_to("/no/such/place")
        self.assertEqual(self.run_with("", "config", "init", "link").returncode, USAGE)

    def test_wrong_requests(self):
        self.assertIn("validate", self.run_with("", "config", "--help").stdout)
        self.assertEqual(self.run_with("", "config", "validate", "a", "b").returncode, USAGE)
        self.assertEqual(self.run_with("", "--config").returncode, USAGE)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
