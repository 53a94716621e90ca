"""Stages real nginx incidents on loopback, bounded in time and torn down whatever happens.

A stage is a context manager.  Inside it a real nginx runs in a directory of its own, on a loopback
port of its own, in a process group of its own; leaving it kills that group with SIGKILL, because a
deadlocked master obeys nothing else.  A guard process does the same when the test itself is killed
or when the stage outlives its time limit, and stops a storm whose log grows past its cap.

    with stage.storm6() as scene:
        subprocess.run([ngxdiag, "scan", "--pid", str(scene.master)])

Nothing here touches /etc/nginx, the distribution's service or any nginx it did not start.
"""
import contextlib
import glob
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
MODULES = "/usr/lib/nginx/modules"
NCHAN = MODULES + "/ngx_nchan_module.so"
LOG_CAP = 8 << 20  # bytes; a storm writes about 100 KiB a second
PS = ["ps", "-eo", "pid,ppid,lstart,etime,time,rss,stat,wchan:32,args", "--cols", "400"]

# Kills the group when the stage's end of the pipe closes, the time is up, or the log is too big.
# A byte in the pipe is the stage's own farewell; without it the directory is removed as well.
GUARD = r"""
import os, select, shutil, signal, sys, time
group, limit, cap, log = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
signal.signal(signal.SIGINT, signal.SIG_IGN)
orderly, end = None, time.monotonic() + limit
while time.monotonic() < end:
    if select.select([0], [], [], 0.25)[0]:
        orderly = os.read(0, 1) != b""
        break
    try:
        if os.path.getsize(log) > cap:
            break
    except OSError:
        pass
for _ in range(3):
    try:
        os.killpg(group, signal.SIGKILL)
    except OSError:
        break
    time.sleep(0.05)
if orderly is False:
    shutil.rmtree(os.path.dirname(log), ignore_errors=True)
"""


SKIPPED = 77  # exit code of a test that could not be staged


class Unavailable(Exception):
    """This host cannot stage it (nginx or a module is missing): the test is to be skipped."""


def fatal_reload(workers):
    """Number of the reload at which the slots of nchan run out, counted from the leak's begin."""
    return -(-(1025 - workers) // (2 * workers))


def require(*files):
    if not NGINX:
        raise Unavailable("nginx is not installed")
    for path in files:
        if not os.path.exists(path):
            raise Unavailable(f"{path} is not installed")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Upstream:
    """A backend on loopback: /slow is answered only once released, anything else at once."""

    def __init__(self):
        self._released = threading.Event()
        self.waiting = 0  # slow requests that have arrived
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        threading.stack_size(256 << 10)
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client):
        with contextlib.suppress(OSError), client:
            head = client.recv(4096)
            if b"/slow" in head.split(b"\r\n", 1)[0]:
                self.waiting += 1
                self._released.wait()
            body = b"ok\n"
            client.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    def release(self):
        self._released.set()

    def close(self):
        self.release()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


