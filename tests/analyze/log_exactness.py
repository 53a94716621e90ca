#!/usr/bin/env python3
"""Every line of four generated logs gets its true id, or several with the true one among them:

    log_exactness.py GENERATE CHECK NGXDIAG [BYTES]

and `ngxdiag logs` counts what grep counts."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

# Pattern of a line, and the message that prints it.
PATTERNS = [
    (rb"exited on signal 6", "process.exited-on-signal"),
    (rb"was locked by ", "process.shared-memory-zone-was-locked-by"),
    (rb"connect\(\) failed \(111: Connection refused\) while connecting", "common.connect-failed"),
    (rb"upstream timed out \(110", "common.upstream-timed-out"),
    (rb"recv\(\) failed \(104", "common.recv-failed"),
    (rb"upstream prematurely closed connection", "upstream.upstream-prematurely-closed-connection"),
    (rb"no live upstreams", "common.no-live-upstreams"),
    (rb"SSL_do_handshake\(\) failed", "common.ssl_do_handshake-failed"),
    (rb"limiting requests, excess", "http-limit-req.limiting-requests-excess-by-zone"),
    (rb"gracefully shutting down", "process.gracefully-shutting-down"),
]
MOST_AMBIGUOUS = 0.02


def main():
    generate, check, ngxdiag = sys.argv[1:4]
    size = int(sys.argv[4]) if len(sys.argv) > 4 else 3_000_000
    failures = 0

    def expect(truth, text):
        nonlocal failures
        if not truth:
            failures += 1
            print("FAIL:", text)

    with tempfile.TemporaryDirectory() as folder:
        for mix in "storm mixed quiet uniform".split():
            for seed in (1, 20260421):
                log, ids = pathlib.Path(folder, "log"), pathlib.Path(folder, "ids")
                subprocess.run([generate, mix, str(size), str(seed), log, ids], check=True)
                run = subprocess.run([check, log, ids], capture_output=True, text=True)
                counted = json.loads(run.stdout)
                print(mix, seed, counted)
                expect(run.returncode == 0, f"{mix} {seed}: {run.stderr[:2000]}")
                expect(counted["ambiguous"] <= MOST_AMBIGUOUS * counted["lines"], f"{mix}: too many ambiguous")
                text = log.read_bytes()
                answers = []
                for threads in ("1", "3"):
                    out = subprocess.run([ngxdiag, "logs", "--threads", threads, "--format", "json", log],
                                         capture_output=True, check=True).stdout
                    answers.append(out)
                expect(answers[0] == answers[1], f"{mix}: one thread and three differ")
                survey = json.loads(answers[0])
                lines = survey["lines"]
                accounted = sum(lines[k] for k in "identified ambiguous unknown continuation outside_window".split())
                expect(accounted == lines["total"] == text.count(b"\n"), f"{mix}: lines are lost: {lines}")
                if mix == "uniform":
                    continue
                counts = {m["id"]: m["count"] for m in survey["messages"]}
                for pattern, message in PATTERNS:
                    wanted = sum(1 for line in text.split(b"\n") if re.search(pattern, line))
                    expect(counts.get(message, 0) == wanted, f"{mix}: {message} is {counts.get(message, 0)}, not {wanted}")
    return 1 if failures else 0


sys.exit(main())
