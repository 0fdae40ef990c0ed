#!/usr/bin/python3
"""Each drift of the first repairs, from a world that boto3 and awscli made: what is sent, what is not, and that
nothing else in the account changes. VPC_PROGRAMS names the directory of the programs."""
from dataclasses import dataclass, field
from datetime import datetime

import drifts
import first_light
import runner
from programs import DRIFT, IN_SYNC, Case, count

INTERNET_GATEWAY, EGRESS_ONLY = "internetGatewaySet", "egressOnlyInternetGatewaySet"
FREE_ADDRESSES = "/subnetSet/subnet-[0-9a-f]+/availableIpAddressCount"
TAGS = ("vpc-reconciled:owner", "vpc-reconciled:role", "vpc-reconciled:intent")


@dataclass
class Row:
    name: str
    break_it: object
    codes: set  # every drift that a look at the broken world shows
    calls: dict  # the mutating calls of the repair, all of them
    approve: str = ""  # the code whose default policy asks for approval
    nat: bool = True  # without NAT gateways an internet gateway can be detached
    new: str = ""  # the kind of which the repair makes one
    foreign_new: str = ""  # the kind of which a person made one
    left: list = field(default_factory=list)  # what the drift itself adds, and stays: paths of the world
    changed: list = field(default_factory=list)  # and what it changes for good


FOLLOWS = {"nat-subnet-not-public"}  # has no repair of its own: it is over with its cause

ROWS = [
    Row("egress-only gateway deleted", drifts.delete_egress_only, {"egress-only-internet-gateway-missing", "route-blackhole"},
        {"CreateEgressOnlyInternetGateway": 1, "ReplaceRoute": 3}, new=EGRESS_ONLY),
    Row("egress-only gateway replaced by hand", drifts.replace_egress_only_by_hand, {"route-blackhole"}, {"ReplaceRoute": 3},
        foreign_new=EGRESS_ONLY),
    Row("public 0.0.0.0/0 deleted", drifts.delete_public_ipv4_route, {"route-missing", "nat-subnet-not-public"},
        {"CreateRoute": 1}),
    Row("public ::/0 deleted", drifts.delete_public_ipv6_route, {"route-missing"}, {"CreateRoute": 1}),
    Row("private 0.0.0.0/0 deleted", drifts.delete_private_ipv4_route, {"route-missing"}, {"CreateRoute": 1}),
    Row("private ::/0 deleted in every zone", drifts.delete_private_ipv6_routes, {"route-missing"}, {"CreateRoute": 3}),
    Row("internet gateway detached", drifts.detach_internet_gateway, {"internet-gateway-detached", "route-blackhole"},
        {"AttachInternetGateway": 1}, nat=False),
    Row("internet gateway deleted", drifts.delete_internet_gateway, {"internet-gateway-missing", "route-blackhole"},
        {"CreateInternetGateway": 1, "AttachInternetGateway": 1, "ReplaceRoute": 2}, nat=False, new=INTERNET_GATEWAY),
    Row("internet gateway replaced by hand", drifts.replace_internet_gateway_by_hand, {"route-blackhole"}, {"ReplaceRoute": 2},
        nat=False, foreign_new=INTERNET_GATEWAY),
    Row("private 0.0.0.0/0 leads to a deleted NAT gateway", drifts.point_private_ipv4_at_a_dead_nat, {"route-blackhole"},
        {"ReplaceRoute": 1}, left=["/natGatewaySet/nat-"]),
    Row("public ::/0 leads to the egress-only gateway", drifts.point_public_ipv6_at_egress_only, {"route-wrong-target"},
        {"ReplaceRoute": 1}, approve="route-wrong-target"),
    Row("private 0.0.0.0/0 leads to the internet gateway", drifts.expose_private_ipv4, {"private-subnet-exposed"},
        {"ReplaceRoute": 1}),
    Row("private ::/0 leads to the internet gateway", drifts.expose_private_ipv6, {"private-subnet-exposed"},
        {"ReplaceRoute": 1}),
    Row("private 0.0.0.0/0 exposes an Elastic IP", drifts.expose_a_public_ipv4_address, {"private-subnet-exposed"},
        {"ReplaceRoute": 1}, approve="private-subnet-exposed", left=["/networkInterfaceSet/eni-", "/addressesSet/eipalloc-"],
        changed=[FREE_ADDRESSES]),
    Row("private ::/0 exposes an IPv6 address", drifts.expose_an_ipv6_address, {"private-subnet-exposed"},
        {"ReplaceRoute": 1}, approve="private-subnet-exposed", left=["/networkInterfaceSet/eni-"],
        changed=[FREE_ADDRESSES]),
    Row("private subnet disassociated", drifts.disassociate_private, {"route-table-association-missing"},
        {"AssociateRouteTable": 1}),
    Row("two routes and the egress-only gateway at once", drifts.delete_route_and_gateway,
        {"egress-only-internet-gateway-missing", "route-missing", "route-blackhole", "nat-subnet-not-public"},
        {"CreateEgressOnlyInternetGateway": 1, "CreateRoute": 2, "ReplaceRoute": 2}, new=EGRESS_ONLY),
]


