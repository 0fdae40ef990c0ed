#!/usr/bin/python3
"""vpc-reconciled from outside: exit statuses, messages, what it leaves behind. No network is needed.

command_line.py PROGRAM
"""
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

PROGRAM = None
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "a-secret-of-test"}
ORDERS = """{
  "name": "orders", "region": "ap-northeast-1", "vpc": "vpc-0a1b2c3d4e5f60718",
  "subnet_groups": {"g": {"match": ["subnet-0a1b2c3d4e5f60718"]}}
}
"""


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.config = os.path.join(self.directory.name, "config")
        self.state = os.path.join(self.directory.name, "state")
        os.makedirs(os.path.join(self.config, "vpcs.d"))

    def tearDown(self):
        self.directory.cleanup()

    def put(self, name, text):
        path = os.path.join(self.config, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items()
                if name == "PATH" or name.endswith("SAN_OPTIONS")}
        return {**kept, "STATE_DIRECTORY": self.state, "AWS_EC2_METADATA_DISABLED": "true", **more}

    def run_it(self, *arguments, **environment):
        return subprocess.run([PROGRAM, *arguments], env=self.environment(**environment), text=True,
                              capture_output=True, timeout=60)

    def once(self, *arguments, **environment):
        return self.run_it("--config", self.config, "--once", *arguments, **environment)

    def assertEnds(self, ended, status, *parts):
        self.assertEqual(ended.returncode, status, ended.stderr)
        self.assertEqual(ended.stdout, "")
        for part in parts:
            self.assertIn(part, ended.stderr)
        self.assertNotIn(KEYS["AWS_SECRET_ACCESS_KEY"], ended.stderr)

    def test_answers(self):
        for arguments, part in [(["--help"], "--approve FINDING"), (["-h"], "Exit status:"),
                                (["--version"], "vpc-reconciled "), (["-V"], "vpc-reconciled ")]:
            ended = self.run_it(*arguments)
            self.assertEqual((ended.returncode, ended.stderr), (0, ""))
            self.assertIn(part, ended.stdout)

    def test_usage(self):
        for arguments, part in [(["--observer"], "did you mean --observe?"), (["orders"], "takes options only"),
                                (["--approve", "all"], "one finding"), (["--config"], "wants a value")]:
            self.assertEnds(self.run_it(*arguments), 64, part)

    def test_wrong_config(self):
        for text, parts in [
            ('{"nam": "x"}', [":1:2: nam: unknown key"]),
            (ORDERS.replace('"orders"', "7"), [":2:11: "]),
            (ORDERS.replace('"region"', '"name"'), [":2:21: "]),
            ("{", ["a.json:1:"]),
            ("x" * 10_000_000, ["a.json:"]),
            ('{"name": "x"}' * 800_000, ["a.json:"]),
        ]:
            self.put("vpcs.d/a.json", text)
            self.assertEnds(self.once(**KEYS), 78, "a.json:", "the config is not valid\nCorrect it", *parts)
            self.assertFalse(os.path.exists(self.state))

    def test_missing_directory(self):
        self.assertEnds(self.run_it("--config", "/nonexistent", "--once", **KEYS), 78,
                        "/nonexistent: the config directory cannot be read: No such file or directory",
                        "Correct it and start again")

    def test_wrong_environment(self):
        self.put("vpcs.d/a.json", ORDERS)
        for environment, part in [
            ({}, "there are no AWS credentials: set AWS_ACCESS_KEY_ID"),
            ({"AWS_ACCESS_KEY_ID": "test"}, "AWS_SECRET_ACCESS_KEY is not"),
            ({**KEYS, "AWS_ENDPOINT_URL": "http://example.com"}, "plain http is only for loopback"),
            ({**KEYS, "AWS_ENDPOINT_URL_STS": "nonsense"}, "AWS_ENDPOINT_URL_STS"),
            ({**KEYS, "AWS_CA_BUNDLE": "/nonexistent/ca.pem"}, "AWS_CA_BUNDLE: /nonexistent/ca.pem: No such"),
        ]:
            self.assertEnds(self.once(**environment), 78, part)
            self.assertFalse(os.path.exists(self.state))

    def test_no_vpc(self):
        self.assertEnds(self.once(), 78, "no VPC is configured\nAdd a file for each VPC to " + self.config)

    def test_json(self):
        self.put("vpcs.d/a.json", '{"nam": "x"}')
        ended = self.once("--json")
        self.assertEqual(ended.returncode, 78)
        events = [json.loads(line) for line in ended.stderr.splitlines()]
        self.assertIn("config-invalid", {event["event"] for event in events})
        self.assertTrue(any("a.json:1:2: " in event["message"] for event in events))

    def test_state_directory_is_locked(self):
        self.put("vpcs.d/a.json", ORDERS)
        os.mkdir(self.state)
        with open(os.path.join(self.state, "lock"), "w") as lock:
            lock.write("process 4711 on elsewhere since 2026-11-24T00:00:00.000Z\n")
            lock.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertEnds(self.once(**KEYS), 1, "process 4711 on elsewhere since 2026-11-24", "--observe")

    def test_state_directory_cannot_be_made(self):
        self.put("vpcs.d/a.json", ORDERS)
        self.assertEnds(self.once(**{**KEYS, "STATE_DIRECTORY": "/nonexistent/state"}), 1,
                        "/nonexistent/state", "No such file or directory")

    def test_service_idles_reloads_and_stops(self):
        """A package that was just installed: no file, no credentials; then a reload with a mistake."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            path = os.path.join(self.directory.name, "notify")
            notify.bind(path)
            notify.settimeout(30)
            with subprocess.Popen([PROGRAM, "--config", self.config], text=True, stderr=subprocess.PIPE,
                                  env=self.environment(NOTIFY_SOCKET=path)) as service:
                said = lambda: notify.recv(4096).decode()
                def expect(start):
                    while not said().startswith(start):
                        pass
                expect("READY=1")
                self.assertTrue(os.path.isdir(self.state))
                for text in ['{"nam": 1}', ORDERS]:  # a mistake; good, but there are no credentials
                    self.put("vpcs.d/a.json", text)
                    service.send_signal(signal.SIGHUP)
                    expect("RELOADING=1\nMONOTONIC_USEC=")
                    expect("READY=1")
                service.send_signal(signal.SIGTERM)
                expect("STOPPING=1")
                stderr = service.communicate(timeout=30)[1]
        self.assertEqual(service.returncode, 0, stderr)
        for part in ["no VPC is configured", "a.json:1:2: ", "until then the last good config is in force",
                     "there are no AWS credentials"]:
            self.assertIn(part, stderr)


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
