#!/usr/bin/env python3
"""How fast `ngxdiag logs` is beside grep, rg, wc, zcat and zstdcat on generated logs.

    logs_speed.py BUILD-FOLDER [--mib 1024] [--rounds 7] [--seed 7] [--folder /var/tmp/ngxdiag-bench]

The programs take turns, so that a busy machine slows all of them; ratios are taken round by round, each against the
reference of the same round, and their medians printed. Outputs go to a file: GNU grep stops at the first match when
it writes to /dev/null. Logs are kept in the folder; the first run writes them (four times the size, and a seventh of one).
Needs the targets tools/ngxdiag and bench/generate_logs.
"""
import argparse
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import time

MIXES = ("storm", "mixed", "quiet", "uniform")
PATTERN = "exited on signal 6"
# Times of the reference that ngxdiag may take: with one thread, with two.
BARS = {"storm": (1.0, 0.7), "mixed": (1.0, 0.7), "quiet": (1.0, 0.7), "uniform": (2.0, 1.0)}


def run(command, output):
    """Seconds and peak KiB of a command."""
    with open(output, "wb") as out:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, shell=isinstance(command, str),
                                 env=dict(os.environ, LC_ALL="C"))
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
    if status not in (0, 256):
        sys.exit(f"{command} ended with {status}")
    return seconds, usage.ru_maxrss


def compare(title, size, commands, bars, rounds, output):
    """The first command is the reference."""
    times = {name: [] for name in commands}
    memory = {}
    for _ in range(rounds):
        for name, command in commands.items():
            seconds, peak = run(command, output)
            times[name].append(seconds)
            memory[name] = max(memory.get(name, 0), peak)
    reference = times[next(iter(commands))]
    print(f"\n{title}")
    for name, values in times.items():
        ratio = statistics.median(a / b for a, b in zip(values, reference))
        bar = bars.get(name)
        said = "" if bar is None else f"   bar {bar}: {'kept' if ratio <= bar else 'missed'}"
        print(f"  {name:34} {statistics.median(values):8.3f} s  {size / statistics.median(values) / 1e9:6.2f} GB/s"
              f"  x {ratio:5.2f}  {memory[name] / 1024:6.1f} MiB{said}", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("build", type=pathlib.Path)
    options.add_argument("--mib", type=int, default=1024)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("/var/tmp/ngxdiag-bench"))
    given = options.parse_args()
    ngxdiag = str(given.build / "tools/ngxdiag")
    size = given.mib << 20
    given.folder.mkdir(parents=True, exist_ok=True)
    output = given.folder / "output"
    print(f"{given.mib} MiB, seed {given.seed}, {given.rounds} rounds, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    logs = {}
    for mix in MIXES:
        logs[mix] = str(given.folder / f"{mix}-{given.mib}-{given.seed}.log")
        if not os.path.exists(logs[mix]):
            subprocess.run([given.build / "bench/generate_logs", mix, str(size), str(given.seed), logs[mix]], check=True)
    for mix, log in logs.items():
        logs_json = [ngxdiag, "logs", "--format", "json"]
        commands = {f"grep -c '{PATTERN}'": ["grep", "-c", PATTERN, log]}
        if shutil.which("rg"):
            commands["rg -c"] = ["rg", "-c", PATTERN, log]
        commands["wc -l"] = ["wc", "-l", log]
        commands["ngxdiag logs, one thread"] = logs_json + ["--threads", "1", log]
        commands["ngxdiag logs, two threads"] = logs_json + ["--threads", "2", log]
        one, two = BARS[mix]
        compare(mix, size, commands, {"ngxdiag logs, one thread": one, "ngxdiag logs, two threads": two},
                given.rounds, output)
    for suffix, pack, reader, bar in ((".gz", ["gzip", "-6"], "zcat", 0.35), (".zst", ["zstd", "-q", "-3"], "zstdcat", 1.0)):
        packed = logs["mixed"] + suffix
        if not os.path.exists(packed):
            with open(logs["mixed"], "rb") as source, open(packed, "wb") as target:
                subprocess.run(pack, stdin=source, stdout=target, check=True)
        name = "ngxdiag logs, two threads"
        compare(f"mixed, {pack[0]}", size,
                {f"{reader} | wc -l": f"{reader} {packed} | wc -l",
                 name: [ngxdiag, "logs", "--format", "json", "--threads", "2", packed]}, {name: bar},
                max(3, given.rounds // 2), output)
    first = open(logs["mixed"], "rb").read(16).decode()
    around = f"{first[:10].replace('/', '-')} {int(first[11:13]) + 2:02}:00"
    compare("mixed, a minute of it", size,
            {"grep -c": ["grep", "-c", PATTERN, logs["mixed"]],
             "ngxdiag logs --around": [ngxdiag, "logs", "--format", "json", "--around", around, logs["mixed"]]}, {},
            given.rounds, output)
    print(f"\npeak memory of this script's children: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.1f} MiB")


main()
