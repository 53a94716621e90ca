#!/usr/bin/env python3
"""What `ngxdiag scan` costs on a host with 400 nginx processes, against `ps aux | grep nginx | wc -l`.

usage: scan_live.py NGXDIAG [PROCESSES [RUNS]]

Stages that many processes on loopback, runs both in turn, and prints the median and the best wall
time of each, their ratio, and the scan's peak memory.  A benchmark: nothing passes or fails.
"""
import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "live"))
import stage  # noqa: E402

PS = "ps aux | grep nginx | wc -l"


def timed(command, **options):
    begin = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
                          **options)
    return time.perf_counter() - begin, done


def peak_kib(command):
    """Peak resident memory of one run, from wait4."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return os.wait4(child.pid, 0)[2].ru_maxrss


def show(name, times):
    print(f"{name:42} median {statistics.median(times) * 1000:7.1f} ms   best {min(times) * 1000:7.1f} ms")


def main():
    binary = sys.argv[1]
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 9
    with stage.many(processes) as scene:
        live = [binary, "scan"]
        timed(live), timed(PS, shell=True)  # warm
        scans, listings = [], []
        for _ in range(runs):
            seconds, done = timed(live)
            scans.append(seconds)
            seconds, listed = timed(PS, shell=True)
            listings.append(seconds)
        print(f"{len(scene.pids())} nginx processes staged; ps counts {listed.stdout.decode().strip()}; "
              f"exit code of the scan {done.returncode}; load {os.getloadavg()[0]:.1f} on "
              f"{os.cpu_count()} cores")
        show("ngxdiag scan", scans)
        show(PS, listings)
        print(f"{'ratio of the medians':42} {statistics.median(scans) / statistics.median(listings):14.2f}")
        print(f"{'peak memory of ngxdiag scan':42} {peak_kib(live) / 1024:13.1f} MiB")


if __name__ == "__main__":
    sys.exit(main())
