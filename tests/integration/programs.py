"""The programs under test as processes of ours: the simulator, the daemon, vpcctl.

VPC_PROGRAMS names the directory that they were built into. Nothing here sleeps to synchronise: what a test waits
for is a line, an exit or a condition, each with a deadline.
"""
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
import unittest
from collections import Counter
from pathlib import Path

# Before boto3 is imported: nothing of the machine's own AWS settings or proxies has a say here.
for name in list(os.environ):
    if name.startswith("AWS_") or name.lower() in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        del os.environ[name]
os.environ.update(AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull, AWS_EC2_METADATA_DISABLED="true")

import boto3  # noqa: E402
import botocore.config  # noqa: E402

if "VPC_PROGRAMS" not in os.environ:
    raise SystemExit("VPC_PROGRAMS names no directory: set it to the build's, where vpc-reconciled lies")
PROGRAMS = Path(os.environ["VPC_PROGRAMS"]).resolve()
SOURCE = Path(__file__).resolve().parents[2]

REGION = "ap-northeast-1"
ACCOUNT = "111122223333"
ACCESS_KEY = "AKIDINTEGRATIONTESTS"
SECRETS = {"AWS_SECRET_ACCESS_KEY": "nobodyMayEverRead+This/Key0123456789abcd", "AWS_SESSION_TOKEN": "norThisToken=="}
KEYS = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_REGION": REGION, **SECRETS}

DEADLINE = 60  # seconds; far more than anything here takes, also under sanitizers on a busy machine

IN_SYNC, UNKNOWN, DRIFT, USAGE, CONFIG = 0, 1, 2, 64, 78


def environment(**variables):
    """What a child gets: little, and nothing by accident. A value of None takes a variable out."""
    kept = {name: value for name, value in os.environ.items()
            if name in ("PATH", "TMPDIR") or name.endswith("SAN_OPTIONS")}
    kept["LANG"] = "C.UTF-8"
    kept["AWS_EC2_METADATA_DISABLED"] = "true"  # no test asks the address of the machine's own
    kept.update(variables)
    return {name: str(value) for name, value in kept.items() if value is not None}


def wait_until(condition, what, deadline=DEADLINE):
    """The first true value of condition(). For what no line and no exit announces."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {deadline} s for {what}")
        time.sleep(0.01)


class Lines:
    """The lines of a pipe as they come."""

    def __init__(self, pipe):
        self.lines = []
        self.ended = False
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self.thread.start()

    def _read(self, pipe):
        for line in pipe:
            with self.changed:
                self.lines.append(line.decode("utf-8", "backslashreplace").rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def wait(self, wanted, what, start=0):
        """The number of the first line from `start` on that wanted(line) takes."""
        end = time.monotonic() + DEADLINE
        at = start
        with self.changed:
            while True:
                while at < len(self.lines):
                    if wanted(self.lines[at]):
                        return at
                    at += 1
                if self.ended or not self.changed.wait(end - time.monotonic()):
                    text = "\n".join(self.lines[start:])
                    raise AssertionError(f"no {what}, {'the output ended' if self.ended else 'deadline passed'}:\n{text}")

    @property
    def text(self):
        with self.changed:
            return "".join(line + "\n" for line in self.lines)


class Program:
    """A child process; its output is read all the while, so that it never blocks on us."""

    def __init__(self, *arguments, **options):
        self.arguments = [str(argument) for argument in arguments]
        self.process = subprocess.Popen(self.arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, **options)
        self.out, self.err = Lines(self.process.stdout), Lines(self.process.stderr)

    def send(self, number):
        self.process.send_signal(number)

    def wait(self, deadline=DEADLINE):
        """Its exit status, once all that it wrote has been read."""
        try:
            self.process.wait(deadline)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"still running after {deadline} s: {self}") from None
        self.out.thread.join()
        self.err.thread.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return self.process.returncode

    def kill(self):
        """SIGKILL; a child that has gone already is no mistake."""
        if self.process.poll() is None:
            self.process.kill()
        if not self.process.stdout.closed:
            self.wait()

    @property
    def running(self):
        return self.process.poll() is None

    @property
    def status(self):
        return self.process.returncode

    @property
    def text(self):
        return self.out.text + self.err.text

    @property
    def events(self):
        """The events of --json, in order."""
        return [json.loads(line) for line in self.err.text.splitlines() if line.startswith("{")]

    def events_of(self, kind, **fields):
        return [event for event in self.events
                if event["event"] == kind and all(event.get(name) == value for name, value in fields.items())]

    def wait_event(self, kind, start=0, **fields):
        """The number of the line behind the event, for the next wait."""
        def wanted(line):
            event = json.loads(line) if line.startswith("{") else {}
            return event.get("event") == kind and all(event.get(name) == value for name, value in fields.items())
        return self.err.wait(wanted, f"event {kind} {fields}", start) + 1

    def __str__(self):
        return f"{' '.join(self.arguments)}\nended with {self.status}\n{self.text}"


class Simulator(Program):
    def __init__(self, directory, world=None, faults=None, speed=1000, visibility=0, policies=()):
        self.directory = Path(tempfile.mkdtemp(dir=directory, prefix="simulator-"))
        self.log, self.dumped = self.directory / "log", self.directory / "dump.json"
        arguments = ["--listen", "127.0.0.1:0", "--log", self.log, "--dump", self.dumped, "--speed", speed,
                     "--visibility", visibility, "--region", REGION, "--account", ACCOUNT]
        if world is not None:
            (self.directory / "world.json").write_text(json.dumps(world))
            arguments += ["--world", self.directory / "world.json"]
        if faults is not None:
            (self.directory / "faults").write_text(faults)
            arguments += ["--faults", self.directory / "faults"]
        for number, policy in enumerate(policies):
            (self.directory / f"policy-{number}.json").write_text(policy)
            arguments += ["--policy", self.directory / f"policy-{number}.json"]
        super().__init__(PROGRAMS / "vpc-simulator", *arguments, env=environment(**KEYS))
        first = self.out.wait(lambda line: line.startswith("listening on "), "listening on")
        self.url = self.out.lines[first].removeprefix("listening on ")
        self._ec2 = None

    @property
    def ec2(self):
        """boto3's client for this simulator."""
        if self._ec2 is None:
            self._ec2 = client(self.url)
        return self._ec2

    def aws(self, *arguments):
        """awscli's answer. It costs a second of CPU, so a few calls go this way and the rest through boto3."""
        run = subprocess.run(["/usr/bin/aws", "--endpoint-url", self.url, "--output", "json", "ec2", *arguments],
                             env=environment(AWS_DEFAULT_REGION=REGION, AWS_PAGER="", AWS_CONFIG_FILE=os.devnull,
                                             AWS_SHARED_CREDENTIALS_FILE=os.devnull, HOME=self.directory, **KEYS),
                             capture_output=True, text=True, timeout=DEADLINE, check=False)
        if run.returncode != 0:
            raise AssertionError(f"aws {arguments} ended with {run.returncode}: {run.stderr}")
        return json.loads(run.stdout) if run.stdout.strip() else None

    @property
    def calls(self):
        """Every call so far as the log has it."""
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text().splitlines(keepends=True) if line.endswith("\n")]

    @property
    def mutating(self):
        return [call for call in self.calls if call["mutates"]]

    def world(self):
        """The whole state now."""
        self.dumped.unlink(missing_ok=True)
        self.send(signal.SIGUSR1)
        wait_until(self.dumped.exists, "the simulator's dump")  # it appears by rename, whole
        return json.loads(self.dumped.read_text())

    def stop(self):
        if self._ec2 is not None:
            self._ec2.close()
            self._ec2 = None
        if self.running:
            self.send(signal.SIGTERM)
        if not self.process.stdout.closed:
            self.wait()
        if self.status != 0 or self.err.text:
            raise AssertionError(f"the simulator did not end well: {self}")


