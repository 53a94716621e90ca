#!/usr/bin/env python3
"""libdiag is silent and deterministic: it prints nothing, never exits, asks no clock, no environment, no
locale and no dice. What it needs of these is passed in."""
import re

from common import CPP, Lint, code_only, files, text

FORBIDDEN = [
    (r"\bstd::(cout|cerr|clog|wcout|wcerr)\b|#\s*include\s*<iostream>", "prints"),
    (r"\b(printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|perror|syslog)\s*\(", "prints"),
    (r"(?<![\w.>:])(std::)?(exit|_exit|quick_exit|abort|terminate)\s*\(", "ends the program"),
    (r"\b(secure_)?getenv\s*\(|\bsetenv\s*\(|\benviron\b", "looks at the environment"),
    (r"(?<![\w.>])(std::|::)?time\s*\(\s*(0|NULL|nullptr|&\w+)?\s*\)", "asks the clock"),
    (r"\b(system_clock|steady_clock|high_resolution_clock)\b", "asks the clock"),
    (r"\b(gettimeofday|clock_gettime|localtime(_r)?|mktime|strftime)\s*\(", "asks the clock or zone"),
    (r"\b(setlocale|localeconv)\s*\(|\bstd::locale\b", "depends on the locale"),
    (r"(?<![\w.>])(std::)?(rand|random|srand|drand48)\s*\(|\bstd::random_device\b", "throws dice"),
]

# Exceptions, each with its reason; what a clock measures there reaches no report.
ALLOWED = {
    # Ends a program that takes too long.
    "libdiag/source/command.cc": r"steady_clock",
    # Ends a handshake that takes too long.
    "libdiag/source/tls_probe.cc": r"steady_clock",
    # Turns the times of files and processes into the wall clock that nginx logs in.
    "libdiag/source/local_time.cc": r"localtime_r",
}

lint = Lint()
for path in files("libdiag", suffixes=CPP):
    lint.looked_at += 1
    for number, line in enumerate(code_only(text(path)).splitlines(), 1):
        for pattern, what in FORBIDDEN:
            match = re.search(pattern, line)
            if match and not re.search(ALLOWED.get(str(path), r"(?!)"), match.group(0)):
                lint.say(path, number, f"{match.group(0).strip()} {what}: the library must not")
lint.finish()
