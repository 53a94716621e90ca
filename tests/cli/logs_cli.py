"""ngxdiag logs on logs as they are kept: every format, and what is told of an incident."""
import bz2
import gzip
import json
import lzma
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

BINARY = os.path.abspath(sys.argv.pop(1))
OK, UNKNOWN = 0, 3
LINES = [
    "2026/04/21 23:18:20 [alert] 812#812: worker process 9 exited on signal 11",
    "2026/04/21 23:18:21 [error] 900#900: *7 connect() failed (111: Connection refused) while connecting to upstream, "
    'client: 192.0.2.1, server: a, request: "GET / HTTP/1.1", upstream: "http://10.0.0.5:80/", host: "a.example"',
    "2026/04/21 23:18:22 [emerg] 812#812: bind() to 0.0.0.0:80 failed (98: Address already in use)",
]
IDS = {"process.exited-on-signal", "common.connect-failed", "connection.bind-to-failed"}
PLAIN = "".join(line + "\n" for line in LINES).encode()
STAMP = "2026-04-21T23:18:20.123456789Z"


def docker(text, stream="stderr"):
    return json.dumps({"log": text, "stream": stream, "time": STAMP}) + "\n"


def export(message):
    head = ("__CURSOR=s=b;i=1\n__REALTIME_TIMESTAMP=1776813500123456\nSYSLOG_IDENTIFIER=nginx\n_PID=812\n"
            "_HOSTNAME=web1\n").encode()
    return head + b"MESSAGE\n" + struct.pack("<Q", len(message)) + message + b"\n\n"


FORMATS = {
    "plain": PLAIN,
    "no line end": PLAIN[:-1],
    "CRLF": PLAIN.replace(b"\n", b"\r\n"),
    "UTF-8 mark": b"\xef\xbb\xbf" + PLAIN,
    "UTF-16": PLAIN.decode().encode("utf-16"),
    "hole of NULs": bytes(70000) + PLAIN,
    "docker json-file": "".join(docker(line + "\n") for line in LINES).encode(),
    "CRI": "".join(f"{STAMP} stderr F {line}\n" for line in LINES).encode(),
    "docker logs -t": "".join(f"{STAMP} {line}\n" for line in LINES).encode(),
    "compose": "".join(f"web-1  | {line}\n" for line in LINES).encode(),
    "kubectl --prefix": "".join(f"[pod/web-0/nginx] {line}\n" for line in LINES).encode(),
    "syslog": "".join(f"Apr 21 23:18:20 web1 nginx: {line}\n" for line in LINES).encode(),
    "syslog, RFC 3164": "".join(f"<187>Apr 21 23:18:20 web1 nginx: {line}\n" for line in LINES).encode(),
    "syslog, RFC 5424": "".join(f'<187>1 {STAMP} web1 nginx 812 - [a@1 b="]"] {line}\n' for line in LINES).encode(),
    "rsyslog": "".join(f"2026-04-21T23:18:20.123456+02:00 web1 nginx[812]: {line}\n" for line in LINES).encode(),
    "journal": "".join(f"Apr 21 23:18:20 web1 nginx[812]: {line}\n" for line in LINES).encode(),
    "journal export": b"".join(export(line.encode()) for line in LINES),
    "journal JSON": "".join(json.dumps({"__REALTIME_TIMESTAMP": "1776813500123456", "_PID": "812", "MESSAGE": line,
                                        "SYSLOG_IDENTIFIER": "nginx"}) + "\n" for line in LINES).encode(),
    "journal JSON, bytes": "".join(json.dumps({"__REALTIME_TIMESTAMP": "1776813500123456",
                                                "MESSAGE": list(line.encode()), "_COMM": "nginx"}) + "\n"
                                   for line in LINES).encode(),
    "filebeat": "".join(json.dumps({"@timestamp": STAMP, "message": line}) + "\n" for line in LINES).encode(),
    "gzip": gzip.compress(PLAIN),
    "gzip, two members": gzip.compress(PLAIN[:100]) + gzip.compress(PLAIN[100:]),
    "xz": lzma.compress(PLAIN),
    "bzip2": bz2.compress(PLAIN),
    "docker json-file, gzip": gzip.compress("".join(docker(line + "\n") for line in LINES).encode()),
}


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as out:
            out.write(content if isinstance(content, bytes) else content.encode())
        return path

    def run_logs(self, *arguments, **options):
        return subprocess.run([BINARY, "logs", *arguments], capture_output=True, cwd=self.folder, timeout=60, **options)

    def json(self, *arguments, **options):
        run = self.run_logs("--format", "json", *arguments, **options)
        self.assertEqual(run.returncode, OK, run.stderr)
        report = json.loads(run.stdout)
        lines = report["lines"]
        parts = ("identified", "ambiguous", "unknown", "continuation", "outside_window")
        self.assertEqual(sum(lines[part] for part in parts), lines["total"])
        return report


