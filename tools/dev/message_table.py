#!/usr/bin/env python3
"""Writes rules/data/messages.tsv: one row for every text that nginx and common modules can log.

    message_table.py --core messages.tsv --indirect indirect.tsv [--module SLUG=SOURCE-DIR]... TABLE

`messages.tsv` and `indirect.tsv` are extracts of nginx's source: level, kind, errno, file, function and
format of each call. Modules are read from their source folders: calls of ngx_log_error whose format is a
plain literal. Identifiers never change: those of the table that is there already are kept, and rows of
modules that are not named are kept as they are.
"""
import argparse
import os
import re

CONVERSION = re.compile(r"%[-0-9.*]*[uxX]*[a-zA-Z%]")
COLUMNS = "id levels kind errno source values format".split()
SURE = re.compile(r"^(ngx_errno|ngx_socket_errno|errno|NGX_E\w+|-)$")
CORE_NAMES = {"ngx_conf_file": "conf", "ngx_resolver": "resolver", "ngx_slab": "slab", "ngx_cycle": "cycle",
              "ngx_connection": "connection", "ngx_inet": "inet", "ngx_syslog": "syslog", "nginx": "main"}
# What the plain "%V" of the configuration is: errors of the regular expression compiler (ngx_regex.c).
REGEX_ERRORS = ['pcre2_compile() failed: %s in "%V" at "%s"', 'pcre2_compile() failed: %s in "%V"',
                'pcre_compile() failed: %s in "%V"', 'pcre_compile() failed: %s in "%V" at "%s"',
                'regex "%V" compilation failed: no memory']


def subsystem(file):
    name = os.path.basename(file).rsplit(".", 1)[0]
    if "openssl" in name:
        return "ssl"
    if "/quic/" in file:
        return "quic"
    if "/http/v2/" in file:
        return "http2"
    if "/http/v3/" in file:
        return "http3"
    for layer in ("http", "stream", "mail"):
        match = re.fullmatch(rf"ngx_{layer}_(\w+?)_module", name)
        if match:
            part = match.group(1).replace("_", "-")
            return layer if part == "core" else f"{layer}-{part}"
    if "upstream" in name:
        return "upstream" if "/http/" in file else "stream-upstream"
    for layer in ("http", "stream", "mail", "event"):
        if f"/{layer}/" in file:
            return layer
    if "/os/" in file:
        return "process" if "process" in name or "channel" in name else "os"
    return CORE_NAMES.get(name, "core")


# The texts that stand for the last argument of these (ngx_process.c).
ACTIONS = "|, shutting down|, exiting|, reconfiguring|, reopening logs|, changing binary|, ignoring|" \
          ", stop accepting connections"
KNOWN = {"signal %d (%s) received from %P%s": "4=" + ACTIONS, "signal %d (%s) received%s": "3=" + ACTIONS,
         "%s %P exited on signal %d%s": "4=| (core dumped)"}
# Texts of older releases (until 1.17).
OLDER = [dict(level="alert", kind="log", has_errno="0", file="src/os/unix/ngx_process.c", caller="ngx_process_get_status",
              format="%s %P exited with fatal code %d and can not be respawn", errexpr="0", values="", scope="linux")]
# Copies of a line of nginx's own.
COPIES = {"signal %d (SIGCHLD) received from %P"}


def words_of(text):
    text = CONVERSION.sub(" ", text).lower()
    return [w for w in re.split(r"[^a-z0-9_]+", text) if w]


def same_print(kind, text):
    """Formats that print the same are one message: the kind and the format with classes of conversions."""
    def plain(match):
        word = match.group(0)
        if word == "%%":
            return word
        if word[-1] in "Vvs":
            return "%s"
        if word[-1] in "cpf":
            return "%" + word[-1]
        return "%x" if re.search("[xX]", word) else "%d"
    text = re.sub(r"(%s)+", "%s", CONVERSION.sub(plain, text))
    if text.endswith(" exited on signal %d%s"):  # with WCOREDUMP and without
        text = text[:-2]
    if kind == "log" and text.endswith(" in %s:%d"):  # as ngx_conf_log_error ends
        kind, text = "conf", text[:-9]
    return "log" if kind == "ssl" else kind, text


class Table:
    def __init__(self, path):
        self.rows = []          # dicts
        self.known = {}         # (kind, format) -> id
        self.kept = []
        if os.path.exists(path):
            for line in open(path, encoding="utf-8"):
                if line.startswith("#"):
                    continue
                row = dict(zip(COLUMNS, line.rstrip("\n").split("\t")))
                self.known[row["kind"], row["format"]] = row["id"]
                self.kept.append(row)
        self.taken = set(self.known.values())

    def name(self, where, kind, text):
        if (kind, text) in self.known:
            return self.known[kind, text]
        slug = ""  # of the first words
        for word in words_of(text):
            if len(slug) + len(word) > 56:
                break
            slug += ("-" if slug else "") + word
        base = f"{where}.{slug or 'text'}"
        if base in self.taken and kind != "log":
            base += "-" + kind
        name, number = base, 1
        while name in self.taken:
            number += 1
            name = f"{base}-{number}"
        self.taken.add(name)
        self.known[kind, text] = name
        return name


