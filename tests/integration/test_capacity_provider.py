#!/usr/bin/python3
"""A group that is a capacity provider's, by the real programs over HTTP: one port answers EC2, STS and Lambda, or each
has its own. VPC_PROGRAMS names the directory of the programs."""
import copy

import drifts
import first_light
import runner
from programs import ACCOUNT, DRIFT, IN_SYNC, REGION, UNKNOWN, Case, count

ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:capacity-provider:orders"
GET = "GetCapacityProvider"


class CapacityProvider(Case):
    def world_with(self, world, **provider):
        data = copy.deepcopy(world.data)
        data["capacityProviders"] = [{"CapacityProviderArn": ARN, "VpcConfig": {"SubnetIds": world.private_subnets},
                                      **provider}]
        return data

    def config(self, world, name="orders"):
        target = first_light.target(world)
        target["subnet_groups"]["functions"].update(match={"capacity_provider": name}, services=[])
        return first_light.write_config(self.path, target)

    def test_by_name_and_by_arn(self):
        world = first_light.world()
        for name in "orders", ARN:
            simulator = self.start_simulator(self.world_with(world))
            config = self.config(world, name)
            self.once(simulator, config, expect=IN_SYNC)
            self.assertEqual(count(simulator.calls)[GET], count(simulator.calls)["DescribeVpcs"], "once a pass")
            drifts.delete_private_ipv4_route(simulator, world)
            seen = len(simulator.mutating)
            run = self.once(simulator, config, expect=IN_SYNC)
            self.assertEqual(count(simulator.mutating[seen:]), {"CreateRoute": 1})
            (opened,) = run.events_of("finding-opened", drift="route-missing")
            self.assertIn(f'Capacity provider "{name}" runs there.', opened["message"])

    def test_it_is_gone(self):
        world = first_light.world()
        simulator = self.start_simulator(self.world_with(world, State="Deleting"))
        run = self.once(simulator, self.config(world), expect=DRIFT)
        (held,) = run.events_of("finding-held", drift="group-matches-nothing")
        self.assertIn('capacity provider "orders" is being deleted', held["message"])
        run = self.once(simulator, self.config(world, "order"), expect=DRIFT)
        (held,) = run.events_of("finding-held", drift="group-matches-nothing")
        self.assertIn('Lambda has no capacity provider "order"', held["message"])
        self.assertEqual(simulator.mutating, [])

    def test_an_endpoint_of_its_own(self):
        world = first_light.world()
        simulator = self.start_simulator(self.world_with(world))
        other = self.start_simulator(self.world_with(world))
        self.once(simulator, self.config(world), expect=IN_SYNC, variables={"AWS_ENDPOINT_URL_LAMBDA": other.url})
        self.assertEqual(set(count(other.calls)), {GET})
        self.assertNotIn(GET, count(simulator.calls))
        # Nobody answers there: the group is unknown, and nothing is done to it.
        drifts.delete_private_ipv4_route(simulator, world)
        seen = len(simulator.mutating)
        other.stop()
        run = self.once(simulator, self.config(world), expect=UNKNOWN, variables={"AWS_ENDPOINT_URL_LAMBDA": other.url})
        (held,) = run.events_of("finding-held", drift="observation-incomplete")
        self.assertIn("GetCapacityProvider", held["message"])
        self.assertEqual(simulator.mutating[seen:], [])
        self.assertEqual(run.events_of("finding-opened", drift="route-missing"), [])


if __name__ == "__main__":
    runner.main(first_light.world)
