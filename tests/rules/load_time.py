#!/usr/bin/env python3
"""A thousand rules more keep a scan below 150 ms.

usage: load_time.py NGXDIAG
Measured is processor time, the least of several runs: what else the machine does shall not decide.
"""
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

NGXDIAG = sys.argv[1]
RULES = 1000
RUNS = 7
SECONDS = 0.150


def rule(number):
    return {
        "id": f"synthetic-{number}", "cause": f"synthetic-{number}", "component": "config", "severity": "warning",
        "title": f"Trouble {number}", "explanation": "What happens, why, and what it does to users.",
        "params": {"two": {"value": 2, "because": "one can be chance"}},
        "lines": {"hit": {"in": ["error_log"], "contains": f"trouble number {number} of", "regex": f"trouble number {number} of (\\d+)"}},
        "prior": {"db": -10, "because": "rare"}, "requires": {"any": [{"line": "hit"}, {"stack": f"ngx_synthetic_{number}\\w+"}]},
        "evidence": [{"when": {"line": "hit"}, "weight": 20, "says": "{line.hit} lines tell it"},
                     {"when": {"line": "hit", "at_least": "two"}, "weight": 3, "says": "again and again"},
                     {"when": {"module": "nchan", "version_below": "1.2.3"}, "weight": 5, "says": "an old module"}],
        "against": [{"when": {"fact": "kernel.oom_kills"}, "weight": -5, "says": "memory had run out"}],
        "fixes": [{"title": "Mend it", "commands": ["nginx -t && systemctl reload nginx"], "impact": "none", "verify": "nginx -t"}],
        "examples": [{"name": "fires", "fires": True, "files": {"error.log": f"2024/03/02 10:11:12 [error] 1#1: trouble number {number} of 3\n"}},
                     {"name": "quiet", "fires": False, "files": {"error.log": "2024/03/02 10:11:12 [notice] 1#1: reconfiguring\n"}}],
    }


def spent(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class LoadTime(unittest.TestCase):
    def test_a_scan_with_a_thousand_rules_more(self):
        with tempfile.TemporaryDirectory() as folder:
            rules = pathlib.Path(folder) / "rules"
            rules.mkdir()
            for number in range(RULES):
                (rules / f"synthetic-{number}.json").write_text(json.dumps(rule(number)), encoding="utf-8")
            log = pathlib.Path(folder) / "error.log"
            log.write_text("2024/03/02 10:11:12 [error] 812#812: trouble number 7 of 3\n", encoding="utf-8")
            command = [NGXDIAG, "scan", str(log), "--rules", str(rules), "--format", "json", "--exit-zero"]
            report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            self.assertEqual(report["findings"][0]["id"], "synthetic-7")
            least = min(spent(command) for _ in range(RUNS))
            print(f"{RULES} rules more: {least * 1000:.0f} ms of processor time", file=sys.stderr)
            self.assertLess(least, SECONDS)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
