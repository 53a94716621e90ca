#!/usr/bin/env python3
"""Runs ngxdiag over every samples/*/case.json and compares what it says.

usage: samples_test.py NGXDIAG [SAMPLE...]

    {"now": "2026-04-22T09:00:00", "host": "web1.example.net", "args": ["evidence"],
     "expect": {"verdict": "critical",
                "first": {"cause": "…", "component": "…", "min_confidence": 0.9},
                "findings": ["a cause that must be among the findings"],
                "quiet": false,                  true: no finding of warning or above
                "not_first": ["component or cause"],
                "explained": ["symptom, rule or cause that another finding accounts for"]}}

Then expected/report.json and expected/report.txt, byte by byte. NGXDIAG_ACCEPT=1 rewrites these two
(never the expectations): `git diff samples` is the review.
"""
import difflib
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(os.environ.get("NGXDIAG_SOURCE_ROOT") or pathlib.Path(__file__).resolve().parents[2])
SAMPLES = ROOT / "samples"
ACCEPT = os.environ.get("NGXDIAG_ACCEPT") == "1"
EXIT = {"ok": 0, "warning": 1, "critical": 2, "unknown": 3}
SECONDS = 60
DIFF_LINES = 30


def scan(binary, folder, case, *options):
    command = [binary, "scan", "--now", case["now"], "--host", case["host"], *options, *case["args"]]
    environment = {"PATH": os.environ.get("PATH", ""), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=SECONDS)


def expectations(report, expect):
    """What the report says against `expect`, as sentences."""
    findings = report["findings"]
    first = findings[0] if findings else {}
    said = f"{first.get('cause')} of {first.get('component')} at {first.get('confidence')}"
    if "verdict" in expect and report["verdict"] != expect["verdict"]:
        yield f"verdict is {report['verdict']}, not {expect['verdict']}: {report['summary']}"
    wanted = expect.get("first") or {}
    for member in ("cause", "component"):
        accepted = wanted.get(member)
        if accepted and first.get(member) not in ([accepted] if isinstance(accepted, str) else accepted):
            yield f"first finding is {said}; its {member} should be {accepted}"
    if first.get("confidence", 0) < wanted.get("min_confidence", 0):
        yield f"first finding is {said}; it should be at least {wanted['min_confidence']}"
    if "max_confidence" in wanted and first.get("confidence", 0) > wanted["max_confidence"]:
        yield f"first finding is {said}; it should be at most {wanted['max_confidence']}"
    loud = [f["id"] for f in findings if f["severity"] != "info"]
    if expect.get("quiet") and loud:
        yield f"should be quiet, but found {', '.join(loud)}"
    for name in expect.get("findings", []):
        if not any(name in (f["id"], f["cause"]) for f in findings):
            yield f"{name} is not among the findings"
    for name in expect.get("not_first", []):
        if name in (first.get("id"), first.get("cause"), first.get("component")):
            yield f"{name} must not stand first, but does: {said}"
    things = [(f["id"], f["cause"], f) for f in findings] + [(s["id"], s["id"], s) for s in report["symptoms"]]
    for name in expect.get("explained", []):
        found = [thing for identity, cause, thing in things if name in (identity, cause)]
        if not found:
            yield f"{name} should be seen and explained, but is not there"
        elif not all(thing.get("explained_by") for thing in found):
            yield f"{name} is there, but nothing explains it"


def golden(path, text):
    """Compares `text` with the golden file; writes it when asked to."""
    if ACCEPT:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text)
        return
    if not path.exists():
        yield f"{path.relative_to(ROOT)} is missing: accept it with NGXDIAG_ACCEPT=1"
        return
    if path.read_bytes() == text:
        return
    old, new = (data.decode("utf-8", "replace").splitlines() for data in (path.read_bytes(), text))
    diff = list(difflib.unified_diff(old, new, str(path.relative_to(ROOT)), "now", lineterm="", n=1))
    more = [f"… {len(diff) - DIFF_LINES} lines more"] if len(diff) > DIFF_LINES else []
    yield "\n    ".join([f"{path.name} differs:", *diff[:DIFF_LINES], *more])


def check(binary, folder):
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    as_json = scan(binary, folder, case, "--format", "json")
    as_text = scan(binary, folder, case, "--color", "never", "--width", "80")
    for run in (as_json, as_text):
        if run.returncode not in EXIT.values():
            yield f"exit code {run.returncode}: {run.stderr.decode('utf-8', 'replace').strip()}"
            return
    report = json.loads(as_json.stdout.decode("utf-8"))
    if as_json.returncode != EXIT[report["verdict"]]:
        yield f"exit code {as_json.returncode} with verdict {report['verdict']}"
    yield from expectations(report, case.get("expect", {}))
    yield from golden(folder / "expected/report.json", as_json.stdout)
    yield from golden(folder / "expected/report.txt", as_text.stdout)


def main():
    binary = os.path.abspath(sys.argv[1])
    folders = sorted(path.parent for path in SAMPLES.glob("*/case.json"))
    if len(sys.argv) > 2:
        folders = [folder for folder in folders if folder.name in sys.argv[2:]]
    failed = 0
    for folder in folders:
        mistakes = list(check(binary, folder))
        failed += bool(mistakes)
        print(f"{'not ok' if mistakes else 'ok'} {folder.name}")
        for mistake in mistakes:
            print(f"  - {mistake}")
    print(f"{len(folders) - failed} passed, {failed} failed")
    return 1 if failed or not folders else 0


if __name__ == "__main__":
    sys.exit(main())