def read(path):
    lines = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")]
    return [dict(zip(lines[0], line)) for line in lines[1:]]


def add_core(table, core, indirect):
    groups = {}
    inet = sorted({r["string"] for r in read(indirect) if r["category"] == "err" and r["file"].endswith("ngx_inet.c")})
    returns = sorted({r["string"] for r in read(indirect) if r["category"] == "return_string"})
    for row in read(core) + OLDER:
        if row["scope"] != "linux" or row["kind"] == "eventlog":
            continue
        kind = "log" if row["kind"] == "abort" else row["kind"]
        row["format"] = re.sub(r"\b\d+\.\d+\.\d+$", "%s", row["format"])  # nginx/1.31.5
        names = re.match(r"%[sV]\(1\)=(.*)", row["values"])
        if names and row["format"].startswith("%s ") and not row["format"].startswith("%s %V"):
            for name in names.group(1).split("|"):  # %s "%s" failed -> open() "%s" failed
                one = dict(row, format=name + row["format"][2:], values="")
                groups.setdefault(same_print(kind, one["format"]), []).append(one)
        else:
            groups.setdefault(same_print(kind, row["format"]), []).append(row)
    for (kind, _), calls in groups.items():
        if kind == "conf" and all(c["kind"] != "conf" for c in calls):
            calls[0]["format"] = re.sub(r" in %s:%ui$", "", calls[0]["format"])
        text = next((c["format"] for c in sorted(calls, key=lambda c: (c["format"].count("%u"), -len(c["format"])))
                     if c["kind"] == kind), calls[0]["format"])
        if any(c["kind"] == "ssl" for c in calls):
            kind = "ssl"
        systems = sorted({subsystem(c["file"]) for c in calls})
        where = systems[0] if len(systems) == 1 else "common"
        levels = sorted({c["level"] for c in calls})
        errno = {c["has_errno"] for c in calls}
        mode = errno.pop() if len(errno) == 1 else "?"
        if kind == "stderr" and text.startswith("["):
            levels = [text[1:text.index("]")]]
            text = text[text.index("]") + 1:].lstrip(" ")
        if mode == "1" and not all(SURE.match(c["errexpr"]) for c in calls):
            mode = "?"
        if mode == "1" and "failed" not in text and not all("ETIMEDOUT" in c["errexpr"] for c in calls):
            mode = "?"  # no system call failed: what errno holds then may be 0
        sources = []
        for call in calls:
            source = call["file"] + ":" + call["caller"]
            if source not in sources:
                sources.append(source)
        values = ""
        named = set()
        for call in calls:
            match = re.match(r"%[sV]\((\d)\)=(.*)", call["values"])
            if match:
                named.update(match.group(2).split("|"))
                values = match.group(1) + "="
        if values:
            values += "|".join(sorted(named))
        name = table.name(where, kind, text)
        shapes = [text]
        if text == '"%s" directive %s':
            values = "2=" + "|".join(returns)
        elif text in KNOWN:
            values = KNOWN[text]
        elif match := re.search("%s in (?!directive)", text) if kind == "conf" or " in pass " in text else None:
            if not text.startswith("%s time"):
                values = f"{len(CONVERSION.findall(text[:match.start()])) + 1}=" + "|".join(inet)
        elif "%s in OCSP responder" in text or text in ('%s in upstream "%V"', '%s in pass "%V"'):
            values = f"{len(CONVERSION.findall(text[:text.index('%s in ')])) + 1}=" + "|".join(inet)
        elif text == "%V":
            shapes, values = REGEX_ERRORS, ""
        elif text == "%s":
            values = "1=" + "|".join(returns)
        elif any(c["values"].startswith("text is followed") for c in calls):
            shapes = [text, text + ' in %s "%V"']
        elif text.startswith("*%uA "):  # the line's grammar takes "*N " for the connection
            shapes = [text[5:]]
        for shape in shapes:
            table.rows.append(dict(id=name, levels=",".join(levels), kind=kind, errno=mode,
                                   source=";".join(sources[:6]), values=values, format=shape))


TEXT = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
CALL = re.compile(r"ngx_(conf_)?log_error\s*\(\s*NGX_LOG_(EMERG|ALERT|CRIT|ERR|WARN|NOTICE|INFO)\s*,\s*"
                  r"([^,;{}]+),\s*([^,;{}]+),\s*" + TEXT + "[,)]")
