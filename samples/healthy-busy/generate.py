#!/usr/bin/env python3
"""Writes the logs and the listing of this sample; the same bytes every time."""
import datetime
import os
import random

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "evidence")
MASTER = 644
rng = random.Random(11)
lines = []
DAY = datetime.datetime(2026, 5, 12)
SITES = ["www.example.com", "shop.example.com", "api.example.com"]


def log(when, level, pid, text):
    lines.append((when, f"{when:%Y/%m/%d %H:%M:%S} [{level}] {pid}#{pid}: {text}"))


def client():
    return f"{rng.choice(['192.0.2', '198.51.100', '203.0.113'])}.{rng.randint(1, 254)}"


def request(site, method, path, version="2.0"):
    return f'server: {site}, request: "{method} {path} HTTP/{version}", host: "{site}"'


old, new = [702, 703, 704, 705], [28811, 28812, 28813, 28814]
reload = DAY + datetime.timedelta(hours=6, minutes=25, seconds=3)
log(reload, "notice", MASTER, "signal 1 (SIGHUP) received from 28807, reconfiguring")
log(reload, "notice", MASTER, "reconfiguring")
log(reload, "notice", MASTER, 'using the "epoll" event method')
log(reload, "notice", MASTER, "start worker processes")
for pid in new:
    log(reload, "notice", MASTER, f"start worker process {pid}")
log(reload, "notice", MASTER, "start cache manager process 28815")
for number, pid in enumerate(old):
    end = reload + datetime.timedelta(seconds=(0, 0, 4, 31)[number])
    log(reload, "notice", pid, "gracefully shutting down")
    log(end, "notice", pid, "exiting")
    log(end, "notice", pid, "exit")
    log(end, "notice", MASTER, f"signal 17 (SIGCHLD) received from {pid}")
    log(end, "notice", MASTER, f"worker process {pid} exited with code 0")
    log(end, "notice", MASTER, "signal 29 (SIGIO) received")
log(reload, "notice", 706, "exiting")
log(reload, "notice", MASTER, "cache manager process 706 exited with code 0")

when, connection = DAY + datetime.timedelta(seconds=4), 3310021
while when < DAY + datetime.timedelta(hours=21):
    connection += rng.randint(20, 400)
    pid, site, kind = rng.choice(new if when > reload else old), rng.choice(SITES), rng.randrange(20)
    if kind < 6:
        path = rng.choice(["/wp-login.php", "/.git/config", "/favicon.ico", "/vendor/phpunit/phpunit.xml",
                           "/old/page.html", "/apple-touch-icon-precomposed.png"])
        log(when, "error", pid, f'*{connection} open() "/srv/{site}{path}" failed (2: No such file or '
            f"directory), client: {client()}, {request(site, 'GET', path, '1.1')}")
    elif kind < 10:
        log(when, "info", pid, f"*{connection} client {client()} closed keepalive connection")
    elif kind < 12:
        log(when, "info", pid, f"*{connection} epoll_wait() reported that client prematurely closed "
            "connection, so upstream connection is closed too while sending request to upstream, client: "
            f"{client()}, server: {site}, request: \"GET /search HTTP/2.0\", upstream: "
            f'"http://10.0.3.12:8080/search", host: "{site}"')
    elif kind < 14:
        reason = rng.choice(["0A000102:SSL routines::unsupported protocol",
                             "0A0000C1:SSL routines::no shared cipher",
                             "0A00009C:SSL routines::http request"])
        log(when, "info", pid, f"*{connection} SSL_do_handshake() failed (SSL: error:{reason}) while SSL "
            f"handshaking, client: {client()}, server: 0.0.0.0:443")
    elif kind == 14:
        log(when, "info", pid, f"*{connection} client sent invalid request while reading client request "
            f'line, client: {client()}, server: {SITES[0]}, request: "t3 12.2.1"')
    elif kind == 15:
        log(when, "info", pid, f"*{connection} client timed out (110: Connection timed out) while waiting "
            f"for request, client: {client()}, server: 0.0.0.0:443")
    elif kind == 16:
        log(when, "info", pid, f"*{connection} recv() failed (104: Connection reset by peer) while waiting "
            f"for request, client: {client()}, server: 0.0.0.0:80")
    elif kind == 17:
        log(when, "warn", pid, f"*{connection} a client request body is buffered to a temporary file "
            f"/var/lib/nginx/body/{connection % 10**10:010d}, client: {client()}, "
            f"{request(site, 'POST', '/upload')}")
    elif kind == 18:
        log(when, "error", pid, f'*{connection} access forbidden by rule, client: {client()}, '
            f"{request(site, 'GET', '/.env', '1.1')}")
    elif rng.randrange(6) == 0:
        path = rng.choice(["/reports/2025", "/export.csv", "/search?q=all"])
        log(when, "error", pid, f"*{connection} upstream timed out (110: Connection timed out) while "
            f"reading response header from upstream, client: {client()}, server: {site}, request: \"GET "
            f'{path} HTTP/2.0", upstream: "http://10.0.3.12:8080{path}", host: "{site}"')
    when += datetime.timedelta(seconds=rng.randint(60, 420))

lines.sort(key=lambda line: line[0])
with open(os.path.join(OUT, "error.log"), "w", encoding="ascii") as file:
    file.write("\n".join(text for _, text in lines) + "\n")
with open(os.path.join(OUT, "ps.txt"), "w", encoding="ascii") as file:
    file.write("$ ps -eo pid,ppid,lstart,etime,time,rss,stat,wchan:20,args | grep -E 'PID|[n]ginx'\n"
               "    PID    PPID                  STARTED     ELAPSED     TIME   RSS STAT WCHAN"
               "                COMMAND\n"
               f"{MASTER:7d}       1 Mon Apr 27 05:58:20 2026 15-15:01:40 00:00:04  9344 Ss   "
               "sigsuspend           nginx: master process /usr/sbin/nginx -g daemon on; master_process on;\n")
    for pid in new:
        file.write(f"{pid:7d} {MASTER:7d} Tue May 12 06:25:03 2026    14:34:57 00:0{rng.randint(1, 6)}:"
                   f"{rng.randint(10, 59)} {rng.randint(18000, 31000)} S    do_epoll_wait        nginx: "
                   "worker process\n")
    file.write(f"  28815 {MASTER:7d} Tue May 12 06:25:03 2026    14:34:57 00:00:01 10212 S    "
               "do_epoll_wait        nginx: cache manager process\n")
