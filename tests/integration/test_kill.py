#!/usr/bin/python3
"""SIGKILL before, during and after each mutating call in turn, then a new start: the same end as undisturbed, and
nothing twice. VPC_PROGRAMS names the directory of the programs.

  before  the simulator's fault `stall`: the call arrived and is not carried out
  during  `hold`: it is carried out and never answered
  after   the call behind it is stalled: the answer was taken in and written down

CreateInternetGateway and AllocateAddress have no ClientToken. When their answer is lost, the daemon waits five minutes
for what it may have made to show; that is cut `before` here, which the tests in process go through under a virtual
clock (tests/simulation/test_kill.c, test_scenarios_nat.c).
"""
import re
import signal
from dataclasses import dataclass

import drifts
import first_light
import runner
from programs import IN_SYNC, Case, count

CUTS = {"before": "stall", "during": "hold", "after": "stall"}
WITH_TOKEN = ("CreateEgressOnlyInternetGateway", "CreateNatGateway")
WITHOUT_TOKEN = ("CreateInternetGateway", "AllocateAddress")


def break_egress(simulator, world):
    drifts.delete_egress_only(simulator, world)
    drifts.delete_public_ipv4_route(simulator, world)
    simulator.ec2.delete_route(RouteTableId=world.private_tables[0], DestinationIpv6CidrBlock="::/0")


@dataclass
class Row:
    name: str
    break_it: object
    kind: str  # of the gateways that are made anew
    calls: dict
    nat: bool = True
    visibility: int = 0  # ms: for so long, at most, no look shows what was made; more than confirm_after.create
    cut_at: tuple = ()  # these calls only; all, when it is empty


ROWS = [
    Row("egress only", break_egress, "egressOnlyInternetGatewaySet",
        {"CreateEgressOnlyInternetGateway": 1, "CreateRoute": 2, "ReplaceRoute": 2}),
    Row("internet gateway", drifts.delete_internet_gateway, "internetGatewaySet",
        {"CreateInternetGateway": 1, "AttachInternetGateway": 1, "ReplaceRoute": 2}, nat=False),
    Row("nat gateways", drifts.delete_nat_gateways, "natGatewaySet",
        {"CreateNatGateway": 3, "ReplaceRoute": 3}, visibility=1000),
    Row("nat gateways and addresses", drifts.delete_nat_gateways_and_addresses, "natGatewaySet",
        {"AllocateAddress": 3, "CreateNatGateway": 3, "ReplaceRoute": 3}, visibility=1000,
        cut_at=("AllocateAddress",)),
]


