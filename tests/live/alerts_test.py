#!/usr/bin/env python3
"""The whole way of an alert: a real nginx in a staged storm, the metrics of `ngxdiag report` under the rights that the
systemd unit leaves it, a real Prometheus with the shipped rules, a real Alertmanager; all on loopback.

usage: alerts_test.py NGXDIAG SOURCE-ROOT

Ends with "N passed, M failed"; exit code 77 (skipped) where nginx, nchan, Prometheus or Alertmanager is not installed.
"""
import contextlib
import http.server
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

import stage
from scan_test import SKIPPED, Judge

NGXDIAG, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
SECONDS = 40  # until something that should come has come
# The rules wait minutes so that nobody is woken for nothing; promtool's test has them as they are.
SOON = "1s"
FIRES = {"NginxSick": {"verdict": "critical", "severity": "critical"},
         "NginxCauseFound": {"component": "nchan", "cause": "nchan-worker-slots-exhausted"},
         "NginxNoWorkerServes": {"severity": "critical"},
         "NginxMasterBlocked": {"severity": "critical"}}


class Textfile(http.server.BaseHTTPRequestHandler):
    """What node_exporter does with a textfile: gives it to who asks."""
    file = None

    def do_GET(self):
        body = self.file.read_bytes() if self.file.exists() else b""
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def textfile(path):
    Textfile.file = path
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Textfile)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def daemon(folder, name, *arguments):
    with open(folder / f"{name}.log", "wb") as log:
        process = subprocess.Popen([name, *arguments], stdout=log, stderr=log, cwd=folder)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def ask(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return json.load(answer)


def wait(condition, what):
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError, OSError, ValueError):
            if (found := condition()):
                return found
        time.sleep(0.2)
    print(f"  waited {SECONDS} s in vain: {what}")
    return None


def unit(setting):
    text = (ROOT / "packaging/systemd/ngxdiag-report.service").read_text(encoding="utf-8")
    return re.findall(rf"^{setting}=(.*)$", text, re.M)


def report(scene, folder, confined=True):
    """One run as the unit runs it, of the staged nginx; the JSON report."""
    rights = ",".join("+" + word.removeprefix("CAP_").lower() for word in unit("CapabilityBoundingSet")[0].split())
    fences = ["setpriv", "--bounding-set", f"-all,{rights}", "--no-new-privs"] if confined else []
    done = subprocess.run(
        [*fences, NGXDIAG, "report", "--quiet", "--pid", str(scene.master), "--host", "web1",
         "--history", str(folder / "history.sqlite"), "--output", f"json={folder}/report.json",
         "--output", f"prometheus={folder}/ngxdiag.prom"], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode not in (0, 1, 2, 3):
        raise SystemExit(f"ngxdiag report: exit {done.returncode}\n{done.stderr}")
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def configure(folder, metrics, alertmanager):
    rules = (ROOT / "packaging/prometheus/ngxdiag.rules.yml").read_text(encoding="utf-8")
    (folder / "rules.yml").write_text(re.sub(r"(?m)^(\s+for:) .*$", rf"\1 {SOON}", rules))
    (folder / "alertmanager.yml").write_text("route: {receiver: nobody, group_wait: 0s}\nreceivers: [{name: nobody}]\n")
    (folder / "prometheus.yml").write_text(json.dumps({
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.yml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager}"]}]}]},
        "scrape_configs": [{"job_name": "node", "static_configs": [
            {"targets": [f"127.0.0.1:{metrics}"], "labels": {"instance": "web1"}}]}]}))


def run(judge, folder):
    prometheus, alertmanager = stage.free_port(), stage.free_port()
    with contextlib.ExitStack() as stack:
        configure(folder, stack.enter_context(textfile(folder / "ngxdiag.prom")), alertmanager)
        stack.enter_context(daemon(
            folder, "prometheus-alertmanager", "--config.file=alertmanager.yml", "--storage.path=alerts",
            f"--web.listen-address=127.0.0.1:{alertmanager}", "--cluster.listen-address="))
        stack.enter_context(daemon(
            folder, "prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
            f"--web.listen-address=127.0.0.1:{prometheus}"))

        def value(query):
            found = ask(prometheus, f"/api/v1/query?query={query}")["data"]["result"]
            return [sample["value"][1] for sample in found]

        def alerts():
            return {alert["labels"]["alertname"]: alert["labels"] for alert in
                    ask(alertmanager, "/api/v2/alerts?active=true")}

        with stage.healthy(workers=2, requests=50, aborted=0) as scene:
            judge.check(report(scene, folder)["verdict"] == "ok", "a healthy nginx is reported ok")
            judge.check(wait(lambda: value("ngxdiag_verdict{verdict='ok'}".replace("'", "%22")) == ["1"],
                             "Prometheus has the verdict"), "Prometheus reads the metrics")
            time.sleep(3)
            judge.check(alerts() == {}, f"no alert while all is well ({sorted(alerts())})")

        with stage.storm6(pause=0) as scene:
            storm = report(scene, folder)
            judge.check(storm["verdict"] == "critical", "the storm is reported critical")
            fresh = [one["id"] for one in storm["changes"]["items"] if one["change"] == "new"]
            judge.check("nchan-worker-slots-exhausted" in fresh, f"nchan is new since the last report ({fresh})")
            free = report(scene, folder, confined=False)
            # A kernel stack takes CAP_SYS_ADMIN, which is far too much to give for it.
            less = [gap for gap in storm["not_observed"]
                    if gap not in free["not_observed"] and "CAP_SYS_ADMIN" not in gap["why"]]
            judge.check([one["id"] for one in storm["findings"]] == [one["id"] for one in free["findings"]]
                        and less == [], f"with the unit's capabilities no less is seen ({less})")
            judge.check(free["changes"]["items"] == [], "nothing has changed between the two")
            wait(lambda: FIRES.keys() <= alerts().keys(), f"alerts {sorted(FIRES)}")
            fired = alerts()
            for name, labels in FIRES.items():
                judge.check(name in fired, f"{name} fires in Alertmanager")
                judge.check(labels.items() <= fired.get(name, {}).items(), f"{name} says {labels}")
            judge.check(fired.get("NginxSick", {}).get("instance") == "web1", "the alert names the host")

        with stage.healthy(workers=2, requests=50, aborted=0) as scene:
            gone = report(scene, folder)
            judge.check("nchan-worker-slots-exhausted" in [
                one["id"] for one in gone["changes"]["items"] if one["change"] == "gone"], "nchan is gone")
            judge.check(wait(lambda: not FIRES.keys() & {
                alert["labels"]["alertname"] for alert in ask(prometheus, "/api/v1/alerts")["data"]["alerts"]},
                "the alerts end"), "the alerts end when nginx is well again")


def main():
    for program in ("prometheus", "prometheus-alertmanager", "setpriv"):
        if not shutil.which(program):
            print(f"skipped: {program} is not installed")
            return SKIPPED
    judge = Judge()
    with tempfile.TemporaryDirectory(prefix="ngxdiag-alerts-") as folder:
        try:
            run(judge, pathlib.Path(folder))
        except stage.Unavailable as reason:
            print(f"skipped: {reason}")
            return SKIPPED
        if judge.failed:
            for log in sorted(pathlib.Path(folder).glob("*.log")):
                print(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}")
    return judge.finish()


if __name__ == "__main__":
    sys.exit(main())