# nchan: #define ERR(fmt, args...) ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0, "IPC:" fmt, ##args)
MACRO = re.compile(r"^#define\s+(\w+)\((?:\w+, )?fmt, \w+\.\.\.\)\s*\w*log\w*\(NGX_LOG_(\w+), .*?, 0, (\"[^\"]*\")?\s*fmt",
                   re.M)
LEVELS = {"ERR": "error"}
FUNCTION = re.compile(r"^(?=\S)(?:[\w *]+[ *])?(\w+)\s*\([^;]*$", re.M)
# Formats that are built at run time.
BUILT = {"lua": [("log", "emerg,alert,crit,error,warn,notice,info", "ngx_http_lua_log.c:log_wrapper", "[lua] %s:%d: %s")],
         "njs": [("log", "error,info,warn", "ngx_js.c:ngx_js_logger", "js: %*s")],
         "modsecurity": [("log", "error,info", "ngx_http_modsecurity_log.c:ngx_http_modsecurity_log",
                          "[client %s] ModSecurity: %s")]}


def unquoted(literals):
    text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals))
    text = text.split("\\n")[0].split("\\r")[0]  # a record's first line
    return text.replace('\\"', '"').replace("\\t", " ").replace("\\\\", "\\")


def calls_of(text, common):
    """(kind, level, errno, format, where) of every call with a literal format."""
    for match in CALL.finditer(text):
        err = match.group(4).strip()
        yield ("conf" if match.group(1) else "log", match.group(2), "0" if err == "0" else "1" if SURE.match(err) else "?",
               unquoted(match.group(5)), match.start())
    for name, level, prefix in [m.groups() for m in MACRO.finditer(text)] + common:
        for match in re.finditer(rf"\b{name}\s*\((?:[^\",;()]*,)?\s*" + TEXT + "[,)]", text):
            yield "log", level, "0", unquoted((prefix or '""') + match.group(1)), match.start()


def add_module(table, slug, folder):
    paths = [os.path.join(base, name) for base, _, names in sorted(os.walk(folder)) for name in sorted(names)
             if re.search(r"\.(c|cc|cpp|h)$", name) and not re.search(r"/(test|t|vendor|dev|deps)s?(/|$)", base[len(folder):])]
    texts = {path: open(path, encoding="utf-8", errors="replace").read() for path in paths}
    common = [(name, level, '"nchan: "') for text in texts.values()
              for name, level, prefix in [m.groups() for m in MACRO.finditer(text)] if name.startswith("nchan_log")]
    groups = {}
    for _, levels, source, form in BUILT.get(slug, []):
        groups["log", form] = [(level, "?", source) for level in levels.split(",")]
    for path, text in texts.items():
        for kind, level, errno, form, at in calls_of(text, common):
            level = LEVELS.get(level, level.lower())
            literal = re.sub(r"[^A-Za-z]", "", CONVERSION.sub("", form))
            if re.fullmatch(r"[^%]*: ?%[sV]", form) and slug in ("nchan", "push-stream"):
                continue  # prints the other texts too
            if form in COPIES or len(literal) < 8 or level not in ("emerg", "alert", "crit", "error", "warn", "notice", "info"):
                continue
            starts = FUNCTION.findall(text, 0, at)
            source = os.path.basename(path) + (":" + starts[-1] if starts else "")
            groups.setdefault((kind, form), []).append((level, errno, source))
    for (kind, form), calls in sorted(groups.items()):
        if kind == "log" and form.endswith(" in %s:%ui"):
            kind, form = "conf", form[:-10]
        same = [r for r in table.rows if same_print(r["kind"], r["format"]) == same_print(kind, form)]
        levels = {c[0] for c in calls}
        if same:
            same[0]["levels"] = ",".join(sorted(levels | set(same[0]["levels"].split(","))))
            continue
        errno = {c[1] for c in calls}
        table.rows.append(dict(id=table.name(slug, kind, form), levels=",".join(sorted(levels)),
                               kind=kind, errno=errno.pop() if len(errno) == 1 else "?",
                               source=";".join(sorted({c[2] for c in calls})[:6]), values="", format=form))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--core", required=True)
    parser.add_argument("--indirect", required=True)
    parser.add_argument("--module", action="append", default=[])
    parser.add_argument("table")
    options = parser.parse_args()
    table = Table(options.table)
    add_core(table, options.core, options.indirect)
    for module in options.module:
        slug, folder = module.split("=", 1)
        add_module(table, slug, folder)
    have = {row["id"] for row in table.rows}
    table.rows += [row for row in table.kept if row["id"] not in have]
    table.rows.sort(key=lambda row: (row["id"], row["format"]))
    with open(options.table, "w", encoding="utf-8") as out:
        out.write("# What nginx and its modules can log (tools/dev/message_table.py writes this): "
                  + ", ".join(COLUMNS) + ".\n")
        for row in table.rows:
            out.write("\t".join(row[c] for c in COLUMNS) + "\n")


if __name__ == "__main__":
    main()
