#!/usr/bin/env python3
"""ACME clients against a CA on loopback: what goes wrong around a renewal, and what is said of it.

usage: acme_test.py NGXDIAG STAGE     (a stage is a function of this file marked with @stages)

Each stage runs in a host of its own (own_host), with Pebble as the CA, certbot or dehydrated as
the client, and nginx at Debian's paths; `ngxdiag scan` looks at that host without any option.
Exit code 77 (skipped) where one of them or the right to make such a host is missing.
"""
import collections
import json
import re
import subprocess
import sys
import time

import own_host
import stage
from acme_stage import Site
from scan_test import SETTLE, Judge, Scan, commands, well

LIMIT = 220  # seconds, below the time-out of the meson entries
STAGES = {}


def stages(function):
    STAGES[function.__name__] = function
    return function


def ids(scan):
    return [one["id"] for one in scan.findings]


def run_fix(judge, fix):
    """What an administrator would do: the commands as they are printed, one after the other."""
    for line in fix["commands"]:
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60,
                              check=False, stdin=subprocess.DEVNULL)
        print(f"$ {line}\n{done.stdout}{done.stderr}", end="", flush=True)
        if line.startswith("grep"):
            judge.check(done.stdout == "", "what the fix looks for first is not there")
        else:
            judge.check(done.returncode == 0, f"the fix works: {line.split('#')[0].strip()}")


def outcome(done):
    """How many names certbot renewed and how many failed, by its closing list."""
    text = done.stdout + done.stderr
    return (len(re.findall(r"fullchain\.pem \(success\)", text)),
            len(set(re.findall(r"(\S+/fullchain\.pem) \(failure\)", text))))


@stages
def chain(judge, binary):
    """13 names; the reload after the sixth renewal uses up nchan's slots, and the rest gets 504."""
    workers, good = 33, 6
    site = Site(13, workers=workers, nchan=True)
    site.lineages()
    site.deploy_hook("nginx -s reload\nsleep 2\n")  # the next challenge finds the new workers
    site.start_nginx()
    site.hold_one()
    for _ in range(stage.fatal_reload(workers) - good):
        site.generation()
    judge.check(site.answers(), "nginx serves before the renewals")
    done = site.renew()
    judge.check(outcome(done) == (good, 13 - good), f"certbot: {outcome(done)} renewed and failed")
    judge.check(not site.answers(), "nginx serves no more")
    print(f"answers of the front: {collections.Counter(site.front.statuses)}")
    judge.check(504 in site.front.statuses, "the front answered 504")
    time.sleep(SETTLE)

    scan = Scan(judge, binary, site)
    first = scan.first
    judge.check(scan.verdict == "critical" and scan.code == 2, f"critical ({scan.verdict})")
    judge.check(first["cause"] == "nchan-worker-slots-exhausted", f"nchan is first ({ids(scan)})")
    judge.check(first["confidence"] >= 0.9, f"and sure ({first['confidence']})")
    judge.check("symptom-acme-gateway-errors" in first["explains"],
                f"it explains the failed renewals ({first['explains']})")
    critical = [one["id"] for one in scan.findings[1:] if one["severity"] == "critical"]
    judge.check(not critical, f"nothing else is called critical ({critical})")
    facts = scan.facts
    judge.check(facts.get("acme.renewed") == good and facts.get("acme.failed") == 13 - good,
                f"{facts.get('acme.renewed')} renewed, {facts.get('acme.failed')} failed")
    judge.check(facts.get("acme.challenge_status.504") and not facts.get("acme.challenge_status.404"),
                "all of them with 504")
    story = json.dumps(scan.report)
    judge.check(all(name in story for name in ("www7.example.net", "procslot_found", "504")),
                "the report names the failed, the assertion and the status")

    site.drop()
    run_fix(judge, first["fixes"][0])
    for _ in range(100):
        if site.answers():
            break
        time.sleep(0.1)
    judge.check(site.answers(), "nginx serves after the printed fix")
    site.deploy_hook("nginx -s reload\n")
    again = site.renew("--force-renewal")
    judge.check(outcome(again) == (13, 0), f"certbot: {outcome(again)} renewed and failed")
    time.sleep(SETTLE + 1)
    well(judge, Scan(judge, binary, site))


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in STAGES:
        print(f"usage: {sys.argv[0]} NGXDIAG {{{'|'.join(STAGES)}}}", file=sys.stderr)
        return 64

    def scenario():
        judge = Judge()
        try:
            STAGES[sys.argv[2]](judge, sys.argv[1])
        except stage.Unavailable as reason:
            print(f"skipped: {reason}")
            return stage.SKIPPED
        except BaseException:
            judge.failed += 1
            judge.finish()
            raise
        return judge.finish()

    return own_host.run(scenario, LIMIT)


if __name__ == "__main__":
    sys.exit(main())
