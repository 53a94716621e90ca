"""The site of the ACME tests: nginx, a front, Pebble as the CA, certbot and dehydrated.

Everything lies at its Debian path and listens on its ordinary port, so it can only be built inside
`own_host`.  The CA asks port 80, where a front waits some time for nginx and then answers 504, as
the load balancers do that stood before the sites these incidents come from.
"""
import contextlib
import http.client
import json
import os
import re
import resource
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stage

CA_PORT, STALLING_CA_PORT = 14000, 14001
NGINX_PORT = 8080  # plain HTTP of nginx, behind the front
FRONT_SECONDS = 2
DNS = "127.0.0.1:8053"
RUN = "/run/acme"
WEBROOT = RUN + "/webroot"
LINEAGES = "/etc/letsencrypt"
HOOKS = LINEAGES + "/renewal-hooks/deploy"
MODULE = "/usr/share/nginx/modules-available/mod-nchan.conf"
CERTBOT_LOG = "/var/log/letsencrypt/letsencrypt.log"
DEHYDRATED_LOG = "/var/log/dehydrated.log"


def names(count):
    return [f"www{number}.example.net" for number in range(1, count + 1)]


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=30)


def wait(condition, seconds, trouble):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{trouble} within {seconds} s")
        time.sleep(0.05)


