#!/usr/bin/env python3
"""The completions at work: in an interactive bash with real tabs, in fish by its own `complete -C`, in zsh
with the specifications that reach _arguments. A shell that is not installed is skipped, bash never.

usage: completions.py NGXDIAG
"""
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

NGXDIAG = os.path.abspath(sys.argv[1])
SECONDS = 20


def have_terminal():
    try:
        for end in pty.openpty():
            os.close(end)
        return True
    except OSError:
        return False


class Shell(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "bin").mkdir()
        (self.folder / "bin/ngxdiag").symlink_to(NGXDIAG)
        (self.folder / "evidence").mkdir()
        (self.folder / "error.log").touch()
        self.env = {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "HOME": str(self.folder),
                    "TERM": "dumb"}

    def script(self, shell, name):
        path = self.folder / name
        path.write_bytes(subprocess.run([NGXDIAG, "help", "--completion", shell], check=True, capture_output=True).stdout)
        return path

    def run_shell(self, *command):
        return subprocess.run(command, cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=SECONDS)


class Bash(Shell):
    def offered(self, *words):
        """What is offered for the last of `words`, which are split as readline splits them (at =)."""
        script = self.script("bash", "ngxdiag.bash")
        listed = " ".join("'" + word + "'" for word in words)
        run = self.run_shell("bash", "--norc", "-c",
                             f"compopt() {{ :; }}; source {script}; COMP_WORDS=({listed}); COMP_CWORD={len(words) - 1}; "
                             "_ngxdiag; printf '%s\\n' \"${COMPREPLY[@]}\"")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return run.stdout.split()

    def test_commands(self):
        self.assertEqual(self.offered("ngxdiag", "sc"), ["scan"])
        self.assertIn("explain", self.offered("ngxdiag", ""))
        self.assertEqual(self.offered("ngxdiag", "--config", "err"), ["error.log"])
        self.assertEqual(self.offered("ngxdiag", "--config", "x.conf", "sc"), ["scan"])
        self.assertEqual(self.offered("ngxdiag", "--config", "=", "x.conf", "scan", "--fo"), ["--format"])

    def test_options(self):
        self.assertEqual(self.offered("ngxdiag", "scan", "--fo"), ["--format"])
        self.assertNotIn("--format", self.offered("ngxdiag", "check", "--"))

    def test_values(self):
        self.assertEqual(self.offered("ngxdiag", "scan", "--format", "ht"), ["html"])
        self.assertEqual(self.offered("ngxdiag", "scan", "-f", "ht"), ["html"])
        self.assertEqual(self.offered("ngxdiag", "scan", "--format", "=", "ht"), ["html"])
        self.assertEqual(self.offered("ngxdiag", "logs", "--format", "=")[0], "text")
        self.assertEqual(self.offered("ngxdiag", "scan", "--output", "js"), ["json="])
        self.assertEqual(self.offered("ngxdiag", "scan", "--output", "json", "=", "err"), ["error.log"])
        self.assertEqual(self.offered("ngxdiag", "scan", "--output", "=", "json", "=", "err"), ["error.log"])
        self.assertEqual(self.offered("ngxdiag", "scan", "--width", ""), [])

    def test_files_and_folders(self):
        self.assertEqual(self.offered("ngxdiag", "scan", "e"), ["error.log", "evidence"])
        self.assertEqual(self.offered("ngxdiag", "scan", "--root", "e"), ["evidence"])

    def test_ids(self):
        self.assertEqual(self.offered("ngxdiag", "scan", "--only", "nchan-worker-slots-ex"), ["nchan-worker-slots-exhausted"])
        self.assertIn("nchan", self.offered("ngxdiag", "scan", "--skip", "nch"))
        self.assertIn("alias-traversal", self.offered("ngxdiag", "config", "--skip", "alias-"))
        self.assertEqual(self.offered("ngxdiag", "rules", "sho"), ["show"])
        self.assertEqual(self.offered("ngxdiag", "rules", "show", "nchan-worker-slots-ex"), ["nchan-worker-slots-exhausted"])
        self.assertEqual(self.offered("ngxdiag", "explain", "nchan-worker-slots-ex"), ["nchan-worker-slots-exhausted"])

    @unittest.skipUnless(have_terminal(), "no pseudo-terminal here")
    def test_real_tabs(self):
        script = self.script("bash", "ngxdiag.bash")
        self.env["PS1"] = "ready> "
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], self.env)
        try:
            told = b""

            def expect(wanted):
                nonlocal told
                end = time.monotonic() + SECONDS
                while wanted not in told:
                    if not select.select([terminal], [], [], max(end - time.monotonic(), 0))[0]:
                        self.fail(f"{wanted!r} did not come: {told!r}")
                    told += os.read(terminal, 4096)
                told = told.split(wanted, 1)[1]

            expect(b"ready> ")
            for line in (f"source {script}", "ngxdiag() { printf '<%s>' \"$@\"; echo; }"):
                os.write(terminal, line.encode() + b"\n")
                expect(b"ready> ")
            for typed, meant in ((b"sca\t--fail-on=cri\terr\t", b"<scan><--fail-on=critical><error.log>"),
                                 (b"scan -o js\tevi\t", b"<scan><-o><json=evidence/>")):
                os.write(terminal, b"ngxdiag " + typed)
                time.sleep(0.3)
                os.write(terminal, b"\n")
                expect(meant)
        finally:
            os.close(terminal)
            os.kill(pid, 9)
            os.waitpid(pid, 0)


