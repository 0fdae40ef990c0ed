#!/usr/bin/python3
"""What draws no write although the config lets everything be repaired: somebody's design, a pause, the limits.
VPC_PROGRAMS names the directory of the programs."""
import copy

import drifts
import first_light
import runner
from programs import CONFIG, DRIFT, IN_SYNC, Case, count

# ---- what leads to somebody's design ----

TARGETS = {
    "firewall endpoint": {"gatewayId": "vpce-0fedcba9876543210"},
    "transit gateway": {"transitGatewayId": "tgw-0fedcba9876543210"},
    "peering": {"vpcPeeringConnectionId": "pcx-0fedcba9876543210"},
    "virtual private gateway": {"gatewayId": "vgw-0fedcba9876543210"},
}


class Foreign(Case):
    """A default route to a firewall endpoint, a transit gateway and the like, live or dead, draws no write."""

    def play(self, world, target, destination, state, table):
        data = copy.deepcopy(world.data)
        entry = first_light.route(data, table, destination)
        name = next(name for name in entry if entry[name] == destination)
        entry.clear()
        entry.update({name: destination, "origin": "CreateRoute", "state": state, **target})
        simulator = self.start_simulator(data)
        before = simulator.world()
        self.assertEqual(first_light.differences(data, before), {}, "the simulator keeps the route as it is")
        bold = first_light.write_config(self.path, first_light.target(world, repair={"*": "auto"}))
        for arguments in ([], ["--observe"]):
            run = self.once(simulator, bold, *arguments, expect=DRIFT)
            # Where it is the NAT gateways' own way out, and dead, they say so, too.
            codes = {"route-foreign-target"}
            if table == world.public_table and destination == "0.0.0.0/0" and state == "blackhole":
                codes.add("nat-subnet-not-public")
            self.assertEqual({event["drift"] for event in run.events if "drift" in event}, codes, run)
        (held,) = run.events_of("finding-held", drift="route-foreign-target")
        self.assertEqual(held["resource"], table)
        self.assertIn(next(iter(target.values())), held["observed"])
        self.once(simulator, bold, "--approve", held["finding"], expect=DRIFT)
        self.assertEqual(simulator.mutating, [])
        self.assertEqual(first_light.differences(before, simulator.world()), {})

    def test_draws_no_write(self):
        world = first_light.world()
        tables = [world.private_tables[0], world.public_table]
        for name, target in TARGETS.items():
            for destination in ("0.0.0.0/0", "::/0"):
                for state in ("active", "blackhole"):
                    # All of it in both tables would be twice the time: they take turns.
                    tables.reverse()
                    with self.subTest(target=name, destination=destination, state=state):
                        self.play(world, target, destination, state, tables[0])

    def test_beside_a_repair(self):
        """The one is repaired, the other stays, and the exit status says so."""
        world = first_light.world()
        data = copy.deepcopy(world.data)
        first_light.route(data, world.private_tables[0], "0.0.0.0/0").pop("natGatewayId")
        first_light.route(data, world.private_tables[0], "0.0.0.0/0")["transitGatewayId"] = "tgw-0fedcba9876543210"
        simulator = self.start_simulator(data)
        simulator.ec2.delete_route(RouteTableId=world.private_tables[1], DestinationCidrBlock="0.0.0.0/0")
        config = first_light.write_config(self.path, first_light.target(world, repair={"*": "auto"}))
        self.once(simulator, config, expect=DRIFT)
        self.assertEqual(count(simulator.mutating), {"DeleteRoute": 1, "CreateRoute": 1})
        self.assertEqual(first_light.differences(data, simulator.world()), {})

    def test_no_policy_raises_it(self):
        world = first_light.world()
        simulator = self.start_simulator(world.data)
        target = first_light.target(world, repair={"route-foreign-target": "auto"})
        run = self.once(simulator, first_light.write_config(self.path, target), expect=CONFIG)
        self.assertIn("route-foreign-target is only ever reported", run.err.text)
        self.assertEqual(simulator.calls, [])


# ---- what holds a repair ----

