#!/usr/bin/env python3
"""ngxdiag config as a user meets it: formats, exit codes, ways of putting findings aside, the checks.

usage: config_test.py NGXDIAG
"""
import json
import subprocess
import tarfile
import io

from harness import BINARY, CRITICAL, OK, ROOT, UNKNOWN, USAGE, WARNING, expect, ngxdiag, run_all
import sys

BAD = "events { }\nhttp {\n  error_log off;\n  server {\n    location /a {\n      alias /srv/a/;\n    }\n  }\n}\n"
ADVICE = "events { }\nhttp {\n  error_log /var/log/nginx/error.log;\n  server { listen 80; }\n}\n"


def config(folder, text=BAD, name="nginx.conf"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def check_text_says_where_what_and_how(folder):
    run = ngxdiag("config", config(folder))
    expect(run.code == CRITICAL, "critical", run)
    for part in ("nginx.conf:6:7", "[alias-traversal]", "location /a/ {", "http > server > location /a"):
        expect(part in run.out, part, run)


def check_exit_codes(folder):
    path = config(folder)
    advice = config(folder, ADVICE, "advice.conf")
    expect(ngxdiag("config", "--exit-zero", path).code == OK, "--exit-zero")
    expect(ngxdiag("config", "--only", "error-log-off", path).code == WARNING, "a warning")
    expect(ngxdiag("config", "--only", "error-log-off", "--fail-on", "critical", path).code == OK, "--fail-on")
    expect(ngxdiag("config", advice).code == OK, "advice fails nothing")
    expect(ngxdiag("config", "--fail-on", "info", advice).code == WARNING, "unless asked for")
    (folder / "empty").mkdir()
    expect(ngxdiag("config", folder / "empty").code == UNKNOWN, "nothing to look at")
    for wrong in (["--only", "no-such"], ["--format", "yaml"], [folder / "none"], ["--pid", "1", path]):
        run = ngxdiag("config", *wrong)
        expect(run.code == USAGE and run.err, str(wrong), run)


def check_json_and_sarif(folder):
    path = config(folder)
    report = json.loads(ngxdiag("config", "-f", "json", path).out)
    expect(report["schema"] == "ngxdiag.config/1" and report["verdict"] == "critical", "json")
    expect(report["findings"][0]["place"]["line"] == 6, "the line")
    out = folder / "r.sarif"
    run = ngxdiag("config", "-q", "-o", f"sarif={out}", path)
    expect(len(run.out.splitlines()) == 1, "quiet is one line", run)
    sarif = json.loads(out.read_text())
    region = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    expect(region["startLine"] == 6 and region["startColumn"] == 7, "region")
    junit = ngxdiag("config", "-f", "junit", path).out
    expect("<failure" in junit and 'classname="alias-traversal"' in junit, "junit")


def check_putting_aside(folder):
    ignored = config(folder, BAD.replace("      alias", "      # ngxdiag: ignore alias-traversal: public\n      alias"))
    run = ngxdiag("config", ignored)
    expect(run.code == WARNING and "put aside" not in run.err and "1 finding" in run.out, "by comment", run)
    path = config(folder)
    suppress = folder / "s.json"
    suppress.write_text('[{"id": "alias_traversal", "reason": "T-1"}]')
    expect(ngxdiag("config", "--suppress", suppress, path).code == WARNING, "by a file")
    baseline = folder / "b.json"
    baseline.write_text(ngxdiag("config", "-f", "json", path).out)
    path.write_text("\n\n" + BAD)
    expect(ngxdiag("config", "--baseline", baseline, path).code == OK, "by a baseline")
    baseline.write_text('{"schema": "ngxdiag.report/1"}')
    expect(ngxdiag("config", "--baseline", baseline, path).code == USAGE, "of another kind")


def check_ways_to_give_a_configuration(folder):
    path = config(folder, BAD.replace("http {", "http {\n include conf.d/*.conf;"))
    config(folder, "server { autoindex on; }\n", "conf.d/x.conf")
    dump = f"# configuration file {path}:\n{BAD}"
    archive = folder / "etc.tar"
    with tarfile.open(archive, "w") as tar:
        data = BAD.encode()
        info = tarfile.TarInfo("etc/nginx/nginx.conf")
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    for given, stdin in ((path, ""), (folder, ""), ("-", BAD), ("-", dump), (archive, "")):
        run = ngxdiag("config", given, stdin=stdin)
        expect(run.code == CRITICAL and "alias-traversal" in run.out, str(given), run)
    expect("conf.d/x.conf:1" in ngxdiag("config", path).out, "includes are followed")


def check_dump(folder):
    path = config(folder, "events { }\ninclude x/*.conf;\n")
    config(folder, "env A;\n", "x/a.conf")
    run = ngxdiag("config", "dump", path)
    dump = json.loads(run.out)
    expect(run.code == OK and dump["status"] == "ok", "ok", run)
    expect(dump["config"][0]["parsed"][1]["includes"] == [1], "includes", run)
    expect(dump["config"][1]["parsed"] == [{"directive": "env", "line": 1, "args": ["A"]}], "parsed", run)
    expect(ngxdiag("config", "dump", folder / "none").code == USAGE, "a missing file")


def check_checks(folder):
    listed = ngxdiag("config", "list").out.splitlines()
    files = sorted(p.stem for p in (ROOT / "rules/config").glob("*.json"))
    expect([line.split()[0] for line in listed] == files, "every file is listed")
    run = ngxdiag("config", "test")
    expect(run.code == OK and run.out.endswith(" 0 failed\n"), "examples", run)
    expect("Also" not in ngxdiag("config", "show", "alias_traversal").err, "show by another name")
    expect(ngxdiag("config", "show", "alias-travesal").code == USAGE, "did you mean")


def check_page_of_checks_is_true(folder):
    page = (ROOT / "docs/config-checks.md").read_text(encoding="utf-8")
    expect(page == ngxdiag("config", "list", "--format", "markdown").out,
           "docs/config-checks.md is not what `ngxdiag config list --format markdown` prints")


if __name__ == "__main__":
    run_all(sys.modules[__name__])