class Formats(Folder):
    def test_every_format_gives_the_same_messages(self):
        for name, content in FORMATS.items():
            with self.subTest(name):
                self.file("log", content)
                for report in (self.json("log"), self.json("-", input=content)):
                    self.assertEqual({message["id"] for message in report["messages"]}, IDS)
                    self.assertEqual((report["lines"]["total"], report["lines"]["identified"]), (3, 3))
                    self.assertEqual(report["upstreams"][0]["upstream"], "http://10.0.0.5:80/")

    def test_zstd(self):
        if not shutil.which("zstd"):
            self.skipTest("no zstd program")
        self.file("log", PLAIN)
        subprocess.run(["zstd", "-q", "log"], cwd=self.folder, check=True)
        self.assertEqual(self.json("log.zst")["lines"]["identified"], 3)

    def test_lines_cut_in_parts_are_joined_and_counted(self):
        half = LINES[1][:90], LINES[1][90:]
        self.file("docker", docker(half[0]) + docker("192.0.2.9 - - x\n", "stdout") + docker(half[1] + "\n"))
        self.file("cri", f"{STAMP} stderr P {half[0]}\n{STAMP} stdout F 192.0.2.9 - - x\n{STAMP} stderr F {half[1]}\n")
        for name in ("docker", "cri"):
            report = self.json(name)
            self.assertEqual([message["id"] for message in report["messages"]], ["common.connect-failed"])
            self.assertEqual(report["lines"]["total"], 3)
            events = self.run_logs("--events", "ndjson", name).stdout.splitlines()
            self.assertEqual([json.loads(event)["line"] for event in events], [3])

    def test_an_ingress_that_logs_everything_into_one_stream(self):
        access = ('192.0.2.1 - - [21/Apr/2026:23:18:20 +0000] "GET / HTTP/2.0" 200 12 "-" "curl" 35 0.001 '
                  '[default-web-80] [] 10.0.0.5:80 12 0.001 200 abc\n')
        klog = 'I0421 23:18:20.123456       7 controller.go:190] "Configuration changes detected, backend reload required"\n'
        object_line = '{"time":"2026-04-21T23:18:20+00:00","status":200,"upstream":"10.0.0.5:80"}\n'
        text = access * 20 + klog + object_line + PLAIN.decode() + access * 20
        framed = "".join(f"{STAMP} stdout F {line}\n" for line in text.splitlines())
        late = "".join(f"{STAMP} stdout F {access}" for _ in range(2000)) + framed
        for content, lines in ((text, 45), (framed, 45), (late, 2045)):
            self.file("ingress", content)
            report = self.json("ingress")
            self.assertEqual({message["id"] for message in report["messages"]}, IDS)
            self.assertEqual((report["lines"]["total"], report["lines"]["identified"]), (lines, 3))
        self.file("access.log", access * 50)
        self.assertEqual(self.run_logs("access.log").returncode, UNKNOWN)

    def test_bytes_that_are_no_utf8_and_lines_without_end(self):
        self.file("log", b'2026/04/21 23:18:20 [error] 9#9: *1 open() "/srv/m\xfcller\x00\x1b[31m" failed (2: No such '
                         b'file or directory), client: 192.0.2.1, server: _\n' + b"x" * 300000 + b"\n" + PLAIN)
        report = self.json("log")
        self.assertEqual(report["lines"]["identified"], 4)
        self.assertIn("longer than", report["not_observed"][0]["why"])

    def test_rotated_sets_are_read_in_the_order_of_their_times(self):
        day = lambda n: PLAIN.replace(b"04/21", b"04/%02d" % n)
        for name, content in (("error.log", day(21)), ("error.log.1", day(20)), ("error.log.2.gz", gzip.compress(day(19))),
                              ("error.log.10.xz", lzma.compress(day(11))), ("error.log-20260410", day(10)),
                              ("error.log-20260409.bz2", bz2.compress(day(9)))):
            self.file(name, content)
        report = self.json(*sorted(os.listdir(self.folder)))
        self.assertEqual(report["documents"], ["error.log-20260409.bz2", "error.log-20260410", "error.log.10.xz",
                                               "error.log.2.gz", "error.log.1", "error.log"])
        self.assertEqual(report["clock_went_back"], 0)


