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

START_SLACK = 3  # a file as old as the worker cannot be told from one that the worker has read
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


def renewed_site(hook="", days=20, count=2, **options):
    """A site that has been up for some seconds when certbot renews all of it."""
    site = Site(count, **options)
    site.lineages(days=days)
    if hook:
        site.deploy_hook(hook)
    site.start_nginx()
    time.sleep(START_SLACK)
    return site


def serves_the_old(judge, scan, site):
    """What all the ways have in common in which a renewed certificate is not the one served."""
    found = [one for one in scan.findings if one["cause"] == "certificate-renewed-not-reloaded"]
    judge.check(len(found) == 1, f"it is found, once ({ids(scan)})")
    judge.check(scan.verdict == "critical" and scan.code == 2, f"critical ({scan.verdict})")
    words = scan.words(found[0]) if found else ""
    judge.check(all(name in words for name in site.names), "it says which names")
    return found[0] if found else scan.first


def reload_mends(judge, binary, finding, site):
    reload = [fix for fix in finding["fixes"] if fix["title"].startswith("Reload nginx")]
    judge.check(len(reload) == 1, "a fix reloads nginx")
    before = site.serving()
    run_fix(judge, reload[0])
    for _ in range(100):
        if not before & site.serving():
            break
        time.sleep(0.1)
    time.sleep(SETTLE)
    judge.check(all(site.served(name) == site.on_disk(name) for name in site.names),
                "the renewed certificates are served after the printed fix")


@stages
def healthy(judge, binary):
    """Renewed, the hook reloads: nothing to say, not even right after it."""
    site = renewed_site("nginx -s reload\n")
    done = site.renew()
    judge.check(outcome(done) == (2, 0), f"certbot: {outcome(done)} renewed and failed")
    time.sleep(SETTLE)
    scan = Scan(judge, binary, site)
    well(judge, scan)
    judge.check(scan.facts.get("cert.served_checked") == 2, "both handshakes were made")


@stages
def no_hook(judge, binary):
    site = renewed_site()
    done = site.renew()
    judge.check(outcome(done) == (2, 0), f"certbot: {outcome(done)} renewed and failed")
    scan = Scan(judge, binary, site)
    found = serves_the_old(judge, scan, site)
    judge.check(scan.first is found and found["confidence"] >= 0.9, f"it stands first ({ids(scan)})")
    judge.check("no deploy hook" in scan.words(found), "the missing hook is the reason given")
    judge.check(any("renewal-hooks/deploy" in line for line in commands(found)),
                "a fix sets a hook up")
    reload_mends(judge, binary, found, site)
    hook = [fix for fix in found["fixes"] if "renewal" in fix["title"]]
    judge.check(len(hook) == 1, "one fix sets it up")
    if hook:
        run_fix(judge, hook[0])
    again = site.renew("--force-renewal")
    judge.check(outcome(again) == (2, 0), f"certbot: {outcome(again)} renewed and failed")
    time.sleep(SETTLE)
    well(judge, Scan(judge, binary, site))


@stages
def hook_fails(judge, binary):
    """The hook is there and calls systemctl where no systemd runs, as in a container."""
    site = renewed_site("systemctl reload nginx\n")
    done = site.renew()
    judge.check(outcome(done) == (2, 0), f"certbot: {outcome(done)} renewed and failed")
    scan = Scan(judge, binary, site)
    found = serves_the_old(judge, scan, site)
    judge.check(scan.first is found, f"it stands first ({ids(scan)})")
    judge.check("hooks failed" in scan.words(found), "the failed hook is the reason given")
    judge.check("no deploy hook" not in scan.words(found), "and not a missing one")
    reload_mends(judge, binary, found, site)


@stages
def refused(judge, binary):
    """The hook reloads, and nginx refuses the configuration."""
    site = renewed_site("kill -HUP $(cat /run/nginx.pid)\n")
    site.add_directive("no_such_directive on;\n")
    done = site.renew()
    judge.check(outcome(done) == (2, 0), f"certbot: {outcome(done)} renewed and failed")
    time.sleep(SETTLE)
    scan = Scan(judge, binary, site)
    found = serves_the_old(judge, scan, site)
    judge.check("no_such_directive" in scan.words(found), "the refused reload is the reason given")
    judge.check("no deploy hook" not in scan.words(found), "and not a missing hook")


