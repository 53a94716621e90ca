#!/usr/bin/env python3
"""The manners of the program: help, exit codes, options, outputs, bad requests, bad evidence.

usage: cli_test.py NGXDIAG VERSION
"""
import json
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
import unittest

NGXDIAG, VERSION = os.path.abspath(sys.argv[1]), sys.argv[2]
COMMANDS = ["scan", "check", "report", "logs", "explain", "rules", "analyze", "config", "help"]
OK, WARNING, CRITICAL, UNKNOWN, USAGE, INTERNAL = 0, 1, 2, 3, 64, 70
SECONDS = 60

QUIET = "2026/04/21 23:18:20 [notice] 812#812: using the \"epoll\" event method\n"
CRASH = "".join(f"2026/04/21 23:18:{second:02} [alert] 812#812: worker process {9000 + second} exited on signal 11\n"
                for second in range(20, 40))
NOW = ["--now", "2026-04-22 09:00:00"]


def ngxdiag(*arguments, stdin=b"", cwd=None, env=None):
    environment = {"PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C.UTF-8", **(env or {})}
    return subprocess.run([NGXDIAG, *arguments], input=stdin, capture_output=True, timeout=SECONDS, cwd=cwd, env=environment)


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        self.file("error.log", CRASH)

    def file(self, name, content):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def run_here(self, *arguments, **options):
        return ngxdiag(*arguments, cwd=self.folder.name, **options)

    def says(self, run, code, *parts):
        error = run.stderr.decode()
        self.assertEqual(run.returncode, code, error)
        for part in parts:
            self.assertIn(part, error)


class Help(unittest.TestCase):
    def test_every_command_has_help_of_at_most_80_columns(self):
        for arguments in [["--help"], ["-h"], ["help"]] + [[c, "--help"] for c in COMMANDS if c != "help"] + \
                [["help", c] for c in COMMANDS if c != "help"]:
            with self.subTest(arguments):
                run = ngxdiag(*arguments)
                text = run.stdout.decode()
                self.assertEqual((run.returncode, run.stderr), (OK, b""))
                self.assertLessEqual(max(len(line) for line in text.splitlines()), 80)
                self.assertTrue(text.startswith("usage: ngxdiag"))
                for part in ("EXIT STATUS", "EXAMPLES"):
                    self.assertIn(part, text)

    def test_alone_it_prints_help_on_stderr_and_fails(self):
        run = ngxdiag()
        self.assertEqual((run.returncode, run.stdout), (USAGE, b""))
        self.assertIn(b"COMMANDS", run.stderr)

    def test_help_names_every_command(self):
        text = ngxdiag("--help").stdout.decode()
        for command in COMMANDS + ["version"]:
            self.assertIn(f"\n  {command} ", text)

    def test_version(self):
        for arguments in (["version"], ["--version"], ["-V"]):
            self.assertEqual(ngxdiag(*arguments).stdout.decode(), f"ngxdiag {VERSION}\n")


class ExplainMessages(unittest.TestCase):
    def test_a_line_names_its_message(self):
        run = ngxdiag("explain", "--format", "json", CRASH.splitlines()[0])
        report = json.loads(run.stdout)
        self.assertEqual((run.returncode, report["id"]), (OK, "process.exited-on-signal"))
        self.assertEqual(report["file"], "src/os/unix/ngx_process.c")
        self.assertEqual(report["function"], "ngx_process_get_status")
        self.assertFalse(report["meaning_is_general"])
        self.assertTrue(report["next_steps"])

    def test_an_id(self):
        self.assertIn("ngx_process_get_status", ngxdiag("explain", "process.exited-on-signal").stdout.decode())

    def test_errno(self):
        text = ngxdiag("explain", "connect() failed (111: Connection refused) while connecting to upstream").stdout.decode()
        self.assertIn("ECONNREFUSED", text)

    def test_what_nobody_prints(self):
        self.assertEqual(ngxdiag("explain", "-f", "json", "something that nobody prints").returncode, UNKNOWN)
        self.assertEqual(ngxdiag("explain", "-f", "xml", "x").returncode, USAGE)


