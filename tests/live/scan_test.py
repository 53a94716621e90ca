#!/usr/bin/env python3
"""Stages one real incident on loopback and checks what `ngxdiag scan` says about it.

usage: scan_test.py NGXDIAG STAGE     (a stage is a function of this file marked with @stages)

Only the staged nginx is judged (`--pid`), so others on the host do not matter.  Ends with
"N passed, M failed"; exit code 77 (skipped) where nginx or nchan is not installed.
"""
import json
import os
import re
import subprocess
import sys
import time

import stage

SKIPPED = 77
SCAN_SECONDS = 20  # a hung master must not hang the scan
SEVERITIES = {"info": 0, "warning": 1, "critical": 2}
SETTLE = 0.5


class Judge:
    """Checks with a sentence each; goes on after a failure, shows the reports at the end.

    NGXDIAG_SHOW in the environment shows them in any case.
    """

    def __init__(self):
        self.passed, self.failed, self.reports = 0, 0, []

    def check(self, holds, sentence):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
        print(("ok: " if holds else "FAILED: ") + sentence, flush=True)

    def finish(self):
        if self.failed or "NGXDIAG_SHOW" in os.environ:
            for report in self.reports:
                print(report)
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


class Scan:
    """One run of the binary on the staged nginx: exit code, report, and what it took."""

    def __init__(self, judge, binary, scene, *options):
        command = [binary, "scan", *options]
        if isinstance(scene, stage.Scene):  # on a host of its own the staged nginx is the only one
            command[2:2] = ["--pid", str(scene.master)]
        begin = time.monotonic()
        done = subprocess.run([*command, "--format", "json"], capture_output=True, text=True,
                              timeout=SCAN_SECONDS, check=False)
        self.seconds = time.monotonic() - begin
        self.code = done.returncode
        try:
            self.report = json.loads(done.stdout)
        except ValueError:
            raise SystemExit(f"no JSON from {command}: exit {done.returncode}\n{done.stderr}\n"
                             f"{done.stdout[:2000]}") from None
        self.verdict = self.report["verdict"]
        self.findings = self.report["findings"]
        self.facts = {name: fact["value"] for name, fact in self.report["facts"].items()}
        terminal = subprocess.run([*command, "--color", "never"], capture_output=True, text=True,
                                  timeout=SCAN_SECONDS, check=False).stdout
        facts = "\n".join(f"  {name} = {value}" for name, value in self.facts.items())
        judge.reports.append(f"--- {' '.join(command)} (exit {self.code})\n{terminal}\nfacts:\n{facts}\n"
                             f"error log:\n{scene.log()[:3000]}")

    @property
    def first(self):
        return self.findings[0] if self.findings else {
            "id": "", "cause": "", "component": "", "severity": "info", "confidence": 0, "title": "",
            "explanation": "", "evidence": [], "fixes": []}

    def words(self, finding=None):
        """All that a finding (all findings) tells a human, in one string."""
        parts = []
        for one in [finding] if finding else self.findings:
            parts += [one["title"], one["explanation"]] + [item["says"] for item in one["evidence"]]
        return " ".join(parts)

    def worst(self, component=None):
        """Severity of the worst finding, of one component or of all; -1 without any."""
        return max((SEVERITIES[one["severity"]] for one in self.findings
                    if component in (None, one["component"])), default=-1)


def commands(finding):
    return [command for fix in finding["fixes"] for command in fix["commands"]]


def position(lines, pattern):
    """Index of the first line that matches, or -1."""
    return next((i for i, line in enumerate(lines) if re.search(pattern, line)), -1)


def blames_nchan(judge, scan, scene):
    """What both storms have in common."""
    first = scan.first
    judge.check(scan.verdict == "critical" and scan.code == 2, "verdict critical, exit 2")
    judge.check(first["component"] == "nchan", f"nchan is first ({first['id']}: {first['component']})")
    judge.check(first["confidence"] >= 0.9, f"confidence of 0.9 and more ({first['confidence']})")
    seen = sorted({item.get("analyzer", "") for item in first["evidence"] if item["weight"] > 0} - {""})
    judge.check(len(seen) >= 3, f"evidence of three analyzers and more ({', '.join(seen)})")
    lines = commands(first)
    real = (stage.NCHAN, scene.dir + "/modules-enabled/50-mod-nchan.conf",
            scene.dir + "/modules/ngx_nchan_module.so")
    judge.check(any(path in line for path in real for line in lines),
                "a fix names the file that loads the module on this host")
    judge.check(any(scene.conf in line and re.search(r"nginx .*-t\b", line) for line in lines),
                "a fix tests the configuration of this nginx, no other")
    placeholder = r"\{[a-z_0-9.]+[|}]"
    judge.check(not any(re.search(placeholder, line) for line in lines),
                "no placeholder is left in the commands")
    judge.check(not re.search(placeholder, scan.words()), "no placeholder is left in the sentences")


STAGES = {}


def stages(function):
    STAGES[function.__name__] = function
    return function


@stages
def storm6(judge, binary):
    with stage.storm6() as scene:
        print(f"fatal reload: {scene.fatal}, by the formula: {stage.fatal_reload(64)}")
        deadlock(judge, Scan(judge, binary, scene), scene)


@stages
def storm6_quiet(judge, binary):
    """The next reload comes so soon that the log holds a death or two."""
    with stage.storm6(pause=0) as scene:
        deadlock(judge, Scan(judge, binary, scene), scene)