class Held(Case):
    def setUp(self):
        super().setUp()
        self.world = first_light.world()
        self.simulator = self.start_simulator(self.world.data)

    def config(self, main=None, **members):
        return first_light.write_config(self.path, first_light.target(self.world, **members), main)

    def sent(self, after):
        return count(self.simulator.mutating[after:])

    def test_pause_file(self):
        drifts.delete_public_ipv4_route(self.simulator, self.world)
        config = self.config()
        (config / "pause").write_text("moving house\nuntil Monday\n")
        run = self.once(self.simulator, config, expect=DRIFT)
        (held,) = run.events_of("finding-held", drift="route-missing")
        self.assertIn("paused: moving house", held["message"])
        self.assertIn("pause file", held["lifts"])
        self.assertEqual(self.sent(1), {})
        (config / "pause").write_text("")
        self.once(self.simulator, config, expect=DRIFT)
        self.assertEqual(self.sent(1), {})
        (config / "pause").unlink()
        self.once(self.simulator, config, expect=IN_SYNC)
        self.assertEqual(self.sent(1), {"CreateRoute": 1})

    def test_pause_tag(self):
        drifts.delete_public_ipv4_route(self.simulator, self.world)
        config, tags = self.config(), [{"Key": "vpc-reconciled:pause", "Value": "hands off, says the audit"}]
        self.simulator.ec2.create_tags(Resources=[self.world.vpc], Tags=tags)
        run = self.once(self.simulator, config, expect=DRIFT)
        (held,) = run.events_of("finding-held", drift="route-missing")
        self.assertIn("paused: hands off, says the audit", held["message"])
        self.assertEqual(self.sent(2), {})
        self.simulator.ec2.delete_tags(Resources=[self.world.vpc], Tags=tags)
        self.once(self.simulator, config, expect=IN_SYNC)
        self.assertEqual(self.sent(3), {"CreateRoute": 1})

    def test_pause_that_comes_while_a_second_look_is_awaited(self):
        drifts.delete_public_ipv4_route(self.simulator, self.world)
        config = self.config(main={"confirm_after": "3s"})
        daemon = self.start(self.simulator, config, "--once", "--json")
        daemon.wait_event("finding-suspected", drift="route-missing")
        (config / "pause").write_text("stop at once\n")
        self.end(daemon)
        self.assertEqual(daemon.status, DRIFT, daemon)
        self.assertIn("stop at once", daemon.err.text)
        self.assertEqual(self.sent(1), {})

    def passes(self):
        """The actions of the log, passes apart: each begins with one DescribeSubnets."""
        passes = []
        for call in self.simulator.calls:
            if call["action"] == "DescribeSubnets":
                passes.append([])
            if call["mutates"] and passes:
                passes[-1].append(call["action"])
        return [actions for actions in passes if actions]

    def test_what_works_is_replaced_zone_by_zone(self):
        for table in self.world.private_tables:
            self.simulator.ec2.replace_route(RouteTableId=table, DestinationIpv6CidrBlock="::/0",
                                             GatewayId=self.world.igw)
        self.once(self.simulator, self.config(), expect=IN_SYNC)
        self.assertEqual(self.passes(), [["ReplaceRoute"]] * 3)
        self.assertEqual(first_light.differences(self.world.data, self.simulator.world()), {})

    def test_changes_per_pass(self):
        """What turns a dead path live goes on at once, what only puts right waits its turn."""
        drifts.delete_egress_only(self.simulator, self.world)
        drifts.expose_private_ipv4(self.simulator, self.world)
        config = self.config(main={"confirm_after": "300ms"}, limits={"changes_per_pass": 1})
        self.once(self.simulator, config, expect=IN_SYNC)
        self.assertEqual(self.sent(2), {"CreateEgressOnlyInternetGateway": 1, "ReplaceRoute": 4})
        self.assertEqual([sorted(actions) for actions in self.passes()],
                         [["CreateEgressOnlyInternetGateway"] + ["ReplaceRoute"] * 3, ["ReplaceRoute"]])

    def test_a_repair_larger_than_the_limit(self):
        """To make a gateway and to attach it is one repair: the limit slows it and does not freeze it."""
        world = first_light.world(nat=False)
        simulator = self.start_simulator(world.data)
        drifts.delete_internet_gateway(simulator, world)
        target = first_light.target(world, limits={"changes_per_pass": 1})
        self.once(simulator, first_light.write_config(self.path, target), expect=IN_SYNC)
        self.assertEqual(count(simulator.mutating[2:]),
                         {"CreateInternetGateway": 1, "AttachInternetGateway": 1, "ReplaceRoute": 2})

    def test_changes_per_hour(self):
        drifts.expose_private_ipv4(self.simulator, self.world)
        drifts.expose_private_ipv6(self.simulator, self.world)
        config = self.config(limits={"changes_per_hour": 1})
        run = self.once(self.simulator, config, expect=DRIFT)
        self.assertEqual(self.sent(2), {"ReplaceRoute": 1})
        self.assertTrue(any("an hour are the limit" in event["message"] for event in run.events_of("finding-held")), run)
        self.once(self.simulator, config, expect=DRIFT)  # the next run remembers
        self.assertEqual(self.sent(2), {"ReplaceRoute": 1})
        self.once(self.simulator, self.config(limits={"changes_per_hour": 2}), expect=IN_SYNC)
        self.assertEqual(self.sent(2), {"ReplaceRoute": 2})


if __name__ == "__main__":
    runner.main(prepare=lambda: [first_light.world(nat) for nat in (True, False)])
