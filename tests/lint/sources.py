#!/usr/bin/env python3
"""No forgotten file: every source is compiled, every header says what it is for, every test file tests.

usage: sources.py BUILD-FOLDER
"""
import json
import re
import sys
from pathlib import Path

from common import CPP, ROOT, Lint, files, text

lint = Lint()
compiled = set()
with open(Path(sys.argv[1]) / "meson-info/intro-targets.json", encoding="utf-8") as targets:
    for target in json.load(targets):
        for group in target["target_sources"]:
            compiled.update(Path(source).resolve() for source in group.get("sources", []))

for path in files("libdiag", "tools", "tests", suffixes=CPP):
    lint.looked_at += 1
    source = text(path)
    if path.suffix == ".cc" and (ROOT / path).resolve() not in compiled:
        # A target behind an option that is off (fuzzing) is named in its folder all the same.
        folder = ROOT / path.parent / "meson.build"
        if not folder.exists() or path.stem.removesuffix("_fuzz") not in folder.read_text(
                encoding="utf-8"):
            lint.say(path, 0, "no Meson target compiles it")
    if path.suffix == ".h" and not source.startswith("//"):
        lint.say(path, 1, "begin with a comment: what it is for, what its input looks like")
    if path.suffix == ".h" and "#pragma once" not in source:
        lint.say(path, 0, "#pragma once is missing")
    if path.name.endswith("_test.cc") and not re.search(r"^TEST_CASE", source, re.M):
        lint.say(path, 0, "a test file without a TEST_CASE")
lint.finish()
