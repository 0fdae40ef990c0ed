#!/usr/bin/python3
"""vpcctl plan and check with the real daemon behind them: what they print, how they end, and that they change nothing.
VPC_PROGRAMS names the directory of the programs."""
import copy
import json
import re

import drifts
import first_light
import runner
from programs import CONFIG, DRIFT, IN_SYNC, UNKNOWN, USAGE, Case, count


class Vpcctl(Case):
    def setUp(self):
        super().setUp()
        self.world = first_light.world()

    def config(self, **members):
        return first_light.write_config(self.path, first_light.target(self.world, **members))

    def vpcctl(self, verb, url, config, *arguments, expect, **variables):
        run = self.run_daemon(url, config, verb, *arguments, program="vpcctl", variables=variables)
        self.assertEqual(run.status, expect, run)
        return run

    def plan(self, simulator, config, *arguments, expect):
        """Nothing is changed, in AWS or on disk."""
        before, sent = simulator.world(), len(simulator.mutating)
        kept = {path: path.read_bytes() for path in self.state.iterdir()}
        run = self.vpcctl("plan", simulator, config, *arguments, expect=expect)
        self.assertEqual(len(simulator.mutating), sent)
        self.assertEqual(first_light.differences(before, simulator.world()), {})
        self.assertEqual({path: path.read_bytes() for path in self.state.iterdir()}, kept)
        return run

    def document(self, run):
        self.assertEqual(run.err.text, "")
        document = json.loads(run.out.text)
        self.assertEqual(document["version"], 1)
        return document