class Logs(Folder):
    def json(self, *arguments, **options):
        run = self.run_here("logs", "--format", "json", *NOW, *arguments, **options)
        self.assertEqual(run.returncode, OK, run.stderr.decode())
        return json.loads(run.stdout)

    def test_every_line_is_accounted_for(self):
        self.file("odd.log", CRASH + "\x00\x1b[31m\nnothing\n\n" + QUIET)
        report = self.json("odd.log")
        lines = report["lines"]
        parts = ("identified", "ambiguous", "unknown", "continuation", "outside_window")
        self.assertEqual(sum(lines[part] for part in parts), lines["total"])
        self.assertEqual(report["messages"][0]["id"], "process.exited-on-signal")
        self.assertEqual(report["messages"][0]["count"], 20)
        self.assertEqual(report["totals"]["deaths_by_signal"], {"11": 20})
        self.assertEqual([b["what"] for b in report["bursts"]], ["error and above", "deaths"])

    def test_text(self):
        run = self.run_here("logs", "error.log")
        text = run.stdout.decode()
        self.assertEqual((run.returncode, run.stderr), (OK, b""))
        for part in ("20 identified", "process.exited-on-signal", "signal 11", "Bursts", "2026-04-21 23:18"):
            self.assertIn(part, text)

    def test_windows(self):
        self.assertEqual(self.json("--since", "2026-04-21 23:18:30", "error.log")["lines"]["outside_window"], 10)
        self.assertEqual(self.json("--until", "2026-04-21 23:18:25", "error.log")["lines"]["identified"], 5)
        self.assertEqual(self.json("--around", "10h ago", "error.log")["lines"]["identified"], 0)
        self.assertEqual(self.json("--since", "10h ago", "error.log")["lines"]["identified"], 20)
        self.assertEqual(self.json("--since", "yesterday", "--until", "today", "error.log")["lines"]["identified"], 20)

    def test_events(self):
        run = self.run_here("logs", "--events", "ndjson", "error.log")
        events = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual(len(events), 20)
        self.assertEqual((events[0]["schema"], events[0]["id"], events[0]["pid"], events[0]["line"]),
                         ("ngxdiag.event/1", "process.exited-on-signal", 812, 1))

    def test_rotated_and_compressed(self):
        import gzip
        self.file("set/error.log.2.gz", gzip.compress(CRASH.replace("04/21", "04/19").encode()))
        self.file("set/error.log.1", CRASH.replace("04/21", "04/20"))
        self.file("set/error.log", CRASH)
        report = self.json("set")
        self.assertEqual([path.split("/")[-1] for path in report["documents"]],
                         ["error.log.2.gz", "error.log.1", "error.log"])
        self.assertEqual((report["lines"]["identified"], report["clock_went_back"]), (60, 0))

    def test_standard_input(self):
        self.assertEqual(self.json("-", stdin=CRASH.encode())["lines"]["identified"], 20)

    def test_wrong_requests(self):
        self.says(self.run_here("logs"), USAGE, "which logs?")
        self.says(self.run_here("logs", "--since", "soon", "error.log"), USAGE, "--since: not a time: soon")
        self.says(self.run_here("logs", "--around", "now", "--since", "now", "error.log"), USAGE, "--around")
        self.says(self.run_here("logs", "--events", "xml", "error.log"), USAGE, "one of: ndjson")

    def test_what_is_no_error_log(self):
        self.file("nginx.conf", "events {}\nhttp { server { listen 80; } }\n")
        run = self.run_here("logs", "nginx.conf")
        self.assertEqual(run.returncode, UNKNOWN)
        self.assertIn(b"no error log", run.stdout)