def listens(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


class Front:
    """Port 80: hands each request to nginx and answers 502 or 504 in its place when it must."""

    def __init__(self):
        self.statuses = []
        self._down = False  # once it has timed out, nginx is given less time until it answers again
        self._listener = socket.create_server(("127.0.0.1", 80), backlog=256)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self._listener.accept()
            threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client):
        with contextlib.suppress(OSError), client:
            client.settimeout(10)
            request = b""
            while b"\r\n\r\n" not in request:
                part = client.recv(65536)
                if not part:
                    return
                request += part
            answer = self._ask(re.sub(rb"(?i)\r\nConnection:[^\r]*", b"", request).replace(
                b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
            self.statuses.append(int(answer.split(None, 2)[1]))
            client.sendall(answer)

    def _ask(self, request):
        status = b"502 Bad Gateway"
        patience = FRONT_SECONDS / 4 if self._down else FRONT_SECONDS
        try:
            with socket.create_connection(("127.0.0.1", NGINX_PORT), patience) as nginx:
                nginx.settimeout(patience)
                nginx.sendall(request)
                answer = b""
                while part := nginx.recv(65536):
                    answer += part
                if answer.startswith(b"HTTP/1."):
                    self._down = False
                    return answer
        except TimeoutError:
            self._down = True
            status = b"504 Gateway Timeout"
        except OSError:
            pass
        body = b"<html><body><h1>" + status + b"</h1></body></html>\n"
        return (b"HTTP/1.1 " + status + b"\r\nContent-Type: text/html\r\nConnection: close\r\n"
                b"Content-Length: %d\r\n\r\n" % len(body) + body)


class StallingCa:
    """Stands before Pebble and says `processing` of every order that has been issued, for ever."""

    def __init__(self, authority):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.forward()

            do_GET = do_HEAD = do_POST

            def forward(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                context = ssl.create_default_context(cafile=authority)
                pebble = http.client.HTTPSConnection("127.0.0.1", CA_PORT, context=context)
                pebble.request(self.command, self.path, body, dict(self.headers))
                answer = pebble.getresponse()
                body = answer.read()
                with contextlib.suppress(ValueError, AttributeError):
                    order = json.loads(body)
                    if "finalize" in order and order["status"] in ("valid", "processing"):
                        order["status"] = "processing"
                        order.pop("certificate", None)
                        body = json.dumps(order).encode()
                self.send_response(answer.status)
                for key, value in answer.getheaders():
                    if key.lower() not in ("content-length", "connection", "date", "server"):
                        self.send_header(key, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", STALLING_CA_PORT), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(RUN + "/ca.pem", RUN + "/ca.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()


class Site:
    """nginx with a server block for each name, and the CA that certifies them."""

    def __init__(self, count, workers=2, nchan=False, listen="", webroot=WEBROOT):
        for program in ("pebble", "pebble-challtestsrv", "certbot", "openssl"):
            if not shutil.which(program):
                raise stage.Unavailable(f"{program} is not installed")
        stage.require(*([stage.NCHAN] if nchan else []))
        self.names = names(count)
        self.workers, self.nchan, self.listen = workers, nchan, listen
        self.webroot = webroot  # where nginx looks for challenges
        self.upstream = stage.Upstream()
        self.front = Front()
        self.held = []
        os.makedirs(WEBROOT + "/.well-known/acme-challenge")
        self._start_ca()
        self._write_nginx()

    # --- the CA ---

    def _start_ca(self):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", RUN + "/ca.key", "-out", RUN + "/ca.pem", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        write(RUN + "/pebble.json", json.dumps({"pebble": {
            "listenAddress": f"127.0.0.1:{CA_PORT}", "managementListenAddress": "127.0.0.1:15000",
            "certificate": RUN + "/ca.pem", "privateKey": RUN + "/ca.key", "httpPort": 80,
            "tlsPort": 5001, "ocspResponderURL": "", "externalAccountBindingRequired": False}}))
        self._daemon("dns.log", "pebble-challtestsrv", "-defaultIPv4", "127.0.0.1",
                     "-defaultIPv6", "", "-dns01", DNS, "-http01", "", "-https01", "",
                     "-tlsalpn01", "", "-management", "127.0.0.1:8055")
        self._daemon("pebble.log", "pebble", "-config", RUN + "/pebble.json", "-dnsserver", DNS)
        wait(lambda: listens(CA_PORT) and listens(8055), 20, "the CA did not start")

    @staticmethod
    def _daemon(log, *command):
        environment = dict(os.environ, PEBBLE_VA_NOSLEEP="1", PEBBLE_WFE_NONCEREJECT="0",
                           PEBBLE_AUTHZREUSE="0")
        with open(os.path.join(RUN, log), "wb") as out:
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                             env=environment, start_new_session=True)

    # --- nginx ---

    def _write_nginx(self):
        if self.nchan:
            os.makedirs("/etc/nginx/modules-enabled")
            os.symlink(MODULE, "/etc/nginx/modules-enabled/50-mod-nchan.conf")
        write("/etc/nginx/nginx.conf", (
            f"user www-data;\nworker_processes {self.workers};\npid /run/nginx.pid;\n"
            "error_log /var/log/nginx/error.log;\n"
            f"include /etc/nginx/modules-enabled/*.conf;\n\n"
            "events {\n    worker_connections 4096;\n}\n\n"
            "http {\n    access_log /var/log/nginx/access.log;\n"
            "    include /etc/nginx/sites-enabled/*;\n}\n"))
        write("/etc/nginx/sites-enabled/00-plain", (
            f"server {{\n    listen 127.0.0.1:{NGINX_PORT}{self.listen};\n    server_name _;\n"
            f"    location /.well-known/acme-challenge/ {{\n        root {self.webroot};\n    }}\n"
            f"    location /app/ {{\n        proxy_pass http://127.0.0.1:{self.upstream.port}/;\n"
            "        proxy_read_timeout 600s;\n    }\n"
            "    location / {\n        return 200 \"ok\\n\";\n    }\n}\n"))

    def serve(self, name, certificate, key):
        write(f"/etc/nginx/sites-enabled/{name}", (
            f"server {{\n    listen 127.0.0.1:443 ssl{self.listen};\n    server_name {name};\n"
            f"    ssl_certificate {certificate};\n    ssl_certificate_key {key};\n"
            "    location / {\n        return 200 \"ok\\n\";\n    }\n}\n"))
        if self.listen.strip() == "reuseport":
            self.listen = ""  # given once for each socket

    @staticmethod
    def add_directive(text):
        with open("/etc/nginx/nginx.conf", "a", encoding="ascii") as file:
            file.write(text)

    def start_nginx(self, others=frozenset()):
        subprocess.run([stage.NGINX], check=True, timeout=20, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
        wait(lambda: len(self.serving() - others) == self.workers and self.answers(), 20,
             "nginx did not start")

    def kill_master(self):
        """SIGKILL to the master alone: its workers go on serving."""
        master = self.master
        os.kill(master, signal.SIGKILL)
        wait(lambda: master not in self.titles(), 10, "the master did not go")

    @property
    def master(self):
        with open("/run/nginx.pid", encoding="ascii") as file:
            return int(file.read())

    @staticmethod
    def titles():
        """pid -> title of every nginx process."""
        found = {}
        for entry in os.listdir("/proc"):
            with contextlib.suppress(OSError):
                if entry.isdigit():
                    with open(f"/proc/{entry}/cmdline", "rb") as file:
                        title = file.read().replace(b"\0", b" ").decode(errors="replace").strip()
                    if title.startswith("nginx: "):
                        found[int(entry)] = title
        return found

    def serving(self):
        return {pid for pid, title in self.titles().items() if title == "nginx: worker process"}

    def reload(self):
        subprocess.run([stage.NGINX, "-s", "reload"], check=False, capture_output=True, timeout=20)

    def generation(self):
        """A reload, and the wait for its workers."""
        before = self.serving()
        self.reload()
        wait(lambda: len(self.serving() - before) == self.workers and not self.serving() & before,
             20, "the new generation did not come")

    def hold_one(self):
        """A slow request: the worker that took it cannot leave when it is told to."""
        before = self.upstream.waiting
        client = socket.create_connection(("127.0.0.1", NGINX_PORT), 2)
        client.sendall(b"GET /app/slow HTTP/1.1\r\nHost: www1.example.net\r\n\r\n")
        self.held.append(client)
        wait(lambda: self.upstream.waiting > before, 10, "the held request did not arrive")

    def drop(self):
        for client in self.held:
            client.close()
        self.held = []

    @staticmethod
    def answers(path="/", timeout=1.0):
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", NGINX_PORT, timeout=timeout)
            connection.request("GET", path)
            return connection.getresponse().status == 200
        return False

    @staticmethod
    def served(name, port=443):
        """The certificate of a handshake (DER), b"" when there is none."""
        context = ssl._create_unverified_context()
        with contextlib.suppress(OSError):
            with socket.create_connection(("127.0.0.1", port), 3) as raw:
                with context.wrap_socket(raw, server_hostname=name) as secure:
                    return secure.getpeercert(binary_form=True)
        return b""

    @staticmethod
    def on_disk(name):
        with open(f"{LINEAGES}/live/{name}/cert.pem", encoding="ascii") as file:
            return ssl.PEM_cert_to_DER_cert(file.read())

    @staticmethod
    def log():
        with contextlib.suppress(OSError):
            with open("/var/log/nginx/error.log", "rb") as file:
                return file.read(1 << 20).decode("utf-8", "replace")
        return ""

    # --- certbot ---

    @staticmethod
    def certbot(*arguments):
        """One run; its output goes where the cron job of a host would lose it."""
        environment = dict(os.environ, REQUESTS_CA_BUNDLE=RUN + "/ca.pem")
        return subprocess.run(["certbot", *arguments], capture_output=True, text=True, timeout=150,
                              check=False, env=environment, stdin=subprocess.DEVNULL)

    def register(self):
        """cli.ini and an account; gives the account's id."""
        write(LINEAGES + "/cli.ini", (
            "max-log-backups = 0\npreconfigured-renewal = True\n"
            f"server = https://127.0.0.1:{CA_PORT}/dir\nwork-dir = {RUN}/certbot\n"))
        done = self.certbot("register", "--agree-tos", "-m", "hostmaster@example.net", "-n",
                            "--no-eff-email")
        accounts = [folder for folder, _, files in os.walk(LINEAGES + "/accounts")
                    if "regr.json" in files]
        if done.returncode or not accounts:
            raise RuntimeError(f"no ACME account: {done.stdout}{done.stderr}")
        return os.path.basename(accounts[0])

    def lineages(self, days=20, extra=""):
        """One certbot lineage a name, the first certificate self-made and `days` from its end."""
        account = self.register()
        for name in self.names:
            archive, live = f"{LINEAGES}/archive/{name}", f"{LINEAGES}/live/{name}"
            os.makedirs(archive)
            os.makedirs(live)
            issue(f"{archive}/privkey1.pem", f"{archive}/cert1.pem", name, days - 90, days)
            shutil.copy(f"{archive}/cert1.pem", f"{archive}/fullchain1.pem")
            shutil.copy(f"{archive}/cert1.pem", f"{archive}/chain1.pem")
            for part in ("cert", "chain", "fullchain", "privkey"):
                os.symlink(f"../../archive/{name}/{part}1.pem", f"{live}/{part}.pem")
            write(f"{LINEAGES}/renewal/{name}.conf", (
                "# renew_before_expiry = 30 days\nversion = 2.1.0\n"
                f"archive_dir = {archive}\ncert = {live}/cert.pem\nprivkey = {live}/privkey.pem\n"
                f"chain = {live}/chain.pem\nfullchain = {live}/fullchain.pem\n\n"
                "# Options used in the renewal process\n[renewalparams]\n"
                f"account = {account}\nauthenticator = webroot\n"
                f"server = https://127.0.0.1:{CA_PORT}/dir\nkey_type = ecdsa\n"
                f"webroot_path = {WEBROOT},\n{extra}[[webroot_map]]\n{name} = {WEBROOT}\n"))
            self.serve(name, f"{live}/fullchain.pem", f"{live}/privkey.pem")

    def renew(self, *options):
        return self.certbot("renew", "--no-random-sleep-on-renew", "-n", *options)

    @staticmethod
    def deploy_hook(script, name="reload-nginx"):
        write(f"{HOOKS}/{name}", "#!/bin/sh\n" + script, 0o755)

    @staticmethod
    def old_key(name):
        """Points live/NAME/privkey.pem to the first generation again."""
        link = f"{LINEAGES}/live/{name}/privkey.pem"
        os.remove(link)
        os.symlink(f"../../archive/{name}/privkey1.pem", link)

    # --- dehydrated ---

    def dehydrated_lineage(self, days):
        """What dehydrated would have left behind 90 days before the certificate's end."""
        for name in self.names:
            folder = f"/var/lib/dehydrated/certs/{name}"
            os.makedirs(folder)
            issue(f"{folder}/privkey-1.pem", f"{folder}/cert-1.pem", name, days - 90, days)
            shutil.copy(f"{folder}/cert-1.pem", f"{folder}/fullchain-1.pem")
            for part in ("cert", "fullchain", "privkey"):
                os.symlink(f"{part}-1.pem", f"{folder}/{part}.pem")
            self.serve(name, f"{folder}/fullchain.pem", f"{folder}/privkey.pem")

    def stalling_ca(self):
        StallingCa(RUN + "/ca.pem")

    def dehydrated(self, stalling=False, seconds=120, hook=""):
        """`dehydrated -c` as a cron job runs it, its output in /var/log/dehydrated.log.

        Gives its exit code, or the process when it still runs after that many seconds.
        """
        port = STALLING_CA_PORT if stalling else CA_PORT
        if not shutil.which("dehydrated"):
            raise stage.Unavailable("dehydrated is not installed")
        write("/etc/dehydrated/config", (
            f"CA=https://127.0.0.1:{port}/dir\nBASEDIR=/var/lib/dehydrated\n"
            f"WELLKNOWN={WEBROOT}/.well-known/acme-challenge\nDOMAINS_TXT=/etc/dehydrated/domains.txt\n"
            f"CURL_OPTS=\"--cacert {RUN}/ca.pem\"\nKEY_ALGO=prime256v1\nCONTACT_EMAIL=\n{hook}"))
        write("/etc/dehydrated/domains.txt", "\n".join(self.names) + "\n")
        with open(DEHYDRATED_LOG, "ab") as log:
            subprocess.run(["dehydrated", "--register", "--accept-terms"], stdout=log, stderr=log,
                           stdin=subprocess.DEVNULL, check=True, timeout=60)
            run = subprocess.Popen(["dehydrated", "-c"], stdout=log, stderr=log,
                                   stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            return run.wait(seconds)
        except subprocess.TimeoutExpired:
            return run


def issue(key, certificate, name, begin, end):
    """A self-signed certificate valid from `begin` to `end`, in days from now, and its key."""
    moment = lambda days: time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + days * 86400))
    folder = os.path.join(RUN, "issue")
    shutil.rmtree(folder, ignore_errors=True)
    write(folder + "/index.txt", "")
    write(folder + "/serial", "%016x\n" % int.from_bytes(os.urandom(7), "big"))
    write(folder + "/ca.cnf", (
        "[ca]\ndefault_ca = own\n[own]\n"
        f"database = {folder}/index.txt\nnew_certs_dir = {folder}\nserial = {folder}/serial\n"
        "default_md = sha256\npolicy = names\nunique_subject = no\nx509_extensions = extensions\n"
        f"[names]\ncommonName = supplied\n[extensions]\nsubjectAltName = DNS:{name}\n"))
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key)
    os.chmod(key, 0o600)
    openssl("req", "-new", "-key", key, "-subj", "/CN=" + name, "-out", folder + "/request.pem")
    openssl("ca", "-batch", "-selfsign", "-notext", "-config", folder + "/ca.cnf", "-keyfile", key,
            "-in", folder + "/request.pem", "-startdate", moment(begin), "-enddate", moment(end),
            "-out", certificate)
