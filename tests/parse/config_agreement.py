#!/usr/bin/env python3
"""Does the configuration parser agree with `nginx -t` on what is syntax and what is not?

usage: config_agreement.py CONFIG_PROBE [ROUNDS]

Good texts, bad texts, and good texts with one to three bytes changed (always the same ones) go to both.
Where nginx accepts, the parser must see no problem; where nginx names an error of syntax, the parser's
first problem must have the same words and line; where nginx stops at an error of meaning, the parser
must not have complained of anything before that line. Also: `nginx -V` read out of the executable must
be what nginx prints, and `nginx -T` must give the same tree as the files. Exits with 77 when nginx is not installed.
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = Path("/usr/lib/nginx/modules")
LUA = ["ndk_http_module.so", "ngx_http_lua_module.so"]
SYNTAX = re.compile(
    r'^unexpected ".{1,4}"$|unexpected end of file|too long parameter|Lua code block missing'
    r'|^directive ".*" is not terminated by|^directive ".*" has no opening')
# nginx knows every directive; the parser only the commonest ones, and says less here.
PARTLY = re.compile(r'is not terminated by|has no opening')
EMERG = re.compile(r"\[emerg\] (?:\d+#\d+: )?(.*) in (\S+):(\d+)\s*$", re.S)

BAD = [
    "events { }\nhttp {\n", "events { }}\n", "events { }\nhttp;\n", "events\n", ";", "{", "}", "events { ; }\n",
    "events { }\nhttp { server { listen 18080 } }\n", "events { }\nuser \"nobody\"x;\n", "events {} user 'a",
    "events { }\nhttp { server { root /a\n location / { } } }\n", "events { }\nerror_log stderr\n}\n",
    "events { }\nhttp { map $a $b { x { y; } } }\n", "events { }\nenv " + "x" * 5000 + ";\n",
    "events { }\nenv '" + "x" * 5000 + "';\n", "# " + "x" * 5000 + "\nevents { }\n", "\ufeffevents { }\n",
    "events { }\ninclude missing.conf;\n", "events { }\nhttp { types { a b c } }\n", "events { }\nenv \\", "events { }\nenv $",
    "events { }\nenv ${", "events { }\nenv \"a\")b;\n", "events { }\nenv \"a\"#b\n;\n",
]
GOOD = [
    "events { }\n", "events{}", "\r\nevents\r\n{\r\n}\r\n", "events { } # end", "events { } env \"a\"\t;", "events { } env ${a}b;",
    "events { } env a}b;", "events { } 'env' x;", "events { } env " + "x" * 4094 + ";", "events { } env '" + "x" * 4094 + "';",
    "events { }\n" + "# " + "x" * 4000 + "\n" * 5000,
]


def verdict_of_nginx(nginx, folder, path):
    run = subprocess.run([nginx, "-t", "-q", "-e", "stderr", "-p", str(folder), "-c", str(path),
                          "-g", "pid agreement.pid;"],
                         capture_output=True, errors="surrogateescape", timeout=20, check=False)
    if run.returncode == 0:
        return "ok", "", 0
    for line in re.split(r"^(?=nginx: |\d{4}/\d\d/\d\d )", run.stderr, flags=re.M):
        found = EMERG.search(line)
        if found:
            return "error", found[1], int(found[3])
    return "error", run.stderr.strip(), 0


def disagreement(nginx_says, problems):
    """Why the two differ, or an empty text. `problems`: (line, words) in order."""
    kind, words, line = nginx_says
    first = problems[0] if problems else None
    if kind == "ok":
        return f"nginx accepts, we say {first}" if first else ""
    if line == 0:
        return ""  # an error of the whole: no events, a file that cannot be opened
    if SYNTAX.search(words):
        if first is None:
            return "" if PARTLY.search(words) else f"nginx says {words!r} in line {line}, we nothing"
        if PARTLY.search(words) and first[0] >= line:
            return ""
        if first != (line, words):
            return f"nginx says {(line, words)}, we {first}"
        return ""
    if first and first[0] < line and "open()" not in words:
        return f"nginx gets to line {line} ({words!r}), we stop with {first}"
    return ""


def mutated(text, rng):
    data = list(text)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(data))
        what = rng.random()
        piece = rng.choice(list(";{}\"'\\#$ \n\t)(") + ["${", "\\\"", "''", "\r\n", "--", "[[", "]]"])
        if what < 0.35:
            del data[at]
        elif what < 0.8:
            data.insert(at, piece)
        else:
            data[at] = piece
        if not data:
            break
    return "".join(data)


def dump_agrees(nginx, probe):
    """The installed configuration, read from disk and from `nginx -T`, must give the same tree."""
    run = subprocess.run([nginx, "-T"], capture_output=True, check=False)
    main_file = re.match(rb"# configuration file (\S+):", run.stdout)
    if run.returncode != 0 or not main_file:
        return True
    with tempfile.NamedTemporaryFile() as dump:
        dump.write(run.stdout)
        dump.flush()
        from_dump = subprocess.run([probe, "--dump", dump.name], capture_output=True, check=True).stdout
    from_disk = subprocess.run([probe, "--tree", main_file[1]], capture_output=True, check=True).stdout
    if from_disk != from_dump or not from_disk:
        print(f"{main_file[1].decode()}: the tree from disk and the tree from nginx -T differ")
        return False
    return True


def main():
    probe, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 250
    nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not nginx:
        return 77
    failures = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rng = random.Random(1)
        texts, valid = GOOD + BAD, set(GOOD)
        for seed in sorted((HERE / "agreement").glob("*.conf")):
            text = seed.read_bytes().decode()
            if seed.stem == "lua":
                if not all((MODULES / so).exists() for so in LUA):
                    continue
                text = "".join(f"load_module {MODULES / so}; " for so in LUA) + text
            valid.add(text)
            texts += [text] + [mutated(text, rng) for _ in range(rounds)]
        paths = []
        for number, text in enumerate(texts):
            path = folder / f"{number}.conf"
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
            paths.append(path)
        ours = {}
        said = subprocess.run([probe, *map(str, paths)], capture_output=True, check=True,
                              errors="surrogateescape").stdout
        for entry in re.split(r"(?m)^(?=" + re.escape(name) + r"/\d+\.conf\t)", said):
            if entry:
                main_file, place, words = entry.rstrip("\n").split("\t", 2)
                ours.setdefault(main_file, []).append((int(place.rsplit(":", 1)[1]), words))
        kinds = {"ok": 0, "syntax": 0, "meaning": 0}
        for number, path in enumerate(paths):
            theirs = verdict_of_nginx(nginx, folder, path)
            kinds["ok" if theirs[0] == "ok" else "syntax" if SYNTAX.search(theirs[1]) else "meaning"] += 1
            why = disagreement(theirs, ours.get(str(path), []))
            if texts[number] in valid and theirs[0] != "ok" and theirs[2]:
                why = f"nginx refuses a good text: {theirs}"
            if why:
                failures += 1
                print(f"text {number}: {why}\n{texts[number][:300]!r}")
        print(f"{len(texts)} texts: {kinds}, {failures} disagreements")
    failures += 0 if dump_agrees(nginx, probe) else 1
    printed = subprocess.run([nginx, "-V"], capture_output=True, text=True, check=True).stderr
    printed = re.sub(r" \(running with .*\)$", "", printed, flags=re.M)
    found = subprocess.run([probe, "--build", os.path.realpath(nginx)], capture_output=True, text=True, check=True).stdout
    if printed != found:
        failures += 1
        print(f"nginx -V prints {printed!r}, its executable gives {found!r}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
