#!/usr/bin/python3
"""Holds our signer against botocore's: sigv4_oracle.py SIGN, where SIGN is the program sigv4_sign.

Random requests, from a seed that is printed, signed by both with the clock pinned. Exit 77 (skipped), with a line
that says so, where botocore is not installed.
"""
import datetime
import hashlib
import random
import subprocess
import sys
from urllib.parse import quote

N_REQUESTS = 500

try:
    import botocore.auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
except ImportError:
    print("NOT RUN: botocore (python3-botocore) is not installed, so our signatures were held against the golden "
          "vectors only")
    sys.exit(77)


class PinnedClock(datetime.datetime):
    at = None

    @classmethod
    def utcnow(cls):
        return cls.at


LETTERS = "abcxyzABCXYZ019-._~"
ANYTHING = LETTERS + " %+&=/?#:;,@!$'()*[]\"<>\\^`{|}éあ\U0001f600"


def text(rng, letters, most):
    return "".join(rng.choice(letters) for _ in range(rng.randint(0, most)))


def random_request(rng):
    segments = [rng.choice(["", ".", "..", "...", quote(text(rng, ANYTHING, 12), safe="-._~"), "a"])
                for _ in range(rng.randint(0, 6))]
    # botocore signs a query as it is written in the URL, so it is written canonically, but for its order.
    query = "&".join(
        quote(text(rng, ANYTHING, 6), safe="-._~") + "=" + quote(text(rng, ANYTHING, 10), safe="-._~")
        for _ in range(rng.choice([0, 0, 1, 3, 8])))
    headers = {}
    for _ in range(rng.randint(0, 5)):
        name = rng.choice(["X-Amz-", "content-", "A", "a-", "Z"]) + text(rng, "abcXYZ-", 6)
        value = text(rng, LETTERS + "  \t,;=\"", 20)
        if name.lower() not in (key.lower() for key in headers) and name.lower() not in botocore.auth.SIGNED_HEADERS_BLACKLIST:
            headers[name] = value
    if rng.random() < 0.5:
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
    return {
        "region": rng.choice(["us-east-1", "ap-northeast-1", "cn-north-1"]),
        "service": rng.choice(["ec2", "sts", "lambda"]),
        "at": datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=rng.randrange(4 * 10 ** 9)),
        "secret": text(rng, LETTERS + "/+", 40) or "x",
        "token": text(rng, LETTERS + "/+=", 60),
        "method": rng.choice(["GET", "POST", "PUT", "DELETE"]),
        "host": rng.choice(["ec2.us-east-1.amazonaws.com", "127.0.0.1:8080", "[::1]:4566", "localhost:443"]),
        "path": "/" + "/".join(segments),
        "query": query,
        "headers": headers,
        "body": rng.choice([b"", b"Action=DescribeVpcs&Version=2016-11-15",
                            bytes(rng.getrandbits(8) for _ in range(rng.randint(1, 200)))]),
    }


def by_botocore(request):
    """(Authorization, the other headers, which are those that were signed, and the canonical request)"""
    url = f"https://{request['host']}{request['path']}"
    if request["query"]:
        url += "?" + request["query"]
    aws_request = AWSRequest(method=request["method"], url=url, data=request["body"])
    for name, value in request["headers"].items():
        aws_request.headers[name] = value
    aws_request.headers["Host"] = request["host"]  # botocore would leave the port 443 out, we send what we sign
    PinnedClock.at = request["at"]
    signer = botocore.auth.SigV4Auth(Credentials("AKIDEXAMPLE", request["secret"], request["token"] or None),
                                     request["service"], request["region"])
    signer.add_auth(aws_request)
    authorization = aws_request.headers["Authorization"]
    del aws_request.headers["Authorization"]
    return authorization, dict(aws_request.headers.items()), signer.canonical_request(aws_request)


def line_of(request, signed_headers):
    wall_ms = int((request["at"] - datetime.datetime(1970, 1, 1)).total_seconds()) * 1000
    parts = [request["region"], request["service"], str(wall_ms), "AKIDEXAMPLE", request["secret"], request["token"],
             request["method"], request["path"], request["query"], request["body"]]
    for name, value in signed_headers.items():
        parts += [name, value]
    return ",".join((part if isinstance(part, bytes) else part.encode()).hex() for part in parts)


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().getrandbits(32)
    rng = random.Random(seed)
    botocore.auth.datetime.datetime = PinnedClock
    requests = [random_request(rng) for _ in range(N_REQUESTS)]
    lines, expected = [], []
    for request in requests:
        authorization, headers, canonical = by_botocore(request)
        lines.append(line_of(request, headers))
        expected.append((authorization, canonical))
    got = subprocess.run([sys.argv[1]], input="\n".join(lines) + "\n", text=True, check=True,
                         stdout=subprocess.PIPE).stdout.splitlines()
    n_wrong = 0
    for request, mine, (authorization, canonical) in zip(requests, got, expected):
        if mine.split("|")[1:] == [authorization, "0"]:
            continue
        n_wrong += 1
        if n_wrong <= 5:
            print(f"{request}\n  we:       {mine}\n  botocore: {authorization}\n  its canonical request "
                  f"({hashlib.sha256(canonical.encode()).hexdigest()}):\n{canonical}")
    print(f"seed {seed}: {len(requests)} requests signed by us and by botocore {botocore.__version__}, verified by us; "
          f"{n_wrong} differ")
    sys.exit(1 if n_wrong or len(got) != len(lines) else 0)


main()
