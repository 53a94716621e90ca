#!/usr/bin/env python3
"""Counts the tests of one `meson test` run: every doctest case, every test of a unittest file or
result line of a script, and one for any other test. Prints what was skipped and, last, "N passed, M failed".

usage: count_results.py TESTLOG.JSON EXIT-CODE-OF-MESON
"""
import json
import re
import sys

DOCTEST = re.compile(r"^\[doctest\] test cases:\s*\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed", re.M)
UNITTEST = re.compile(r"^Ran (\d+) tests? in ", re.M)
UNITTEST_FAILED = re.compile(r"^FAILED \((.*)\)$", re.M)
SCRIPT = re.compile(r"^(\d+) passed, (\d+) failed$", re.M)


def count(test):
    """(passed, failed) of one entry of testlog.json."""
    output = test.get("stdout") or ""
    ok = test["result"] in ("OK", "EXPECTEDFAIL")
    ran = UNITTEST.search(test.get("stderr") or output)
    if ran:
        broken = UNITTEST_FAILED.search(test.get("stderr") or output)
        failed = sum(int(n) for n in re.findall(r"(?:failures|errors)=(\d+)", broken.group(1))) if broken else 0
        passed = max(int(ran.group(1)) - failed, 0)
        return (passed, failed) if ok else (passed, failed or 1)
    found = DOCTEST.findall(output) or SCRIPT.findall(output)
    passed, failed = (sum(int(pair[i]) for pair in found) for i in (0, 1)) if found else (0, 0)
    if ok:
        return (passed or 1, failed)
    return (passed, failed or 1)


def main(path, meson_status):
    passed = failed = 0
    try:
        with open(path, encoding="utf-8") as log:
            tests = [json.loads(line) for line in log if line.strip()]
    except OSError as error:
        print(f"no test results: {error}", file=sys.stderr)
        tests = []
    for test in tests:
        if test["result"] == "SKIP":
            reason = (test.get("stdout") or "").strip().splitlines()
            print(f"skipped: {test['name']}: {reason[-1] if reason else 'no reason given'}")
            continue
        more_passed, more_failed = count(test)
        passed += more_passed
        failed += more_failed
    if meson_status and not failed:
        failed = 1
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