class Repairs(Case):
    def setUp(self):
        super().setUp()
        self.seen = 0

    def sent(self, simulator):
        """The mutating calls since the last time."""
        calls = simulator.mutating[self.seen:]
        self.seen += len(calls)
        return calls

    def assert_nothing_sent(self, simulator, why):
        self.assertEqual(self.sent(simulator), [], why)

    def assert_repaired(self, row, world, simulator):
        """Exactly the row's calls were sent, and the world is that before the drift but for what has a name."""
        calls = self.sent(simulator)
        self.assertEqual(count(calls), row.calls)
        self.assertEqual({call["code"] for call in calls}, {""}, "a call was refused")
        after, replaced, tags_of = simulator.world(), {}, []
        kind = row.new or row.foreign_new
        if kind:
            (new,) = first_light.ids(after, kind) - first_light.ids(world.data, kind)
            (old,) = first_light.ids(world.data, kind) - first_light.ids(after, kind)
            replaced[new] = old
            tags_of.append(f"/{kind}/{old}/tagSet/")
            tags = {tag["key"]: tag["value"] for tag in first_light.find(after, kind, new)["tagSet"]}
            self.assertEqual(set(tags), set(TAGS) if row.new else set())
            if row.new:
                self.assertEqual(tags["vpc-reconciled:owner"], f"vpc-reconciled/{world.vpc}")
        if "AssociateRouteTable" in row.calls:
            (call,) = [call for call in calls if call["action"] == "AssociateRouteTable"]
            table = first_light.find(after, "routeTableSet", call["parameters"]["RouteTableId"])
            (new,) = [entry["routeTableAssociationId"] for entry in table["associationSet"]]
            replaced[new] = world.private_associations[1]
        self.assertEqual(first_light.unexpected(world.data, after, replaced, allowed=[*tags_of, *row.changed],
                                                added=row.left), {})

    def assert_codes(self, row, daemon):
        self.assertEqual({event["drift"] for event in daemon.events if "drift" in event}, row.codes, daemon)

    def assert_looked_twice(self, run):
        """What was only suspected waits for its second look (safety.md S6); first_light.MAIN says how long."""
        waits = {"internet-gateway-missing": 0.4, "egress-only-internet-gateway-missing": 0.4}
        for suspected in run.events_of("finding-suspected"):
            for repairing in run.events_of("finding-repairing", finding=suspected["finding"]):
                first, then = (datetime.fromisoformat(event["time"]) for event in (suspected, repairing))
                wait = waits.get(suspected["drift"], 0.2)
                self.assertGreaterEqual((then - first).total_seconds(), wait - 0.01, run)  # another clock, in ms

    def kept(self):
        return {path.name: path.read_bytes() for path in self.state.iterdir()}

    def play(self, row):
        world = first_light.world(row.nat)
        simulator = self.start_simulator(world.data)
        config = first_light.write_config(self.path, first_light.target(world))
        observing = first_light.write_config(self.path, first_light.target(world, mode=None, repair={"*": "auto"}))

        # In sync, as boto3 made it.
        run = self.once(simulator, config, expect=IN_SYNC)
        self.assertEqual(run.events_of("finding-suspected"), [])
        self.assert_nothing_sent(simulator, "the world is in sync")

        row.break_it(simulator, world)
        self.sent(simulator)
        drifted = simulator.world()

        # Who only looks, changes nothing.
        kept = self.kept()
        run = self.once(simulator, config, "--observe", expect=DRIFT)
        self.assert_codes(row, run)
        self.assertEqual(self.kept(), kept, "--observe changes nothing on disk either")
        run = self.once(simulator, observing, expect=DRIFT)
        self.assert_codes(row, run)
        self.assert_nothing_sent(simulator, "--observe, and no mode")
        self.assertEqual(first_light.differences(drifted, simulator.world()), {})

        # The repair.
        approval = []
        if row.approve:
            run = self.once(simulator, config, expect=DRIFT)
            self.assert_nothing_sent(simulator, "nobody has approved")
            (held,) = run.events_of("finding-held", drift=row.approve)
            self.assertIn(f"--approve {held['finding']}", held["lifts"])
            text = self.run_daemon(simulator, config, "--once")
            self.assertEqual(text.status, DRIFT)
            self.assertIn(held["finding"], text.err.text)
            self.assertEqual(text.out.text, "")
            self.once(simulator, config, "--approve", "0123456789abcdef", expect=DRIFT)
            self.assert_nothing_sent(simulator, "another finding was approved")
            approval = ["--approve", held["finding"]]
        run = self.once(simulator, config, *approval, expect=IN_SYNC)
        self.assert_repaired(row, world, simulator)
        if row.calls.keys() != {"AttachInternetGateway"}:  # its routes come back with it, and are no repair of ours
            self.assertEqual({event["drift"] for event in run.events_of("finding-repaired")}, row.codes - FOLLOWS, run)
        self.assertEqual(len(run.events_of("call")), sum(row.calls.values()))
        self.assert_looked_twice(run)

        # And then quiet.
        run = self.once(simulator, config, expect=IN_SYNC)
        self.assertEqual(run.events_of("finding-suspected"), [])
        self.assert_nothing_sent(simulator, "all is repaired")
        return drifted

    def play_without_history(self, row, drifted):
        """As `repair` lets it, by a daemon that never saw the world whole."""
        world = first_light.world(row.nat)
        simulator = self.start_simulator(drifted)
        self.seen = 0
        self.state = self.path / "another"
        self.state.mkdir()
        policy = {row.approve: "auto"} if row.approve else {"*": "auto"}
        config = first_light.write_config(self.path, first_light.target(world, repair=policy))
        self.once(simulator, config, expect=IN_SYNC)
        self.assert_repaired(row, world, simulator)
        self.once(simulator, config, expect=IN_SYNC)
        self.assert_nothing_sent(simulator, "all is repaired")


def repair_test(row):
    def test(self):
        self.play_without_history(row, self.play(row))
    test.__doc__ = row.name
    return test


for row in ROWS:
    name = "test_" + "".join(c if c.isalnum() else "_" for c in row.name)
    assert not hasattr(Repairs, name)
    setattr(Repairs, name, repair_test(row))


if __name__ == "__main__":
    runner.main(prepare=lambda: [first_light.world(nat) for nat in (True, False)])
