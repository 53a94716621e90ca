#!/usr/bin/env python3
"""The same evidence and the same --now give the same bytes, in every format of every command with a report: run
again, in another time zone, language and folder, with another umask and HOME, from files that were
written in another order and at another time.

usage: same_bytes.py NGXDIAG SAMPLES
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

NGXDIAG, SAMPLES = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
SECONDS = 60
NOW = "2026-11-20T15:00:00+01:00"
HERE = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": "/root"}
ELSEWHERE = {"TZ": "Asia/Tokyo", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8", "HOME": "/nonexistent", "USER": "x"}


def formats():
    """All that --format knows, by its own help."""
    text = subprocess.run([NGXDIAG, "scan", "--help"], capture_output=True, text=True, check=True).stdout
    line = re.search(r"--format FORMAT\s+(.*?)\n\s+-", text, re.S).group(1)
    return sorted(set(re.findall(r"[a-z]+", line)) - {"default", "or"})


class SameBytes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        self.evidence = self.path / "evidence"
        self.other = self.path / "other"
        self.other.mkdir()

    def lay(self, sample, backwards=False):
        """The sample's files at the same place, written in one order or the other."""
        shutil.rmtree(self.evidence, ignore_errors=True)
        source = SAMPLES / sample / "evidence"
        self.evidence.mkdir()
        files = sorted((path for path in source.rglob("*") if path.is_file()), reverse=backwards)
        for number, path in enumerate(files):
            target = self.evidence / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            os.utime(target, (1e9 + number, 1e9 + number))

    def run_all(self, where, folder, umask):
        """What each command prints and writes, by its name."""
        out = {}

        def run(name, *arguments):
            done = subprocess.run([NGXDIAG, *arguments], capture_output=True, cwd=folder, umask=umask, timeout=SECONDS,
                                  env={"PATH": os.environ["PATH"], **where})
            self.assertIn(done.returncode, (0, 1, 2, 3), done.stderr)
            out[name] = (done.returncode, done.stdout, done.stderr)
        evidence = str(self.evidence)
        for form in formats():
            run(f"scan {form}", "scan", "--now", NOW, "--format", form, evidence)
        run("scan verbose", "scan", "--now", NOW, "--verbose", "--color", "always", evidence)
        run("check", "check", "--now", NOW, "-w", "10", evidence)
        history = self.path / "history.sqlite"
        history.unlink(missing_ok=True)
        outputs = [word for form in formats() if form != "terminal"
                   for word in ("--output", f"{form}={self.path}/out.{form}")]
        for hour in ("14", "15"):
            run(f"report {hour}", "report", "--now", NOW.replace("T15", f"T{hour}"), "--host", "web1", "--history",
                str(history), *outputs, evidence)
        run("summary", "report", "--summary", "7d", "--now", NOW, "--history", str(history), "--format", "json")
        for path in sorted(self.path.glob("out.*")):
            out[path.name] = path.read_bytes()
        return out

    def test_all_formats_of_all_commands(self):
        self.assertGreaterEqual(len(formats()), 8)
        for sample in ("nchan-certbot-storm", "stuck-workers", "lua-crash-after-reload"):
            self.lay(sample)
            first = self.run_all(HERE, self.path, 0o022)
            again = self.run_all(HERE, self.path, 0o022)
            self.lay(sample, backwards=True)
            elsewhere = self.run_all(ELSEWHERE, self.other, 0o077)
            self.assertEqual(len(first), len(formats()) + 5 + len(formats()) - 1)
            for name, content in first.items():
                with self.subTest(sample, output=name):
                    self.assertEqual(content, again[name], "run again")
                    self.assertEqual(content, elsewhere[name], "elsewhere")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
