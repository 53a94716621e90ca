#!/usr/bin/env python3
"""How long `ngxdiag config` takes over 5,000 servers, beside `nginx -t` over the same files in the same run.

usage: config_large.py NGXDIAG [ROUNDS]
The two take turns, so that a busy machine slows both; medians are printed, and the time of a configuration a
quarter as large: linear work takes about a quarter of the time.
"""
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BAR_MS = 250


def milliseconds(command):
    """Wall clock and processor time."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run = subprocess.run(command, capture_output=True, check=False)
    if run.returncode > 3:
        sys.exit(f"{command[0]} ended with {run.returncode}: {run.stderr.decode()[:500]}")
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall * 1000, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def main():
    binary = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 11
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    with tempfile.TemporaryDirectory(prefix="ngxdiag-bench-") as folder:
        large, quarter = Path(folder) / "large", Path(folder) / "quarter"
        for target, servers, files in ((large, 5000, 500), (quarter, 1250, 125)):
            subprocess.run([sys.executable, HERE / "make_config.py", target, str(servers), str(files)], check=True)
        lines = sum(len(p.read_text().splitlines()) for p in large.rglob("*.conf"))
        print(f"{lines:,} lines, {len(list(large.rglob('*.conf')))} files, {rounds} rounds")
        commands = {
            "ngxdiag config": [binary, "config", large / "nginx.conf"],
            "ngxdiag config -f json": [binary, "config", "-f", "json", large / "nginx.conf"],
            "ngxdiag config, a quarter": [binary, "config", quarter / "nginx.conf"],
        }
        if nginx:
            commands["nginx -t"] = [nginx, "-t", "-q", "-e", "stderr", "-c", large / "nginx.conf"]
        times = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                times[name].append(milliseconds(command))
        for name, values in times.items():
            wall, processor = [statistics.median(column) for column in zip(*values)]
            print(f"{name:28} median {wall:7.1f} ms   best {min(values)[0]:7.1f} ms   processor {processor:7.1f} ms")
        best = min(times["ngxdiag config"])[0]
        print(f"the bar of {BAR_MS} ms is {'kept' if best <= BAR_MS else 'missed'}")


if __name__ == "__main__":
    main()
