#!/usr/bin/python3
"""Capacity providers against Lambda's own service model: the paths that the daemon and the simulator know, and what the
simulator answers, member by member.

lambda_model.py SIMULATOR SOURCES      SOURCES: the folder common/

The model is lambda-model.json in the folder that VPC_REFERENCE_DATA names; Debian's botocore knows no capacity
providers. Without it nothing is checked, which is said, and the test is skipped.
"""
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "daemon" / "vpc-simulator"))
from test_vpc_simulator import signed_headers  # noqa: E402  (it has no other home)

SKIPPED = 77
ARN = "arn:aws:lambda:ap-northeast-1:111122223333:capacity-provider:"
SUBNET, GROUP = "subnet-0a1b2c3d4e5f60718", "sg-0a1b2c3d4e5f60718"
# Least and most, and each state.
WORLD = {"capacityProviders": [
    {"CapacityProviderArn": ARN + "least", "State": "Pending", "VpcConfig": {"SubnetIds": [SUBNET]}},
    {"CapacityProviderArn": ARN + "failed", "State": "Failed", "VpcConfig": {"SubnetIds": [SUBNET]}},
    {"CapacityProviderArn": ARN + "deleting", "State": "Deleting", "VpcConfig": {"SubnetIds": [SUBNET]}},
    {"CapacityProviderArn": ARN + "most", "State": "Active",
     "VpcConfig": {"SubnetIds": [SUBNET, SUBNET[:-1] + "9"], "SecurityGroupIds": [GROUP]},
     "PermissionsConfig": {"CapacityProviderOperatorRoleArn": "arn:aws:iam::111122223333:role/operator"},
     "KmsKeyArn": "arn:aws:kms:ap-northeast-1:111122223333:key/1", "LastModified": "2026-11-24T00:00:00.000+0000"},
]}


class Shapes:
    """A reply held against the shapes of the model."""

    def __init__(self, model):
        self.shapes = model["shapes"]
        self.problems = []

    def check(self, name, value, place):
        shape = self.shapes[name]
        kinds = {"structure": dict, "list": list, "string": str, "integer": int, "timestamp": str}
        if not isinstance(value, kinds[shape["type"]]):
            self.problems.append(f"{place}: {value!r} is no {shape['type']}")
        elif shape["type"] == "structure":
            self.structure(shape, value, place)
        elif shape["type"] == "list":
            self.size(shape, value, place)
            for i, item in enumerate(value):
                self.check(shape["member"]["shape"], item, f"{place}[{i}]")
        elif shape["type"] == "string":
            self.size(shape, value, place)
            if "enum" in shape and value not in shape["enum"]:
                self.problems.append(f"{place}: {value!r} is none of {shape['enum']}")
            if "pattern" in shape and not re.fullmatch(shape["pattern"], value):
                self.problems.append(f"{place}: {value!r} does not match {shape['pattern']}")

    def structure(self, shape, value, place):
        for member in shape.get("required", []):
            if member not in value:
                self.problems.append(f"{place}: no {member}")
        for member, inner in value.items():
            if member in shape["members"]:
                self.check(shape["members"][member]["shape"], inner, f"{place}.{member}")
            else:
                self.problems.append(f"{place}: {member} is no member")

    def size(self, shape, value, place):
        if not shape.get("min", 0) <= len(value) <= shape.get("max", len(value)):
            self.problems.append(f"{place}: {len(value)} long")


def read_paths(sources):
    """(file, path) of every path of the API that the sources write."""
    return [(file, path) for file in sorted(Path(sources).rglob("*.[ch]"))
            for path in re.findall(r'"(/20\d\d-\d\d-\d\d/[^"]*)"', file.read_text())]


def check_paths(model, sources):
    uris = {name: model["operations"][name]["http"]["requestUri"]
            for name in ("GetCapacityProvider", "ListCapacityProviders")}
    known = {uris["ListCapacityProviders"], uris["GetCapacityProvider"].replace("{CapacityProviderName}", "")}
    found = read_paths(sources)
    problems = [f"{file}: {path} is none of {sorted(known)}" for file, path in found if path not in known]
    if not {path for _, path in found} >= known:
        problems.append(f"{sorted(known)} are not all written in {sources}")
    return problems


def ask(connection, authority, path, query=""):
    target = path + ("?" + query if query else "")
    headers = signed_headers(authority, urllib.parse.quote(path), b"", method="GET", service="lambda", query=query)
    connection.request("GET", target, headers=headers)
    response = connection.getresponse()
    return response, json.load(response)


def check_replies(model, simulator):
    shapes = Shapes(model)
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder) / "world.json"
        world.write_text(json.dumps(WORLD))
        process = subprocess.Popen([simulator, "--world", world], stdout=subprocess.PIPE, text=True)
        try:
            authority = process.stdout.readline().removeprefix("listening on http://").strip()
            connection = http.client.HTTPConnection(authority, timeout=60)
            operations = model["operations"]
            get = operations["GetCapacityProvider"]
            listing = operations["ListCapacityProviders"]
            for provider in WORLD["capacityProviders"]:
                for name in provider["CapacityProviderArn"], provider["CapacityProviderArn"].rsplit(":", 1)[1]:
                    path = get["http"]["requestUri"].replace("{CapacityProviderName}",
                                                             urllib.parse.quote(name, safe=""))
                    response, body = ask(connection, authority, path)
                    if response.status != get["http"]["responseCode"]:
                        shapes.problems.append(f"{path}: {response.status} {body}")
                        continue
                    shapes.check(get["output"]["shape"], body, f"GetCapacityProvider {name}")
                    if body["CapacityProvider"]["CapacityProviderArn"] != provider["CapacityProviderArn"]:
                        shapes.problems.append(f"{path}: another one")
            for query in "", "MaxItems=2", "Marker=failed&MaxItems=1", "State=Failed":
                response, body = ask(connection, authority, listing["http"]["requestUri"], query)
                if response.status != listing["http"]["responseCode"]:
                    shapes.problems.append(f"ListCapacityProviders {query}: {response.status} {body}")
                    continue
                shapes.check(listing["output"]["shape"], body, f"ListCapacityProviders {query}")
        finally:
            process.terminate()
            process.wait()
    return shapes.problems


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    data = os.environ.get("VPC_REFERENCE_DATA")
    if not data or not (Path(data) / "lambda-model.json").exists():
        print("VPC_REFERENCE_DATA names no folder with lambda-model.json. Not checked: the paths and members of "
              "Lambda's capacity providers")
        return SKIPPED
    model = json.loads((Path(data) / "lambda-model.json").read_text())
    problems = check_paths(model, arguments[1]) + check_replies(model, arguments[0])
    print("\n".join(problems) or "paths and replies are the model's")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
