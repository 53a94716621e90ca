#!/usr/bin/env python3
"""Scores the build against recorded real incidents and compares with the figures in docs/incidents.json.

    incidents_test.py NGXDIAG

The cases and their scorer are kept apart from this repository, beside it in shared/incidents (or where
NGXDIAG_INCIDENTS points to); without them the test is skipped (77). A score below the recorded one fails:
a rule that helps one case must not cost another. Better figures are recorded by editing docs/incidents.json.
"""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(os.environ.get("NGXDIAG_SOURCE_ROOT", Path(__file__).resolve().parents[2]))
SCORER = Path(os.environ.get("NGXDIAG_INCIDENTS", ROOT.parent / "shared" / "incidents")) / "score"
SKIPPED = 77
SECONDS = 280


def figures(line):
    """{"top1": 0.9, …} of the scorer's last line; "quiet=12/14" becomes its share."""
    out = {}
    for name, value in re.findall(r"(\w+)=(\S+)", line):
        parts = value.split("/")
        if len(parts) == 2:
            out[name] = int(parts[0]) / int(parts[1])
        else:
            out[name] = None if value == "n/a" else float(value)
    return out


def main():
    if not SCORER.is_file():
        print(f"no scorer at {SCORER}: skipped")
        return SKIPPED
    run = subprocess.run([sys.executable, SCORER, "--bin", sys.argv[1], "--verbose"], capture_output=True, text=True,
                         timeout=SECONDS)
    if run.returncode != 0 or not run.stdout:
        print(run.stdout, run.stderr)
        return 1
    scored = figures(run.stdout.strip().splitlines()[-1])
    recorded = json.loads((ROOT / "docs" / "incidents.json").read_text(encoding="utf-8"))["figures"]
    worse = [name for name in ("top1", "top3", "quiet", "calibration90")
             if (scored.get(name) or 0) < recorded[name]]
    if scored.get("errors"):
        worse.append("errors")
    print(run.stdout if worse else run.stdout.strip().splitlines()[-1])
    for name in worse:
        print(f"{name} is {scored.get(name)}, recorded {recorded.get(name, 0)}")
    print(f"{4 - len(worse)} passed, {len(worse)} failed")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
