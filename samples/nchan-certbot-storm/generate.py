#!/usr/bin/env python3
"""Rebuilds this sample's evidence from the facts of the incident; the same bytes every time.

The facts: nginx 1.24.0, 147 processes, 2361 deaths by signal 6 from 2026/04/21 23:18:20, each with
its memstore lock, nchan enabled by 50-mod-nchan.conf, 13 certificates of which 1 to 6 were renewed
and 7 to 13 failed on 504.  Everything between is as a real nginx with 40 workers and nchan 1.3.6
behaved under the same fourteen reloads: order and form of the lines, who waits on what in the end.
"""
import base64
import collections
import datetime
import gzip
import hashlib
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "evidence")
WORKERS, DEATHS, MASTER, HELD_FIRST, HELD_LATER = 40, 2361, 1193, 22, 7
BOOT = datetime.datetime(2026, 4, 9, 6, 12, 41)
ONSET = datetime.datetime(2026, 4, 21, 23, 18, 20)
NOW = datetime.datetime(2026, 4, 22, 9, 0, 0)
NAMES = ["api", "auth", "blog", "cdn", "chat", "docs", "forum", "git", "mail", "news", "shop",
         "status", "www"]
MASTER_TITLE = "nginx: master process /usr/sbin/nginx -g daemon on; master_process on;"
ASSERTION = (MASTER_TITLE[10:] + ": ././src/store/memory/memstore.c:705: nchan_store_init_worker: "
             "Assertion `procslot_found == 1' failed.")
rng = random.Random(20260421)
seconds = lambda number: datetime.timedelta(seconds=number)


class Log:
    """nginx's error log, level notice."""

    def __init__(self):
        self.lines = []

    def add(self, when, level, pid, text):
        self.lines.append(f"{when:%Y/%m/%d %H:%M:%S} [{level}] {pid}#{pid}: {text}")

    def master(self, when, level, text):
        self.add(when, level, MASTER, text)

    def bare(self, text):
        self.lines.append(text)


class Pids:
    """Process numbers of a busy host: they grow, with gaps."""

    def __init__(self, first):
        self.last = first

    def take(self, gap=1):
        self.last += rng.randint(1, gap)
        return self.last


def ordinary_day(log, workers, until):
    """What the log of this host holds on any day: missing files, scanners, clients that left."""
    when, connection = datetime.datetime(2026, 4, 21, 0, 0, 9), 48211907
    while when < until:
        connection += rng.randint(5, 900)
        client = f"{rng.choice(['198.51.100', '203.0.113', '192.0.2'])}.{rng.randint(1, 254)}"
        host = rng.choice(NAMES) + ".example.com"
        kind = rng.randrange(6)
        pid = rng.choice(workers)
        if kind < 2:
            path = rng.choice(["/wp-login.php", "/favicon.ico", "/.env", "/robots.txt",
                               "/apple-touch-icon.png"])
            log.add(when, "error", pid, f'*{connection} open() "/var/www/{host}{path}" failed (2: No '
                    f'such file or directory), client: {client}, server: {host}, request: "GET {path} '
                    f'HTTP/1.1", host: "{host}"')
        elif kind == 2:
            log.add(when, "crit", pid, f"*{connection} SSL_do_handshake() failed (SSL: error:0A00006C:"
                    f"SSL routines::bad key share) while SSL handshaking, client: {client}, server: "
                    "0.0.0.0:443")
        elif kind == 3:
            log.add(when, "error", pid, f"*{connection} recv() failed (104: Connection reset by peer) "
                    f"while proxying upgraded connection, client: {client}, server: chat.example.com, "
                    'request: "GET /socket HTTP/1.1", upstream: "http://127.0.0.1:8085/socket", host: '
                    '"chat.example.com"')
        elif kind == 4:
            log.add(when, "warn", pid, f"*{connection} an upstream response is buffered to a temporary "
                    f"file /var/lib/nginx/proxy/{connection % 10}/{connection % 97:02d}/"
                    f"{connection % 10**10:010d} while reading upstream, client: {client}, server: "
                    f'{host}, request: "GET /export HTTP/1.1", upstream: '
                    f'"http://127.0.0.1:8080/export", host: "{host}"')
        else:
            log.add(when, "error", pid, f"*{connection} upstream timed out (110: Connection timed out) "
                    f"while reading response header from upstream, client: {client}, server: {host}, "
                    f'request: "POST /search HTTP/1.1", upstream: "http://127.0.0.1:8080/search", host: '
                    f'"{host}"')
        when += seconds(rng.randint(120, 1100))