class Scene:
    """One running nginx with its upstream, its held clients and its evidence."""

    def __init__(self, name, workers, connections=4096, nchan=False, level="error", main="",
                 server="", lua=False, listen="", limit=60.0, log_cap=LOG_CAP):
        require(*([NCHAN] if nchan else []))
        self.name, self.workers, self.connections = name, workers, connections
        self.reloads = 0
        self.master = 0
        self._held, self._guard, self._process = [], None, None
        self._limit, self._log_cap = limit, log_cap
        self.dir = tempfile.mkdtemp(prefix=f"ngxdiag-{name}-")
        os.chmod(self.dir, 0o755)
        for sub in ("html", "modules-enabled"):
            os.mkdir(os.path.join(self.dir, sub))
        os.symlink(MODULES, os.path.join(self.dir, "modules"))  # load_module is relative to -p
        self.upstream = Upstream()
        self.port = free_port()
        self.error_log = os.path.join(self.dir, "error.log")
        self.access_log = os.path.join(self.dir, "access.log")
        self.conf = os.path.join(self.dir, "nginx.conf")
        with open(os.path.join(self.dir, "html", "index.html"), "w", encoding="ascii") as page:
            page.write("<p>It works.</p>\n")
        if nchan:
            self._enable("50-mod-nchan.conf", "/usr/share/nginx/modules-available/mod-nchan.conf",
                         NCHAN)
        with open(self.conf, "w", encoding="ascii") as conf:
            conf.write(self._configuration(level, main, server, listen))

    def _enable(self, link, target, module):
        path = os.path.join(self.dir, "modules-enabled", link)
        if os.path.exists(target):
            os.symlink(target, path)
        else:
            with open(path, "w", encoding="ascii") as conf:
                conf.write(f"load_module {module};\n")

    def _configuration(self, level, main, server, listen):
        temp = "".join(f"    {kind}_temp_path temp-{kind};\n" for kind in
                       ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user www-data;\n" if os.geteuid() == 0 else ""
        return (
            f"{user}worker_processes {self.workers};\n"
            f"pid {self.dir}/nginx.pid;\n"
            "daemon off;\n"
            f"error_log {self.error_log} {level};\n"
            f"include {self.dir}/modules-enabled/*.conf;\n{main}"
            "\n"
            f"events {{\n    worker_connections {self.connections};\n}}\n"
            "\n"
            f"http {{\n    access_log {self.access_log};\n{temp}"
            f"    server {{\n        listen 127.0.0.1:{self.port}{listen};\n"
            f"        root {self.dir}/html;\n"
            f"        location /app/ {{\n"
            f"            proxy_pass http://127.0.0.1:{self.upstream.port}/;\n"
            "            proxy_read_timeout 600s;\n        }\n"
            f"{server}    }}\n}}\n")

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    # --- life of the server ---

    def start(self):
        """Starts the master in a session of its own and waits until it answers."""
        self._process = subprocess.Popen(
            [NGINX, "-p", self.dir, "-c", self.conf, "-e", self.error_log],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
        self.master = self._process.pid
        self._guard = subprocess.Popen(
            [sys.executable, "-c", GUARD, str(self.master), str(self._limit),
             str(self._log_cap), self.error_log],
            stdin=subprocess.PIPE, start_new_session=True)
        self.wait(lambda: self.count("worker process") >= self.workers and self.answers(), 20,
                  "nginx did not start")

    def kill(self):
        """SIGKILL to the whole process group, then reaps the master and the guard."""
        if self._process:
            with contextlib.suppress(OSError):
                os.killpg(self.master, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            end = time.monotonic() + 10
            while self.pids() and time.monotonic() < end:
                with contextlib.suppress(OSError):
                    os.killpg(self.master, signal.SIGKILL)
                time.sleep(0.05)
            self._process = None
        if self._guard:
            with contextlib.suppress(OSError):
                self._guard.stdin.write(b".")
                self._guard.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._guard.wait(5)
            self._guard = None

    def restart(self):
        """Stops nginx as the administrator would and starts it again; the log goes on."""
        self.drop()
        os.kill(self.master, signal.SIGQUIT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self.kill()
        self.reloads = 0
        self.start()

    def close(self):
        self.kill()
        self.drop()
        self.upstream.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    # --- what an administrator and the clients do ---

    def reload(self, pause=0.0):
        os.kill(self.master, signal.SIGHUP)
        self.reloads += 1
        time.sleep(pause)

    def signal_reload(self):
        """`nginx -s reload`: unlike a bare HUP it leaves a notice in the log at every level."""
        subprocess.run([NGINX, "-p", self.dir, "-c", self.conf, "-e", self.error_log,
                        "-s", "reload"], check=True, capture_output=True, timeout=20)
        self.reloads += 1

    def hold(self, count=1, path="/app/slow"):
        """Opens requests whose answer does not come: the workers that took them cannot leave."""
        for _ in range(count):
            with contextlib.suppress(OSError):
                client = socket.create_connection(("127.0.0.1", self.port), 2)
                client.sendall(f"GET {path} HTTP/1.1\r\nHost: www.example.net\r\n\r\n".encode())
                self._held.append(client)

    def hold_one(self):
        """One held request, and it has arrived: its worker cannot leave from now on."""
        before = self.upstream.waiting
        self.hold(1)
        self.wait(lambda: self.upstream.waiting > before, 10, "the held request did not arrive")

    def generation(self, reload=None):
        """A reload, and the wait for its workers: two signals before the master looks are one."""
        before = self.serving()
        (reload or self.reload)()
        self.wait(lambda: len(self.serving() - before) == self.workers
                  and not self.serving() & before, 20, "the new generation did not come")

    def hold_every_worker(self):
        """Holds requests until each serving worker has taken one; needs `reuseport`."""
        before = {pid: self.sockets(pid) for pid, text in self.titles().items()
                  if text == "nginx: worker process"}
        for _ in range(40):
            self.hold(2 * self.workers)
            time.sleep(0.1)
            if all(self.sockets(pid) > count for pid, count in before.items()):
                return
        raise TimeoutError(f"{self.name}: a worker takes no request")

    def drop(self):
        """The clients go away, and with them what kept the old workers."""
        for client in self._held:
            client.close()
        self._held = []

    def get(self, path, host="www.example.net", timeout=5.0):
        """Status code of one request, 0 when there was no answer."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout) as client:
                client.settimeout(timeout)
                client.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n"
                               "Connection: close\r\n\r\n".encode())
                answer = b""
                while chunk := client.recv(65536):
                    answer += chunk
        except OSError:
            return 0
        match = re.match(rb"HTTP/1\.. (\d{3})", answer)
        return int(match[1]) if match else 0

    def answers(self):
        return self.get("/index.html", timeout=1.0) == 200

    # --- what can be seen ---

    def pids(self):
        """Every process of this nginx, zombies included, by its process group."""
        found = []
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                with contextlib.suppress(OSError, IndexError):
                    with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as stat:
                        fields = stat.read().rpartition(")")[2].split()
                    if int(fields[2]) == self.master and fields[0] != "X":
                        found.append(int(entry))
        return sorted(found)

    def titles(self):
        """pid -> command line as set by nginx ("" for a zombie)."""
        found = {}
        for pid in self.pids():
            with contextlib.suppress(OSError):
                with open(f"/proc/{pid}/cmdline", "rb") as cmdline:
                    found[pid] = cmdline.read().replace(b"\0", b" ").decode(errors="replace").strip()
        return found

    def count(self, title):
        """Number of processes whose title is exactly `nginx: TITLE`."""
        return sum(1 for text in self.titles().values() if text == f"nginx: {title}")

    def serving(self):
        """pids of the workers that are not on their way out."""
        return {pid for pid, text in self.titles().items() if text == "nginx: worker process"}

    def untitled(self):
        """Children that still bear the master's title: forked, but not yet initialised."""
        return [pid for pid, text in self.titles().items()
                if pid != self.master and text.startswith("nginx: master process")]

    def sockets(self, pid):
        """Number of sockets a process has open."""
        found = 0
        for entry in glob.glob(f"/proc/{pid}/fd/*"):
            with contextlib.suppress(OSError):
                found += os.readlink(entry).startswith("socket:")
        return found

    def wchan(self, pid):
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/wchan", encoding="ascii") as file:
                return file.read().strip("\0\n")
        return ""

    def log(self):
        with contextlib.suppress(OSError):
            with open(self.error_log, "rb") as file:
                return file.read(self._log_cap).decode("utf-8", "replace")
        return ""

    def ps(self):
        """The listing an administrator would send: ps with wchan, this nginx alone."""
        mine = set(self.pids())
        lines = subprocess.run(PS, capture_output=True, text=True, check=False,
                               timeout=20).stdout.splitlines()
        return "\n".join(lines[:1] + [line for line in lines[1:]
                                      if int(line.split(None, 1)[0]) in mine]) + "\n"

    def backtrace(self, pid=0):
        """Stack of the master by gdb, "" when there is no gdb."""
        if not shutil.which("gdb"):
            return ""
        return subprocess.run(["gdb", "-p", str(pid or self.master), "-batch", "-nx",
                               "-ex", "bt"], capture_output=True, text=True, check=False,
                              timeout=30).stdout

    def wait(self, condition, seconds, trouble):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"{self.name}: {trouble} within {seconds} s\n{self.log()[-2000:]}")
            time.sleep(0.05)


# --- the incidents ---

@contextlib.contextmanager
def storm6(workers=64, pause=1.0, limit=120.0, level="error", until="deadlock"):
    """64 workers, nchan loaded, a reload a second behind one held request, up to the deadlock.

    At reload number fatal_reload(64) = 8 the slots run out: a worker aborts with the memstore
    mutex in its hand, the other new workers wait for it under the master's title, and the master
    joins them at the next reload.  Whether one worker dies or a hundred before that depends on
    the pause after the first death; until="burst" stops short of the deadlock.
    """
    with Scene("storm6", workers, connections=8192, nchan=True, limit=limit, level=level) as scene:
        scene.hold_one()
        for _ in range(fatal_reload(workers) - 1):
            scene.generation()
            if "procslot_found" in scene.log():
                break
        while "procslot_found" not in scene.log() and scene.reloads < 2 * fatal_reload(workers):
            scene.reload()
            with contextlib.suppress(TimeoutError):
                scene.wait(lambda: "procslot_found" in scene.log(), 5, "no assertion came")
        if "procslot_found" not in scene.log():
            raise TimeoutError("storm6: no assertion came")
        scene.fatal = scene.reloads
        time.sleep(pause)
        if until == "burst":
            yield scene
            return
        for _ in range(12):  # the master blocks at one of the next reloads
            if blocked(scene):
                break
            scene.reload(max(pause, 0.3))
        if not blocked(scene):
            raise TimeoutError("storm6: the master did not block")
        yield scene


def blocked(scene):
    """Whether the master sleeps on a semaphore and stays there."""
    for _ in range(4):
        if not scene.wchan(scene.master).startswith("futex"):
            return False
        time.sleep(0.1)
    return True


@contextlib.contextmanager
def storm11(workers=16, connections=256, limit=120.0, level="error", sign="exited on signal 11"):
    """16 workers with 256 connections, every generation held, until each new worker dies at once.

    nchan takes one connection per living process in every new worker and does not look whether it
    got one.  With a few connections more the worker survives nchan and finds none left for its own
    channel: it leaves with code 2 instead (no_worker below).
    """
    with Scene("storm11", workers, connections=connections, nchan=True, limit=limit, level=level,
               listen=" reuseport") as scene:
        for _ in range(connections // workers + 4):
            scene.hold_every_worker()
            scene.reload(0.2)
            settled = lambda: (scene.count("worker process") == workers
                               or scene.log().count(sign) >= min(workers, 16))
            scene.wait(settled, 10, "the new generation neither serves nor dies")
            if sign in scene.log():
                break
        else:
            raise TimeoutError(f"storm11: no {sign} came")
        scene.fatal = scene.reloads
        yield scene


def no_worker(connections, **options):
    """The quiet face of storm11: every new worker leaves with code 2 and none is respawned."""
    return storm11(connections=connections, sign="exited with fatal code 2", **options)


@contextlib.contextmanager
def healthy(workers=4, nchan=False, requests=300, aborted=4, reloads=0, level="error",
            limit=60.0):
    """A healthy nginx that has answered requests: pages, an upstream, 404s and aborted clients."""
    with Scene("healthy", workers, nchan=nchan, level=level, limit=limit) as scene:
        for number in range(requests):
            scene.get(("/index.html", "/app/page", "/index.html", "/favicon.ico")[number % 4])
        scene.hold(aborted)
        scene.drop()
        for _ in range(reloads):
            scene.reload(0.5)
        scene.wait(lambda: scene.count("worker process is shutting down") == 0, 10,
                   "old workers did not leave")
        yield scene


@contextlib.contextmanager
def held(workers=4, generations=3, pause=0.7, level="error", limit=60.0):
    """Old workers kept in `is shutting down` by slow requests; no nchan and nothing that dies."""
    with Scene("held", workers, level=level, limit=limit, listen=" reuseport") as scene:
        for _ in range(generations):
            scene.hold(6 * workers)
            time.sleep(0.2)
            scene.signal_reload()
            time.sleep(pause)
        yield scene


@contextlib.contextmanager
def forecast(workers=16, reloads=20, level="error", limit=120.0):
    """nchan loaded, one request held, then reloads: healthy to look at, and some reloads left."""
    with Scene("forecast", workers, nchan=True, level=level, limit=limit) as scene:
        scene.hold_one()
        time.sleep(3)  # log and process table have whole seconds: start and reload are to differ
        for _ in range(reloads):
            scene.generation(scene.signal_reload)
            time.sleep(0.2)
        yield scene


FORGED = "2026/01/01 00:00:00 [alert] {master}#{master}: worker process {pid} exited on signal 11"


@contextlib.contextmanager
def forged(workers=2, lines=1, level="error", limit=60.0):
    """A request for a missing file whose name holds whole log lines: nginx escapes nothing.

    The first forged line bears pid 1, the others (lines > 1) the true pid of the master.
    """
    with Scene("forged", workers, level=level, limit=limit) as scene:
        scene.get("/index.html")
        for number in range(lines):
            text = FORGED.format(master=scene.master if number else 1, pid=number + 2)
            scene.get("/x%0A" + text.replace(" ", "%20").replace("#", "%23") + "%0Ay")
        yield scene


@contextlib.contextmanager
def many(processes=400, nchan=False, limit=60.0):
    """So many processes that looking at them costs something."""
    with Scene("many", processes - 1, connections=64, nchan=nchan, limit=limit) as scene:
        yield scene