class Forensics(Folder):
    def log(self):
        text = ""
        for minute in range(50):
            stamp = f"2026/04/21 23:{minute:02}"
            text += f"{stamp}:01 [error] 9#9: *1 upstream timed out (110: Connection timed out) while reading " \
                    'response header from upstream, client: 192.0.2.1, server: a, upstream: "http://10.0.0.5/"\n'
            if minute == 28:
                text += f"{stamp}:02 [notice] 8#8: reconfiguring\n{stamp}:02 [notice] 8#8: start worker processes\n"
            for i in range(20 if 30 <= minute < 34 else 0):
                text += f"{stamp}:{i + 3:02} [notice] 8#8: start worker process {1000 + minute * 20 + i}\n"
                text += f"{stamp}:{i + 3:02} [alert] 8#8: worker process {1000 + minute * 20 + i} exited on signal 11\n"
        return self.file("error.log", text)

    def test_an_incident_has_its_window_and_what_is_around_it(self):
        self.log()
        report = self.json("error.log")
        self.assertEqual(len(report["incidents"]), 1)
        incident = report["incidents"][0]
        self.assertEqual((incident["from"], incident["until"]), ("2026-04-21T23:30:00", "2026-04-21T23:34:00"))
        self.assertEqual([part["cause"] for part in incident["parts"]], ["deaths"])
        self.assertEqual(incident["deaths_by_signal"], {"11": 80})
        self.assertEqual(incident["reload_before"], "2026-04-21T23:28:00")
        self.assertIn("process.exited-on-signal", incident["new_messages"])
        bucket = next(b for b in report["timeline"]["buckets"] if b["time"] == "2026-04-21T23:30:00")
        self.assertEqual(bucket["causes"], {"deaths": 20, "upstream-timeout": 1})

    def test_text_fits_the_terminal(self):
        self.log()
        text = self.run_logs("error.log").stdout.decode()
        for part in ("Incidents", "80 × deaths", "a reload at 23:28 before", "█ error and above", "generation 1",
                     "80 deaths (signal 11)"):
            self.assertIn(part, text)
        self.assertLessEqual(max(len(line) for line in text.splitlines()), 100)

    def test_events_load_into_jq(self):
        if not shutil.which("jq"):
            self.skipTest("no jq program")
        self.log()
        events = self.run_logs("--events", "ndjson", "error.log").stdout
        run = subprocess.run(["jq", "-r", 'select(.level == "alert") | [.time, .id] | @tsv'], input=events,
                             capture_output=True, check=True)
        self.assertEqual(run.stdout.decode().splitlines()[0], "2026-04-21T23:30:03\tprocess.exited-on-signal")
        self.assertEqual(len(run.stdout.splitlines()), 80)

    def test_an_interrupt_gives_the_partial_answer(self):
        with open(os.path.join(self.folder, "out"), "w+b") as out:
            run = subprocess.Popen([BINARY, "logs", "--format", "json", "-"], stdin=subprocess.PIPE, stdout=out)
            run.stdin.write(PLAIN * 2000)
            run.stdin.flush()
            time.sleep(0.5)
            run.send_signal(signal.SIGINT)
            time.sleep(0.2)
            try:
                run.stdin.write(PLAIN * 2000)
                run.stdin.close()
            except BrokenPipeError:
                pass
            run.wait(timeout=30)
            out.seek(0)
            report = json.load(out)
        self.assertEqual((run.returncode, report["complete"]), (UNKNOWN, False))
        self.assertGreater(report["lines"]["total"], 0)


if __name__ == "__main__":
    unittest.main()
