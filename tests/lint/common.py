"""What the lints share: the files of the tree and how a mistake is reported."""
import os
import re
import sys
from pathlib import Path

ROOT = Path(os.environ.get("NGXDIAG_SOURCE_ROOT") or Path(__file__).resolve().parents[2])
CPP = (".cc", ".h")
SKIPPED = {".git", ".cache", "__pycache__", "subprojects"}


def files(*folders, suffixes=None):
    """The files below `folders` (the whole tree without any), sorted, as paths relative to ROOT."""
    found = []
    for folder in folders or (".",):
        for where, below, names in os.walk(ROOT / folder):
            below[:] = sorted(d for d in below if d not in SKIPPED and not d.startswith("build"))
            for name in names:
                if suffixes is None or name.endswith(suffixes):
                    found.append((Path(where) / name).relative_to(ROOT))
    return sorted(set(found))


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^(\s]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)


def code_only(source):
    """C++ without comments and with empty string and character literals; lines keep their numbers."""

    def blank(match):
        token = match.group(0)
        lines = "\n" * token.count("\n")
        return lines if token.startswith("/") else '""' + lines

    # A digit separator (1'000) is no character literal.
    return TOKEN.sub(blank, re.sub(r"(?<=\d)'(?=\d)", "", source))


class Lint:
    """Collects complaints; finish() prints them and gives the exit code."""

    def __init__(self):
        self.complaints = []
        self.looked_at = 0

    def say(self, path, line, message):
        self.complaints.append(f"{path}:{line}: {message}" if line else f"{path}: {message}")

    def finish(self):
        for complaint in self.complaints:
            print(complaint)
        if not self.looked_at:
            print("nothing was looked at: is NGXDIAG_SOURCE_ROOT right?")
        sys.exit(1 if self.complaints or not self.looked_at else 0)