class Kill(Case):
    def prepare(self, row):
        """The broken world, and the history of a daemon that saw it whole."""
        self.world = first_light.world(row.nat)
        simulator = self.start_simulator(self.world.data)
        self.config = first_light.write_config(self.path, first_light.target(self.world))
        self.once(simulator, self.config, expect=IN_SYNC)
        row.break_it(simulator, self.world)
        self.broken = simulator.world()
        self.whole_history = {path.name: path.read_bytes() for path in self.state.iterdir()}

    def begin(self, row, faults=None):
        for path in self.state.iterdir():
            path.unlink()
        for name, content in self.whole_history.items():
            (self.state / name).write_bytes(content)
        return self.start_simulator(self.broken, faults=faults, visibility=row.visibility)

    def assert_end(self, row, simulator):
        after = simulator.world()
        if row.kind == "natGatewaySet":
            self.assert_nat(row, after)
        else:
            self.assert_gateway(row, after)

    def assert_nat(self, row, after):
        """The world before the drift, but for the ids, times and tags of the three new gateways; their addresses are
        the ones that they had, or three that were made for them."""
        there = [gateway for gateway in after["natGatewaySet"] if gateway["state"] != "deleted"]
        self.assertEqual({gateway["subnetId"] for gateway in there}, set(self.world.public_subnets))
        self.assertEqual(len(there), 3)
        replaced = {}
        for old in self.world.data["natGatewaySet"]:
            new = next(gateway for gateway in there if gateway["subnetId"] == old["subnetId"])
            replaced[new["natGatewayId"]] = old["natGatewayId"]
            (was,), (now,) = old["natGatewayAddressSet"], new["natGatewayAddressSet"]
            names = ["networkInterfaceId", "associationId"]
            if "AllocateAddress" in row.calls:
                names.append("allocationId")
            replaced.update({now[name]: was[name] for name in names})
        allowed = ["/natGatewaySet/[^/]*/createTime", "/(natGatewaySet|addressesSet)/[^/]*/tagSet/vpc-reconciled:"]
        if "AllocateAddress" in row.calls:
            allowed.append("/.*/publicIp$")
        self.assertEqual(first_light.unexpected(self.world.data, {**after, "natGatewaySet": there}, replaced, allowed), {})

    def assert_gateway(self, row, after):
        """The world before the drift, but for the one new gateway's id and tags."""
        (new,) = first_light.ids(after, row.kind) - first_light.ids(self.world.data, row.kind)
        (old,) = first_light.ids(self.world.data, row.kind) - first_light.ids(after, row.kind)
        self.assertEqual(first_light.unexpected(self.world.data, after, {new: old}, allowed=[f"/{row.kind}/{old}/tagSet/"]), {})

    def changes(self, simulator):
        """What was carried out: nothing may be there twice."""
        return [call for call in simulator.mutating if call["changed"]]

    def cut(self, row, cut, nth):
        """Kills the first daemon around its nth mutating call. The call's number depends on how many looks came
        before it, which a slow machine may change: then another number is aimed at."""
        number = self.numbers[nth]
        for _ in range(5):
            simulator = self.begin(row, faults=f"{number + (cut == 'after')} {CUTS[cut]}\n")
            daemon = self.start(simulator, self.config, "--once", "--json")
            simulator.out.wait(re.compile(r"held \d+").fullmatch, "held call")
            calls = simulator.calls
            daemon.send(signal.SIGKILL)
            self.end(daemon)
            self.assertEqual(daemon.status, -signal.SIGKILL, daemon)
            mutating = [call for call in calls if call["mutates"]]
            if len(mutating) == nth + 1 and mutating[-1]["call"] == number:
                return simulator
            simulator.stop()
            seen = [call["call"] for call in mutating]
            number = seen[nth] if len(seen) > nth else number + 1
        self.fail(f"{cut} {nth}: the call could not be hit")

    def play(self, row, cut):
        self.prepare(row)
        simulator = self.begin(row)
        self.once(simulator, self.config, expect=IN_SYNC)
        self.assertEqual(count(self.changes(simulator)), row.calls)
        self.numbers = [call["call"] for call in simulator.mutating]
        self.assert_end(row, simulator)
        for nth, number in enumerate(self.numbers):
            action = simulator.calls[number - 1]["action"]
            if cut == "before" and action in WITHOUT_TOKEN:
                continue  # see above
            if row.cut_at and action not in row.cut_at:
                continue
            with self.subTest(nth=nth, action=action):
                after = self.cut(row, cut, nth)
                self.once(after, self.config, expect=IN_SYNC)
                self.assertEqual(count(self.changes(after)), row.calls)
                self.assert_end(row, after)
                creates = {}
                for call in after.mutating:
                    if "ClientToken" in call["parameters"]:
                        sent = creates.setdefault(call["parameters"]["ClientToken"], call["parameters"])
                        self.assertEqual(sent, call["parameters"], "a repeat sends the same again")
                self.assertEqual(len(creates), sum(n for name, n in row.calls.items() if name in WITH_TOKEN))
                sent = len(after.mutating)
                self.once(after, self.config, expect=IN_SYNC)
                self.assertEqual(len(after.mutating), sent, "a further run sends nothing")
                after.stop()


for row in ROWS:
    for cut in CUTS:
        if cut == "before" and row.cut_at and set(row.cut_at) <= set(WITHOUT_TOKEN):
            continue
        setattr(Kill, f"test_{row.name.replace(' ', '_')}_{cut}", lambda self, row=row, cut=cut: self.play(row, cut))


if __name__ == "__main__":
    runner.main(prepare=lambda: [first_light.world(nat) for nat in (True, False)])
