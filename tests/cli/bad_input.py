#!/usr/bin/env python3
"""Evidence that is broken or hostile: a clear word, never a crash, a hang or silence."""
import json
import os
import random
import shutil
import sys

from harness import BINARY, CRITICAL, INTERNAL, OK, STORM, UNKNOWN, USAGE, WARNING, expect, ngxdiag, run_all

NOBODY = 65534
COMMAND = " " * 6  # commands stand this deep, and are never wrapped


def scan(*args, **more):
    """A scan as JSON: (result, report)."""
    result = ngxdiag("scan", "--format", "json", *args, **more)
    expect(result.code in (OK, WARNING, CRITICAL, UNKNOWN), "the scan ended well", result)
    return result, json.loads(result.out)


def nothing_seen(path, *args, **more):
    """The scan of `path` says unknown, and says of that path why."""
    result, report = scan(*args, **more)
    expect(result.code == UNKNOWN and report["verdict"] == "unknown", "too little to say", result)
    expect(any(str(path) in gap["what"] for gap in report["not_observed"]), f"{path} is named", result)
    expect(not report["findings"], "nothing is found in nothing", result)
    return report


def check_unreadable_file(folder):
    path = folder / "error.log"
    path.write_text("2026/04/21 23:18:20 [notice] 1#1: start worker processes\n")
    path.chmod(0)
    if os.getuid() != 0:
        nothing_seen("error.log", path)
        return
    folder.chmod(0o755)
    program = folder / "ngxdiag"
    shutil.copy(BINARY, program)
    nothing_seen("error.log", path, user=NOBODY, binary=program)


def check_directory_of_rubbish(folder):
    dice = random.Random(1)
    for i in range(20):
        (folder / f"rubbish-{i}").write_bytes(dice.randbytes(5000))
    (folder / "deep").mkdir()
    (folder / "deep" / "loop").symlink_to(folder)
    (folder / "dangling").symlink_to(folder / "nowhere")
    result, report = scan(folder)
    expect(result.code == UNKNOWN and not report["findings"], "rubbish is no evidence", result)


def check_empty_directory(folder):
    result, report = scan(folder)
    expect(result.code == UNKNOWN and report["verdict"] == "unknown", "nothing to see", result)


def check_special_files_do_not_block(folder):
    os.mkfifo(folder / "pipe")
    result, _ = scan(folder)
    expect(result.code == UNKNOWN, "a pipe nobody writes to", result)
    result, _ = scan("/dev/null")
    expect(result.code == UNKNOWN, "/dev/null", result)


def check_truncated_log_is_still_read(folder):
    log = (b"2026/04/21 23:18:19 [notice] 812#812: signal 1 (SIGHUP) received, reconfiguring\n"
           b"2026/04/21 23:18:20 [alert] 812#812: worker process 4711 exited on signal 6 (core dumped)\n")
    for cut in (1, 25, 80, 100, len(log) - 9):
        (folder / "error.log").write_bytes(log[:cut])
        scan(folder / "error.log")


def check_damaged_archive(folder):
    path = folder / "error.log.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"rubbish" * 10)
    nothing_seen("error.log.gz", path)


def check_hostile_bytes_do_not_reach_the_terminal(folder):
    (folder / "error.log").write_bytes(
        b"2026/04/21 23:18:20 [alert] 812#812: worker process 4711 exited on signal 11\n"
        b'2026/04/21 23:18:21 [error] 4712#4712: *1 open() "/\x1b]0;owned\x07\x9b31m" failed (2: No such file'
        b' or directory), client: 192.0.2.1, server: \xe2\x80\xae, request: "GET /\x1b[2J HTTP/1.1"\n')
    result = ngxdiag("scan", folder)
    expect(result.code in (OK, WARNING, CRITICAL), "the scan ended well", result)
    expect("\x1b" not in result.out + result.err and "\x07" not in result.out, "escaped", result)


def check_mistakes_in_a_rule(folder):
    for name, text, words in (
            ("syntax", '{\n  "id": ,\n}', ["2:9", "^", "not valid JSON"]),
            ("empty", "", ["unexpected end"]),
            ("no-object", "[]", ["object"]),
            ("twice", '{"id": "a", "id": "b"}', ["1:13", "twice"]),
            ("unknown-member", '{"id": "unknown-member", "titl": "x"}', ["titl", "title"])):
        rules = folder / name
        (rules / "causes" / "config").mkdir(parents=True)
        (rules / "causes" / "config" / f"{name}.json").write_text(text)
        result = ngxdiag("scan", "--rules", rules, STORM)
        expect(result.code == USAGE and not result.out, "a rule with a mistake is a wrong request", result)
        for word in [f"{name}.json", *words]:
            expect(word in result.err, f"{name}: the message says {word!r}", result)


def check_the_callers_surroundings_do_not_matter(_):
    args = ("scan", "--format", "json", "--now", "2026-04-22T08:00:00", STORM)
    plain = json.loads(ngxdiag(*args).out)
    expect(plain["verdict"] == "critical", "the storm is found")
    other = json.loads(ngxdiag(*args, env={"TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "tr_TR"}).out)
    expect(other.pop("generated").endswith("+09:00") and plain.pop("generated"), "the report says its zone")
    expect(plain == other, "zone and locale change nothing else")


def check_report_fits_80_columns(_):
    result = ngxdiag("scan", "--now", "2026-04-22T08:00:00", STORM, env={"COLUMNS": "80"})
    expect(result.code == CRITICAL, "the storm is found", result)
    lines = result.out.splitlines()
    wide = [line for line in lines if len(line) > 80 and not line.startswith(COMMAND)]
    expect(not wide, f"wider than 80 columns: {wide}")


def check_internal_errors_are_none(_):
    for args in (["--root", "/proc"], ["--root", "/nonexistent"], ["/dev/zero"], [""], ["--", "--help"]):
        result = ngxdiag("scan", "--exit-zero", *args)
        expect(result.code in (OK, USAGE), f"scan {args}", result)
        expect(result.code != INTERNAL, f"scan {args}", result)


if __name__ == "__main__":
    run_all(sys.modules[__name__])
