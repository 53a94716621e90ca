#!/usr/bin/env python3
"""Writes the logs of this sample; the same bytes every time."""
import datetime
import os
import random

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "evidence")
MASTER, WORKERS = 51872, 4
UPGRADE = datetime.datetime(2026, 6, 9, 6, 14, 22)
rng = random.Random(7)
error, kernel = [], []
pids = [MASTER + 1 + number for number in range(WORKERS)]
last, connection = MASTER + 60, 1
MODULES = [("ngx_http_headers_more_filter_module.so", 0x7f31c8a02000, 0x5000, 0x2b11, 0x68),
           ("ngx_http_lua_module.so", 0x7f31c7e40000, 0x5a000, 0x1c7d4, 0x18),
           ("ngx_http_modsecurity_module.so", 0x7f31c8c51000, 0x6000, 0x3a90, 0x1d0)]


def log(when, level, pid, text):
    error.append(f"{when:%Y/%m/%d %H:%M:%S} [{level}] {pid}#{pid}: {text}")


log(UPGRADE + datetime.timedelta(seconds=9), "notice", MASTER, 'using the "epoll" event method')
log(UPGRADE + datetime.timedelta(seconds=9), "notice", MASTER, "nginx/1.24.0 (Ubuntu)")
log(UPGRADE + datetime.timedelta(seconds=9), "notice", MASTER, "start worker processes")
for pid in pids:
    log(UPGRADE + datetime.timedelta(seconds=9), "notice", MASTER, f"start worker process {pid}")

when, uptime, procslot = UPGRADE + datetime.timedelta(seconds=14), 803211.402915, 0
for number in range(96):
    victim = rng.choice(pids)
    module, base, size, offset, address = MODULES[number % 3 if number > 2 else number]
    connection += rng.randint(1, 9)
    if number % 4 == 1:
        log(when, "error", victim, f"*{connection} lua entry thread aborted: runtime error: "
            "/etc/nginx/lua/auth.lua:31: bad argument #1 to 'find' (string expected, got nil)\n"
            "stack traceback:\ncoroutine 0:\n\t[C]: in function 'find'\n\t/etc/nginx/lua/auth.lua:31: in "
            f"main chunk, client: 203.0.113.{rng.randint(1, 254)}, server: app.example.org, request: "
            '"GET /login HTTP/2.0", host: "app.example.org"')
    stamp = f"{when:%b} {when.day:2d} {when:%H:%M:%S} web3 kernel: [{uptime:.6f}]"
    kernel.append(f"{stamp} nginx[{victim}]: segfault at {address:x} ip {base + offset:016x} sp "
                  f"{0x7ffd3c1b0000 + rng.randrange(64, 4096) * 16:016x} error 4 in {module}"
                  f"[{base:x}+{size:x}] likely on CPU {rng.randrange(4)} (core {rng.randrange(2)}, socket 0)")
    log(when, "notice", MASTER, f"signal 17 (SIGCHLD) received from {victim}")
    log(when, "alert", MASTER, f"worker process {victim} exited on signal 11")
    last += rng.randint(1, 12)
    pids[pids.index(victim)] = last
    log(when, "notice", MASTER, f"start worker process {last}")
    log(when, "notice", MASTER, "signal 29 (SIGIO) received")
    if number in (40, 71):  # an administrator reloads, hoping: leaving workers do not find their slot
        when += datetime.timedelta(seconds=3)
        log(when, "notice", MASTER, f"signal 1 (SIGHUP) received from {last + 40}, reconfiguring")
        log(when, "notice", MASTER, "reconfiguring")
        log(when, "notice", MASTER, 'using the "epoll" event method')
        log(when, "notice", MASTER, "start worker processes")
        old, pids = pids, []
        last += 41
        for _ in range(WORKERS):
            last += 1
            pids.append(last)
            log(when, "notice", MASTER, f"start worker process {last}")
        for pid in old:
            log(when, "notice", pid, "gracefully shutting down")
            log(when, "notice", pid, "exiting")
            if pid in old[:2]:
                procslot += 1
                log(when, "error", pid, f"MEMSTORE:{procslot + 3:02d}: my procslot not found! I don't "
                    "know what to do!")
                error.append("ker process is shutting down: ././src/store/memory/memstore.c:1755: "
                             "nchan_store_exit_worker: Assertion `0' failed.")
                log(when, "alert", MASTER, f"worker process {pid} exited on signal 6")
                log(when, "alert", MASTER, f'shared memory zone "memstore" was locked by {pid}')
            else:
                log(when, "notice", pid, "exit")
                log(when, "notice", MASTER, f"worker process {pid} exited with code 0")
    step = rng.randint(1, 14)
    when += datetime.timedelta(seconds=step)
    uptime += step + rng.random() / 10

with open(os.path.join(OUT, "error.log"), "w", encoding="ascii") as file:
    file.write("\n".join(error) + "\n")
with open(os.path.join(OUT, "kern.log"), "w", encoding="ascii") as file:
    file.write("\n".join(kernel) + "\n")
