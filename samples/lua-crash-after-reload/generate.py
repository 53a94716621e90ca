#!/usr/bin/env python3
"""Writes the logs and the listing of this sample; the same bytes every time."""
import datetime
import os
import random

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "evidence")
MASTER, WORKERS = 701, 6
rng = random.Random(10)
error, kernel = [], []
BASE, OFFSET = 0x7f0a52c11000, 0x1a2c3


def log(when, level, pid, text):
    error.append(f"{when:%Y/%m/%d %H:%M:%S} [{level}] {pid}#{pid}: {text}")


pids, last, connection = [734 + number for number in range(WORKERS)], 90211, 700411
locked = False
for day, clock in ((11, (3, 12, 7)), (12, (3, 12, 4)), (13, (3, 12, 11)), (13, (9, 40, 31))):
    when = datetime.datetime(2026, 2, day, *clock)
    for back in sorted((rng.randint(60, 11000) for _ in range(6)), reverse=True):
        connection += rng.randint(40, 9000)
        log(when - datetime.timedelta(seconds=back), "error", rng.choice(pids), f"*{connection} [lua] session.lua:88: redis timeout, "
            f"client: 192.0.2.{rng.randint(1, 254)}, server: portal.example.com, request: \"GET /me "
            'HTTP/1.1", host: "portal.example.com"')
    last += rng.randint(900, 4000)
    log(when, "notice", MASTER, f"signal 1 (SIGHUP) received from {last}, reconfiguring")
    log(when, "notice", MASTER, "reconfiguring")
    log(when, "notice", MASTER, 'using the "epoll" event method')
    log(when, "notice", MASTER, "start worker processes")
    old, pids = pids, []
    for _ in range(WORKERS):
        last += 1
        pids.append(last)
        log(when, "notice", MASTER, f"start worker process {last}")
    for pid in old:
        log(when, "notice", pid, "gracefully shutting down")
    for pid in old:
        when += datetime.timedelta(seconds=rng.randint(0, 1))
        if pid == old[3]:
            log(when, "notice", pid, "exiting")
            log(when, "notice", pid, "exit")
            log(when, "notice", MASTER, f"signal 17 (SIGCHLD) received from {pid}")
            log(when, "notice", MASTER, f"worker process {pid} exited with code 0")
            continue
        log(when, "notice", pid, "exiting")
        uptime = (when - datetime.datetime(2026, 2, 1, 8, 0, 0)).total_seconds() + rng.random()
        kernel.append(f"{when:%b} {when.day:2d} {when:%H:%M:%S} portal kernel: [{uptime:.6f}] nginx[{pid}]: "
                      f"segfault at 10 ip {BASE + OFFSET:016x} sp {0x7ffe1d0a0000 + rng.randrange(999) * 16:016x}"
                      f" error 4 in ngx_http_lua_module.so[{BASE:x}+4e000] likely on CPU {rng.randrange(6)} "
                      f"(core {rng.randrange(6)}, socket 0)")
        log(when, "notice", MASTER, f"signal 17 (SIGCHLD) received from {pid}")
        log(when, "alert", MASTER, f"worker process {pid} exited on signal 11")
        if not locked and day == 12:
            locked = True
            log(when, "alert", MASTER, f'shared memory zone "memstore" was locked by {pid}')
    log(when, "notice", MASTER, "signal 29 (SIGIO) received")

with open(os.path.join(OUT, "error.log"), "w", encoding="ascii") as file:
    file.write("\n".join(error) + "\n")
with open(os.path.join(OUT, "kern.log"), "w", encoding="ascii") as file:
    file.write("\n".join(kernel) + "\n")
rows = [f"{MASTER:7d}       1 Sun Feb  1 08:00:14 2026 12-02:00:17 00:00:02   9120 Ss   sigsuspend           "
        "nginx: master process /usr/sbin/nginx -g daemon on; master_process on;"]
for pid in pids:
    rows.append(f"{pid:7d} {MASTER:7d} Fri Feb 13 09:40:31 2026    00:20:00 00:00:0{rng.randint(1, 9)}  "
                f"{rng.randint(21000, 29000)} S    do_epoll_wait        nginx: worker process")
with open(os.path.join(OUT, "ps.txt"), "w", encoding="ascii") as file:
    file.write("$ ps -eo pid,ppid,lstart,etime,time,rss,stat,wchan:20,args | grep -E 'PID|[n]ginx'\n"
               "    PID    PPID                  STARTED     ELAPSED     TIME   RSS STAT WCHAN"
               "                COMMAND\n" + "\n".join(rows) + "\n")
