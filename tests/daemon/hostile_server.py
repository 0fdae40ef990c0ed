#!/usr/bin/python3
"""A server that misbehaves on request, for test_http.c.

The path of a request names what happens to it. Prints its ports (http; closed; full, so that a connection
never comes about; TLS: silent, good, wrong host, unknown CA, expired, old protocol; a proxy in front of
"wrong host") and the path of the CA's certificate, then answers each line "count" with the connections
accepted and the requests read since the last one. Ends with its input.
"""
import gzip
import os
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import warnings

BODY = b"<DescribeVpcsResponse/>"
lock = threading.Lock()
connections = requests = 0


def head(*lines, status="200 OK"):
    return ("\r\n".join([f"HTTP/1.1 {status}", *lines]) + "\r\n\r\n").encode()


def whole(body, *lines, status="200 OK"):
    return head(f"Content-Length: {len(body)}", *lines, status=status) + body


def chunk(body):
    return b"%x\r\n%s\r\n" % (len(body), body)


class Connection:
    def __init__(self, raw, tls):
        self.raw, self.tls, self.seen = raw, tls, 0
        self.stream = raw

    def send(self, data):
        self.stream.sendall(data)

    def reset(self):
        """RST in place of FIN."""
        self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self):
        """Without close_notify where it is TLS."""
        if self.stream is not self.raw:
            os.close(self.stream.detach())
        else:
            self.raw.close()

    def wait_for_client(self):
        """Until the client goes away."""
        try:
            while self.stream.recv(4096):
                pass
        except OSError:
            pass
        self.close()

    def read_request(self):
        data = b""
        while b"\r\n\r\n" not in data:
            got = self.stream.recv(65536)
            if not got:
                return None
            data += got
        top, _, body = data.partition(b"\r\n\r\n")
        length = 0
        for line in top.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        while len(body) < length:
            got = self.stream.recv(65536)
            if not got:
                return None
            body += got
        return top + b"\r\n\r\n" + body


def endless(connection, first, piece):
    """Until the client has enough; refuses to believe in one that takes it all."""
    connection.send(first)
    try:
        for _ in range(4096):
            connection.send(piece)
    except OSError:
        pass
    connection.close()


def then(action, *pieces):
    def behave(connection, request):
        for piece in pieces:
            connection.send(piece)
        getattr(connection, action)()
    return behave


def answer(data):
    return lambda connection, request: connection.send(data)


def drip(connection, request):
    connection.send(head("Content-Length: 100000"))
    stop = threading.Event()
    try:
        while not stop.wait(0.05):
            connection.send(b"a")
    except OSError:
        connection.close()


def once_then_die(connection, request):
    if connection.seen > 1:
        connection.close()
    else:
        connection.send(whole(BODY))


MANY_HEADERS = "".join(f"X-Filler-{i}: {'f' * 1000}\r\n" for i in range(600)).encode()
HALF = head("Content-Length: 1000") + b"<DescribeVpcs"

BEHAVIOURS = {
    "ok": answer(whole(BODY, "X-Mixed-Case:   Some Value  ")),
    "ok-chunked": answer(head("Transfer-Encoding: chunked") + chunk(BODY[:7]) + chunk(BODY[7:])
                         + b"0\r\nX-Trailer: 1\r\n\r\n"),
    "empty": answer(whole(b"", "X-Empty:")),
    "error-503": answer(whole(b"<html>Service Unavailable</html>", status="503 Service Unavailable")),
    "echo": lambda connection, request: connection.send(whole(request)),
    "once-then-die": once_then_die,
    "rst-before-headers": then("reset"),
    "close-before-headers": then("close"),
    "rst-in-headers": then("reset", b"HTTP/1.1 200 OK\r\nContent-Le"),
    "rst-after-headers": then("reset", head("Content-Length: 1000")),
    "rst-in-body": then("reset", HALF),
    "close-in-body": then("close", HALF),
    "no-close-notify": then("close", head("Connection: close", "Content-Length: 1000") + b"<Des"),
    "close-in-chunked": then("close", head("Transfer-Encoding: chunked") + chunk(b"<Describe")),
    "no-byte": then("wait_for_client"),
    "no-byte-after-headers": then("wait_for_client", head("Content-Length: 10")),
    "drip": drip,
    "longer-than-length": then("wait_for_client", head("Content-Length: 5") + b"<a b='c'/> and more"),
    "two-replies": then("wait_for_client", whole(b"a") + whole(b"b")),
    "endless-chunked": lambda connection, request: endless(
        connection, head("Transfer-Encoding: chunked"), chunk(b"a" * 65536)),
    "endless-length": lambda connection, request: endless(
        connection, head("Content-Length: 99999999999"), b"a" * 65536),
    "bad-chunk-size": then("wait_for_client", head("Transfer-Encoding: chunked") + b"zz\r\n" + BODY),
    "redirect": answer(whole(b"", "Location: http://169.254.169.254/latest/meta-data/",
                             status="301 Moved Permanently")),
    "continue-only": then("wait_for_client", head(status="100 Continue")),
    "continue-then-ok": answer(head("X-Of-The-1xx: 1", status="100 Continue")
                               + whole(BODY, "X-After: yes")),
    "switching-protocols": then("wait_for_client", head("Upgrade: x", status="101 Switching Protocols")
                                + BODY),
    "headers-600k": then("wait_for_client", b"HTTP/1.1 200 OK\r\n" + MANY_HEADERS + b"\r\n"),
    "header-line-200k": then("wait_for_client", head("X-Long: " + "l" * 200000)),
    "trailers-600k": then("wait_for_client", head("Transfer-Encoding: chunked") + chunk(BODY)
                          + b"0\r\n" + MANY_HEADERS + b"\r\n"),
    "http-0.9": then("close", b"<DescribeVpcsResponse/>\r\n" * 10),
    "gzip-bomb": answer(whole(gzip.compress(b"\0" * 10485760, mtime=0), "Content-Encoding: gzip")),
    "wrong-content-type": answer(whole(BODY, "Content-Type: image/png")),
}


