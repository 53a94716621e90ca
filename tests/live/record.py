#!/usr/bin/env python3
"""Records a staged incident as the evidence folder of a sample.

    tests/live/record.py lab-storm-signal11        # writes samples/lab-storm-signal11/evidence/

The files are what an operator would send: the error log, ps, the configuration, nginx -V, what is
enabled, and the master's stack.  A recording replaces the evidence and the time in case.json; the
README and the expectation beside it are written by people.
"""
import datetime
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import time

import stage

SAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "samples")
FILE_CAP = 60 << 10
KERNEL = "6.1.0-28-amd64"  # Debian 12's, in place of whatever the laboratory runs
WHOLE_LOG = ("lab-storm-signal6-burst",)  # compressed instead of cut


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def head(text, cap=FILE_CAP):
    """The beginning, cut after a whole line, as `head -c` and a careful operator would."""
    return text if len(text) <= cap else text[:cap].rpartition("\n")[0] + "\n"


def record(name, scene, with_stack):
    whole = name in WHOLE_LOG
    folder = os.path.join(SAMPLES, name, "evidence")
    ps, stack = scene.ps(), scene.backtrace() if with_stack else ""
    kernel_stack = ""
    if with_stack and os.path.exists(f"/proc/{scene.master}/stack"):
        with open(f"/proc/{scene.master}/stack", encoding="ascii") as file:
            kernel_stack = file.read()
    listing = subprocess.run(["ls", "-l", os.path.join(scene.dir, "modules-enabled")],
                             capture_output=True, text=True, check=True).stdout
    version = subprocess.run([stage.NGINX, "-V"], capture_output=True, text=True, check=True).stderr
    now = datetime.datetime.now().replace(microsecond=0)
    log = scene.log().replace(os.uname().release, KERNEL)
    with open(scene.conf, encoding="ascii") as file:
        conf = file.read()
    scene.kill()
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    if whole:
        with open(os.path.join(folder, "error.log.1.gz"), "wb") as file:
            file.write(gzip.compress(log.encode(), 9, mtime=0))
    else:
        write(folder, "error.log", head(log))
    write(folder, "ps.txt", f"$ {' '.join(stage.PS[:3])} | grep -E 'PID|[n]ginx'\n{head(ps)}")
    write(folder, "nginx.conf", conf)
    write(folder, "nginx-V.txt", version)
    write(folder, "modules-enabled.txt", f"$ ls -l {scene.dir}/modules-enabled\n{listing}")
    if stack:
        stack = "\n".join(line for line in stack.splitlines() if line.strip())
        write(folder, "master-backtrace.txt", f"$ gdb -p {scene.master} -batch -ex bt\n{stack}\n")
    if kernel_stack:
        write(folder, "master-stack.txt", f"$ cat /proc/{scene.master}/stack\n{kernel_stack}")
    case = os.path.join(SAMPLES, name, "case.json")
    known = {}
    if os.path.exists(case):
        with open(case, encoding="utf-8") as file:
            known = json.load(file)
    known = {"now": now.isoformat(), "host": "lab.example.net", "args": ["evidence"], **{
        key: value for key, value in known.items() if key not in ("now", "host", "args")}}
    with open(case, "w", encoding="utf-8") as file:
        json.dump(known, file, indent=2)
        file.write("\n")
    titles = [re.sub(r" /.*", "", title) for title in ps.splitlines()[1:]]
    print(f"{name}: {scene.reloads} reloads, {len(titles)} processes, {len(log)} bytes of log, "
          f"signal 6: {log.count('exited on signal 6')}, signal 11: "
          f"{log.count('exited on signal 11')}, locks: {log.count('was locked by')}")


def stuck():
    return stage.held(workers=4, generations=5, pause=16, level="notice", limit=150)


def deadlock():
    return stage.storm6(pause=0)


def burst():
    return stage.storm6(pause=1.0, level="notice", until="burst")


STAGED = {
    "lab-storm-signal6-deadlock": (deadlock, True),
    "lab-storm-signal6-burst": (burst, False),
    "lab-storm-signal11": (lambda: stage.storm11(level="notice"), False),
    "lab-no-worker": (lambda: stage.no_worker(257), False),
    "forged-line": (lambda: stage.forged(lines=12, level="notice"), False),
    "stuck-workers": (stuck, False),
    "nchan-reloads-left": (lambda: stage.forecast(), False),
}


def main():
    for name in sys.argv[1:] or STAGED:
        recipe, with_stack = STAGED[name]
        with recipe() as scene:
            if name == "lab-storm-signal11":
                time.sleep(1)
            record(name, scene, with_stack)


if __name__ == "__main__":
    main()
