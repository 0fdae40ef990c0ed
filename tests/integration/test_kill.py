#!/usr/bin/python3
"""SIGKILL before, during and after each mutating call in turn, then a new start: the same end as undisturbed, and
nothing twice. VPC_PROGRAMS names the directory of the programs.

  before  the simulator's fault `stall`: the call arrived and is not carried out
  during  `hold`: it is carried out and never answered
  after   the call behind it is stalled: the answer was taken in and written down

CreateInternetGateway has no ClientToken. When its answer is lost, the daemon waits five minutes for what it may have
made to show; that is cut `before` here, which the tests in process go through under a virtual clock
(tests/simulation/test_kill.c).
"""
import re
import signal
from dataclasses import dataclass

import drifts
import first_light
import runner
from programs import IN_SYNC, Case, count

CUTS = {"before": "stall", "during": "hold", "after": "stall"}


def break_egress(simulator, world):
    drifts.delete_egress_only(simulator, world)
    drifts.delete_public_ipv4_route(simulator, world)
    simulator.ec2.delete_route(RouteTableId=world.private_tables[0], DestinationIpv6CidrBlock="::/0")


@dataclass
class Row:
    name: str
    break_it: object
    kind: str  # of the gateway that is made anew
    calls: dict
    nat: bool = True


ROWS = [
    Row("egress only", break_egress, "egressOnlyInternetGatewaySet",
        {"CreateEgressOnlyInternetGateway": 1, "CreateRoute": 2, "ReplaceRoute": 2}),
    Row("internet gateway", drifts.delete_internet_gateway, "internetGatewaySet",
        {"CreateInternetGateway": 1, "AttachInternetGateway": 1, "ReplaceRoute": 2}, nat=False),
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

    def begin(self, faults=None):
        for path in self.state.iterdir():
            path.unlink()
        for name, content in self.whole_history.items():
            (self.state / name).write_bytes(content)
        return self.start_simulator(self.broken, faults=faults)

    def assert_end(self, row, simulator):
        """The world before the drift, but for the one new gateway's id and tags."""
        after = simulator.world()
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
            simulator = self.begin(faults=f"{number + (cut == 'after')} {CUTS[cut]}\n")
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
        simulator = self.begin()
        self.once(simulator, self.config, expect=IN_SYNC)
        self.assertEqual(count(self.changes(simulator)), row.calls)
        self.numbers = [call["call"] for call in simulator.mutating]
        self.assert_end(row, simulator)
        for nth, number in enumerate(self.numbers):
            action = simulator.calls[number - 1]["action"]
            if (cut, action) == ("before", "CreateInternetGateway"):
                continue  # see above
            with self.subTest(nth=nth, action=action):
                after = self.cut(row, cut, nth)
                self.once(after, self.config, expect=IN_SYNC)
                self.assertEqual(count(self.changes(after)), row.calls)
                self.assert_end(row, after)
                creates = [call["parameters"] for call in after.mutating if "ClientToken" in call["parameters"]]
                self.assertEqual(creates, creates[:1] * len(creates), "a repeat sends the same again")
                sent = len(after.mutating)
                self.once(after, self.config, expect=IN_SYNC)
                self.assertEqual(len(after.mutating), sent, "a further run sends nothing")
                after.stop()


for row in ROWS:
    for cut in CUTS:
        setattr(Kill, f"test_{row.name.replace(' ', '_')}_{cut}", lambda self, row=row, cut=cut: self.play(row, cut))


if __name__ == "__main__":
    runner.main(prepare=lambda: [first_light.world(nat) for nat in (True, False)])
