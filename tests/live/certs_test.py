#!/usr/bin/env python3
"""A real nginx with TLS on loopback: what is on disk against what is served.

usage: certs_test.py NGXDIAG STAGE     (a stage is a function of this file marked with @stages)

Certificates are made with openssl.  Exit code 77 (skipped) where nginx or openssl is not installed.
"""
import contextlib
import datetime
import os
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


@contextlib.contextmanager
def serving(begin=-30, end=60):
    authority = Authority()
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
