#!/usr/bin/python3
"""vpc-simulator from outside: options, the port and what comes to it, files, signals. What EC2 answers is tested
in tests/common/simulator/; here only the way there counts.

test_vpc_simulator.py PROGRAM
"""
import datetime
import hashlib
import hmac
import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

PROGRAM = None
DEADLINE = 60  # seconds, for each wait; none is ever slept out
REGION = "ap-northeast-1"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def signed_headers(host, path, body, key="test", secret="test", region=REGION, method="POST", service="ec2",
                   query=""):
    """Signature Version 4, a third time and in another language. path: as it is signed."""
    query = "&".join(sorted(query.split("&")))
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{now[:8]}/{region}/{service}/aws4_request"
    canonical = f"{method}\n{path}\n{query}\nhost:{host}\nx-amz-date:{now}\n\nhost;x-amz-date\n{sha256(body)}"
    text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{sha256(canonical.encode())}"
    signing_key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        signing_key = hmac.new(signing_key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(signing_key, text.encode(), hashlib.sha256).hexdigest()
    return {"Host": host, "X-Amz-Date": now,
            "Authorization": f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders=host;x-amz-date, "
                             f"Signature={signature}"}


class Simulator:
    def __init__(self, *options, **environment):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self.process = subprocess.Popen([PROGRAM, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, env={**kept, **environment})
        self.first_line = self.line()
        if not self.first_line.startswith("listening on http://"):
            raise AssertionError(f"{self.first_line!r}: {self.process.communicate()[1]}")
        self.host, port = self.first_line.removeprefix("listening on http://").strip().rsplit(":", 1)
        self.port = int(port)
        self.authority = f"{self.host}:{port}"
        self.connection = self.connect()

    def line(self):
        if not select.select([self.process.stdout], [], [], DEADLINE)[0]:
            raise AssertionError("no line came")
        return self.process.stdout.readline()

    def connect(self):
        return http.client.HTTPConnection(self.host.strip("[]"), self.port, timeout=DEADLINE)

    def socket(self):
        return socket.create_connection((self.host.strip("[]"), self.port), timeout=DEADLINE)

    def send(self, body, path="/", connection=None, **key):
        body = body.encode()
        (connection or self.connection).request("POST", path, body, signed_headers(self.authority, path, body, **key))

    def ask(self, body, path="/", **key):
        self.send(body, path, **key)
        response = self.connection.getresponse()
        return response.status, response.read().decode()

    def describe(self, what="DescribeInternetGateways"):
        return self.ask(f"Action={what}&Version=2016-11-15")

    def stop(self, number=signal.SIGTERM):
        self.connection.close()
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, output, errors


class VpcSimulator(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def start(self, *options, **environment):
        simulator = Simulator(*options, **environment)
        self.addCleanup(lambda: simulator.process.poll() is None and simulator.process.kill())
        return simulator

    def path(self, name, text=None):
        path = os.path.join(self.directory.name, name)
        if text is not None:
            with open(path, "w") as file:
                file.write(text)
        return path

    def assert_clean_end(self, simulator):
        status, output, errors = simulator.stop()
        self.assertEqual((status, output, errors), (0, "", ""))

    # ---- options ----

    def run_program(self, *options, **environment):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return subprocess.run([PROGRAM, *options], capture_output=True, text=True, timeout=DEADLINE,
                              env={**kept, **environment})

    def test_bad_options(self):
        for options, message in [
                (["--listen", "0.0.0.0:0"], "expected a loopback address"),
                (["--listen", "[::]:0"], "expected a loopback address"),
                (["--listen", "192.0.2.1:80"], "expected a loopback address"),
                (["--listen", "localhost"], "expected ADDR:PORT"),
                (["--listen", "127.0.0.1:65536"], "expected ADDR:PORT"),
                (["--listen", "127.0.0.1:-1"], "expected ADDR:PORT"),
                (["--speed", "0"], "expected a whole number from 1"),
                (["--speed", "fast"], "expected a whole number from 1"),
                (["--seed", "-1"], "expected a whole number"),
                (["--visibility", "1m"], "expected milliseconds from 0 to 86400000"),
                (["--visibility", "86400001"], "expected milliseconds from 0 to 86400000"),
                (["--throttle=yes"], "see vpc-simulator --help"),
                (["--region", "Tokyo"], "expected a region"),
                (["--account", "12"], "expected 12 digits"),
                (["--nonsense"], "see vpc-simulator --help"),
                (["--world"], "see vpc-simulator --help"),
                (["argument"], "is no option")]:
            with self.subTest(options):
                ran = self.run_program(*options)
                self.assertEqual((ran.returncode, ran.stdout), (2, ""))
                self.assertIn(message, ran.stderr)
        ran = self.run_program(AWS_ACCESS_KEY_ID="half-a-pair")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("AWS_SECRET_ACCESS_KEY", ran.stderr)

    def test_help_and_version(self):
        ran = self.run_program("--help")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        for name in ("--listen", "--world", "--dump", "--log", "--speed", "--visibility", "--throttle", "--faults",
                     "--seed", "lost-answer", "stale-list", "fresh-not-found", "nat-gateway-fails"):
            self.assertIn(name, ran.stdout)
        ran = self.run_program("--version")
        self.assertEqual(ran.returncode, 0)
        self.assertRegex(ran.stdout, r"^vpc-simulator \d+\.\d+")

    def test_bad_files(self):
        for option, text, message in [
                ("--world", '{"vpcSet": [\n  {"vpcId": 3}]}', ":2:3: "),
                ("--world", "{", ":1:"),
                ("--faults", "1 hold\n2 hodl\n", ':2:1: no fault is called "hodl"; did you mean "hold"?')]:
            with self.subTest(text):
                path = self.path("file", text)
                ran = self.run_program(option, path)
                self.assertEqual((ran.returncode, ran.stdout), (1, ""))
                self.assertIn(path + message, ran.stderr)
        for option in ("--world", "--faults", "--log"):
            ran = self.run_program(option, self.path("none/file"))
            self.assertEqual(ran.returncode, 1)
            self.assertIn(self.path("none/file"), ran.stderr)

    def test_port_in_use(self):
        simulator = self.start()
        ran = self.run_program("--listen", simulator.authority)
        self.assertEqual((ran.returncode, ran.stdout), (1, ""))
        self.assertIn("--listen: ", ran.stderr)
        self.assert_clean_end(simulator)

    def test_ipv6(self):
        simulator = self.start("--listen", "[::1]:0")
        self.assertEqual(simulator.host, "[::1]")
        self.assertEqual(simulator.describe()[0], 200)
        self.assert_clean_end(simulator)

    # ---- keys and region ----

    def test_keys(self):
        simulator = self.start()
        self.assertEqual(simulator.describe()[0], 200)
        self.assertEqual(simulator.ask("Action=DescribeVpcs&Version=2016-11-15", secret="other")[0], 401)
        self.assert_clean_end(simulator)
        simulator = self.start(AWS_ACCESS_KEY_ID="mine", AWS_SECRET_ACCESS_KEY="of-my-own", AWS_REGION="eu-west-1")
        self.assertEqual(simulator.describe()[0], 401)
        status, body = simulator.ask("Action=DescribeAvailabilityZones&Version=2016-11-15", key="mine",
                                     secret="of-my-own", region="eu-west-1")
        self.assertEqual(status, 200)
        self.assertIn("eu-west-1a", body)
        self.assert_clean_end(simulator)

    # ---- HTTP ----

    def test_raw_path(self):
        """A path that is decoded on the way no longer fits its signature: this one must be seen as it was sent."""
        simulator = self.start()
        status, body = simulator.ask("Action=DescribeVpcs&Version=2016-11-15", path="/a%2Fb")
        self.assertEqual(status, 400)
        self.assertIn("<Code>InvalidRequest</Code>", body)
        self.assert_clean_end(simulator)

    def test_lambda(self):
        """Its path is signed encoded twice, and its errors have a header."""
        arn = "arn:aws:lambda:ap-northeast-1:111122223333:capacity-provider:orders"
        world = self.path("world", json.dumps({"capacityProviders": [
            {"CapacityProviderArn": arn, "VpcConfig": {"SubnetIds": ["subnet-1"]}}]}))
        simulator = self.start("--world", world, "--log", self.path("log"))

        def get(name):
            path = "/2025-11-30/capacity-providers/" + urllib.parse.quote(name, safe="")
            simulator.connection.request("GET", path, headers=signed_headers(
                simulator.authority, urllib.parse.quote(path), b"", method="GET", service="lambda"))
            response = simulator.connection.getresponse()
            return response, json.load(response)

        for name in "orders", arn:
            response, body = get(name)
            self.assertEqual((response.status, response.getheader("Content-Type")), (200, "application/json"))
            self.assertEqual(body["CapacityProvider"]["VpcConfig"], {"SubnetIds": ["subnet-1"], "SecurityGroupIds": []})
        response, body = get("order")
        self.assertEqual((response.status, response.getheader("x-amzn-ErrorType")), (404, "ResourceNotFoundException"))
        self.assert_clean_end(simulator)
        with open(self.path("log")) as file:
            self.assertEqual([json.loads(line)["action"] for line in file], 3 * ["GetCapacityProvider"])

    def test_keep_alive(self):
        simulator = self.start("--log", self.path("log"))
        simulator.describe()
        port = simulator.connection.sock.getsockname()[1]
        for _ in range(20):
            self.assertEqual(simulator.describe()[0], 200)
            self.assertEqual(simulator.connection.sock.getsockname()[1], port)
        self.assert_clean_end(simulator)
        with open(self.path("log")) as file:
            lines = [json.loads(line) for line in file]
        self.assertEqual([line["call"] for line in lines], list(range(1, 22)))
        self.assertEqual({line["action"] for line in lines}, {"DescribeInternetGateways"})
        self.assertNotIn("Signature", json.dumps(lines))

    def test_large_bodies(self):
        simulator = self.start()
        for size, expected in [((1 << 20) + 1, 413), (1 << 20, 403), (3 << 20, 413)]:
            simulator.connection.request("POST", "/", b"x" * size)
            response = simulator.connection.getresponse()
            self.assertEqual((size, response.status), (size, expected))
            self.assertIn(b"<Code>", response.read())
        self.assertEqual(simulator.describe()[0], 200)
        self.assert_clean_end(simulator)

    def test_other_methods_and_encodings(self):
        simulator = self.start()
        for method in ("PUT", "DELETE", "OPTIONS", "PATCH"):
            simulator.connection.request(method, "/")
            response = simulator.connection.getresponse()
            self.assertEqual(response.status, 405)
            self.assertIn(b"<Code>MethodNotAllowed</Code>", response.read())
        simulator.connection.request("POST", "/", iter([b"Action=", b"X"]), encode_chunked=True,
                                     headers={"Transfer-Encoding": "chunked"})
        self.assertEqual(simulator.connection.getresponse().read().count(b"MissingAuthenticationToken"), 1)
        self.assert_clean_end(simulator)

    def test_broken_requests(self):
        """Whatever comes in, the next client is served and nothing is left behind (the sanitizers say so)."""
        simulator = self.start()
        for text in (b"", b"POST / HT", b"POST / HTTP/1.1\r\nHost: x\r\n", b"\0\xff" * 40 + b"\r\n\r\n",
                     b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc",
                     b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n"):
            client = simulator.socket()
            try:
                client.sendall(text)
            except OSError:
                pass
            client.close()
            self.assertEqual(simulator.describe()[0], 200)
        half = simulator.socket()
        half.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n")
        self.assert_clean_end(simulator)  # with that one still open
        half.close()

    # ---- faults and files ----

    def test_hold_and_stall(self):
        simulator = self.start("--faults", self.path("faults", "1 hold\n2 stall\n"), "--dump", self.path("dump"))
        create = "Action=CreateInternetGateway&Version=2016-11-15"
        clients = []
        for n in (1, 2):
            clients.append(simulator.connect())
            simulator.send(create, connection=clients[-1])
            self.assertEqual(simulator.line(), f"held {n}\n")
            self.assertFalse(select.select([clients[-1].sock], [], [], 0)[0])
        status, body = simulator.describe()
        self.assertEqual((status, body.count("<internetGatewayId>")), (200, 1))
        for client in clients:
            self.addCleanup(client.close)
        self.assert_clean_end(simulator)
        with open(self.path("dump")) as file:
            world = json.load(file)
        self.assertEqual(len(world["internetGatewaySet"]), 1)
        self.assertEqual(world["calls"], {"CreateInternetGateway": 2, "DescribeInternetGateways": 1})

    def test_visibility(self):
        """Unseen for hours, and seen after some milliseconds."""
        create = "Action=CreateInternetGateway&Version=2016-11-15"
        simulator = self.start("--visibility", "86400000", "--dump", self.path("dump"))
        self.assertEqual(simulator.ask(create)[0], 200)
        self.assertIn("<internetGatewaySet/>", simulator.describe()[1])
        self.assert_clean_end(simulator)
        with open(self.path("dump")) as file:
            self.assertEqual(len(json.load(file)["internetGatewaySet"]), 1)

        simulator = self.start("--visibility", "50")
        self.assertEqual(simulator.ask(create)[0], 200)
        while "<internetGatewayId>" not in simulator.describe()[1]:
            pass
        self.assert_clean_end(simulator)

    def test_throttle(self):
        """A NAT gateway's bucket: 10, and one more each second; without the option there is none."""
        delete = "Action=DeleteNatGateway&Version=2016-11-15&DryRun=true&NatGatewayId=nat-00000000000000001"
        simulator = self.start("--throttle")
        said = [simulator.ask(delete) for _ in range(10)]
        self.assertEqual({status for status, _ in said}, {412})
        while said[-1][0] == 412 and len(said) < 10000:
            said.append(simulator.ask(delete))
        self.assertEqual(said[-1][0], 503)
        self.assertIn("<Code>RequestLimitExceeded</Code>", said[-1][1])
        self.assertEqual(simulator.describe()[0], 200)
        self.assert_clean_end(simulator)

        simulator = self.start()
        self.assertEqual({simulator.ask(delete)[0] for _ in range(100)}, {412})
        self.assert_clean_end(simulator)

    def test_dump_and_world(self):
        simulator = self.start("--dump", self.path("dump"), "--seed", "5")
        simulator.ask("Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0%2F16")
        simulator.process.send_signal(signal.SIGUSR1)
        while not os.path.exists(self.path("dump")):
            simulator.describe()
        with open(self.path("dump")) as file:
            world = json.load(file)
        self.assertEqual([vpc["cidrBlock"] for vpc in world["vpcSet"]], ["10.0.0.0/16"])
        self.assert_clean_end(simulator)
        self.assertEqual(os.listdir(self.directory.name), ["dump"])  # no half-written one beside it

        again = self.start("--world", self.path("dump"), "--dump", self.path("again"), "--seed", "5")
        status, body = again.ask("Action=CreateVpc&Version=2016-11-15&CidrBlock=10.1.0.0%2F16")
        self.assertEqual(status, 200)
        self.assert_clean_end(again)
        with open(self.path("again")) as file:
            vpcs = [vpc["vpcId"] for vpc in json.load(file)["vpcSet"]]
        self.assertEqual(len(set(vpcs)), 2)  # the same seed does not give the same id again
        self.assertIn(world["vpcSet"][0]["vpcId"], vpcs)

    def test_dump_that_cannot_be_written(self):
        simulator = self.start("--dump", self.path("none/dump"))
        status, _, errors = simulator.stop()
        self.assertEqual(status, 1)
        self.assertIn(self.path("none/dump"), errors)

    def test_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            simulator = self.start()
            self.assertEqual(simulator.stop(number)[0], 0)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
