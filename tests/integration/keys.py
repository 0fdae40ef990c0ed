"""Servers that give keys, on loopback: an IMDS, a container's endpoint, and ones that do not answer."""
import http.server
import json
import socket
import threading
import time
from datetime import datetime, timedelta, timezone

from programs import ACCESS_KEY, SECRETS

SECRET, TOKEN = SECRETS["AWS_SECRET_ACCESS_KEY"], SECRETS["AWS_SESSION_TOKEN"]


def in_time(seconds):
    return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def keys(seconds=3600, token=TOKEN, secret=SECRET, **more):
    """A set as the metadata services write it."""
    return {"AccessKeyId": ACCESS_KEY, "SecretAccessKey": secret, "Token": token, "Expiration": in_time(seconds), **more}


class Server:
    """answer(method, path, headers) -> (status, body); what was asked is kept with its time."""

    def __init__(self, answer):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                length = int(self.headers.get("Content-Length") or 0)
                self.rfile.read(length)
                with outer.lock:
                    outer.asked.append((time.monotonic(), self.command, self.path, dict(self.headers)))
                status, body = answer(self.command, self.path, self.headers)
                body = (body if isinstance(body, str) else json.dumps(body)).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass  # who asked has given up

            do_GET = do_PUT = do_POST = handle_any

            def log_message(self, *arguments):
                pass

        class Threads(http.server.ThreadingHTTPServer):
            daemon_threads = True

        self.asked, self.lock = [], threading.Lock()
        self.server = Threads(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def count(self, method="GET", path=""):
        with self.lock:
            return sum(1 for _, asked, where, _ in self.asked if asked == method and where.startswith(path))

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Imds(Server):
    """IMDSv2 alone. next_set() gives the keys; the first `refused` requests with a token are 401."""
    ROLE = "web-server"
    PATH = "/latest/meta-data/iam/security-credentials/"

    def __init__(self, next_set, refused=0):
        self.tokens, self.refused, self.next_set = [], refused, next_set
        super().__init__(self.answer)

    def answer(self, method, path, headers):
        if "X-Forwarded-For" in headers:
            return 403, ""
        if method == "PUT" and path == "/latest/api/token":
            if headers.get("X-aws-ec2-metadata-token-ttl-seconds") != "21600":
                return 400, ""
            self.tokens.append(f"imds-token-{len(self.tokens)}==")
            return 200, self.tokens[-1]
        if headers.get("X-aws-ec2-metadata-token") not in self.tokens:
            return 401, ""  # version 1, or an old token
        if self.refused:
            self.refused -= 1
            self.tokens.clear()
            return 401, ""
        if path == self.PATH:
            return 200, self.ROLE
        if path == self.PATH + self.ROLE:
            return 200, {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": in_time(0), **self.next_set()}
        return 404, ""


class Silent:
    """Accepts and says nothing; with `full`, does not even accept: what knocks is dropped."""

    def __init__(self, full=False):
        self.sockets = [socket.create_server(("127.0.0.1", 0), backlog=0 if full else 16)]
        for _ in range(4 if full else 0):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(self.sockets[0].getsockname())
            self.sockets.append(client)
        self.url = "http://127.0.0.1:%d" % self.sockets[0].getsockname()[1]

    def close(self):
        for one in self.sockets:
            one.close()


class Closed:
    """Bound and never listening: refused at once."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.socket.getsockname()[1]

    def close(self):
        self.socket.close()
