#!/usr/bin/python3
"""Every action, by boto3 against vpc-simulator, with every parameter that botocore's model has.

every_action.py SIMULATOR DUMP      DUMP: the program dump_tables

Each parameter must have been in a call that was carried out (the simulator's own log says so), and what it asked for must
be seen afterwards by a Describe. javascript.py does the same with an SDK that knows what Debian's botocore is too old for.
"""
import re
import sys
import time

import distinct
import tables
from clients import REGION, Boto3, Refused, Simulator
from scenario import identity, scenario, sessions
from scenario_access import access

SPEED = 1000  # a NAT gateway comes up within 90 ms
PATIENCE_S = 20

# What is not simulated is refused, and said to be.
REFUSED = {
    ("CreateVpc", "Ipv6Pool"): "UnsupportedOperation",
    ("CreateVpc", "Ipv6CidrBlock"): "UnsupportedOperation",
    ("AssociateVpcCidrBlock", "Ipv6Pool"): "UnsupportedOperation",
    ("AssociateVpcCidrBlock", "Ipv6CidrBlock"): "UnsupportedOperation",
    ("AssociateAddress", "InstanceId"): "InvalidInstanceID.NotFound",
    # Pools of IPAM serve VPCs alone here.
    ("AssociateSubnetCidrBlock", "Ipv6IpamPoolId"): "MissingParameter",
    ("AssociateSubnetCidrBlock", "Ipv6NetmaskLength"): "MissingParameter",
}
# What the simulator keeps out of its log.
SECRET = {("AssumeRoleWithWebIdentity", "WebIdentityToken")}


class Ec2:
    """Calls, each with DryRun first, and what was seen in the answers."""

    def __init__(self, client, actions):
        self.client, self.actions = client, actions
        self.problems, self.answered = [], set()

    def __call__(self, action, **parameters):
        row = self.actions[action]
        if row.dry_run:
            self.refused("DryRunOperation", action, DryRun=True, **parameters)
            parameters["DryRun"] = False
        reply = self.client.call(action, parameters, row.service)
        self.answered |= {(action, node.name) for node in row.reply if reply.get(node.sdk) not in (None, [], {})}
        return reply

    def refused(self, code, action, **parameters):
        try:
            self.client.call(action, parameters, self.actions[action].service)
        except Refused as error:
            self.same(f"{action} {parameters} is refused", error.code, code)
        else:
            self.problems.append(f"{action} {parameters}: carried out, not refused with {code}")

    def knows(self, action, parameter):
        return any(self.client.knows(node) for node in self.actions[action].request if node.name == parameter)

    def same(self, what, got, want):
        if got != want:
            self.problems.append(f"{what}: {got!r}, not {want!r}")

    def holds(self, what, item, **members):
        for name, value in members.items():
            self.same(f"{what}: {name}", item.get(name), value)

    def all(self, action, **parameters):
        return self(action, **parameters)[self.actions[action].list_node().sdk]

    def ids_parameter(self, action):
        return next(node.sdk for node in self.actions[action].request if node.kind == "texts")

    def one(self, action, id):
        found = self.all(action, **{self.ids_parameter(action): [id]})
        self.same(f"{action} of {id}: items", len(found), 1)
        return found[0]

    def gone(self, action, id, code):
        self.refused(code, action, **{self.ids_parameter(action): [id]})

    def eventually(self, what, look):
        """Slow states take milliseconds here; what counts is that they end."""
        end = time.monotonic() + PATIENCE_S
        while not (seen := look()):
            if time.monotonic() > end:
                raise AssertionError(f"{what} did not come within {PATIENCE_S} s")
            time.sleep(0.01)
        return seen


# ---- what was sent, and what came back ----


def coverage(ec2, log):
    """Was each parameter that the client knows in a call that was carried out, and did each part of an answer come?"""
    done, refused = set(), set()
    for line in log:
        for name, value in line["parameters"].items():
            path = re.sub(r"\.\d+", "", name).replace(".", "/")
            if line["status"] == 200:
                done.add((line["action"], path))
            else:
                refused.add((line["action"], path, line["code"]))
    carried_out = {line["action"] for line in log if line["status"] == 200}
    n = 0
    for action in ec2.actions.values():
        if action.service not in ec2.client.services or not ec2.client.knows(action) or action.name in distinct.NOT_SIMULATED:
            continue
        if action.name not in carried_out:
            yield f"{action.name}: never carried out"
        for leaf in action.leaves("request"):
            if not ec2.client.knows(leaf):
                continue
            place, n = (action.name, leaf.path), n + 1
            if place in SECRET:
                if any(leaf.path in line["parameters"] for line in log):
                    yield f"{' '.join(place)}: in the log"
            elif place in REFUSED:
                if place in done or (*place, REFUSED[place]) not in refused:
                    yield f"{' '.join(place)}: not refused with {REFUSED[place]}"
            elif place not in done:
                yield f"{' '.join(place)}: in no call that was carried out"
            elif leaf.path == "DryRun" and (*place, "DryRunOperation") not in refused:
                yield f"{' '.join(place)}: never tried"
        if not action.list:
            for node in action.reply:
                if (action.name, node.name) not in ec2.answered and ec2.client.knows(node):
                    yield f"{action.name} reply {node.name}: never answered"
    print(f"{ec2.client.label}: {len(carried_out)} actions carried out, {n} parameters, {len(log)} calls")


def run(simulator_program, dump, make_client):
    with Boto3("http://127.0.0.1:1") as boto3:
        actions, problems = tables.join(tables.load(dump), boto3)
    world = distinct.world(actions)
    world["serviceDetailSet"] += [{"serviceId": f"vpce-svc-{number}bcdef00", "serviceName": f"com.amazonaws.{REGION}.{name}",
                                   "serviceType": [{"serviceType": kind}], "supportedIpAddressTypeSet": ["ipv4", "ipv6"],
                                   "privateDnsName": f"{name}.{REGION}.amazonaws.com",
                                   "availabilityZoneSet": [zone["zoneName"] for zone in world["availabilityZoneInfo"]]}
                                  for number, name, kind in ((1, "s3", "Gateway"), (2, "logs", "Interface"))]
    world["quotas"] = dict.fromkeys(("vpcs", "internetGateways", "egressOnlyInternetGateways", "addresses"), 20)
    with Simulator(simulator_program, world, SPEED) as simulator, make_client(simulator.url) as client:
        ec2 = Ec2(client, actions)
        if "sts" in client.services:
            identity(ec2)
            sessions(ec2, simulator.url)
        scenario(ec2, world)
        access(ec2, world)
        problems += ec2.problems
        problems += coverage(ec2, simulator.log())
    return problems


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    problems = run(*arguments, Boto3)
    print("\n".join(problems) or "every action does what its parameters ask for")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
