#!/usr/bin/env python3
"""A real nginx with TLS on loopback: what is on disk against what is served.

usage: certs_test.py NGXDIAG STAGE     (a stage is a function of this file marked with @stages)

Certificates are made with openssl.  Exit code 77 (skipped) where nginx or openssl is not installed.
"""
import contextlib
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import stage
from scan_test import SETTLE, SKIPPED, Judge, Scan, commands, well

NAME = "www.example.net"
START_SLACK = 7  # what comes within 5 s of the start is taken for a part of it; times are whole seconds
CONFIG = """[ca]
default_ca = own
[own]
database = {dir}/index.txt
new_certs_dir = {dir}
serial = {dir}/serial
default_md = sha256
policy = names
unique_subject = no
x509_extensions = extensions
[names]
commonName = supplied
[extensions]
subjectAltName = DNS:{name}
"""


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=30)


class Authority:
    """A directory with a key and self-signed certificates of any dates."""

    def __init__(self):
        if not shutil.which("openssl"):
            raise stage.Unavailable("openssl is not installed")
        self.dir = tempfile.mkdtemp(prefix="ngxdiag-certs-")
        os.chmod(self.dir, 0o755)
        self.cert, self.key = self.path("fullchain.pem"), self.path("privkey.pem")
        for name, text in (("index.txt", ""), ("serial", "1001\n"),
                           ("ca.cnf", CONFIG.format(dir=self.dir, name=NAME))):
            with open(self.path(name), "w", encoding="ascii") as file:
                file.write(text)
        self.make_key(self.key)

    def path(self, name):
        return os.path.join(self.dir, name)

    def make_key(self, path):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
        os.chmod(path, 0o600)

    def issue(self, begin, end, key=None):
        """Writes the certificate file anew: valid from `begin` to `end`, in days from now."""
        now = datetime.datetime.now(datetime.timezone.utc)
        moment = lambda days: (now + datetime.timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")
        openssl("req", "-new", "-key", key or self.key, "-subj", "/CN=" + NAME,
                "-out", self.path("request.pem"))
        openssl("ca", "-batch", "-selfsign", "-notext", "-config", self.path("ca.cnf"),
                "-keyfile", key or self.key, "-in", self.path("request.pem"),
                "-startdate", moment(begin), "-enddate", moment(end), "-out", self.path("new.pem"))
        os.replace(self.path("new.pem"), self.cert)


class Certbot(Authority):
    """The same as certbot keeps it: live/ links to generations in archive/, renewal/ says how."""

    def __init__(self):
        super().__init__()
        for sub in ("live/" + NAME, "archive/" + NAME, "renewal", "renewal-hooks/deploy", "logs"):
            os.makedirs(self.path(sub))
        self.generation = 0
        self.cert = self.path(f"live/{NAME}/fullchain.pem")
        self.params = ("authenticator = webroot\nconfig_dir = " + self.dir + "\nlogs_dir = " +
                       self.path("logs") + "\n")
        self.configure()

    def configure(self, more=""):
        with open(self.path(f"renewal/{NAME}.conf"), "w", encoding="ascii") as conf:
            conf.write(f"archive_dir = {self.path('archive/' + NAME)}\nfullchain = {self.cert}\n"
                       f"[renewalparams]\n{self.params}{more}")

    def hook(self, mode):
        path = self.path("renewal-hooks/deploy/reload.sh")
        with open(path, "w", encoding="ascii") as script:
            script.write("#!/bin/sh\nnginx -t && nginx -s reload\n")
        os.chmod(path, mode)
        return path

    def issue(self, begin, end, key=None):
        self.generation += 1
        link, self.cert = self.cert, self.path(f"archive/{NAME}/fullchain{self.generation}.pem")
        super().issue(begin, end, key)
        self.cert = link
        if os.path.islink(link):
            os.remove(link)
        os.symlink(f"../../archive/{NAME}/fullchain{self.generation}.pem", link)


@contextlib.contextmanager
def serving(begin=-30, end=60, kind=Authority):
    authority = kind()
    try:
        authority.issue(begin, end)
        port = stage.free_port()
        server = (f"        listen 127.0.0.1:{port} ssl;\n        server_name {NAME};\n"
                  f"        ssl_certificate {authority.cert};\n"
                  f"        ssl_certificate_key {authority.key};\n")
        with stage.Scene("certs", 2, server=server) as scene:
            yield scene, authority
    finally:
        shutil.rmtree(authority.dir, ignore_errors=True)


STAGES = {}


def stages(function):
    STAGES[function.__name__] = function
    return function


def causes(scan):
    return [one["cause"] for one in scan.findings]


@stages
def fresh(judge, binary):
    with serving() as (scene, authority):
        scan = Scan(judge, binary, scene)
        well(judge, scan)
        judge.check(scan.facts.get("cert.served_checked") == 1, "the handshake was made")
        judge.check(scan.facts.get("cert.keys_checked") == 1, "certificate and key were compared")
        judge.check(scan.facts.get("cert.served_differs") == [], "the served one is the one on disk")
        quiet = Scan(judge, binary, scene, "--no-probe")
        judge.check("cert.served_checked" not in quiet.facts, "--no-probe makes no handshake")
        time.sleep(START_SLACK)
        os.utime(authority.cert)
        well(judge, Scan(judge, binary, scene))


@stages
def renewed(judge, binary):
    """Renewed on disk, not reloaded; after the reload all is well."""
    with serving(begin=-80, end=10) as (scene, authority):
        time.sleep(START_SLACK)
        authority.issue(0, 90)
        scan = Scan(judge, binary, scene)
        judge.check(scan.first["cause"] == "certificate-renewed-not-reloaded",
                    f"the missing reload stands first ({causes(scan)})")
        judge.check(scan.verdict == "critical" and scan.first["confidence"] >= 0.9,
                    f"critical and sure ({scan.verdict}, {scan.first['confidence']})")
        words = scan.words(scan.first)
        judge.check(NAME in words and "on disk until" in words, "it says which name and both ends")
        judge.check("after the oldest serving worker started" in words, "it says since when")
        judge.check(any("kill -HUP " + str(scene.master) in line for line in commands(scan.first)),
                    "the fix reloads this master")
        blind = Scan(judge, binary, scene, "--no-probe")
        judge.check("certificate-renewed-not-reloaded" in causes(blind),
                    "without a handshake the times still tell")
        scene.signal_reload()
        time.sleep(SETTLE + 1)
        well(judge, Scan(judge, binary, scene))


@stages
def refused(judge, binary):
    """Renewed and reloaded, but the reload was refused: that is named as the reason."""
    with serving() as (scene, authority):
        time.sleep(START_SLACK)
        authority.issue(0, 90)
        with open(scene.conf, "a", encoding="ascii") as conf:
            conf.write("no_such_directive on;\n")
        os.kill(scene.master, 1)
        time.sleep(SETTLE)
        scan = Scan(judge, binary, scene)
        found = [one for one in scan.findings if one["cause"] == "certificate-renewed-not-reloaded"]
        judge.check(len(found) == 1, f"the old certificate is found ({causes(scan)})")
        judge.check(found and "no_such_directive" in scan.words(found[0]),
                    "the refused reload is the reason given")


@stages
def mismatch(judge, binary):
    with serving() as (scene, authority):
        authority.make_key(authority.key)
        scan = Scan(judge, binary, scene)
        judge.check(scan.first["cause"] == "key-cert-mismatch", f"it stands first ({causes(scan)})")
        judge.check(scan.verdict == "critical", f"verdict critical ({scan.verdict})")
        judge.check(authority.key in scan.words(scan.first), "it names the files")


@stages
def expired(judge, binary):
    with serving(begin=-90, end=-1) as (scene, _):
        scan = Scan(judge, binary, scene)
        judge.check(scan.first["cause"] == "certificate-expired", f"it stands first ({causes(scan)})")
        judge.check(scan.verdict == "critical" and scan.code == 2, f"verdict ({scan.verdict})")
        judge.check("served certificate ended" in scan.words(scan.first), "served as well, it says")


def reason(judge, scan, expected, says):
    """One finding, and it names why nginx did not take the new certificate."""
    found = [one for one in scan.findings if one["cause"] == "certificate-renewed-not-reloaded"]
    judge.check(len(found) == 1, f"one finding for the old certificate ({causes(scan)})")
    judge.check(scan.first["cause"] == "certificate-renewed-not-reloaded", "it stands first")
    judge.check(scan.facts.get("stale.reason") == expected,
                f"the reason is {expected} ({scan.facts.get('stale.reason')})")
    judge.check(found and says in scan.words(found[0]), f"it says: {says}")
    return found[0] if found else {"fixes": []}


@stages
def no_hook(judge, binary):
    """certbot renews, no hook follows; the printed fix makes one that certbot would run."""
    with serving(begin=-80, end=10, kind=Certbot) as (scene, authority):
        well(judge, Scan(judge, binary, scene))
        time.sleep(START_SLACK)
        authority.issue(0, 90)
        found = reason(judge, Scan(judge, binary, scene), "no-hook", "no deploy hook")
        fix = [one for one in found["fixes"] if "after every renewal" in one["title"]]
        judge.check(len(fix) == 1, "a hook is offered")
        for command in fix[0]["commands"] if fix else []:
            subprocess.run(command, shell=True, check=True, timeout=10)
        judge.check(os.access(authority.path("renewal-hooks/deploy/01-reload-nginx.sh"), os.X_OK),
                    "the fix writes it where this certbot looks, executable")
        scene.signal_reload()
        time.sleep(SETTLE + 1)
        scan = Scan(judge, binary, scene)
        well(judge, scan)
        judge.check(scan.facts.get("renewal.reload_hook") is True, "and it counts as a hook")


@stages
def hook_idle(judge, binary):
    with serving(begin=-80, end=10, kind=Certbot) as (scene, authority):
        path = authority.hook(0o644)
        time.sleep(START_SLACK)
        authority.issue(0, 90)
        reason(judge, Scan(judge, binary, scene), "hook-not-executable", path)


@stages
def hook_failed(judge, binary):
    with serving(begin=-80, end=10, kind=Certbot) as (scene, authority):
        authority.configure("renew_hook = systemctl reload nginx\n")
        with open(authority.path("logs/letsencrypt.log"), "w", encoding="ascii") as log:
            stamp = datetime.datetime.now().strftime("%Y-%m-%d %H:%M:%S")
            log.write(f"{stamp},117:INFO:certbot._internal.hooks:Running deploy-hook command: "
                      "systemctl reload nginx\n"
                      f"{stamp},530:ERROR:certbot._internal.hooks:Hook 'deploy-hook' reported "
                      "error code 5\n")
        time.sleep(START_SLACK)
        authority.issue(0, 90)
        reason(judge, Scan(judge, binary, scene), "hook-failed", "error code 5")


@stages
def other_process(judge, binary):
    """Another program answers on the port that nginx is to listen on."""
    with serving(begin=-80, end=10) as (scene, authority):
        port = stage.free_port()
        old = authority.path("old.pem")
        shutil.copy(authority.cert, old)
        squatter = subprocess.Popen(
            ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", old, "-key",
             authority.key, "-quiet"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with open(scene.conf, encoding="ascii") as conf:
                text = conf.read()
            with open(scene.conf, "w", encoding="ascii") as conf:
                conf.write(re.sub(r"listen 127\.0\.0\.1:\d+ ssl", f"listen 127.0.0.1:{port} ssl",
                                  text))
            time.sleep(START_SLACK)
            authority.issue(0, 90)
            scan = Scan(judge, binary, scene)
            judge.check(scan.facts.get("stale.reason") == "other-process",
                        f"another process is the reason ({scan.facts.get('stale.reason')})")
            judge.check("bind-in-use-other-program" in causes(scan),
                        f"the holder of the port is a finding ({causes(scan)})")
            judge.check(str(squatter.pid) in json.dumps(scan.findings), "with its pid")
        finally:
            squatter.kill()
            squatter.wait()


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
