"""Serves the files below a folder over HTTP, as cheaply as can be: the kernel sends them.

What a server costs is neither way's, and on one machine both would pay for it. A file's entity tag
is made of its inode, size and time, as common servers make theirs.

usage: file-server.py FOLDER; prints its port
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlparse

root = Path(sys.argv[1]).resolve()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = (root / urlparse(self.path).path.lstrip("/")).resolve()
        if not (path.is_relative_to(root) and path.is_file()):
            self.answer(404, {"Content-Length": "0"})
            return
        with path.open("rb") as file:
            facts = os.fstat(file.fileno())
            tag = f'"{facts.st_ino:x}-{facts.st_size:x}-{facts.st_mtime_ns:x}"'
            if self.headers.get("If-None-Match") == tag:
                self.answer(304, {"ETag": tag})
                return
            self.answer(200, {"ETag": tag, "Content-Length": str(facts.st_size)})
            self.wfile.flush()
            self.connection.sendfile(file)

    def answer(self, status, fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        pass


with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
    print(server.server_port, flush=True)
    server.serve_forever()