SESSION = boto3.session.Session(aws_access_key_id=ACCESS_KEY,
                                aws_secret_access_key=SECRETS["AWS_SECRET_ACCESS_KEY"], region_name=REGION)


def client(url, service="ec2"):
    settings = botocore.config.Config(retries={"total_max_attempts": 1}, connect_timeout=DEADLINE, read_timeout=DEADLINE)
    return SESSION.client(service, endpoint_url=url, config=settings)


def count(calls):
    """How often each action is among some calls."""
    return Counter(call["action"] for call in calls)


class Case(unittest.TestCase):
    """A directory, a state directory, and the daemon run in them. Whatever the daemon prints or keeps is searched
    for secrets and for what a sanitizer says."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vpc-reconciled-")
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)
        self.state = self.path / "state"
        self.state.mkdir()

    def start_simulator(self, world=None, **options):
        simulator = Simulator(self.path, world, **options)
        self.addCleanup(simulator.stop)
        return simulator

    def daemon_environment(self, url, **variables):
        return environment(**{**KEYS, "AWS_ENDPOINT_URL": url, "STATE_DIRECTORY": self.state, **variables})

    def start(self, url, config, *arguments, variables=None, program="vpc-reconciled", **options):
        """A daemon that goes on; url may be a Simulator. Killed at the end of the test if it still runs."""
        url = url.url if isinstance(url, Simulator) else url
        daemon = Program(PROGRAMS / program, *arguments, "--config", config,
                         env=self.daemon_environment(url, **(variables or {})), **options)
        self.addCleanup(daemon.kill)
        return daemon

    def end(self, daemon, deadline=DEADLINE):
        daemon.wait(deadline)
        self.check_output(daemon)
        return daemon

    def run_daemon(self, url, config, *arguments, **options):
        return self.end(self.start(url, config, *arguments, **options))

    def once(self, url, config, *arguments, expect, **options):
        """One --once --json run that ends with the status that is expected."""
        daemon = self.run_daemon(url, config, "--once", "--json", *arguments, **options)
        self.assertEqual(daemon.status, expect, daemon)
        return daemon

    def check_output(self, daemon):
        for word in ("AddressSanitizer", "LeakSanitizer", "runtime error", "Assertion"):
            self.assertNotIn(word, daemon.text, daemon)
        kept = b"".join(path.read_bytes() for path in self.state.iterdir() if path.is_file())
        for name, secret in SECRETS.items():
            self.assertNotIn(secret, daemon.text, f"{name} was printed")
            self.assertNotIn(secret.encode(), kept, f"{name} is in the state directory")
