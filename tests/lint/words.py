#!/usr/bin/env python3
"""No paths of a developer's machine, no notes to oneself, no overlong lines, no surprising characters."""
import re

from common import CPP, Lint, files, text

TEXT = CPP + (".py", ".md", ".build", ".json", ".txt", ".sh", ".yml")
MARKS = "T" + "ODO|F" + "IXME|X" + "XX|H" + "ACK"
NOTES = re.compile(r"\b(" + MARKS + r")\b")
MACHINE = re.compile(r"(?<![\w.{}$-])/(work|home/[a-z]\w*|Users)/")
TYPOGRAPHY = set("…–—·×≥≤→←↑↓µ“”‘’§°±≈√Σ∞│├└─┌┐┘┤┬┴┼╭╮╯╰✓✗●○▲█▁▂▃▄▅▆▇éïüöäß\u00a0◆⚠")
RAW = re.compile(r'R"([^(\s"]{0,16})\(.*?\)\1"', re.S)  # style sheets and other texts within code
WIDTH = 100

lint = Lint()
for path in files():
    if path.parts[0] in ("samples", "bench") or not str(path).endswith(TEXT):
        continue
    if path.parts[0] == "rules" or path.parts[:2] == ("tests", "data"):
        own_words = False  # knowledge quotes the paths and lines of others
    else:
        own_words = True
    lint.looked_at += 1
    source = text(path)
    if path.suffix in CPP:
        source = RAW.sub(lambda raw: '""' + "\n" * raw.group(0).count("\n"), source)
    for number, line in enumerate(source.splitlines(), 1):
        if NOTES.search(line):
            lint.say(path, number, "a note to oneself: do it, or open an issue")
        if own_words and MACHINE.search(line) and "_test." not in path.name:
            lint.say(path, number, "a path of somebody's machine")
        if line.rstrip() != line and path.suffix != ".md" and "_test." not in path.name:
            lint.say(path, number, "blanks at the end of the line")
        if path.suffix not in CPP:
            continue
        # A style sheet inside a raw string keeps its own lines.
        if len(line) > WIDTH and '"' not in line and not path.name.endswith("_style.h"):
            lint.say(path, number, f"{len(line)} columns; the limit is {WIDTH}")
        odd = {c for c in line if ord(c) > 126 and c not in TYPOGRAPHY}
        if odd and path.parts[0] != "tests":
            lint.say(path, number, "write these as escapes: " + " ".join(f"U+{ord(c):04X}" for c in odd))
        if line.startswith("\t"):
            lint.say(path, number, "a tab")
lint.finish()
