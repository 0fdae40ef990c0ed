#!/usr/bin/python3
"""The real programs under the policies that the real vpcctl prints: a repair, the same one observed, and one whose
permission is denied. VPC_PROGRAMS names the directory of the programs."""
import json
import subprocess

import drifts
import first_light
import runner
from programs import ACCOUNT, DRIFT, IN_SYNC, PROGRAMS, REGION, UNKNOWN, Case, count, environment

CALLS = {"CreateEgressOnlyInternetGateway": 1, "ReplaceRoute": 3}


def policy(which, vpc):
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/{vpc}"
    return subprocess.run([PROGRAMS / "vpcctl", "iam", which, "--vpc", arn], env=environment(), capture_output=True,
                          text=True, check=True).stdout


def deny(action):
    statement = {"Effect": "Deny", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Permissions(Case):
    def broken(self, *more, repair=True):
        """The egress-only gateway is gone, which takes no permission; whoever calls afterwards has the policies."""
        world = first_light.world(True)
        by_hand = self.start_simulator(world.data)
        drifts.delete_egress_only(by_hand, world)
        policies = [policy("observe", world.vpc)] + ([policy("repair", world.vpc)] if repair else [])
        simulator = self.start_simulator(by_hand.world(), policies=[*policies, *more])
        return simulator, first_light.write_config(self.path, first_light.target(world))

    def refused(self, simulator):
        return {call["action"] for call in simulator.calls if call["code"] == "UnauthorizedOperation"}

    def test_repair(self):
        simulator, config = self.broken()
        self.once(simulator, config, expect=IN_SYNC)
        self.assertEqual(count(simulator.mutating), CALLS)
        self.assertEqual(self.refused(simulator), set())

    def test_observe(self):
        simulator, config = self.broken(repair=False)
        self.once(simulator, config, "--observe", expect=DRIFT)
        self.assertEqual((simulator.mutating, self.refused(simulator)), ([], set()))

    def test_tagging_denied(self):
        """CreateEgressOnlyInternetGateway is allowed, but not to tag what it makes: that is what is named."""
        simulator, config = self.broken(deny("ec2:CreateTags"))
        run = self.once(simulator, config, expect=UNKNOWN)
        self.assertEqual(self.refused(simulator), {"CreateEgressOnlyInternetGateway"})
        (missing,) = run.events_of("finding-held", drift="permission-missing")
        self.assertIn("lacks ec2:CreateTags", missing["message"])
        self.assertEqual(count(simulator.mutating), {"CreateEgressOnlyInternetGateway": 1})


if __name__ == "__main__":
    runner.main(lambda: first_light.world(True))
