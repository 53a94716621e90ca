#!/usr/bin/env python3
"""Samples are small, tell their story, and hold nobody's addresses.

A sample is a folder of samples/ with README.md, case.json and evidence/. Addresses are documentation or
private ones, names are example names or public projects that software itself mentions.
"""
import ipaddress
import json
import re

from common import ROOT, Lint, files

FILE_LIMIT, SAMPLE_LIMIT, ALL_LIMIT = 192 << 10, 384 << 10, 8 << 20
README_WORDS = 40
NETWORKS = [ipaddress.ip_network(n) for n in (
    "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "127.0.0.0/8", "0.0.0.0/8",
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "224.0.0.0/4",
    "255.255.255.255/32", "::/128", "::1/128", "fe80::/10", "fc00::/7")]
IPV4 = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.-]|\.\d)")
IPV6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{1,4}:){2,7}:?[0-9a-f]{1,4}(?![\w:])", re.I)
NAME = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|de|fr|uk|ru|cn|nl|eu)\b", re.I)
PUBLIC = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net)|nginx\.(?:org|com)|letsencrypt\.org|debian\.org|ubuntu\.com"
    r"|launchpad\.net|github\.com|freedesktop\.org|kernel\.org|openssl\.org|zerossl\.com|python\.org"
    r"|openresty\.org|eff\.org|docker\.io|docker\.com|gnu\.org|sury\.org|redhat\.com|nchan\.io)$", re.I)

lint = Lint()


def check_texts(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        for found in IPV4.findall(line) + IPV6.findall(line):
            try:
                address = ipaddress.ip_address(found)
            except ValueError:
                continue
            if not any(address in network for network in NETWORKS):
                lint.say(path, number, f"{found} may be somebody's address; write 192.0.2.1 or 2001:db8::1")
        for found in NAME.findall(line):
            if not PUBLIC.search(found):
                lint.say(path, number, f"{found} may be somebody's name; write an example.com one")


def check_case(sample):
    path = sample / "case.json"
    if not (ROOT / path).exists():
        return lint.say(sample, 0, "case.json is missing")
    try:
        case = json.loads((ROOT / path).read_text(encoding="utf-8"))
    except ValueError as error:
        return lint.say(path, 0, str(error))
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?", str(case.get("now"))):
        lint.say(path, 0, '"now" must be a time such as "2026-04-21T23:30:00"')
    if not re.search(r"(^|\.)example(\.\w+)?$", str(case.get("host"))):
        lint.say(path, 0, '"host" must be an example name')
    if not isinstance(case.get("args"), list) or not case["args"]:
        lint.say(path, 0, '"args" must list the arguments of `ngxdiag scan`')
    if not isinstance(case.get("expect"), dict):
        lint.say(path, 0, '"expect" must say what is to be found and what is not')


total = 0
for folder in sorted(p for p in (ROOT / "samples").iterdir() if p.is_dir()):
    sample = folder.relative_to(ROOT)
    lint.looked_at += 1
    check_case(sample)
    readme = folder / "README.md"
    if not readme.exists() or len(readme.read_text(encoding="utf-8").split()) < README_WORDS:
        lint.say(sample, 0, f"README.md must tell the story in {README_WORDS} words or more")
    if not (folder / "evidence").is_dir():
        lint.say(sample, 0, "evidence/ is missing")
    size = 0
    for path in files(sample):
        data = (ROOT / path).read_bytes()
        size += len(data)
        if len(data) > FILE_LIMIT:
            lint.say(path, 0, f"{len(data)} bytes; the limit for a file is {FILE_LIMIT}")
        check_texts(path, data.decode("utf-8", "replace"))
    if size > SAMPLE_LIMIT:
        lint.say(sample, 0, f"{size} bytes; the limit for a sample is {SAMPLE_LIMIT}")
    total += size
if total > ALL_LIMIT:
    lint.say("samples", 0, f"{total} bytes; the limit for all samples is {ALL_LIMIT}")
lint.finish()
