#!/usr/bin/python3
"""From a VPC with one IPv4 block and nothing else to every way to connect, by the config of
packaging/quickstart/from-nothing, which people are shown: the real programs, over HTTP.
VPC_PROGRAMS names the directory of the programs."""
import json
import shutil

import first_light
import programs
import runner
from programs import DRIFT, IN_SYNC, Case, count

EXAMPLE = programs.SOURCE / "packaging" / "quickstart" / "from-nothing"
FILE = "orders-mix.json"
LINES_MAX = 40
NAME = "orders-mix"
FUNCTIONS, ENDPOINTS = "sg-0123456789abcdef0", "sg-0fedcba9876543210"  # as the example names them
DEADLINE = 240  # seconds: endpoints have a slow bucket, 4 calls and then one every 3.3 s (aws-facts 3.1)

BUILT = {
    "CreateSubnet": 6, "CreateInternetGateway": 1, "AttachInternetGateway": 1, "CreateEgressOnlyInternetGateway": 1,
    "AssociateVpcCidrBlock": 1, "AssociateSubnetCidrBlock": 6, "CreateRouteTable": 4, "AssociateRouteTable": 6,
    "CreateRoute": 11, "AllocateAddress": 3, "CreateNatGateway": 3, "ModifySubnetAttribute": 12, "ModifyVpcAttribute": 2,
    "AuthorizeSecurityGroupEgress": 2, "AuthorizeSecurityGroupIngress": 1, "CreateVpcEndpoint": 4,
}


class FromNothing(Case):
    def prepare(self):
        """An empty VPC, as a person makes it, and the example with the ids of its two security groups."""
        simulator = self.start_simulator(speed=200)
        ec2 = simulator.ec2
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=first_light.tagged("vpc", NAME))["Vpc"]["VpcId"]
        ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsSupport={"Value": False})
        text = (EXAMPLE / "vpcs.d" / FILE).read_text()
        self.assertLessEqual(len(text.splitlines()), LINES_MAX)
        for name, placeholder in (("functions", FUNCTIONS), ("endpoints", ENDPOINTS)):
            group = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
            ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[
                {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
            self.assertIn(placeholder, text)
            text = text.replace(placeholder, group)
        # No name is looked up outside of this machine.
        services = {service: True for service in ("s3", "dynamodb", "logs", "xray")}
        text = text.replace('"mode": "repair",', f'"mode": "repair", "service_ipv6": {json.dumps(services)},')
        config = shutil.copytree(EXAMPLE, self.path / "config")
        (config / "vpcs.d" / FILE).write_text(text)
        (config / "vpc-reconciled.json").write_text(json.dumps(first_light.MAIN))
        return simulator, config

    def test_from_nothing(self):
        simulator, config = self.prepare()
        prepared = len(simulator.mutating)

        check = self.end(self.start(simulator, config, "check", program="vpcctl"))
        self.assertEqual(check.status, IN_SYNC, check)
        self.once(simulator, config, "--observe", expect=DRIFT)
        self.assertEqual(simulator.mutating[prepared:], [], "who only looks, changes nothing")

        run = self.end(self.start(simulator, config, "--once", "--json"), DEADLINE)
        self.assertEqual(run.status, IN_SYNC, run)
        calls = simulator.mutating[prepared:]
        sent = count(calls)
        # Zones that come after an endpoint join it, so this depends on which came first: at most 4 endpoints, 2 zones.
        self.assertIn(sent.pop("ModifyVpcEndpoint", 0), range(9))
        self.assertEqual(sent, BUILT)
        self.assertEqual({call["code"] for call in calls}, {""}, "a call was refused")
        for kind in ("finding-held", "finding-failed", "finding-contested"):
            self.assertEqual(run.events_of(kind), [])

        built = simulator.world()
        run = self.once(simulator, config, expect=IN_SYNC)
        self.assertEqual(simulator.mutating[prepared + len(calls):], [], "the second run has nothing to do")
        self.assertEqual([event for event in run.events if event["event"].startswith("finding-")], [])
        self.assertEqual(first_light.differences(built, simulator.world()), {})


if __name__ == "__main__":
    runner.main()
