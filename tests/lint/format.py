#!/usr/bin/env python3
"""Every C++ file is as clang-format 14 (Debian 12's) writes it. Mend with: ninja -C build clang-format"""
import re
import shutil
import subprocess
import sys

from common import CPP, ROOT, files

tool = shutil.which("clang-format-14") or shutil.which("clang-format")
version = subprocess.run([tool, "--version"], capture_output=True, text=True).stdout if tool else ""
if not re.search(r"version 14\.", version):
    print("clang-format 14 is not installed")
    sys.exit(77)
sources = [str(path) for path in files("libdiag", "tools", "tests", suffixes=CPP)]
result = subprocess.run([tool, "--dry-run", "--Werror", "--ferror-limit=3", *sources], cwd=ROOT)
sys.exit(1 if result.returncode else 0)
