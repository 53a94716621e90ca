#!/usr/bin/env python3
"""The manual pages: one for each command, all of its --help in it, and nothing that mandoc or groff mind.

usage: manual_pages.py NGXDIAG
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

NGXDIAG = os.path.abspath(sys.argv[1])
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "EXAMPLES", "SEE ALSO"]
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout


def commands():
    rows = output(NGXDIAG, "--help").split("\nCOMMANDS\n")[1].split("\nEXIT STATUS\n")[0]
    return re.findall(r"^  ([a-z]+) ", rows, re.M)


def plain(page):
    """The text of a page without its escapes, blanks made equal."""
    text = re.sub(r"\\f[BIR]|\\&", "", page.read_text(encoding="utf-8"))
    for escape, meant in (("\\(aq", "'"), ("\\(ha", "^"), ("\\(ti", "~"), ("\\(ga", "`"), ("\\-", "-"), ("\\e", "\\")):
        text = text.replace(escape, meant)
    return " ".join(re.sub(r"^\.(TP|PP|SH|br)", "", text, flags=re.M).split())


class ManualPages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        output(NGXDIAG, "help", "--manual-pages", cls.folder.name)
        cls.pages = sorted(pathlib.Path(cls.folder.name).glob("man*/*"))

    def test_the_program_and_every_command_have_one(self):
        wanted = ["ngxdiag.1"] + [f"ngxdiag-{command}.1" for command in commands()]
        self.assertGreater(len(wanted), 5)
        self.assertEqual(sorted(wanted), [page.name for page in self.pages if page.name.endswith(".1")])

    def test_sections(self):
        for page in self.pages:
            if page.name.endswith(".1"):
                found = re.findall(r"^\.SH (.*)", page.read_text(), re.M)
                self.assertEqual([s for s in found if s in SECTIONS], SECTIONS, page.name)

    def test_all_of_the_help_is_in_the_page(self):
        for page in self.pages:
            if not page.name.endswith(".1"):
                continue
            words = page.stem.split("-", 1)
            help_text = output(NGXDIAG, *words[1:], "--help")
            text = plain(page)
            for option in re.findall(r"--[a-z][a-z-]+", help_text):
                self.assertIn(option, text, page.name)
            for example in re.findall(r"^  (ngxdiag .*)", help_text.split("\nEXAMPLES\n")[1], re.M):
                self.assertIn(example, text, page.name)

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed")
    def test_mandoc_has_no_remark(self):
        for page in self.pages:
            run = subprocess.run(["mandoc", "-T", "lint", page], capture_output=True, text=True)
            self.assertEqual((run.stdout + run.stderr, run.returncode), ("", 0))

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_groff_has_no_warning(self):
        for page in self.pages:
            run = subprocess.run(["groff", "-man", "-k", "-ww", "-Tutf8", page], capture_output=True, text=True)
            self.assertEqual((run.stderr, run.returncode), ("", 0))
            self.assertGreater(len(run.stdout), 1000)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
