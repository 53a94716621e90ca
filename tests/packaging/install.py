#!/usr/bin/env python3
"""`meson install` into an empty folder: what should be there is, nothing else, and the service runs
the installed program.

usage: install.py BUILD-FOLDER VERSION
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

BUILD, VERSION = sys.argv[1:3]
WANTED = [
    "bin/ngxdiag",
    "lib/systemd/system/ngxdiag-report.service",
    "lib/systemd/system/ngxdiag-report.timer",
    "share/bash-completion/completions/ngxdiag",
    "share/doc/ngxdiag/README.md",
    "share/doc/ngxdiag/report.schema.json",
    "share/doc/ngxdiag/rule-format.md",
    "share/doc/ngxdiag/examples/ngxdiag.conf",
    "share/fish/vendor_completions.d/ngxdiag.fish",
    "share/man/man1/ngxdiag.1",
    "share/man/man1/ngxdiag-scan.1",
    "share/man/man5/ngxdiag.conf.5",
    "share/ngxdiag/grafana/ngxdiag.json",
    "share/ngxdiag/prometheus/ngxdiag.rules.yml",
    "share/zsh/vendor-completions/_ngxdiag",
]


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        run = subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", folder.name],
                             capture_output=True, text=True)
        if run.returncode:
            raise AssertionError(run.stdout + run.stderr)
        cls.prefix = next(pathlib.Path(folder.name).rglob("bin")).parent
        cls.root = pathlib.Path(folder.name)

    def test_all_of_it_and_nothing_else(self):
        found = {str(path.relative_to(self.prefix)) for path in self.prefix.rglob("*") if path.is_file()}
        self.assertEqual([path for path in WANTED if path not in found], [])
        places = {re.sub(r"/[^/]*$", "", path) for path in WANTED}
        self.assertEqual([path for path in found if re.sub(r"/[^/]*$", "", path) not in places], [])
        outside = [path for path in self.root.rglob("*") if path.is_file() and self.prefix not in path.parents]
        self.assertEqual(outside, [])

    def test_the_installed_program_runs(self):
        run = subprocess.run([self.prefix / "bin/ngxdiag", "version"], capture_output=True, text=True)
        self.assertEqual(run.stdout, f"ngxdiag {VERSION}\n")

    def test_the_service_runs_the_installed_program(self):
        service = (self.prefix / "lib/systemd/system/ngxdiag-report.service").read_text()
        program = re.search(r"^ExecStart=(\S+)", service, re.M).group(1)
        self.assertEqual(self.root / program[1:], self.prefix / "bin/ngxdiag")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
