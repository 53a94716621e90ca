#!/usr/bin/env python3
"""The systemd units by systemd's own judgement, and their command line by ngxdiag's.

usage: units_test.py NGXDIAG SOURCE-ROOT; exit status 77 without systemd-analyze
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

NGXDIAG = os.path.abspath(sys.argv[1])
UNITS = pathlib.Path(sys.argv[2]) / "packaging/systemd"
NAMES = ("ngxdiag-report.service", "ngxdiag-report.timer")
MOST_EXPOSED = 3.0  # "OK" of systemd-analyze ends at 5; a service that runs as root begins at 9.6
CAPABILITIES = {"CAP_DAC_READ_SEARCH", "CAP_SYS_PTRACE", "CAP_SYSLOG"}


def analyze(*arguments):
    run = subprocess.run(["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, timeout=60)
    return run.returncode, run.stdout + run.stderr


class Units(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        for name in NAMES:
            text = (UNITS / name).read_text(encoding="utf-8")
            (self.path / name).write_text(text.replace("/usr/bin/ngxdiag", NGXDIAG))
        self.service = (UNITS / NAMES[0]).read_text(encoding="utf-8")

    def setting(self, name):
        return re.findall(rf"^{name}=(.*)$", self.service, re.M)

    def test_systemd_takes_them_without_a_remark(self):
        code, text = analyze("verify", "--man=no", *[str(self.path / name) for name in NAMES])
        self.assertEqual((code, text), (0, ""))

    def test_the_service_is_little_exposed(self):
        code, text = analyze("security", "--offline=true", str(self.path / NAMES[0]))
        self.assertEqual(code, 0, text)
        level = float(re.search(r"exposure level for .*: ([\d.]+)", text).group(1))
        self.assertLessEqual(level, MOST_EXPOSED, text)

    def test_it_may_read_everything_and_write_its_own(self):
        self.assertEqual(self.setting("ProtectSystem"), ["strict"])
        self.assertEqual({word for line in self.setting("CapabilityBoundingSet") for word in line.split()},
                         CAPABILITIES)
        writes = [pathlib.Path("/var/lib") / name for name in self.setting("StateDirectory")] + \
            [pathlib.Path(path.lstrip("-")) for path in self.setting("ReadWritePaths")]
        words = shlex.split(self.setting("ExecStart")[0])
        files = [word.split("=", 1)[-1] for before, word in zip(words, words[1:]) if before in ("--output", "--history")]
        self.assertEqual(len(files), 5)
        for file in files:
            self.assertIn(pathlib.Path(file).parent, writes)

    def test_its_command_runs_and_writes_all_of_it(self):
        words = shlex.split(self.setting("ExecStart")[0])
        for folder in ("/var/lib/ngxdiag", "/var/lib/prometheus/node-exporter"):
            (self.path / folder[1:]).mkdir(parents=True)
            words = [word.replace(folder, str(self.path) + folder) for word in words]
        log = self.path / "error.log"
        log.write_text("2026/04/21 23:18:20 [notice] 812#812: start worker processes\n")
        run = subprocess.run([NGXDIAG, *words[1:], str(log)], capture_output=True, text=True, timeout=60)
        codes = {0} | {int(code) for line in self.setting("SuccessExitStatus") for code in line.split()}
        self.assertIn(run.returncode, codes, run.stderr)
        self.assertEqual(run.stderr, "")
        written = sorted(str(path.relative_to(self.path)) for path in (self.path / "var").rglob("*") if path.is_file())
        self.assertEqual(written, ["var/lib/ngxdiag/history.sqlite", "var/lib/ngxdiag/report.html",
                                   "var/lib/ngxdiag/report.json", "var/lib/ngxdiag/report.md",
                                   "var/lib/prometheus/node-exporter/ngxdiag.prom"])


if __name__ == "__main__":
    if not shutil.which("systemd-analyze"):
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