class WrongRequests(Folder):
    def test_unknown_command(self):
        self.says(ngxdiag("scn"), USAGE, "unknown command scn", "did you mean scan?", "ngxdiag --help")

    def test_unknown_option(self):
        self.says(ngxdiag("scan", "--formt", "json"), USAGE, "unknown option --formt", "did you mean --format?")
        self.says(ngxdiag("scan", "-z"), USAGE, "unknown option -z", "ngxdiag scan --help")

    def test_options_are_not_guessed(self):
        self.says(ngxdiag("scan", "--verb"), USAGE, "unknown option --verb")

    def test_values(self):
        self.says(ngxdiag("scan", "--format"), USAGE, "--format needs a value")
        self.says(ngxdiag("scan", "--quiet=1"), USAGE, "--quiet")
        self.says(ngxdiag("scan", "--format", "jsn"), USAGE, "unknown value jsn", "did you mean json?")
        self.says(ngxdiag("scan", "--now", "yesterday"), USAGE, "not a time: yesterday", "2026-04-22")
        self.says(ngxdiag("scan", "--width", "ten"), USAGE, "not a number")
        self.says(ngxdiag("scan", "--as", "log=x"), USAGE, "unknown value log", "error_log")
        self.says(ngxdiag("scan", "--as", "error_log"), USAGE, "not KIND=FILE")
        self.says(ngxdiag("scan", "--output", "json"), USAGE, "not FORMAT=FILE")
        self.says(ngxdiag("scan", "--fail-on", "bad"), USAGE, "one of: info, warning, critical")
        self.says(ngxdiag("scan", "-f", "json", "-o", "nagios=-", self.path / "error.log"), USAGE, "standard output")

    def test_a_message_is_safe_to_print(self):
        self.assertNotIn(b"\x1b", ngxdiag("scan", "--\x1b[31m").stderr)
        self.assertNotIn(b"\x1b", ngxdiag("\x1b[31m").stderr)

    def test_a_missing_file(self):
        self.says(self.run_here("scan", "no-such.log"), USAGE, "no-such.log")

    def test_what_does_not_go_together(self):
        self.says(self.run_here("scan", "--root", ".", "error.log"), USAGE, "--root")
        self.says(self.run_here("scan", "--pid", "1", "error.log"), USAGE, "--pid")

    def test_what_is_not_there(self):
        self.says(ngxdiag("scan", "--root", "/no/such/tree"), USAGE, "--root: no such directory: /no/such/tree")
        self.says(ngxdiag("scan", "--pid", "4194304"), USAGE, "no nginx master is process 4194304")

    def test_rules_that_are_wrong(self):
        self.says(self.run_here("scan", "--rules", "nowhere", "error.log"), USAGE, "no such directory: nowhere")
        self.file("rules/broken.json", '{\n  "id": "broken",\n  "title": \n}\n')
        self.says(self.run_here("scan", "--rules", "rules", "error.log"), USAGE, "broken.json:4:")
        run = self.run_here("rules", "lint", "--rules", "rules")
        self.assertEqual(run.returncode, WARNING)
        self.assertIn(b"broken.json:4:", run.stdout)

    def test_an_output_that_cannot_be_written(self):
        self.says(self.run_here("scan", "-o", "json=/no/such/folder/x.json", "error.log"), USAGE, "cannot write")


