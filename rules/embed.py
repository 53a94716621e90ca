#!/usr/bin/env python3
"""Writes the rule and data files below a folder as one C++ table of texts.

    embed.py ROOT OUTPUT.cc DEPFILE [--compact]

ROOT is the folder rules/. The table holds causes/**/*.json, config/*.json and everything below data/, in path order,
each under its path from the repository ("rules/causes/nchan/x.json"). The depfile names every file
and every folder walked, so that a new or a deleted file rebuilds as an edited one does. The output is
touched only when its text changes. --compact leaves the blanks of JSON and the examples of rules out: smaller,
but then a message about a built-in rule cannot point at its line, and `rules test` has nothing to run.
"""
import json
import os
import sys

ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\t"): "\\t", ord("?"): "\\?"}


def literal(line):
    return '"' + "".join(ESCAPES.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in line) + '"'


def walk(top, wanted):
    """Files below `top` that `wanted` takes, and all folders walked; sorted, hidden ones left out."""
    files, folders = [], []
    for folder, below, names in os.walk(top):
        below[:] = sorted(name for name in below if not name.startswith("."))
        folders.append(folder)
        files += [os.path.join(folder, name) for name in names if wanted(name)]
    return sorted(files), folders


def main():
    root, output, depfile = sys.argv[1:4]
    compact = "--compact" in sys.argv[4:]
    rules, rule_folders = walk(os.path.join(root, "causes"), lambda n: n.endswith(".json") and n[0] != ".")
    checks, check_folders = walk(os.path.join(root, "config"), lambda n: n.endswith(".json") and n[0] != ".")
    data, data_folders = walk(os.path.join(root, "data"), lambda n: n[0] not in ".#" and n[-1] != "~")
    files = sorted(rules + checks + data)

    parts = [
        "// Written by rules/embed.py; edit the files below rules/ instead.",
        '#include "libdiag/base/builtin_data.h"',
        "",
        "namespace ngxdiag::base {",
        "namespace {",
        f"constexpr BuiltinFile kFiles[{max(1, len(files))}] = {{",
    ]
    for path in files:
        with open(path, "rb") as file:
            text = file.read()
        if compact and path.endswith(".json"):
            value = json.loads(text)
            if path in rules:
                value.pop("examples", None)
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        name = os.path.join("rules", os.path.relpath(path, root))
        lines = "\n     ".join(literal(line) for line in text.splitlines(keepends=True)) or '""'
        parts.append(f"    {{{literal(name.encode())},\n     {{{lines},\n      {len(text)}}}}},")
    parts += [
        "};",
        "}  // namespace",
        "",
        f"std::span<const BuiltinFile> builtin_files() {{ return {{kFiles, {len(files)}}}; }}",
        f"bool builtin_examples() {{ return {'false' if compact else 'true'}; }}",
        "",
        "}  // namespace ngxdiag::base",
        "",
    ]
    text = "\n".join(parts)

    old = None
    if os.path.exists(output):
        with open(output, encoding="ascii") as file:
            old = file.read()
    if old != text:
        with open(output, "w", encoding="ascii") as file:
            file.write(text)
    with open(depfile, "w", encoding="utf-8") as file:
        inputs = [path.replace(" ", "\\ ") for path in files + rule_folders + check_folders + data_folders]
        file.write(output + ": " + " \\\n  ".join(inputs) + "\n")


if __name__ == "__main__":
    main()