def serve_connection(raw, tls):
    global requests
    connection = Connection(raw, tls)
    try:
        if tls:
            connection.stream = tls.wrap_socket(raw, server_side=True)
        while True:
            request = connection.read_request()
            if request is None:
                break
            with lock:
                requests += 1
            connection.seen += 1
            name = request.split(b" ", 2)[1].decode().lstrip("/")
            BEHAVIOURS[name](connection, request)
    except (OSError, ValueError):
        pass
    try:
        connection.close()
    except OSError:
        pass


def serve(listener, tls):
    global connections
    while True:
        raw, _ = listener.accept()
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with lock:
            connections += 1
        threading.Thread(target=serve_connection, args=(raw, tls), daemon=True).start()


def listen(tls=None):
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    threading.Thread(target=serve, args=(listener, tls), daemon=True).start()
    return listener.getsockname()[1]


def closed_port():
    """Bound and never listening, so nobody else gets it."""
    global closed
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    return closed.getsockname()[1]


def full_port():
    """Listens with a queue that is full, so the kernel drops what knocks."""
    global full
    full = [socket.create_server(("127.0.0.1", 0), backlog=0)]
    for _ in range(4):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(full[0].getsockname())
        full.append(client)
    return full[0].getsockname()[1]


class Proxy:
    """In place of a TLS context: answers CONNECT first. What it was asked goes into the first reply."""

    def __init__(self, context):
        self.context = context

    def wrap_socket(self, raw, server_side):
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += raw.recv(65536)
        if not asked.startswith(b"CONNECT ec2.example.com:443 ") or b"X-Amz" in asked:
            raise ValueError(asked)
        raw.sendall(head("X-Of-The-Proxy: 1", status="200 Connection established"))
        return self.context.wrap_socket(raw, server_side=server_side)


class Certificates:
    """Throw-away ones: a CA that the client knows, one that it does not, and what they signed."""

    def __init__(self, directory):
        self.directory = directory
        for name in ("known", "unknown"):
            self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                         "-keyout", f"{name}-ca.key", "-out", f"{name}-ca.pem", "-subj", f"/CN={name} CA",
                         "-addext", "basicConstraints=critical,CA:TRUE", "-days", "30")

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.directory, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def context(self, name, alternative, ca="known", dates=()):
        path = lambda ending: os.path.join(self.directory, f"{name}.{ending}")
        self.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        with open(path("cnf"), "w") as config:
            config.write(f"[ca]\ndefault_ca=x\n[x]\nnew_certs_dir=.\ndatabase={name}.db\nrand_serial=yes\n"
                         f"default_md=sha256\npolicy=p\nx509_extensions=e\n[p]\ncommonName=supplied\n"
                         f"[e]\nsubjectAltName={alternative}\n")
        open(path("db"), "w").close()
        self.openssl("ca", "-batch", "-config", f"{name}.cnf", "-cert", f"{ca}-ca.pem",
                     "-keyfile", f"{ca}-ca.key", "-in", f"{name}.csr", "-out", f"{name}.pem", "-notext",
                     *(dates or ("-days", "30")))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path("pem"), path("key"))
        return context


def old_protocol(context):
    warnings.simplefilter("ignore", DeprecationWarning)  # that it is deprecated is the point
    context.minimum_version = ssl.TLSVersion.TLSv1_1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


def main():
    global connections, requests
    with tempfile.TemporaryDirectory() as directory:
        certificates = Certificates(directory)
        elsewhere = certificates.context("wrong-host", "DNS:ec2.example.com")
        print(listen(), closed_port(), full_port(), listen(),
              listen(certificates.context("good", "IP:127.0.0.1")),
              listen(elsewhere),
              listen(certificates.context("stranger", "IP:127.0.0.1", ca="unknown")),
              listen(certificates.context("expired", "IP:127.0.0.1", dates=(
                  "-startdate", "20200101000000Z", "-enddate", "20200201000000Z"))),
              listen(old_protocol(certificates.context("old", "IP:127.0.0.1"))),
              listen(Proxy(elsewhere)),
              os.path.join(directory, "known-ca.pem"), flush=True)
        for line in sys.stdin:
            with lock:
                print(connections, requests, flush=True)
                connections = requests = 0


if __name__ == "__main__":
    main()
