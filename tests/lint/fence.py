#!/usr/bin/env python3
"""Each third-party library is included in one place, so that its cost and its errors stay there."""
import re

from common import CPP, Lint, files, text

FENCES = [
    ("nlohmann/", r"libdiag/json/\w+\.cc"),
    ("boost/program_options", r"tools/.*"),
    ("boost/", r"libdiag/base/regex\.cc|tools/.*"),
    ("libproc2/", r"libdiag/source/host_processes\.cc"),
    ("openssl/", r"libdiag/parse/certificate\.cc|libdiag/source/tls_probe\.cc"),
    ("sqlite3.h", r"libdiag/history/store\.cc"),
    ("doctest/", r"tests/.*"),
    (r"archive(_entry)?\.h", r"libdiag/source/\w+\.cc|tests/source/packed\.h"),
    (r"(isa-l/igzip_lib|zlib|zstd|lzma|bzlib)\.h", r"libdiag/source/\w+\.cc|tests/source/packed\.h"),
]

lint = Lint()
for path in files("libdiag", "tools", "tests", suffixes=CPP):
    lint.looked_at += 1
    for number, line in enumerate(text(path).splitlines(), 1):
        match = re.match(r"\s*#\s*include\s*[<\"]([^>\"]+)", line)
        if not match:
            continue
        for header, allowed in FENCES:
            if re.match(header, match.group(1)):
                if not re.fullmatch(allowed, str(path)):
                    lint.say(path, number, f"<{match.group(1)}> belongs into {allowed}")
                break
lint.finish()
