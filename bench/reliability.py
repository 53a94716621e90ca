#!/usr/bin/env python3
"""How often are findings right that say they are? A reliability table over the rules' own examples.

    bench/reliability.py --bin build/tools/ngxdiag [--rules rules/causes] [--jobs 2]

Every example with files is scanned as a user would; its first finding counts as right when it is of the
rule's cause or component (examples that fire), and as wrong when a look-alike is blamed on the rule.
Prints, for each band of stated confidence, how many findings there were and the share that was right.
"""
import argparse
import collections
import concurrent.futures
import json
import subprocess
import sys
import tempfile
from pathlib import Path

BANDS = ((0.0, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01))
SECONDS = 20


def examples(folder):
    for path in sorted(Path(folder).rglob("*.json")):
        rule = json.loads(path.read_text(encoding="utf-8"))
        if rule.get("kind", "cause") != "cause":
            continue
        for example in rule.get("examples", []):
            if "files" in example:
                yield rule, example


def scan(binary, files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / Path(name).name).write_text(text, encoding="utf-8", newline="")
        run = subprocess.run([binary, "scan", *sorted(Path(n).name for n in files), "--format", "json", "--exit-zero"],
                             cwd=folder, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL)
        return json.loads(run.stdout) if run.returncode == 0 else None


def judge(binary, rule, example):
    report = scan(binary, example["files"])
    if report is None:
        return None
    if not report["findings"]:
        return None
    first = report["findings"][0]
    same = first["cause"] == rule["cause"] or first["component"] == rule["component"]
    return first["confidence"], same if example["fires"] else first["id"] != rule["id"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True)
    parser.add_argument("--rules", default=Path(__file__).resolve().parents[1] / "rules" / "causes")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    binary = str(Path(options.bin).resolve())
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        judged = list(pool.map(lambda pair: judge(binary, *pair), list(examples(options.rules))))
    bands = collections.defaultdict(list)
    for entry in judged:
        if entry:
            band = next(band for band in BANDS if band[0] <= entry[0] < band[1])
            bands[band].append(entry)
    print(f"{'stated':<12} {'findings':>8} {'mean':>6} {'right':>6}")
    for band in BANDS:
        entries = bands[band]
        if entries:
            mean = sum(confidence for confidence, _ in entries) / len(entries)
            right = sum(ok for _, ok in entries) / len(entries)
            print(f"{band[0]:.1f} to {min(band[1], 1.0):.1f}   {len(entries):>8} {mean:>6.2f} {right:>6.2f}")
    print(f"{sum(entry is not None for entry in judged)} of {len(judged)} examples gave a finding")
    return 0


if __name__ == "__main__":
    sys.exit(main())
