"""The real vpc-simulator and the real clients that call it: boto3, and AWS's SDK for JavaScript.

Both clients are called alike: call(action, parameters) answers what the SDK answers, under the SDK's own names, with
times as ISO 8601 text and without what the SDK adds; an error of AWS is a Refused.
"""
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REGION, ACCOUNT = "ap-northeast-1", "210987654321"
KEYS = ("AKIDCONFORMANCE00000", "a/secret+of=the/tests")
NPM_TIMEOUT_S, STOP_TIMEOUT_S = 150, 30


class Refused(Exception):
    def __init__(self, code, message, status):
        super().__init__(f"{code}: {message}")
        self.code, self.status = code, status


def environment():
    """Nothing of the caller's AWS settings, and loopback without a proxy."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("AWS_") and not name.lower().endswith("_proxy")}
    return kept | {"AWS_ACCESS_KEY_ID": KEYS[0], "AWS_SECRET_ACCESS_KEY": KEYS[1], "AWS_DEFAULT_REGION": REGION,
                   "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/dev/null",
                   "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_PAGER": ""}


class Simulator:
    """vpc-simulator while the context lasts; it must end well and say nothing on stderr."""

    def __init__(self, program, world=None, speed=1):
        self.program, self.world, self.speed = program, world, speed

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="vpc-conformance-")
        folder = Path(self.folder.name)
        self.log_path, self.stderr_path = folder / "log", folder / "stderr"
        command = [self.program, "--listen=127.0.0.1:0", f"--log={self.log_path}", f"--speed={self.speed}",
                   f"--region={REGION}", f"--account={ACCOUNT}"]
        if self.world:
            (folder / "world.json").write_text(json.dumps(self.world, ensure_ascii=False), encoding="utf-8")
            command.append(f"--world={folder / 'world.json'}")
        with self.stderr_path.open("w", encoding="utf-8") as stderr:
            self.process = subprocess.Popen(command, env=environment(), stdin=subprocess.DEVNULL,
                                            stdout=subprocess.PIPE, stderr=stderr, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            self.process.wait(STOP_TIMEOUT_S)
            raise RuntimeError(f"vpc-simulator did not start: {self.stderr_path.read_text(encoding='utf-8')}")
        self.url = line.split()[2]
        return self

    def __exit__(self, kind, value, trace):
        self.process.terminate()
        try:
            status = self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.process.stdout.close()
        said = self.stderr_path.read_text(encoding="utf-8")
        self.folder.cleanup()
        if status != 0 or said:
            print(said, file=sys.stderr)
            raise RuntimeError(f"vpc-simulator ended with {status}") from value

    def log(self):
        """Each call so far; a parameter that came twice would be lost in a dict, so that is an error."""
        def pairs(items):
            names = [name for name, _ in items]
            assert len(set(names)) == len(names), f"twice in a line of the log: {names}"
            return dict(items)
        return [json.loads(line, object_pairs_hook=pairs)
                for line in self.log_path.read_text(encoding="utf-8").splitlines()]


# ---- boto3 ----


def plain(value):
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if name != "ResponseMetadata"}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value


class Boto3:
    services = ("ec2", "sts")

    def __init__(self, url, keys=KEYS):
        """keys: with a session's token behind, or not."""
        import boto3
        import botocore
        from botocore.config import Config

        config = Config(retries={"max_attempts": 0}, proxies={})
        self.label = f"boto3 {boto3.__version__}"
        self.is_debian = botocore.__version__.startswith("1.29.")
        self.clients = {service: boto3.client(service, region_name=REGION, endpoint_url=url, config=config,
                                              **dict(zip(("aws_access_key_id", "aws_secret_access_key", "aws_session_token"),
                                                         keys)))
                        for service in self.services}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def knows(self, row):
        return row.known

    def shapes(self, action, service="ec2"):
        """None: botocore has no such action."""
        model = self.clients[service].meta.service_model
        if action not in model.operation_names:
            return None
        operation = model.operation_model(action)
        return {"request": operation.input_shape, "reply": operation.output_shape}

    def call(self, action, parameters, service="ec2"):
        from botocore import xform_name
        from botocore.exceptions import ClientError

        try:
            reply = getattr(self.clients[service], xform_name(action))(**parameters)
        except ClientError as error:
            said = error.response["Error"]
            raise Refused(said["Code"], said["Message"], error.response["ResponseMetadata"]["HTTPStatusCode"]) from None
        assert reply["ResponseMetadata"]["RequestId"], f"{action}: no request id"
        return plain(reply)


# ---- JavaScript ----

SOURCES = Path(__file__).resolve().parent / "js"


class NoRegistry(Exception):
    pass


def install(folder):
    """The SDK of js/package-lock.json in `folder`; nothing is fetched when it is there already."""
    lock = (SOURCES / "package-lock.json").read_bytes()
    stamp = folder / "installed-lock.json"
    if stamp.exists() and stamp.read_bytes() == lock:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCES / name, folder / name)
    try:
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                       timeout=NPM_TIMEOUT_S)
    except FileNotFoundError:
        raise NoRegistry("there is no npm") from None
    except subprocess.TimeoutExpired:
        raise NoRegistry(f"npm ci did not end within {NPM_TIMEOUT_S} s") from None
    except subprocess.CalledProcessError as error:
        raise NoRegistry(f"npm ci failed:\n{error.stdout}") from None
    stamp.write_bytes(lock)


class JavaScript:
    """One node process; a line of JSON to it for each call, a line back."""

    services = ("ec2",)

    def __init__(self, url, folder):
        self.process = subprocess.Popen(["node", "--no-warnings", SOURCES / "client.cjs", folder, url, REGION],
                                        env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        encoding="utf-8")
        self.label = self.answer()["label"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(STOP_TIMEOUT_S)

    def knows(self, _):
        return True

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("node ended; what it said is above")
        return json.loads(line)

    def call(self, action, parameters, service="ec2"):
        assert service in self.services
        print(json.dumps({"action": action, "parameters": parameters}, ensure_ascii=False), file=self.process.stdin,
              flush=True)
        answer = self.answer()
        if "code" in answer:
            raise Refused(answer["code"], answer["message"], answer["status"])
        if "failure" in answer:
            raise RuntimeError(f"{action}: {answer['failure']}")
        return answer["reply"]