def deadlock(judge, scan, scene):
    blames_nchan(judge, scan, scene)
    words = scan.words(scan.first)
    judge.check(re.search(r"master[^.]*(block|wait|sleep|hang|stuck|answer|obey)", words, re.I)
                and re.search(r"semaphore|futex|mutex|lock", words, re.I),
                "the report says that the master is blocked and on what")
    lines = commands(scan.first)
    kill = position(lines, r"\bkill\b.*(-9|-s KILL|-KILL|SIGKILL)|--signal[= ](9|KILL|SIGKILL)")
    test = position(lines, r"nginx .*-t\b")
    start = position(lines[kill + 1:], r"systemctl (re)?start|nginx\b(?!.*-t\b).*")
    judge.check(kill >= 0, "a fix uses SIGKILL")
    judge.check(kill >= 0 and start >= 0 and test >= 0, "nginx -t and a start follow")
    judge.check(scan.seconds < 5, f"the scan of a blocked master takes {scan.seconds:.2f} s")


@stages
def storm11(judge, binary):
    with stage.storm11() as scene:
        print(f"reloads until the storm: {scene.fatal}, processes: {len(scene.pids())}")
        blames_nchan(judge, Scan(judge, binary, scene), scene)


@stages
def no_worker(judge, binary):
    """The storm with one connection more: nobody dies on a signal, and nobody serves."""
    with stage.no_worker(257) as scene:
        scan = Scan(judge, binary, scene)
        judge.check(scan.verdict == "critical" and scan.code == 2, "verdict critical, exit 2")
        judge.check(scan.first["component"] == "nchan", f"nchan is first ({scan.first['id']})")


def well(judge, scan):
    judge.check(scan.verdict == "ok", f"verdict ok ({scan.verdict})")
    judge.check(scan.code == 0, f"exit 0 ({scan.code})")
    judge.check(scan.worst() < SEVERITIES["warning"],
                f"no finding of warning or above ({[one['id'] for one in scan.findings]})")


@stages
def healthy(judge, binary):
    with stage.healthy(workers=4, requests=400) as scene:
        well(judge, Scan(judge, binary, scene))


@stages
def healthy_silent(judge, binary):
    """Nothing in the error log yet: that, too, is what a healthy nginx looks like."""
    with stage.healthy(workers=2, requests=0, aborted=0) as scene:
        judge.check(scene.log() == "", "the error log is empty")
        well(judge, Scan(judge, binary, scene))


@stages
def healthy_nchan(judge, binary):
    """The same with nchan loaded and three reloads whose old workers left."""
    with stage.healthy(workers=3, nchan=True, requests=200, reloads=3) as scene:
        well(judge, Scan(judge, binary, scene))


@stages
def held(judge, binary):
    with stage.held(workers=4, generations=3) as scene:
        time.sleep(SETTLE)
        stuck = scene.count("worker process is shutting down")
        scan = Scan(judge, binary, scene)
        judge.check(scan.worst() == SEVERITIES["warning"], "a warning, nothing critical")
        judge.check(str(stuck) in scan.words(), f"the {stuck} old workers are named")
        judge.check(scan.first["cause"] in ("missing-worker-shutdown-timeout",
                                            "long-lived-connections-keep-old-worker"),
                    f"held workers are the cause ({[one['cause'] for one in scan.findings]})")
        judge.check(any("worker_shutdown_timeout" in line for line in commands(scan.first)),
                    "the missing time-out is named")
        judge.check(scan.worst("nchan") < 0, "nchan is not blamed")


@stages
def forecast(judge, binary):
    """20 reloads with 16 workers leave twelve; after the restart nothing is said."""
    left = stage.fatal_reload(16) - 20
    with stage.forecast() as scene:
        judge.check(scene.answers(), "the staged nginx still serves")
        scan = Scan(judge, binary, scene)
        ahead = [one for one in scan.findings if one["component"] == "nchan"
                 and one["severity"] == "warning"]
        judge.check(len(ahead) == 1, f"one warning about nchan ({[one['id'] for one in scan.findings]})")
        judge.check(scan.verdict == "warning" and scan.code == 1, "verdict warning, exit 1")
        said = [int(number) for number in re.findall(r"\b(\d+)\b[^.\d]{0,20}reload",
                                                     scan.words(ahead[0]) if ahead else "")]
        judge.check(any(abs(number - left) <= 1 for number in said),
                    f"about {left} reloads are left (said: {said})")
        scene.restart()
        time.sleep(SETTLE)
        after = Scan(judge, binary, scene)
        judge.check(after.worst("nchan") < SEVERITIES["warning"], "after the restart nchan is quiet")
        judge.check(after.verdict == "ok" and after.code == 0, f"verdict ok ({after.verdict})")


@stages
def forged(judge, binary):
    with stage.forged(lines=12) as scene:
        scan = Scan(judge, binary, scene)
        judge.check(scan.facts.get("deaths.total", 0) == 0, "no forged death is counted")
        judge.check(scan.worst() < SEVERITIES["critical"] and scan.worst("nchan") < 0,
                    f"nothing critical ({[one['id'] for one in scan.findings]})")
        judge.check("forged" in json.dumps(scan.report).lower(), "the report says that lines are forged")


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in STAGES:
        print(f"usage: {sys.argv[0]} NGXDIAG {{{'|'.join(STAGES)}}}", file=sys.stderr)
        return 64
    judge = Judge()
    try:
        STAGES[sys.argv[2]](judge, sys.argv[1])
    except stage.Unavailable as reason:
        print(f"skipped: {reason}")
        return SKIPPED
    return judge.finish()


if __name__ == "__main__":
    sys.exit(main())
