#!/usr/bin/env python3
"""Docs that are not executed are wrong: runs the commands that README.md and docs/ show.

In a block fenced with ```console, every line "$ ngxdiag …" is run from the root of the tree with the
built program. Lines below it are its expected output; a line "…" stands for any lines, and a command
without lines below it must only be understood (no usage or internal error). Other commands are not run.

usage: doc_commands.py NGXDIAG
"""
import difflib
import os
import re
import shlex
import subprocess
import sys

from common import ROOT, Lint, files, text

PROGRAMS = ("ngxdiag", "build/tools/ngxdiag", "./build/tools/ngxdiag")
USAGE, INTERNAL = 64, 70
SECONDS = 60

binary = os.path.abspath(sys.argv[1])
lint = Lint()


def sessions(path):
    """(line number, command, expected lines) of every command in the console blocks of `path`."""
    inside, found = False, []
    for number, line in enumerate(text(path).splitlines(), 1):
        if line.startswith("```"):
            inside = line.strip() == "```console" and not inside
        elif inside and line.startswith("$ "):
            found.append((number, line[2:], []))
        elif inside and found:
            found[-1][2].append(line.rstrip())
    return found


def matches(shown, real):
    """True when `shown`, in which a line "…" or "..." stands for any lines, is `real`."""
    parts = [re.escape(line) if line.strip() not in ("…", "...") else None for line in shown]
    pattern = "".join(r"(?:.*\n)*?" if part is None else part + r"\n" for part in parts)
    return re.fullmatch(pattern, "".join(line.rstrip() + "\n" for line in real)) is not None


for path in [p for p in files(suffixes=(".md",)) if p.parts[0] in ("README.md", "CONTRIBUTING.md", "docs")]:
    lint.looked_at += 1
    for number, command, shown in sessions(path):
        words = shlex.split(command.split(" #")[0])
        if not words or words[0] not in PROGRAMS or any(w in ("|", ">", "<", "&&") for w in words):
            continue
        run = subprocess.run([binary, *words[1:]], cwd=ROOT, capture_output=True, text=True,
                             timeout=SECONDS, stdin=subprocess.DEVNULL,
                             env={**os.environ, "NO_COLOR": "1", "COLUMNS": "80"})
        if run.returncode in (USAGE, INTERNAL) or run.returncode < 0:
            lint.say(path, number, f"exit code {run.returncode}: {run.stderr.strip()}")
        while shown and not shown[-1]:
            shown.pop()
        real = run.stdout.splitlines()
        while real and not real[-1].strip():
            real.pop()
        if shown and not matches(shown, real):
            lint.say(path, number, f"`{command}` prints something else:")
            lint.complaints += difflib.unified_diff(shown, real, "shown", "printed", lineterm="", n=1)
lint.finish()