class Reports(Folder):
    def json(self, *arguments, **options):
        run = self.run_here("scan", *arguments, *NOW, "--format", "json", **options)
        self.assertIn(run.returncode, (OK, WARNING, CRITICAL, UNKNOWN), run.stderr)
        return run, json.loads(run.stdout)

    def test_json_alone_on_stdout(self):
        run, report = self.json("error.log")
        self.assertEqual(run.stderr, b"")
        self.assertEqual(report["schema"], "ngxdiag.report/1")
        self.assertEqual(report["generated"], "2026-04-22T09:00:00+00:00")
        self.assertEqual((run.returncode, report["verdict"]), (CRITICAL, "critical"))

    def test_same_evidence_same_bytes(self):
        self.assertEqual(self.json("error.log")[0].stdout, self.json("error.log")[0].stdout)

    def test_standard_input(self):
        _, report = self.json("-", stdin=CRASH.encode())
        self.assertEqual(report["verdict"], "critical")

    def test_exit_codes(self):
        self.assertEqual(self.run_here("scan", "--exit-zero", *NOW, "error.log").returncode, OK)
        self.assertEqual(self.run_here("scan", "--fail-on", "critical", *NOW, "error.log").returncode, CRITICAL)
        self.file("quiet.log", QUIET)
        self.assertIn(self.run_here("scan", *NOW, "quiet.log").returncode, (OK, UNKNOWN))
        for form in ("terminal", "json", "markdown", "nagios"):
            self.assertEqual(self.run_here("scan", "-f", form, *NOW, "error.log").returncode, CRITICAL)

    def test_several_outputs(self):
        run = self.run_here("scan", *NOW, "-o", "json=r.json", "-o", "markdown=r.md", "-o", "nagios=-", "error.log")
        self.assertTrue(run.stdout.startswith(b"NGINX CRITICAL - "))
        self.assertEqual(json.loads((self.path / "r.json").read_text())["verdict"], "critical")
        self.assertTrue((self.path / "r.md").read_text().startswith("# nginx"))
        self.assertEqual((self.path / "r.json").stat().st_mode & 0o777, 0o644)
        self.assertEqual(sorted(p.name for p in self.path.iterdir()), ["error.log", "r.json", "r.md"])

    def test_quiet_is_the_verdict_alone(self):
        run = self.run_here("scan", "--quiet", *NOW, "error.log")
        self.assertTrue(run.stdout.startswith(b"CRITICAL"))
        self.assertLess(run.stdout.count(b"\n"), 4)

    def test_colour(self):
        self.assertNotIn(b"\x1b", self.run_here("scan", *NOW, "error.log").stdout)
        self.assertIn(b"\x1b[", self.run_here("scan", "--color", "always", *NOW, "error.log").stdout)

    def on_terminal(self, **env):
        """What is printed when standard output is a terminal."""
        try:
            ours, theirs = pty.openpty()
        except OSError as error:  # a chroot without /dev/pts
            self.skipTest(str(error))
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm", **env}
        with subprocess.Popen([NGXDIAG, "scan", "--quiet", *NOW, "error.log"], cwd=self.folder.name, stdout=theirs,
                              stdin=subprocess.DEVNULL, env=environment) as process:
            os.close(theirs)
            out = b""
            try:
                while chunk := os.read(ours, 65536):
                    out += chunk
            except OSError:
                pass
            process.wait(SECONDS)
        os.close(ours)
        return out

    def test_a_terminal_gets_colour_unless_told_otherwise(self):
        self.assertIn(b"\x1b[", self.on_terminal())
        self.assertNotIn(b"\x1b[", self.on_terminal(NO_COLOR="1"))
        self.assertNotIn(b"\x1b[", self.on_terminal(TERM="dumb"))

    def test_a_reader_that_leaves_is_no_error(self):
        for _ in range(3):
            process = subprocess.Popen([NGXDIAG, "scan", *NOW, "error.log"], cwd=self.folder.name,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process.stdout.close()
            error = process.stderr.read()
            process.stderr.close()
            self.assertEqual((process.wait(SECONDS), error), (CRITICAL, b""))

    def test_a_full_disk_is_said(self):
        with open("/dev/full", "wb") as full:
            run = subprocess.run([NGXDIAG, "scan", *NOW, "error.log"], cwd=self.folder.name, stdout=full,
                                 stderr=subprocess.PIPE, timeout=SECONDS)
        self.assertEqual(run.returncode, USAGE)
        self.assertIn(b"cannot write", run.stderr)

    def test_the_user_may_say_what_a_file_is(self):
        self.file("thing", CRASH)
        _, report = self.json("--as", "error_log=thing")
        self.assertEqual(report["verdict"], "critical")

    def test_only_and_skip(self):
        _, report = self.json("error.log")
        first = report["findings"][0]["id"]
        _, without = self.json("--skip", first, "error.log")
        self.assertNotIn(first, [f["id"] for f in without["findings"]])
        _, alone = self.json("--only", first, "error.log")
        self.assertEqual([f["id"] for f in alone["findings"]], [first])


class Check(Folder):
    def test_one_line_with_perfdata_and_the_verdict_as_exit_code(self):
        run = self.run_here("check", *NOW, "error.log")
        self.assertEqual(run.returncode, CRITICAL)
        self.assertRegex(run.stdout.decode(), r"^NGINX CRITICAL - [^|\n]+ \| [^|\n]* deaths=20;;;0[^|\n]*\n$")

    def test_thresholds_make_it_worse_and_never_better(self):
        self.file("quiet.log", QUIET)
        self.file("ps.txt", "  PID  PPID STAT     ELAPSED COMMAND\n"
                            "  812     1 Ss      10:00:00 nginx: master process /usr/sbin/nginx\n"
                            "  813   812 S       10:00:00 nginx: worker process\n")
        calm = self.run_here("check", *NOW, "quiet.log", "ps.txt")
        self.assertLess(calm.returncode, WARNING, calm.stdout)
        for thresholds, code in ((["-w", "2", "-c", "3"], OK), (["-w", "1"], WARNING), (["-c", "1", "-w", "0"], CRITICAL),
                                 (["-c", "workers=2:"], CRITICAL), (["-w", "reloads_left=5:"], OK)):
            with self.subTest(thresholds):
                run = self.run_here("check", *NOW, *thresholds, "quiet.log", "ps.txt")
                self.assertEqual(run.returncode, code, run.stdout)
        self.assertEqual(self.run_here("check", *NOW, "-w", "deaths=1000", "error.log").returncode, CRITICAL)

    def test_wrong_thresholds(self):
        self.says(self.run_here("check", "-w", "worker=3", "error.log"), USAGE, "unknown metric", "did you mean workers?")
        self.says(self.run_here("check", "-c", "deaths=3:1", "error.log"), USAGE, "not a range: 3:1")
        self.says(self.run_here("check", "-w", "1", "-w", "2", "error.log"), USAGE, "two ranges for processes")


class BadEvidence(Folder):
    def scan(self, *arguments):
        run = self.run_here("scan", "--format", "json", *NOW, *arguments)
        self.assertIn(run.returncode, (OK, WARNING, CRITICAL, UNKNOWN), run.stderr)
        return json.loads(run.stdout.decode("utf-8"))

    def test_empty(self):
        self.file("empty.log", "")
        report = self.scan("empty.log")
        self.assertEqual(report["verdict"], "unknown")
        self.assertTrue(any("empty.log" in gap["what"] for gap in report["not_observed"]))

    def test_binary(self):
        self.file("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
        report = self.scan("picture.png")
        self.assertEqual(report["verdict"], "unknown")
        self.assertTrue(any("picture.png" in gap["what"] for gap in report["not_observed"]))

    def test_a_folder_of_rubbish(self):
        for i in range(20):
            self.file(f"rubbish/{i}", os.urandom(500))
        self.file("rubbish/half.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb")
        self.assertEqual(self.scan("rubbish")["verdict"], "unknown")

    def test_unreadable(self):
        if os.geteuid() == 0:
            self.skipTest("root reads everything")
        path = self.file("secret.log", CRASH)
        os.chmod(path, 0)
        self.assertTrue(any("secret.log" in gap["what"] for gap in self.scan("secret.log")["not_observed"]))

    def test_truncated_archive_beside_a_good_log(self):
        self.file("old.log.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb")
        report = self.scan("old.log.gz", "error.log")
        self.assertEqual(report["verdict"], "critical")
        self.assertTrue(any("old.log.gz" in gap["what"] for gap in report["not_observed"]))

    def test_control_bytes_do_not_reach_the_terminal(self):
        self.file("error.log", CRASH + "2026/04/21 23:19:00 [error] 9#9: *1 open() \"/x\x1b]0;evil\x07\" failed (2: x)\n")
        for form in ("terminal", "json", "markdown", "nagios"):
            run = self.run_here("scan", "-v", "-f", form, *NOW, "error.log")
            self.assertNotIn(b"\x1b", run.stdout)


class Rules(Folder):
    def test_list_and_show(self):
        run = ngxdiag("rules", "list")
        self.assertEqual(run.returncode, OK, run.stderr)
        ids = [line.split()[0] for line in run.stdout.decode().splitlines()]
        self.assertIn("module-crash-undetermined", ids)
        for rule in ids[:10]:
            shown = ngxdiag("rules", "show", rule)
            self.assertEqual(shown.returncode, OK, shown.stderr)
            self.assertIn(b"Considered when", shown.stdout)

    def test_wrong_actions(self):
        self.says(ngxdiag("rules"), USAGE, "list, show, lint, test, new")
        self.says(ngxdiag("rules", "lst"), USAGE, "did you mean list?")
        self.says(ngxdiag("rules", "show"), USAGE, "ngxdiag rules show ID")
        self.says(ngxdiag("rules", "show", "module-crash-undetermind"), USAGE, "did you mean module-crash-undetermined?")

    def test_a_new_rule_loads_and_its_example_wants_to_be_filled(self):
        run = ngxdiag("rules", "new", "lua", "lua-my-crash")
        self.assertEqual(run.returncode, OK, run.stderr)
        self.assertIn(b"rules lint", run.stderr)
        skeleton = json.loads(run.stdout)
        self.assertEqual((skeleton["id"], skeleton["component"]), ("lua-my-crash", "lua"))
        self.file("rules/lua/lua-my-crash.json", run.stdout)
        tested = self.run_here("rules", "test", "lua-my-crash", "--rules", "rules")
        self.assertEqual(tested.returncode, WARNING, tested.stderr)
        self.assertIn(b"lua-my-crash: what it looks like:", tested.stdout)
        skeleton["lines"]["message"]["contains"] = "a most peculiar end"
        skeleton["examples"][0]["files"]["error.log"] = "2026/01/31 10:11:12 [alert] 8#8: a most peculiar end of it\n"
        self.file("rules/lua/lua-my-crash.json", json.dumps(skeleton))
        tested = self.run_here("rules", "test", "lua-my-crash", "--rules", "rules")
        self.assertEqual(tested.returncode, OK, tested.stdout + tested.stderr)
        self.file("log", "2026/01/31 10:11:12 [alert] 8#8: a most peculiar end of it\n")
        report = json.loads(self.run_here("scan", "--rules", "rules", "-f", "json", "log").stdout)
        self.assertEqual(report["findings"][0]["id"], "lua-my-crash")

    def test_new_refuses_bad_names(self):
        self.says(ngxdiag("rules", "new", "lua", "Lua Crash"), USAGE, "is no slug")
        self.says(ngxdiag("rules", "new", "nginx", "module-crash-undetermined"), USAGE, "already")


class Explain(unittest.TestCase):
    def test_a_rule(self):
        run = ngxdiag("explain", "module-crash-undetermined")
        self.assertEqual(run.returncode, OK, run.stderr)
        self.assertIn(b"What to do", run.stdout)

    def test_a_line(self):
        run = ngxdiag("explain", "2026/04/21 23:18:20 [alert] 812#812: worker process 9 exited on signal 11 (core dumped)")
        text = run.stdout.decode()
        self.assertEqual(run.returncode, OK, run.stderr)
        for part in ("alert", "process 812", "SIGSEGV"):
            self.assertIn(part, text)

    def test_errno(self):
        run = ngxdiag("explain", "2026/04/21 23:18:20 [alert] 8#8: *7 socket() failed (24: Too many open files) while connecting to upstream")
        self.assertIn(b"24: Too many open files", run.stdout)
        self.assertIn(b"connecting to upstream", run.stdout)

    def test_a_zone(self):
        run = ngxdiag("explain", "memstore")
        self.assertEqual(run.returncode, OK, run.stderr)
        self.assertIn(b"nchan", run.stdout)

    def test_what_nobody_knows(self):
        run = ngxdiag("explain", "wibble-wobble")
        self.assertEqual((run.returncode, run.stdout), (UNKNOWN, b""))
        self.assertIn(b"nothing is known", run.stderr)


class Analyze(Folder):
    def test_list(self):
        run = ngxdiag("analyze")
        self.assertEqual(run.returncode, OK, run.stderr)
        self.assertIn(b"deaths.total", run.stdout)

    def test_one(self):
        name = next(line.split(":")[0] for line in ngxdiag("analyze").stdout.decode().splitlines() if line.startswith("crash"))
        run = self.run_here("analyze", name, "--in", "error.log")
        self.assertIn(b"deaths.total = 20", run.stdout, run.stderr)
        run = self.run_here("analyze", name, "--in", "error.log", "--json")
        self.assertEqual(json.loads(run.stdout)["deaths.total"]["value"], 20)

    def test_unknown(self):
        self.says(ngxdiag("analyze", "no-such"), USAGE, "no such analyzer: no-such", "one of: ")


if __name__ == "__main__":
    runner = unittest.main(argv=sys.argv[:1], exit=False)
    result = runner.result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad - len(result.skipped)} passed, {bad} failed")
    sys.exit(1 if bad else 0)