def reload(log, pids, when, old, held):
    """One reload that goes well; returns the new workers and those of the old that stay."""
    log.master(when, "notice", f"signal 1 (SIGHUP) received from {pids.take(9)}, reconfiguring")
    log.master(when, "notice", "reconfiguring")
    log.master(when, "notice", 'using the "epoll" event method')
    log.master(when, "notice", "start worker processes")
    new = [pids.take(1) for _ in range(WORKERS)]
    for pid in new:
        log.master(when, "notice", f"start worker process {pid}")
    stay = sorted(rng.sample(old, held))
    for pid in old:
        log.add(when, "notice", pid, "gracefully shutting down")
        if pid not in stay:
            log.add(when, "notice", pid, "exiting")
            log.add(when, "notice", pid, "exit")
    gone = [pid for pid in old if pid not in stay]
    log.master(when, "notice", f"signal 17 (SIGCHLD) received from {gone[0]}")
    for pid in gone:
        log.master(when, "notice", f"worker process {pid} exited with code 0")
    log.master(when, "notice", "signal 29 (SIGIO) received")
    return new, stay


def storm(log, pids, alive):
    """Every new worker aborts, is replaced, and the next aborts; until the last reload."""
    queue = collections.deque(alive)
    for number in range(DEATHS):
        when = ONSET + seconds(number * 12.4 / DEATHS)
        pid = queue.popleft()
        if number:
            log.bare(ASSERTION)
            log.master(when, "notice", f"signal 17 (SIGCHLD) received from {pid}")
        log.master(when, "alert", f"worker process {pid} exited on signal 6")
        log.master(when, "alert", f'shared memory zone "memstore" was locked by {pid}')
        queue.append(pids.take(1))
        log.master(when, "notice", f"start worker process {queue[-1]}")
        if number % 61 == 60:
            log.master(when, "notice", "signal 29 (SIGIO) received")
    log.bare(ASSERTION)  # of the one whom nobody reaps any more
    return list(queue)


