#!/usr/bin/env python3
"""ngxdiag report: history and what has changed, retention, summary, several outputs at once, mail.

usage: report_test.py NGXDIAG
"""
import concurrent.futures
import email
import email.policy
import json
import os
import pathlib
import re
import sqlite3
import stat
import subprocess
import sys
import tempfile
import unittest

NGXDIAG = os.path.abspath(sys.argv[1])
OK, WARNING, CRITICAL, UNKNOWN, USAGE = 0, 1, 2, 3, 64
SECONDS = 60
PATIENCE = 10  # seconds that ngxdiag waits for a locked history

QUIET = '2026/04/21 23:18:20 [notice] 812#812: using the "epoll" event method\n'
CRASH = "".join(f"2026/04/21 23:18:{second:02} [alert] 812#812: worker process {9000 + second} exited on signal 11\n"
                for second in range(20, 40))
FAKE_SENDMAIL = """#!/bin/sh
printf '%s\\n' "$@" > "$0.arguments"
cat > "$0.message"
exit {code}
"""


class Report(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        self.history = self.path / "history.sqlite"
        self.well()

    def well(self):
        (self.path / "error.log").write_text(QUIET)

    def sick(self):
        (self.path / "error.log").write_text(QUIET + CRASH)

    def command(self, *options, now="2026-04-22 09:00:00"):
        return [NGXDIAG, "report", "--now", now, "--host", "web1", *map(str, options)]

    def report(self, *options, now="2026-04-22 09:00:00", history=True, code=None, files=("error.log",)):
        if history:
            options = ("--history", self.history, *options)
        run = subprocess.run(self.command(*options, *files, now=now), capture_output=True, cwd=self.path,
                             timeout=SECONDS, env={"PATH": os.environ["PATH"], "TZ": "UTC"})
        if code is not None:
            self.assertEqual(run.returncode, code, run.stdout.decode() + run.stderr.decode())
        self.out, self.err = run.stdout.decode(), run.stderr.decode()
        return run.returncode

    def summary(self, *options, **more):
        return self.report("--summary", "7d", *options, files=(), **more)

    def kept(self, query="SELECT count(*) FROM report"):
        with sqlite3.connect(f"file:{self.history}?mode=ro", uri=True) as database:
            return database.execute(query).fetchone()[0]

    def sendmail(self, code=0):
        program = self.path / "sendmail"
        program.write_text(FAKE_SENDMAIL.format(code=code))
        program.chmod(0o755)
        return program

    def message(self):
        raw = (self.path / "sendmail.message").read_bytes()
        self.assertTrue(raw.isascii())
        self.assertLessEqual(max(map(len, raw.splitlines())), 76)
        return email.message_from_bytes(raw, policy=email.policy.default)


class History(Report):
    def test_first_then_nothing_new_then_new_then_gone(self):
        self.report(now="2026-04-22 09:00:00")
        self.assertIn("The first report", self.out)
        self.report(now="2026-04-22 09:15:00")
        self.assertIn("What has changed since 2026-04-22T09:00:00+00:00\n  nothing", self.out)
        self.sick()
        self.report(now="2026-04-22 09:30:00", code=CRITICAL)
        self.assertRegex(self.out, r"verdict: \w+ -> critical")
        self.assertRegex(self.out, r"new: .*")
        self.well()
        self.report(now="2026-04-22 09:45:00")
        self.assertIn("gone: ", self.out)
        self.assertEqual(self.kept(), 4)

    def test_quiet_speaks_only_of_news(self):
        self.sick()
        self.report("--quiet", code=CRITICAL)
        self.assertIn("CRITICAL", self.out)
        self.report("--quiet", now="2026-04-22 09:15:00", code=CRITICAL)
        self.assertEqual((self.out, self.err), ("", ""))

    def test_hosts_are_not_compared_with_each_other(self):
        self.report()
        self.report("--host", "web2")
        self.assertIn("The first report", self.out)

    def test_without_history_nothing_is_written(self):
        before = sorted(os.listdir(self.path))
        self.report(history=False)
        self.assertNotIn("What has changed", self.out)
        self.assertEqual(sorted(os.listdir(self.path)), before)

    def test_retention(self):
        for day in range(1, 10):
            self.report(now=f"2026-04-{day:02} 09:00:00")
        self.report("--keep-days", "5", now="2026-04-10 09:00:00")
        self.assertEqual(self.kept(), 6)
        self.report("--keep-count", "2", now="2026-04-10 10:00:00")
        self.assertEqual(self.kept(), 2)
        self.assertEqual(self.kept("SELECT count(DISTINCT report) FROM measure"), 2)
        self.assertEqual(self.kept("SELECT min(generated) FROM report"), "2026-04-10T09:00:00+00:00")

    def test_the_history_is_private_and_leaves_no_journal(self):
        self.report()
        self.assertEqual(stat.S_IMODE(self.history.stat().st_mode) & 0o137, 0)
        self.assertEqual(sorted(os.listdir(self.path)), ["error.log", "history.sqlite"])

    def test_many_at_once_are_all_kept(self):
        commands = [self.command("--history", self.history, "--quiet", "error.log", now=f"2026-04-22 09:{minute:02}:00")
                    for minute in range(12)]
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            runs = list(pool.map(lambda command: subprocess.run(command, capture_output=True, cwd=self.path,
                                                                timeout=SECONDS), commands))
        for run in runs:
            self.assertEqual(run.stderr, b"")
        self.assertEqual(self.kept(), 12)
        self.assertEqual(self.kept("PRAGMA integrity_check"), "ok")

    def test_a_locked_history_is_said_to_be_and_the_report_is_written(self):
        self.report()
        holder = sqlite3.connect(self.history, isolation_level=None)
        self.addCleanup(holder.close)
        holder.execute("BEGIN EXCLUSIVE")
        self.assertLess(PATIENCE, SECONDS)
        self.report("--output", "json=report.json", now="2026-04-22 09:15:00", code=USAGE)
        self.assertIn("another program holds it", self.err)
        self.assertEqual(json.loads((self.path / "report.json").read_text())["host"], "web1")
        holder.execute("ROLLBACK")
        self.report(now="2026-04-22 09:15:00")
        self.assertIn("What has changed since 2026-04-22T09:00:00", self.out)

    def test_a_damaged_or_foreign_history_stays_as_it_is(self):
        self.report()
        good = self.history.read_bytes()
        with sqlite3.connect(self.path / "other.sqlite") as other:
            other.execute("CREATE TABLE photos (name)")
        other.close()
        for name, content, why in [("noise", os.urandom(8192), "not a database"),
                                   ("cut", good[:len(good) // 2], "malformed"),
                                   ("foreign", (self.path / "other.sqlite").read_bytes(), "another program"),
                                   ("later", good[:60] + b"\0\0\0\x09" + good[64:], "has the format 9")]:
            with self.subTest(name):
                self.history.write_bytes(content)
                self.report("--output", "html=report.html", code=USAGE)
                self.assertIn(why, self.err)
                self.assertEqual(self.history.read_bytes(), content)
                self.assertTrue((self.path / "report.html").exists())
                self.assertRegex(self.err.splitlines()[-1], r"^  \w")  # something to do
                (self.path / "report.html").unlink()

    def test_requests_that_make_no_sense(self):
        for options in (["--keep-days", "many"], ["--keep-days", "-1"], ["--keep-count", "x"], ["--summary", "soon"],
                        ["--summary", "0d"], ["--mail-when", "changes"], ["--mail-to", "a b"], ["--mail-to", "-bp"],
                        ["--mail-to", "root", "--sendmail", "sendmail"], ["--mail-to", "root", "--mail-when", "never"]):
            with self.subTest(options):
                self.report(*options, code=USAGE)
        for options in (["--keep-days", "5"], ["--summary", "7d"], ["--mail-to", "root", "--mail-when", "changes"]):
            with self.subTest(options):
                self.report(*options, history=False, files=(), code=USAGE)
        self.report("--history", "no/such/folder/history", history=False, code=USAGE)
        self.assertFalse(self.history.exists())


class Outputs(Report):
    FORMATS = ("html", "markdown", "json", "prometheus")

    def outputs(self):
        return [word for form in self.FORMATS for word in ("--output", f"{form}=out.{form}")]

    def read(self, form):
        return (self.path / f"out.{form}").read_text()

    def test_all_formats_in_one_run_say_what_has_changed(self):
        self.report()
        self.sick()
        self.report(*self.outputs(), now="2026-04-22 09:15:00", code=CRITICAL)
        changes = json.loads(self.read("json"))["changes"]
        self.assertEqual(changes["since"], "2026-04-22T09:00:00+00:00")
        fresh = [item["id"] for item in changes["items"] if item["change"] == "new"]
        self.assertTrue(fresh)
        for form in ("html", "markdown"):
            self.assertIn("What has changed since", self.read(form))
            self.assertIn(fresh[0], self.read(form))
        self.assertRegex(self.read("prometheus"), r'ngxdiag_changes\{change="new"\} [1-9]')
        self.assertEqual([name for name in os.listdir(self.path) if re.search(r"out\.\w+\.", name)], [])

    def test_one_that_cannot_be_written_does_not_stop_the_others(self):
        self.report("--output", "html=no/such/folder/x", *self.outputs(), code=USAGE)
        self.assertIn("no/such/folder", self.err)
        for form in self.FORMATS:
            self.assertTrue(self.read(form))
        self.assertEqual(self.kept(), 1)

    def test_an_output_is_replaced_in_one_step(self):
        """Whoever has the old file open keeps the old report whole."""
        self.report(*self.outputs())
        with open(self.path / "out.json", encoding="utf-8") as old:
            first = os.fstat(old.fileno()).st_ino
            self.sick()
            self.report(*self.outputs(), now="2026-04-22 09:15:00", code=CRITICAL)
            self.assertNotEqual(json.load(old)["verdict"], "critical")
        self.assertNotEqual((self.path / "out.json").stat().st_ino, first)

    def test_how_long_it_took_is_measured_without_now_alone(self):
        self.report(*self.outputs())
        self.assertNotIn("scan_duration", self.read("prometheus"))
        subprocess.run([NGXDIAG, "report", *self.outputs(), "error.log"], cwd=self.path, capture_output=True,
                       timeout=SECONDS)
        self.assertRegex(self.read("prometheus"), r"ngxdiag_scan_duration_seconds 0\.\d+")


class Summary(Report):
    def test_a_week_of_reports(self):
        self.report(now="2026-04-20 09:00:00")
        self.sick()
        self.report(now="2026-04-21 09:00:00")
        self.report(now="2026-04-22 09:00:00")
        self.summary("--format", "json", now="2026-04-22 10:00:00", code=CRITICAL)
        week = json.loads(self.out)
        self.assertEqual((week["schema"], week["host"], week["reports"]), ("ngxdiag.summary/1", "web1", 3))
        self.assertEqual(week["by_verdict"]["critical"], 2)
        worst = week["troubles"][0]
        self.assertEqual((worst["worst"], worst["lasts"], worst["was_before"], worst["reports"]),
                         ("critical", True, False, 2))
        self.summary("--output", "markdown=week.md", now="2026-04-22 10:00:00", code=CRITICAL)
        self.assertIn("3 reports", self.out)
        self.assertIn(worst["id"], (self.path / "week.md").read_text())

    def test_it_only_reads(self):
        self.report()
        before = self.history.read_bytes()
        self.summary()
        self.assertEqual(self.history.read_bytes(), before)
        self.history.unlink()
        self.summary(code=USAGE)
        self.assertFalse(self.history.exists())

    def test_no_report_in_it_is_unknown(self):
        self.report(now="2026-01-01 09:00:00")
        self.summary(code=UNKNOWN)
        self.assertIn("no report", self.out)


class Mail(Report):
    def test_a_report_by_mail(self):
        self.sick()
        self.report("--mail-to", "root", "--mail-to", "ops@example.net", "--sendmail", self.sendmail(), code=CRITICAL)
        self.assertEqual((self.path / "sendmail.arguments").read_text().split(), ["-i", "root", "ops@example.net"])
        message = self.message()
        self.assertEqual(message["To"], "root, ops@example.net")
        self.assertTrue(message["Subject"].startswith("[ngxdiag] web1: nginx is critical: "))
        text, page = message.iter_parts()
        self.assertIn("CRITICAL", text.get_content())
        self.assertIn("The first report", text.get_content())
        self.assertEqual(page.get_filename(), "report.html")
        self.assertTrue(page.get_content().startswith("<!DOCTYPE html>"))

    def test_only_when_something_has_changed(self):
        options = ("--mail-to", "root", "--mail-when", "changes", "--sendmail", self.sendmail())
        self.report(*options)
        (self.path / "sendmail.message").unlink()
        self.report(*options, now="2026-04-22 09:15:00")
        self.assertFalse((self.path / "sendmail.message").exists())
        self.sick()
        self.report(*options, now="2026-04-22 09:30:00")
        self.assertIn("critical", self.message()["Subject"])

    def test_nothing_of_the_evidence_becomes_a_header_or_a_part(self):
        hostile = "web1\r\nBcc: all@example.net\r\n\r\n--=_ngxdiag\r\nContent-Type: text/html\r\n"
        self.report("--host", hostile, "--mail-to", "root", "--sendmail", self.sendmail())
        message = self.message()
        self.assertEqual(sorted(message.keys()), ["Auto-Submitted", "Content-Type", "MIME-Version", "Subject", "To"])
        self.assertEqual(message["To"], "root")
        self.assertEqual(len(list(message.iter_parts())), 2)
        self.assertEqual(message.defects, [])

    def test_the_weekly_summary_by_mail(self):
        self.report()
        self.summary("--quiet", "--mail-to", "root", "--sendmail", self.sendmail())
        self.assertEqual(self.out, "")
        self.assertEqual(self.message()["Subject"], "[ngxdiag] web1: the last 7d")
        self.assertIn("1 report", self.message().get_content())

    def test_no_mail_without_being_asked(self):
        self.sendmail()
        self.report(code=None)
        self.assertFalse((self.path / "sendmail.message").exists())

    def test_a_mail_system_that_fails_is_said_and_the_report_is_kept(self):
        self.report("--mail-to", "root", "--sendmail", self.sendmail(code=75), code=USAGE)
        self.assertIn("exit code 75", self.err)
        self.assertEqual(self.kept(), 1)
        self.report("--mail-to", "root", "--sendmail", "/no/such/program", code=USAGE)
        self.assertIn("cannot be run", self.err)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
