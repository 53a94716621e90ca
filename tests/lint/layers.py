#!/usr/bin/env python3
"""Includes go only down: libdiag/layers.txt says what each layer may include, and Meson links just that."""
import re

from common import CPP, Lint, files, text

lint = Lint()
rows = {}
for number, line in enumerate(text("libdiag/layers.txt").splitlines(), 1):
    line = line.split("#")[0].strip()
    if not line:
        continue
    layer, _, below = line.partition(":")
    for name in below.split():
        if name not in rows:
            lint.say("libdiag/layers.txt", number, f"{layer} includes {name}, which stands below it")
    rows[layer] = set(below.split())

INCLUDE = re.compile(r'^\s*#\s*include\s+["<](libdiag/([^/]+)/[^">]+|(?:tools|tests)/[^">]+)[">]')
for path in files("libdiag", suffixes=CPP):
    layer = path.parts[1]
    if layer not in rows:
        lint.say(path, 0, f"the layer {layer} is not in libdiag/layers.txt")
        continue
    lint.looked_at += 1
    for number, line in enumerate(text(path).splitlines(), 1):
        match = INCLUDE.match(line)
        if match and match.group(2) != layer and match.group(2) not in rows[layer]:
            lint.say(path, number, f"{layer}/ may not include {match.group(1)}")
        if re.match(r'\s*#\s*include\s+"', line) and not match:
            lint.say(path, number, "write the include path from the root of the tree")

for layer, below in rows.items():
    path = f"libdiag/{layer}/meson.build"
    wanted = {f"{name}_dep" for name in below}
    for number, line in enumerate(text(path).splitlines(), 1):
        if "static_library(" not in line and "declare_dependency(" not in line:
            continue
        named = set(re.findall(r"\b[a-z]+_dep\b", line.split("dependencies:")[-1]))
        if named != wanted:
            lint.say(path, number, f"links {sorted(named)}, libdiag/layers.txt says {sorted(wanted)}")

page = "docs/architecture.md"
shown = {}
for number, line in enumerate(text(page).splitlines(), 1):
    match = re.match(r"\| `libdiag/(\w+)/` \|.*\| ([a-z ]+) \|$", line)
    if match:
        shown[match.group(1)] = set(match.group(2).split()) - {"nothing"}
        if shown[match.group(1)] != rows.get(match.group(1)):
            lint.say(page, number, f"libdiag/layers.txt has another row for {match.group(1)}")
for layer in rows.keys() - shown.keys():
    lint.say(page, 0, f"the table of layers lacks {layer}")

lint.finish()