def error_log():
    """The log, and the processes as they stand afterwards: (pid, start, what)."""
    log, pids = Log(), Pids(2914055)
    current = [Pids(1230).last + number for number in range(WORKERS)]
    stragglers = []
    born = {pid: BOOT for pid in current}
    ordinary_day(log, current, ONSET - seconds(80))
    times = []
    for number in range(12):  # challenge set and removed, of domains 1 to 6
        start = ONSET - seconds(9.6 * (6 - number // 2))
        times.append(start + seconds(5.4 if number % 2 else 0))
    for number, when in enumerate(times):
        new, stay = reload(log, pids, when, current, HELD_LATER if number else HELD_FIRST)
        stragglers += [(pid, born[pid]) for pid in stay]
        current = new
        born.update((pid, when) for pid in new)
    # The thirteenth is the fatal one: k = ceil((1025 - 40) / 80) = 13, and 13 * 40 is past 512.
    log.master(ONSET, "notice", f"signal 1 (SIGHUP) received from {pids.take(9)}, reconfiguring")
    log.master(ONSET, "notice", "reconfiguring")
    log.master(ONSET, "notice", 'using the "epoll" event method')
    log.master(ONSET, "notice", "start worker processes")
    new = []
    for number in range(WORKERS):
        new.append(pids.take(1))
        log.master(ONSET, "notice", f"start worker process {new[-1]}")
        if number == 0:
            log.bare(ASSERTION)
    stay = sorted(rng.sample(current, HELD_LATER))
    for pid in current:
        log.add(ONSET, "notice", pid, "gracefully shutting down")
        if pid not in stay:
            log.add(ONSET, "notice", pid, "exiting")
            log.add(ONSET, "notice", pid, "exit")
    for pid in current:
        if pid not in stay:
            log.master(ONSET, "notice", f"worker process {pid} exited with code 0")
    stragglers += [(pid, born[pid]) for pid in stay]
    waiting = storm(log, pids, new)
    end = ONSET + seconds(13)
    log.master(end, "notice", f"signal 1 (SIGHUP) received from {pids.take(9)}, reconfiguring")
    log.master(end, "notice", "reconfiguring")
    return log.lines, stragglers, waiting


def ps(stragglers, waiting):
    """The listing of the next morning: 147 processes, the master among those that sleep."""
    rows = [(MASTER, 1, BOOT, "00:00:41", 14820, "Ss", "futex_wait_queue", MASTER_TITLE)]
    for number, (pid, start) in enumerate(stragglers):
        left = number % 5 < 3  # their clients have gone: they wait for the zone to leave
        rows.append((pid, MASTER, start, "00:11:%02d" % rng.randint(0, 59) if start == BOOT
                     else "00:00:00", rng.randint(11800, 26400), "S",
                     "futex_wait_queue" if left else "do_epoll_wait",
                     "nginx: worker process is shutting down"))
    onset = ONSET + seconds(12)
    dead = waiting.pop(0)
    rows.append((dead, MASTER, onset, "00:00:00", 0, "Z", "-", "[nginx] <defunct>"))
    for pid in waiting:
        rows.append((pid, MASTER, onset, "00:00:00", rng.randint(10120, 10160), "S",
                     "futex_wait_queue", MASTER_TITLE))
    lines = ["$ pgrep nginx | wc -l", str(len(rows)),
             "$ ps -eo pid,ppid,lstart,etime,time,rss,stat,wchan:20,args | grep -E 'PID|[n]ginx'",
             "    PID    PPID                  STARTED     ELAPSED     TIME   RSS STAT "
             "WCHAN                COMMAND"]
    for pid, parent, start, used, rss, state, wchan, args in sorted(rows):
        gone = NOW - start
        hours, rest = divmod(gone.seconds, 3600)
        etime = (f"{gone.days}-" if gone.days else "") + f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
        lines.append(f"{pid:7d} {parent:7d} {start:%a %b} {start.day:2d} {start:%H:%M:%S %Y} "
                     f"{etime:>11} {used} {rss:5d} {state:4s} {wchan:20s} {args}")
    return len(rows), "\n".join(lines) + "\n"


def token(text, size=32):
    digest = hashlib.sha512(text.encode()).digest()
    return base64.urlsafe_b64encode(digest[:size]).decode().rstrip("=")


class Certbot:
    """letsencrypt.log in the form of certbot 2.9: payloads abridged, lines as its sources print them."""

    SERVER = "https://acme-v02.api.letsencrypt.org"

    def __init__(self):
        self.text = []
        self.when = ONSET - seconds(61.2)

    def say(self, level, name, message, after=0.003):
        self.when += seconds(after)
        stamp = f"{self.when:%Y-%m-%d %H:%M:%S},{self.when.microsecond // 1000:03d}"
        self.text.append(f"{stamp}:{level}:{name}:{message}")

    def notify(self, message):
        self.say("DEBUG", "certbot._internal.display.obj", f"Notifying user: {message}")

    def post(self, path, answer, after, status=200):
        url = f"{self.SERVER}/acme/{path}"
        self.say("DEBUG", "acme.client", f"Sending POST request to {url}:\n{{\n  \"protected\": "
                 f"\"{token(url + 'p', 12)}\",\n  \"signature\": \"{token(url + 's', 12)}\",\n"
                 f"  \"payload\": \"{token(url, 9)}\"\n}}")
        self.say("DEBUG", "urllib3.connectionpool",
                 f'{self.SERVER}:443 "POST /acme/{path} HTTP/1.1" {status} {len(answer)}', after)
        self.say("DEBUG", "acme.client", f"Received response:\nHTTP {status}\nServer: nginx\nDate: "
                 f"{self.when:%a, %d %b %Y %H:%M:%S} GMT\nContent-Type: application/json\n"
                 f"\n{answer}")

    def run(self):
        log = "certbot._internal."
        self.say("DEBUG", "urllib3.util.retry", "Converted retries value: 1 -> Retry(total=1, "
                 "connect=None, read=None, redirect=None, status=None)")
        self.say("DEBUG", log + "main", "certbot version: 2.9.0")
        self.say("DEBUG", log + "main", "Location of certbot entry point: /usr/bin/certbot")
        self.say("DEBUG", log + "main", "Arguments: ['-q', '--no-random-sleep-on-renew']")
        self.say("DEBUG", log + "main", "Discovered plugins: PluginsRegistry(PluginEntryPoint#manual,"
                 "PluginEntryPoint#nginx,PluginEntryPoint#null,PluginEntryPoint#standalone,"
                 "PluginEntryPoint#webroot)")
        self.say("DEBUG", log + "log", "Root logging level set at 40")
        for number, name in enumerate(NAMES):
            self.renew(number, name + ".example.com")
        live = "  /etc/letsencrypt/live/{}.example.com/fullchain.pem ({})"
        good = "\n".join(live.format(name, "success") for name in NAMES[:6])
        bad = "\n".join(live.format(name, "failure") for name in NAMES[6:])
        frame = "- " * 39 + "-"
        self.notify(f"\n{frame}")
        self.notify("The following renewals succeeded:")
        self.notify(good + "\n")
        self.say("ERROR", log + "renewal", "The following renewals failed:")
        self.say("ERROR", log + "renewal", bad)
        self.notify(frame)
        self.say("DEBUG", log + "log", "Exiting abnormally:\nTraceback (most recent call last):\n"
                 '  File "/usr/bin/certbot", line 8, in <module>\n    sys.exit(main())\n'
                 '  File "/usr/lib/python3/dist-packages/certbot/_internal/main.py", line 1629, in renew\n'
                 "    renewal.handle_renewal_request(config)\n"
                 "certbot.errors.Error: 7 renew failure(s), 0 parse failure(s)")
        self.say("ERROR", log + "log", "7 renew failure(s), 0 parse failure(s)")
        return "\n".join(self.text) + "\n"

    def renew(self, number, name):
        log = "certbot._internal."
        fails = number >= 6
        # Domain 7 sets its challenge at the onset; a failing one takes longer than one that succeeds.
        start = ONSET - seconds(9.6 * (6 - number)) if not fails else ONSET + seconds(15.8 * (number - 6))
        self.when = max(self.when, start - seconds(2.2))
        self.notify(f"Processing /etc/letsencrypt/renewal/{name}.conf")
        self.say("DEBUG", "certbot.ocsp", f"Querying OCSP for /etc/letsencrypt/archive/{name}/cert4.pem",
                 0.02)
        self.say("DEBUG", log + "storage", "Should renew, less than 30 days before certificate expiry "
                 "2026-05-21 04:11:32 UTC.", 0.06)
        self.say("INFO", log + "renewal", "Certificate is due for renewal, auto-renewing...")
        self.say("DEBUG", log + "plugins.selection",
                 "Requested authenticator nginx and installer None")
        self.say("INFO", log + "plugins.selection",
                 "Plugins selected: Authenticator nginx, Installer None")
        self.notify(f"Renewing an existing certificate for {name}")
        order = f"order/102030405/{44550100 + number}"
        self.post("new-order", f'{{\n  "status": "pending",\n  "identifiers": [\n    {{\n      "type": '
                  f'"dns",\n      "value": "{name}"\n    }}\n  ],\n  "authorizations": [\n    '
                  f'"{self.SERVER}/acme/authz/102030405/{77001200 + number}"\n  ]\n}}', 0.31, 201)
        self.say("INFO", log + "auth_handler", "Performing the following challenges:")
        self.say("INFO", log + "auth_handler", f"http-01 challenge for {name}")
        key = token(name)
        self.say("DEBUG", "certbot_nginx._internal.http_01", "Generated server block:\n[]", 0.04)
        self.say("DEBUG", "certbot.reverter", "Creating backup of /etc/nginx/nginx.conf")
        self.when = start + seconds(1.05)  # certbot-nginx sleeps one second after each reload
        self.say("INFO", log + "auth_handler", "Waiting for verification...")
        path = f"authz/102030405/{77001200 + number}"
        if not fails:
            self.post(path, f'{{\n  "identifier": {{\n    "type": "dns",\n    "value": "{name}"\n  }},\n'
                      f'  "status": "valid",\n  "challenges": [\n    {{\n      "type": "http-01",\n      '
                      f'"status": "valid",\n      "token": "{key}"\n    }}\n  ]\n}}', 3.9)
            self.say("DEBUG", log + "error_handler", "Calling registered functions")
            self.say("INFO", log + "auth_handler", "Cleaning up challenges")
            self.post(f"finalize/102030405/{44550100 + number}", '{\n  "status": "valid"\n}', 1.3)
            for item in ("cert", "privkey", "chain", "fullchain"):
                what = {"cert": "certificate", "privkey": "new private key", "chain": "chain",
                        "fullchain": "full chain"}[item]
                self.say("DEBUG", log + "storage",
                         f"Writing {what} to /etc/letsencrypt/archive/{name}/{item}5.pem.")
            return
        detail = (f"203.0.113.80: Invalid response from http://{name}/.well-known/acme-challenge/{key}: "
                  "504")
        self.post(path, f'{{\n  "identifier": {{\n    "type": "dns",\n    "value": "{name}"\n  }},\n  '
                  f'"status": "invalid",\n  "challenges": [\n    {{\n      "type": "http-01",\n      '
                  f'"status": "invalid",\n      "error": {{\n        "type": '
                  f'"urn:ietf:params:acme:error:unauthorized",\n        "detail": "{detail}",\n        '
                  f'"status": 403\n      }},\n      "token": "{key}"\n    }}\n  ]\n}}', 11.1)
        self.say("INFO", log + "auth_handler", f"Challenge failed for domain {name}")
        self.say("INFO", log + "auth_handler", f"http-01 challenge for {name}")
        self.notify("\nCertbot failed to authenticate some domains (authenticator: nginx). The "
                    f"Certificate Authority reported these problems:\n  Domain: {name}\n  Type:   "
                    f"unauthorized\n  Detail: {detail}\n\nHint: The Certificate Authority failed to "
                    "verify the temporary nginx configuration changes made by Certbot. Ensure the listed "
                    "domains point to this nginx server and that it is accessible from the internet.\n")
        self.say("DEBUG", log + "error_handler", "Encountered exception:\nTraceback (most recent call "
                 'last):\n  File "/usr/lib/python3/dist-packages/certbot/_internal/auth_handler.py", line '
                 "108, in handle_authorizations\n    self._poll_authorizations(authzrs, max_retries, "
                 "max_time_mins, best_effort)\n  File \"/usr/lib/python3/dist-packages/certbot/_internal/"
                 'auth_handler.py", line 212, in _poll_authorizations\n    raise errors.'
                 "AuthorizationError('Some challenges have failed.')\ncertbot.errors.AuthorizationError: "
                 "Some challenges have failed.\n")
        self.say("DEBUG", log + "error_handler", "Calling registered functions")
        self.say("INFO", log + "auth_handler", "Cleaning up challenges")
        self.say("ERROR", log + "renewal", f"Failed to renew certificate {name} with error: Some "
                 "challenges have failed.", 1.1)


def write(name, text):
    with open(os.path.join(OUT, name), "w", encoding="utf-8") as file:
        file.write(text)


def main():
    os.makedirs(OUT, exist_ok=True)
    lines, stragglers, waiting = error_log()
    log = "\n".join(lines) + "\n"
    count, listing = ps(stragglers, waiting)
    assert count == 147 and log.count("exited on signal 6") == DEATHS, count
    with open(os.path.join(OUT, "error.log.1.gz"), "wb") as file:
        file.write(gzip.compress(log.encode(), 9, mtime=0))
    write("error.log", "")  # rotated at midnight; the blocked master never opened the new one
    write("ps.txt", listing)
    write("letsencrypt.log", Certbot().run())


if __name__ == "__main__":
    main()
