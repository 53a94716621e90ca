#!/usr/bin/env python3
"""Writes the logs and the listing of this sample; the same bytes every time."""
import datetime
import os
import random

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "evidence")
MASTER, WORKERS, KILLS = 812, 8, 34
START = datetime.datetime(2026, 3, 17, 14, 2, 11)
rng = random.Random(4)
kernel, error = [], []
pids = list(range(903, 903 + WORKERS))
born = {pid: datetime.datetime(2026, 3, 9, 4, 30, 2) for pid in pids}
last, connection, when = 184020, 9120443, START


def say(moment, text):
    kernel.append(f"{moment:%b} {moment.day:2d} {moment:%H:%M:%S} web2 kernel: {text}")


def log(moment, level, pid, text):
    error.append(f"{moment:%Y/%m/%d %H:%M:%S} [{level}] {pid}#{pid}: {text}")


for number in range(KILLS):
    for _ in range(rng.randint(0, 2)):
        connection += rng.randint(3, 60)
        early = when - datetime.timedelta(seconds=rng.randint(2, 15))
        log(early, "error", rng.choice(pids), f"*{connection} upstream timed out (110: Connection timed "
            "out) while reading response header from upstream, client: 198.51.100."
            f"{rng.randint(1, 254)}, server: img.example.com, request: \"GET /resize/{connection}.jpg "
            'HTTP/2.0", upstream: "http://127.0.0.1:8090/resize", host: "img.example.com"')
    victim = rng.choice(pids)
    rss = rng.randint(610000, 650000)  # pages of 4 KiB: about 2.4 GiB
    if number < 3:  # the kernel's whole report, three times; afterwards its last lines
        asks, asker = rng.choice([("nginx", victim), ("php-fpm8.2", 1840), ("node", 2741)])
        say(when, f"{asks} invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), "
            "order=0, oom_score_adj=0")
        say(when, f"CPU: {rng.randrange(8)} PID: {asker} Comm: {asks} Not tainted 6.1.0-28-amd64 #1  "
            "Debian 6.1.119-1")
        say(when, "Mem-Info:")
        say(when, "active_anon:1021 inactive_anon:3866412 isolated_anon:0")
        say(when, "Free swap  = 0kB")
        say(when, "Tasks state (memory values in pages):")
        say(when, "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name")
        say(when, f"[{MASTER:7d}]     0 {MASTER:5d}    14211      812   118784        0             0 nginx")
        for pid in pids:
            mine = rss if pid == victim else rng.randint(300000, 480000)
            say(when, f"[{pid:7d}]    33 {pid:5d} {mine + 61000:8d} {mine:8d}  {mine * 9:7d}        0"
                "             0 nginx")
    say(when, "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,"
        f"task_memcg=/system.slice/nginx.service,task=nginx,pid={victim},uid=33")
    say(when, f"Out of memory: Killed process {victim} (nginx) total-vm:{(rss + 61000) * 4}kB, "
        f"anon-rss:{rss * 4 - 3120}kB, file-rss:3120kB, shmem-rss:1480kB, UID:33 "
        f"pgtables:{rss * 9 // 1024}kB oom_score_adj:0")
    if number % 3 == 0:
        say(when, f"oom_reaper: reaped process {victim} (nginx), now anon-rss:0kB, file-rss:0kB, "
            "shmem-rss:1480kB")
    log(when, "alert", MASTER, f"worker process {victim} exited on signal 9")
    if number in (1, 8, 21, 30):  # killed with the zone's mutex in hand
        log(when, "alert", MASTER, f'shared memory zone "memstore" was locked by {victim}')
    last += rng.randint(20, 300)
    pids[pids.index(victim)] = last
    born[last] = when
    when += datetime.timedelta(seconds=rng.randint(18, 95))

now = datetime.datetime(2026, 3, 17, 14, 45, 0)
rows = [f"{MASTER:7d}       1 Mon Mar  9 04:30:02 2026 {'8-10:14:58':>11} 00:00:03   8204 Ss   "
        "sigsuspend           nginx: master process /usr/sbin/nginx -g daemon on; master_process on;"]
for pid in sorted(pids):
    age = now - born[pid]
    hours, rest = divmod(age.seconds, 3600)
    etime = (f"{age.days}-" if age.days else "") + f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
    start = born[pid]
    rows.append(f"{pid:7d} {MASTER:7d} {start:%a %b} {start.day:2d} {start:%H:%M:%S %Y} {etime:>11} "
                f"00:0{rng.randint(1, 9)}:{rng.randint(10, 59)} {rng.randint(380000, 2300000):7d} S    "
                "do_epoll_wait        nginx: worker process")
with open(os.path.join(OUT, "kern.log"), "w", encoding="ascii") as file:
    file.write("\n".join(kernel) + "\n")
with open(os.path.join(OUT, "error.log"), "w", encoding="ascii") as file:
    file.write("\n".join(error) + "\n")
with open(os.path.join(OUT, "ps.txt"), "w", encoding="ascii") as file:
    file.write("$ ps -eo pid,ppid,lstart,etime,time,rss,stat,wchan:20,args | grep -E 'PID|[n]ginx'\n"
               "    PID    PPID                  STARTED     ELAPSED     TIME     RSS STAT WCHAN"
               "                COMMAND\n" + "\n".join(rows) + "\n")
