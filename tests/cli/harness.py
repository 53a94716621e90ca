"""Runs the built program and counts: each function named check_… of a script is one test."""
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

ROOT = Path(os.environ["NGXDIAG_SOURCE_ROOT"])
BINARY = os.path.abspath(sys.argv[1])
STORM = "samples/nchan-certbot-storm/evidence"
SECONDS = 60

OK, WARNING, CRITICAL, UNKNOWN, USAGE, INTERNAL = 0, 1, 2, 3, 64, 70


class Result:
    def __init__(self, run):
        self.code, self.out, self.err = run.returncode, run.stdout, run.stderr

    def __str__(self):
        return f"exit code {self.code}\n--- stdout\n{self.out[:2000]}\n--- stderr\n{self.err[:2000]}"


def ngxdiag(*args, env=None, stdin="", user=None, binary=BINARY):
    """One run from the root of the tree. `user` is a numeric id to change to, as root only."""
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **(env or {})}
    run = subprocess.run([binary, *map(str, args)], cwd=ROOT, input=stdin, text=True, errors="replace",
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, timeout=SECONDS,
                         user=user, extra_groups=[] if user else None)
    return Result(run)


class Failed(Exception):
    pass


def expect(condition, what, result=None):
    if not condition:
        raise Failed(f"{what}\n{result}" if result else what)


def run_all(module):
    """Runs every check_… with a fresh folder, prints what failed and the line that ./test counts."""
    passed = failed = 0
    for name, check in sorted(vars(module).items()):
        if not name.startswith("check_"):
            continue
        with tempfile.TemporaryDirectory(prefix="ngxdiag-cli-") as folder:
            try:
                check(Path(folder))
                passed += 1
            except Exception as error:  # a crash of a check is a failure of that check only
                failed += 1
                print(f"FAILED {name}: {error}")
                if not isinstance(error, Failed):
                    traceback.print_exc(file=sys.stdout)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)