@stages
def orphans(judge, binary):
    """The master was killed and another started: old workers share the port through reuseport."""
    site = renewed_site("nginx -s reload\n", listen=" reuseport")
    old = site.serving()
    site.kill_master()
    site.start_nginx(others=old)
    time.sleep(START_SLACK)
    done = site.renew()
    judge.check(outcome(done) == (2, 0), f"certbot: {outcome(done)} renewed and failed")
    time.sleep(SETTLE)
    seen = {site.served(site.names[0]) == site.on_disk(site.names[0]) for _ in range(40)}
    judge.check(seen == {True, False}, "some clients get the old certificate, some the new one")
    scan = Scan(judge, binary, site)
    judge.check(scan.verdict == "critical", f"critical ({scan.verdict})")
    judge.check("orphan" in scan.first["id"], f"the workers without a master come first ({ids(scan)})")
    judge.check(any(set(re.findall(r"\d+", line)) >= {str(pid) for pid in old} and "kill" in line
                    for line in commands(scan.first)), "a fix ends them by their pids")
    run_fix(judge, scan.first["fixes"][0])
    judge.check(all(site.served(site.names[0]) == site.on_disk(site.names[0]) for _ in range(20)),
                "everybody gets the new certificate after the printed fix")
    well(judge, Scan(judge, binary, site))


@stages
def mismatch(judge, binary):
    """The key of the generation before came back from a backup: the reload is refused."""
    site = renewed_site("nginx -s reload\n", count=1)
    site.renew()
    time.sleep(SETTLE)
    site.old_key(site.names[0])
    site.reload()
    time.sleep(SETTLE)
    scan = Scan(judge, binary, site)
    judge.check(scan.first["cause"] == "key-cert-mismatch", f"it stands first ({ids(scan)})")
    judge.check(scan.verdict == "critical", f"critical ({scan.verdict})")
    judge.check(site.names[0] in scan.words(scan.first), "it names the files")


@stages
def expired(judge, binary):
    """The certificate ended yesterday, because every challenge is looked for in the wrong folder."""
    site = renewed_site("nginx -s reload\n", days=-1, webroot="/run/acme/elsewhere")
    done = site.renew()
    judge.check(outcome(done) == (0, 2), f"certbot: {outcome(done)} renewed and failed")
    scan = Scan(judge, binary, site)
    judge.check(scan.first["cause"] in ("certificate-expired", "acme-challenge-404-wrong-root"),
                f"it stands first ({ids(scan)})")
    judge.check(scan.verdict == "critical" and scan.code == 2, f"critical ({scan.verdict})")
    judge.check("served certificate ended" in scan.words(), "served as well, it says")
    judge.check("acme-challenge-404-wrong-root" in [one["cause"] for one in scan.findings],
                f"the reason is found: challenges answered with 404 ({ids(scan)})")


@stages
def dehydrated_no_hook(judge, binary):
    site = Site(1)
    site.dehydrated_lineage(days=20)
    site.start_nginx()
    time.sleep(START_SLACK)
    judge.check(site.dehydrated() == 0, "dehydrated renewed")
    scan = Scan(judge, binary, site)
    found = serves_the_old(judge, scan, site)
    judge.check(scan.first is found, f"it stands first ({ids(scan)})")
    judge.check("certbot" not in scan.words(found).lower(), "certbot is not spoken of")
    judge.check("hook" in scan.words(found), "the missing hook is the reason given")


@stages
def stuck(judge, binary):
    """The CA leaves the order in `processing`; dehydrated waits and would wait for ever."""
    site = Site(1)
    site.dehydrated_lineage(days=20)
    site.start_nginx()
    site.stalling_ca()
    run = site.dehydrated(stalling=True, seconds=9)
    judge.check(not isinstance(run, int), "dehydrated still waits")
    scan = Scan(judge, binary, site)
    judge.check(scan.first["cause"] == "acme-order-stuck-processing", f"it stands first ({ids(scan)})")
    judge.check(scan.first["component"] == "dehydrated", "dehydrated is named")
    judge.check(scan.verdict == "warning" and scan.code == 1, f"a warning ({scan.verdict})")


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