class Plan(Vpcctl):
    def test_in_sync(self):
        simulator = self.start_simulator(self.world.data)
        run = self.plan(simulator, self.config(), expect=IN_SYNC)
        self.assertEqual((run.out.text, run.err.text), ("In sync: nothing differs from the config.\n", ""))
        document = self.document(self.plan(simulator, self.config(), "--json", expect=IN_SYNC))
        self.assertEqual((document["complete"], document["exit_status"], document["findings"]), (True, 0, []))

    def broken(self):
        """A gateway to make, routes to change, one change to approve, and one for a person."""
        world, data = self.world, copy.deepcopy(self.world.data)
        route = first_light.route(data, world.private_tables[0], "0.0.0.0/0")
        del route["natGatewayId"]
        route["transitGatewayId"] = "tgw-0123456789abcdef0"
        simulator = self.start_simulator(data)
        drifts.point_public_ipv6_at_egress_only(simulator, world)  # goes with the gateway: dead, so no approval is asked
        drifts.delete_egress_only(simulator, world)
        drifts.delete_private_ipv4_route(simulator, world)
        simulator.ec2.create_network_interface(SubnetId=world.private_subnets[2], Ipv6AddressCount=1)
        simulator.ec2.replace_route(RouteTableId=world.private_tables[2], DestinationIpv6CidrBlock="::/0",
                                    GatewayId=world.igw)
        return simulator

    def test_table(self):
        simulator = self.broken()
        run = self.plan(simulator, self.config(), expect=DRIFT)
        self.assertEqual(run.err.text, "")
        lines = run.out.text.splitlines()
        rows = [line for line in lines if re.match(r"[-+~!] ", line)]
        self.assertEqual(sorted(line.split()[:2] for line in rows),
                         sorted([["+", "egress-only-internet-gateway-missing"], ["~", "route-blackhole"],
                                 ["~", "route-blackhole"], ["~", "route-blackhole"], ["~", "route-missing"],
                                 ["~", "private-subnet-exposed"], ["!", "route-foreign-target"]]), run.out.text)
        for part in ("CreateEgressOnlyInternetGateway", "CreateRoute 0.0.0.0/0 -> ", self.world.nats[1],
                     self.world.private_tables[1], self.world.public_table, "tgw-0123456789abcdef0",
                     "vpc-reconciled --once --approve "):
            self.assertIn(part, run.out.text)
        self.assertEqual(lines[-1], "Plan: 1 to create, 5 to change, 0 to destroy; 1 needs approval; 1 waits for a person")
        for line in lines:
            self.assertNotRegex(line, "\x1b")

    def test_json(self):
        simulator = self.broken()
        document = self.document(self.plan(simulator, self.config(), "--json", expect=DRIFT))
        self.assertEqual(document["summary"], {"create": 1, "change": 5, "destroy": 0, "none": 1, "needs_approval": 1})
        self.assertTrue(document["complete"])
        findings = {finding["drift"]: finding for finding in document["findings"]}
        self.assertEqual(count({"action": finding["drift"]} for finding in document["findings"]),
                         {"egress-only-internet-gateway-missing": 1, "route-blackhole": 3, "route-missing": 1,
                          "private-subnet-exposed": 1, "route-foreign-target": 1})
        self.assertEqual(findings["route-missing"]["resource"], self.world.private_tables[1])
        self.assertTrue(findings["private-subnet-exposed"]["needs_approval"])
        self.assertEqual(findings["route-foreign-target"]["change"], "none")
        for finding in document["findings"]:
            self.assertRegex(finding["finding"], "^[0-9a-f]{16}$")
            self.assertEqual(finding["target"], first_light.NAME)

    def test_what_is_planned_is_done(self):
        """An id of the plan approves, and what ran is what was announced."""
        simulator, config = self.broken(), self.config()
        document = self.document(self.plan(simulator, config, "--json", expect=DRIFT))
        (approve,) = [finding["finding"] for finding in document["findings"] if finding["needs_approval"]]
        sent = len(simulator.mutating)
        self.once(simulator, config, "--approve", approve, expect=DRIFT)  # the foreign route stays
        calls = count(simulator.mutating[sent:])
        self.assertEqual(calls, {"CreateEgressOnlyInternetGateway": 1, "CreateRoute": 1, "ReplaceRoute": 4})
        self.assertEqual(sum(calls.values()), document["summary"]["create"] + document["summary"]["change"])
        rest = self.document(self.plan(simulator, config, "--json", expect=DRIFT))
        self.assertEqual([finding["drift"] for finding in rest["findings"]], ["route-foreign-target"])

    def test_observe_mode_is_no_matter(self):
        simulator = self.broken()
        document = self.document(self.plan(simulator, self.config(mode=None), "--json", expect=DRIFT))
        self.assertEqual(len(document["findings"]), 7)

    def test_a_list_that_cannot_be_read(self):
        simulator = self.start_simulator(self.world.data, faults="".join(f"{n} truncated-xml\n" for n in range(2, 999)))
        run = self.vpcctl("plan", simulator, self.config(), expect=UNKNOWN)
        self.assertNotIn("In sync", run.text)
        self.assertIn("not everything could be seen", run.out.text)
        self.assertIn("DescribeRouteTables: the reply is not what AWS sends", re.sub(r"\s+", " ", run.out.text))
        run = self.vpcctl("plan", simulator, self.config(), "--json", expect=UNKNOWN)
        document = json.loads(run.out.text)
        self.assertEqual((document["complete"], document["exit_status"]), (False, UNKNOWN))
        self.assertEqual(simulator.mutating, [])

    def test_a_wrong_config(self):
        simulator, config = self.start_simulator(self.world.data), self.config(limitz={})
        run = self.vpcctl("plan", simulator, config, expect=CONFIG)
        self.assertEqual(run.out.text, "")
        self.assertRegex(run.err.text, r"first-light.json:\d+:\d+: limitz: unknown key")
        run = self.vpcctl("plan", simulator, config, "--json", expect=CONFIG)
        document = json.loads(run.out.text)
        self.assertEqual((document["complete"], document["exit_status"]), (False, CONFIG))
        self.assertEqual(simulator.calls, [])

    def test_no_keys(self):
        simulator = self.start_simulator(self.world.data)
        run = self.vpcctl("plan", simulator, self.config(), expect=CONFIG, AWS_ACCESS_KEY_ID=None,
                          AWS_SECRET_ACCESS_KEY=None)
        self.assertIn("there are no AWS credentials", run.err.text)


