#!/usr/bin/env python3
"""Writes a large configuration as hosters have it: 5,000 servers in 500 includes, 40,000 lines.

usage: make_config.py FOLDER [SERVERS [FILES]]
"""
import sys
from pathlib import Path

SERVER = """server {{
    listen 127.0.0.1:{port};
    server_name www{n}.example.org {n}.example.org;
    root /srv/www/{n};
    location / {{ try_files $uri $uri/ =404; }}
    location /api/ {{ proxy_pass http://127.0.0.1:{upstream}; }}
    access_log off;
}}
"""
MAIN = """worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    server_names_hash_max_size 65536;
    server_names_hash_bucket_size 128;
    include {folder}/sites/*.conf;
}}
"""


def main():
    folder = Path(sys.argv[1]).resolve()
    servers = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 500
    (folder / "sites").mkdir(parents=True, exist_ok=True)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    for i in range(count):
        numbers = range(i * servers // count, (i + 1) * servers // count)
        text = "".join(SERVER.format(n=n, port=18080 + n % 4, upstream=20000 + n % 100) for n in numbers)
        (folder / "sites" / f"{i:04}.conf").write_text(text)


if __name__ == "__main__":
    main()
