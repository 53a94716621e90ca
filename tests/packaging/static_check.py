#!/usr/bin/env python3
"""The static build: small, alone, and of the same opinion as the dynamic one. Run by hand after
packaging/build-static.sh; as root it is also started in an empty root folder, and in one with busybox alone.

usage: static_check.py STATIC-NGXDIAG NGXDIAG [EMULATOR]   (EMULATOR: qemu-aarch64-static, for another architecture)
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
STATIC, DYNAMIC = (os.path.abspath(path) for path in sys.argv[1:3])
EMULATOR = sys.argv[3:4]
LIMIT = 12 << 20


def run(program, *arguments, emulator=()):
    return subprocess.run([*emulator, program, *arguments], cwd=ROOT, capture_output=True, timeout=300,
                          env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "NGXDIAG_CONFIG": "/dev/null"})


class Static(unittest.TestCase):
    def test_size(self):
        self.assertLess(os.path.getsize(STATIC), LIMIT)

    def test_no_interpreter_and_no_library(self):
        headers = subprocess.run(["readelf", "-ld", STATIC], check=True, capture_output=True, text=True).stdout
        self.assertNotIn("INTERP", headers)
        self.assertNotIn("NEEDED", headers)

    def test_samples_with_identical_json(self):
        samples = sorted(ROOT.glob("samples/*/case.json"))
        self.assertGreater(len(samples), 5)
        for sample in samples:
            case = json.loads(sample.read_text())
            for arguments in (["scan", "--format", "json", "--now", case["now"], str(sample.parent / "evidence")],
                              ["scan", "--format", "json", "--now", case["now"], "--root", str(sample.parent / "evidence")]):
                with self.subTest(sample.parent.name, arguments=arguments[-2]):
                    ours, theirs = run(STATIC, *arguments, emulator=EMULATOR), run(DYNAMIC, *arguments)
                    self.assertEqual((ours.returncode, ours.stdout), (theirs.returncode, theirs.stdout))

    def test_history(self):
        with tempfile.TemporaryDirectory() as folder:
            sample = str(next(ROOT.glob("samples/nchan-certbot-storm/evidence")))
            for _ in range(2):
                told = run(STATIC, "report", "--now", "2026-04-22 09:00:00", "--history", f"{folder}/h.sqlite", sample,
                           emulator=EMULATOR)
                self.assertEqual(told.returncode, 2, told.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "only root can change the root folder")
    def test_alone_in_an_empty_root(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            shutil.copy(STATIC, root / "ngxdiag")
            begin = [shutil.which("chroot"), folder]
            for emulator in EMULATOR:
                shutil.copy(shutil.which(emulator), root / "emulator")
                begin.append("/emulator")
            shutil.copytree(ROOT / "samples/nchan-certbot-storm/evidence", root / "evidence")
            arguments = ["--format", "json", "--now", "2026-04-22 09:00:00"]
            ours = subprocess.run([*begin, "/ngxdiag", "scan", *arguments, "/evidence"], capture_output=True, env={})
            self.assertEqual((ours.returncode, ours.stderr), (2, b""))
            self.assertEqual(json.loads(ours.stdout)["findings"][0]["component"], "nchan")
            ours = subprocess.run([*begin, "/ngxdiag", "scan", "--format", "json"], capture_output=True, env={})
            self.assertEqual(ours.returncode, 3, ours.stderr)
            self.assertIn("/proc", ours.stdout.decode())

    @unittest.skipUnless(os.geteuid() == 0 and os.path.exists("/bin/busybox") and not EMULATOR,
                         "needs root and a static busybox")
    def test_beside_busybox(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "bin").mkdir()
            shutil.copy("/bin/busybox", root / "bin/busybox")
            (root / "bin/sh").symlink_to("busybox")
            shutil.copy(STATIC, root / "bin/ngxdiag")
            shutil.copy(ROOT / "samples/lab-storm-signal11/evidence/error.log", root / "error.log")
            ours = subprocess.run([shutil.which("chroot"), folder, "/bin/sh", "-c", "ngxdiag scan -q - < /error.log; echo $?"],
                                  capture_output=True, text=True, env={"PATH": "/bin"})
            self.assertIn("CRITICAL", ours.stdout, ours.stderr)
            self.assertTrue(ours.stdout.endswith("\n2\n"), ours.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