class Check(Vpcctl):
    def test_right(self):
        """Offline: it asks nobody, and wants no keys."""
        config = self.config()
        run = self.vpcctl("check", "http://127.0.0.1:1", config, expect=IN_SYNC, AWS_ACCESS_KEY_ID=None,
                          AWS_SECRET_ACCESS_KEY=None, AWS_SESSION_TOKEN=None)
        self.assertRegex(run.out.text, rf"{first_light.NAME} +{self.world.vpc} +ap-northeast-1 +repair ")
        self.assertIn(f"The config in {config} is right: 1 VPC.", run.out.text)
        document = self.document(self.vpcctl("check", "http://127.0.0.1:1", config, "--json", expect=IN_SYNC))
        self.assertTrue(document["valid"])
        self.assertEqual([target["target"] for target in document["targets"]], [first_light.NAME])

    def test_what_is_not_checked_yet_is_named(self):
        config = self.config(change_windows=["Mon..Fri 09:00-18:00 Asia/Tokyo"])
        run = self.vpcctl("check", "http://127.0.0.1:1", config, expect=IN_SYNC)
        self.assertRegex(run.text, r"first-light.json:\d+:\d+: change_windows: not checked by this version")
        # And the daemon only observes such a VPC.
        simulator = self.start_simulator(self.world.data)
        drifts.delete_public_ipv4_route(simulator, self.world)
        daemon = self.once(simulator, config, expect=DRIFT)
        self.assertTrue(any("change_windows" in event["message"] for event in daemon.events_of("config-not-checked")))
        (held,) = daemon.events_of("finding-held", drift="route-missing")
        self.assertIn("change_windows", held["message"])
        self.assertEqual(count(simulator.mutating), {"DeleteRoute": 1})

    def test_wrong(self):
        config = self.config(mode="repare", limitz={})
        run = self.vpcctl("check", "http://127.0.0.1:1", config, expect=CONFIG)
        self.assertEqual(run.out.text, "")
        self.assertRegex(run.err.text, r'first-light.json:5:11: mode: .*"repare"')
        self.assertRegex(run.err.text, r"first-light.json:\d+:\d+: limitz: unknown key")
        document = json.loads(self.vpcctl("check", "http://127.0.0.1:1", config, "--json", expect=CONFIG).out.text)
        self.assertFalse(document["valid"])
        self.assertEqual([(error["line"], error["column"]) for error in document["errors"]][0], (5, 11))

    def test_a_wrong_verb(self):
        run = self.vpcctl("chek", "http://127.0.0.1:1", self.config(), expect=USAGE)
        self.assertIn("did you mean check?", run.err.text)


class Advise(Vpcctl):
    def test_live(self):
        """What the daemon counts in the VPC is what the figures rest on."""
        simulator = self.start_simulator(self.world.data)
        sent = len(simulator.mutating)
        run = self.vpcctl("advise", simulator, self.config(), "--live", "--json", expect=IN_SYNC)
        self.assertEqual(run.err.text, "")
        (target,) = json.loads(run.out.text)["targets"]
        self.assertTrue(target["live"])
        self.assertEqual([(group["group"], group["zones"], group["zones_assumed"]) for group in target["groups"]],
                         [("functions", 3, False), ("public", 3, False)])
        costs = {cost["what"]: cost["usd_month"] for cost in target["costs"]}
        self.assertEqual(costs["3 NAT gateways"], 135.78)
        self.assertEqual(costs["3 public IPv4 addresses of interfaces in public"], 10.95)  # the gateways' own
        self.assertEqual(len(simulator.mutating), sent)

    def test_nobody_there(self):
        run = self.vpcctl("advise", "http://127.0.0.1:1", self.config(), "--live", expect=UNKNOWN)
        self.assertIn("the VPC could not be seen whole", run.err.text)
        self.assertIn("from the config alone", run.out.text)


if __name__ == "__main__":
    runner.main(prepare=first_light.world)