@unittest.skipUnless(shutil.which("fish"), "fish is not installed")
class Fish(Shell):
    def offered(self, line):
        script = self.script("fish", "ngxdiag.fish")
        run = self.run_shell("fish", "--no-config", "-c", f"source {script}; complete -C '{line}'")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return [row.split("\t")[0] for row in run.stdout.splitlines()]

    def test_it_offers(self):
        self.assertEqual(self.offered("ngxdiag sc"), ["scan"])
        self.assertEqual(self.offered("ngxdiag scan --form"), ["--format"])
        self.assertEqual(self.offered("ngxdiag scan --format ht"), ["html"])
        self.assertEqual(self.offered("ngxdiag scan --only nchan-worker-slots-ex"), ["nchan-worker-slots-exhausted"])
        self.assertEqual(self.offered("ngxdiag rules sho"), ["show"])
        self.assertIn("error.log", self.offered("ngxdiag scan e"))
        self.assertIn("evidence/", self.offered("ngxdiag scan --root e"))
        self.assertNotIn("error.log", self.offered("ngxdiag scan --root e"))


@unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
class Zsh(Shell):
    def specifications(self, *words):
        """What _arguments is called with when `words` stand on the line."""
        script = self.script("zsh", "_ngxdiag")
        run = self.run_shell("zsh", "-f", "-c",
                             "compdef() { :; }; calls=0; "
                             "_arguments() { (( ++calls == 2 )) && print -rl -- \"$@\"; state=argument; }; "
                             f"words=({' '.join(words)}); source {script}")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return run.stdout.splitlines()

    def test_specifications(self):
        rows = subprocess.run([NGXDIAG, "--help"], check=True, capture_output=True, text=True).stdout
        commands = re.findall(r"^  ([a-z]+) ", rows.split("\nCOMMANDS\n")[1].split("\nEXIT STATUS")[0], re.M)
        self.assertIn("scan", commands)
        for command in commands:
            lines = self.specifications(command)
            for line in lines:
                self.assertTrue(re.fullmatch(r"-s|\*--?[a-zA-Z-]+[=+]?\[.+\](:[^:]+:.+)?|[*1]: :.+", line), line)
            self.assertTrue(any(line.startswith("*--help[") for line in lines))
        self.assertTrue(any(line.endswith(":FORMAT:(text json)") for line in self.specifications("logs")))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
