#!/usr/bin/python3
"""vpc-reconciled as a service: what it tells systemd and the journal, reloads, signals, one run at a time in a state
directory. VPC_PROGRAMS names the directory of the programs.

The journal's part wants mount namespaces, as root or in a user namespace. Where they are not to be had it fails; it is
skipped, saying so, only where VPC_TESTS_WITHOUT_JOURNAL=1.
"""
import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import drifts
import first_light
import programs
import runner
from programs import CONFIG, DRIFT, IN_SYNC, UNKNOWN, Case, count, wait_until

QUICK = {**first_light.MAIN, "interval": "1s", "jitter": "0%"}
PROMPT = 10  # seconds; under the 15 after which a call that does not move is given up


class Notifications(programs.Lines):
    """What a service sends to $NOTIFY_SOCKET, each assignment as a line."""

    def __init__(self, path):
        self.path = str(path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        super().__init__(self._assignments())

    def _assignments(self):
        while True:
            message = self.socket.recv(65536)
            if not message:  # close() below
                return
            yield from message.splitlines()

    def close(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(b"", self.path)
        self.thread.join()
        self.socket.close()

    def wait_for(self, text, start=0):
        """The number of the line behind it."""
        return self.wait(re.compile(text).match, text, start) + 1


class Service(Case):
    def setUp(self):
        super().setUp()
        self.world = first_light.world()
        self.simulator = self.start_simulator(self.world.data)
        self.config = self.write_config()

    def write_config(self, **members):
        return first_light.write_config(self.path, first_light.target(self.world, **members), QUICK)

    def rewrite(self, **members):
        """The VPC's file anew, by rename as a careful editor does it."""
        path = self.config / "vpcs.d" / "first-light.json"
        path.with_suffix(".new").write_text(json.dumps(first_light.target(self.world, **members)))
        path.with_suffix(".new").rename(path)

    def notifications(self):
        notifications = Notifications(self.path / "notify")
        self.addCleanup(notifications.close)
        return notifications

    def serve(self, url=None, **variables):
        return self.start(url or self.simulator, self.config, "--json", variables=variables)

    def stop(self, daemon, deadline=PROMPT):
        daemon.send(signal.SIGTERM)
        self.end(daemon, deadline)
        self.assertEqual(daemon.status, 0, daemon)

    def passes(self, simulator=None):
        return count((simulator or self.simulator).calls)["DescribeSubnets"]  # once in each

    def held_call(self, wanted, first, fault):
        """A simulator and a service whose first call that wanted(call) takes is held. Its number is looked for from
        `first` on."""
        data = self.simulator.world()
        for number in range(first, first + 10):
            simulator = self.start_simulator(data, faults=f"{number} {fault}\n")
            daemon = self.serve(simulator)
            simulator.out.wait(lambda line: line == f"held {number}", "held call")
            if wanted(simulator.calls[number - 1]):
                return simulator, daemon
            daemon.kill()
            simulator.stop()
        self.fail("no such call came")


class Life(Service):
    def test_what_systemd_is_told(self):
        notifications = self.notifications()
        daemon = self.serve(NOTIFY_SOCKET=notifications.path, WATCHDOG_USEC=300000)
        ready = notifications.wait_for("READY=1$")
        self.assertEqual(ready, 1, "nothing comes before READY=1")
        at = notifications.wait_for("STATUS=In sync: ", ready)
        for _ in range(3):
            at = notifications.wait_for("WATCHDOG=1$", at)
        daemon.send(signal.SIGHUP)
        at = notifications.wait_for("RELOADING=1$", at)
        at = notifications.wait_for(r"MONOTONIC_USEC=\d+$", at)
        at = notifications.wait_for("READY=1$", at)
        daemon.wait_event("pass", daemon.wait_event("config-loaded"))
        daemon.send(signal.SIGTERM)
        notifications.wait_for("STOPPING=1$", at)
        self.end(daemon)
        self.assertEqual(daemon.status, 0, daemon)
        self.assertEqual([event["event"] for event in daemon.events],
                         ["started", "pass", "config-loaded", "pass", "stopping"], daemon)
        for line in daemon.err.text.splitlines():
            event = json.loads(line)
            self.assertLessEqual({"version", "time", "event", "priority", "message"}, event.keys())

    def test_no_watchdog_unless_asked(self):
        notifications = self.notifications()
        daemon = self.serve(NOTIFY_SOCKET=notifications.path)
        notifications.wait_for("STATUS=In sync: ")
        wait_until(lambda: self.passes() >= 3, "three passes")
        self.stop(daemon)
        self.assertNotIn("WATCHDOG=1", notifications.lines)

    def test_drift_is_repaired_while_it_runs(self):
        notifications = self.notifications()
        daemon = self.serve(NOTIFY_SOCKET=notifications.path)
        at = notifications.wait_for("STATUS=In sync: ")
        drifts.delete_public_ipv4_route(self.simulator, self.world)
        drifts.delete_egress_only(self.simulator, self.world)
        at = notifications.wait_for("STATUS=Drift: ", at)
        daemon.wait_event("finding-repaired", drift="egress-only-internet-gateway-missing")
        daemon.wait_event("finding-repaired", drift="route-missing")
        notifications.wait_for("STATUS=In sync: ", at)
        self.assertEqual(count(call for call in self.simulator.mutating if call["action"] not in
                               ("DeleteRoute", "DeleteEgressOnlyInternetGateway")),
                         {"CreateRoute": 1, "CreateEgressOnlyInternetGateway": 1, "ReplaceRoute": 3})
        self.stop(daemon)
        states = [event["event"] for event in daemon.events if event.get("drift") == "route-missing"]
        self.assertEqual(states, ["finding-suspected", "finding-opened", "finding-repairing", "call", "finding-repaired"])

    def test_quiet_while_nothing_changes(self):
        daemon = self.serve()
        wait_until(lambda: self.passes() >= 4, "four passes")
        self.stop(daemon)
        self.assertEqual([event["event"] for event in daemon.events], ["started", "pass", "stopping"], daemon)
        self.assertEqual(self.simulator.mutating, [])
        self.assertEqual(count(self.simulator.calls)["GetCallerIdentity"], 1)

    def test_held_is_said_once(self):
        self.config = self.write_config(mode="observe")
        drifts.delete_public_ipv4_route(self.simulator, self.world)
        daemon = self.serve()
        daemon.wait_event("finding-held", drift="route-missing")
        passes = self.passes()
        wait_until(lambda: self.passes() >= passes + 3, "three more passes")
        self.stop(daemon)
        held = [event["finding"] for event in daemon.events_of("finding-held")]
        self.assertEqual(len(held), len(set(held)), daemon)
        self.assertEqual(len(daemon.events_of("finding-held", drift="route-missing")), 1, daemon)
        self.assertEqual(len(self.simulator.mutating), 1)

    def test_pause_and_on_again(self):
        (self.config / "pause").write_text("an audit\n")
        drifts.delete_public_ipv4_route(self.simulator, self.world)
        daemon = self.serve()
        at = daemon.wait_event("paused")
        at = daemon.wait_event("finding-held", at, drift="route-missing")
        self.assertEqual(len(self.simulator.mutating), 1)
        (self.config / "pause").unlink()
        at = daemon.wait_event("paused", at)
        daemon.wait_event("finding-repaired", at, drift="route-missing")
        self.stop(daemon)
        self.assertIn("an audit", daemon.events_of("paused")[0]["message"])

    def test_no_vpc_yet(self):
        path = self.config / "vpcs.d" / "first-light.json"
        path.rename(self.path / "later.json")
        notifications = self.notifications()
        daemon = self.serve(NOTIFY_SOCKET=notifications.path)
        at = notifications.wait_for("STATUS=Idle: no VPC is configured")
        (self.path / "later.json").rename(path)
        daemon.send(signal.SIGHUP)
        notifications.wait_for("STATUS=In sync: ", at)
        self.stop(daemon)

    def test_secrets_stay_where_they_came_from(self):
        """Others may read a service's command line, root its environment: neither has a key once it runs."""
        notifications = self.notifications()
        daemon = self.serve(NOTIFY_SOCKET=notifications.path)
        notifications.wait_for("STATUS=In sync: ")
        for name in ("environ", "cmdline"):
            try:
                content = Path(f"/proc/{daemon.process.pid}/{name}").read_bytes()
            except PermissionError:
                continue  # it is not dumpable and we are not root: so much the better
            self.assertIn({"environ": b"AWS_ACCESS_KEY_ID=", "cmdline": b"--json"}[name], content)
            for secret in programs.SECRETS.values():
                self.assertNotIn(secret.encode(), content, name)
        self.stop(daemon)


class Reload(Service):
    def test_a_good_config_takes_effect(self):
        self.rewrite(mode="observe")
        drifts.delete_public_ipv4_route(self.simulator, self.world)
        daemon = self.serve()
        at = daemon.wait_event("finding-held", drift="route-missing")
        self.rewrite(mode="repair")
        daemon.send(signal.SIGHUP)
        at = daemon.wait_event("config-loaded", at)
        daemon.wait_event("finding-repaired", at, drift="route-missing")
        self.stop(daemon)
        self.assertEqual(count(self.simulator.mutating), {"DeleteRoute": 1, "CreateRoute": 1})

    def test_a_bad_config_leaves_the_last_good_one(self):
        notifications = self.notifications()
        daemon = self.serve(NOTIFY_SOCKET=notifications.path)
        at = notifications.wait_for("STATUS=In sync: ")
        self.rewrite(mode="observe", limitz={})
        daemon.send(signal.SIGHUP)
        notifications.wait_for("READY=1$", notifications.wait_for("RELOADING=1$", at))
        daemon.err.wait(lambda line: "the last good one stays" in line, "word that the last good config stays")
        messages = [event["message"] for event in daemon.events_of("config-invalid")]
        self.assertTrue(any("first-light.json:1:" in message and "limitz: unknown key" in message for message in messages),
                        messages)
        # It repairs on, which the refused config would not let it.
        drifts.delete_public_ipv4_route(self.simulator, self.world)
        daemon.wait_event("finding-repaired", drift="route-missing")
        # And takes the next good one.
        self.rewrite(mode="observe")
        daemon.send(signal.SIGHUP)
        daemon.wait_event("config-loaded")
        drifts.delete_public_ipv6_route(self.simulator, self.world)
        daemon.wait_event("finding-held", drift="route-missing")
        self.stop(daemon)
        self.assertEqual(count(self.simulator.mutating), {"DeleteRoute": 2, "CreateRoute": 1})

    def test_while_a_call_is_held(self):
        """The call in flight belongs to the old config; nothing of that follows it."""
        drifts.delete_public_ipv4_route(self.simulator, self.world)
        drifts.delete_public_ipv6_route(self.simulator, self.world)
        simulator, daemon = self.held_call(lambda call: call["mutates"], 24, "hold")
        self.rewrite(mode="observe")
        daemon.send(signal.SIGHUP)
        daemon.wait_event("config-loaded")  # once the held call is given up
        daemon.wait_event("finding-held", drift="route-missing")
        self.stop(daemon)
        self.assertEqual(count(simulator.mutating), {"CreateRoute": 1})


class Stop(Service):
    def test_at_once_while_it_waits(self):
        notifications = self.notifications()
        daemon = self.serve(NOTIFY_SOCKET=notifications.path)
        notifications.wait_for("STATUS=In sync: ")
        self.stop(daemon)

    def test_at_once_while_a_look_is_held(self):
        _, daemon = self.held_call(lambda call: call["action"].startswith("Describe"), 5, "stall")
        self.stop(daemon)
        self.assertEqual([event["event"] for event in daemon.events][-1], "stopping")

    def test_at_once_while_the_account_is_asked_for(self):
        _, daemon = self.held_call(lambda call: call["action"] == "GetCallerIdentity", 1, "stall")
        self.stop(daemon)

    def test_a_change_in_flight_is_waited_for(self):
        """Its answer says whether something was made. What does not move is given up after 15 s, within TimeoutStopSec."""
        drifts.delete_public_ipv4_route(self.simulator, self.world)
        simulator, daemon = self.held_call(lambda call: call["mutates"], 24, "hold")
        began = time.monotonic()
        self.stop(daemon, deadline=40)
        self.assertGreater(time.monotonic() - began, 5, "the answer was waited for")
        self.once(simulator, self.config, expect=IN_SYNC)
        self.assertEqual(count(simulator.mutating), {"CreateRoute": 1})

    def test_a_second_signal_ends_at_once(self):
        drifts.delete_public_ipv4_route(self.simulator, self.world)
        simulator, daemon = self.held_call(lambda call: call["mutates"], 24, "hold")
        daemon.send(signal.SIGTERM)
        daemon.wait_event("stopping")
        daemon.send(signal.SIGTERM)
        self.end(daemon, PROMPT)
        self.assertEqual(daemon.status, -signal.SIGTERM, daemon)
        self.once(simulator, self.config, expect=IN_SYNC)
        self.assertEqual(count(simulator.mutating), {"CreateRoute": 1})

    def test_sigint_is_as_good(self):
        notifications = self.notifications()
        daemon = self.serve(NOTIFY_SOCKET=notifications.path)
        notifications.wait_for("STATUS=In sync: ")
        daemon.send(signal.SIGINT)
        self.end(daemon, PROMPT)
        self.assertEqual(daemon.status, 0, daemon)

    def test_once_that_is_stopped_knows_nothing(self):
        simulator = self.start_simulator(self.world.data, faults="5 stall\n")
        daemon = self.start(simulator, self.config, "--once", "--json")
        simulator.out.wait(lambda line: line == "held 5", "held call")
        daemon.send(signal.SIGTERM)
        self.end(daemon, PROMPT)
        self.assertEqual(daemon.status, UNKNOWN, daemon)


class StateDirectory(Service):
    def test_one_run_at_a_time(self):
        drifts.delete_public_ipv4_route(self.simulator, self.world)
        self.rewrite(mode="observe")
        daemon = self.serve()
        daemon.wait_event("finding-held", drift="route-missing")
        for arguments in ([], ["--once"]):
            second = self.run_daemon(self.simulator, self.config, *arguments)
            self.assertEqual(second.status, UNKNOWN, second)
            self.assertIn(f"the state directory {self.state} is in use by process {daemon.process.pid} on "
                          f"{os.uname().nodename} since 20", second.err.text)
            self.assertIn("or only look with --observe", second.err.text)
        self.once(self.simulator, self.config, "--observe", expect=DRIFT)  # it writes nothing, so it needs no lock
        self.assertTrue(daemon.running)
        self.stop(daemon)
        self.once(self.simulator, self.config, expect=DRIFT)

    def test_a_killed_run_holds_nobody_up(self):
        notifications = self.notifications()
        daemon = self.serve(NOTIFY_SOCKET=notifications.path)
        notifications.wait_for("STATUS=In sync: ")
        daemon.kill()
        self.once(self.simulator, self.config, expect=IN_SYNC)

    def test_a_torn_history(self):
        self.once(self.simulator, self.config, expect=IN_SYNC)
        history = self.state / "history"
        whole = history.read_bytes()
        self.assertTrue(whole)
        for content in (whole[:-7], b"\0" * 4096, os.urandom(100000), b"", whole + whole[:20]):
            history.write_bytes(content)
            drifts.delete_public_ipv6_route(self.simulator, self.world)
            self.once(self.simulator, self.config, expect=IN_SYNC)
        self.assertEqual(count(self.simulator.mutating), {"DeleteRoute": 5, "CreateRoute": 5})


IN_JOURNAL = """
set -u
systemd-cat sh -c 'JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec "$@"' sh "$@"
echo $? >"$OUT/status"
journalctl --sync
journalctl -q -o json --all >"$OUT/json"
journalctl -q -x --no-hostname >"$OUT/explained"
"""


class Journal(Service):
    CATALOG = programs.SOURCE / "systemd" / "vpc-reconciled.catalog"
    WITH_JOURNALD = [Path(__file__).resolve().with_name("with-journald.sh"), CATALOG]

    def setUp(self):
        super().setUp()
        trial = subprocess.run([*self.WITH_JOURNALD, "true"], capture_output=True, text=True, check=False, timeout=60)
        if trial.returncode != 0:
            lacking = f"a journald of its own does not run here: {(trial.stdout + trial.stderr).strip()}"
            if os.environ.get("VPC_TESTS_WITHOUT_JOURNAL") == "1":
                self.skipTest(lacking)
            self.fail(f"{lacking}. Run it as root, or set VPC_TESTS_WITHOUT_JOURNAL=1 to go without.")

    def in_journal(self, *arguments):
        """The exit status, the journal's entries of the daemon, and journalctl -x as text."""
        out = self.path / "journal"
        out.mkdir()
        variables = self.daemon_environment(self.simulator.url, OUT=out)
        run = subprocess.run([*self.WITH_JOURNALD, "sh", "-c", IN_JOURNAL, "sh", programs.PROGRAMS / "vpc-reconciled",
                              *arguments, "--config", self.config],
                             env=variables, capture_output=True, text=True, check=False, timeout=programs.DEADLINE)
        self.assertEqual((run.returncode, run.stdout), (0, ""), run.stderr)
        text = (out / "json").read_text()
        for secret in programs.SECRETS.values():
            self.assertNotIn(secret, text)
        entries = [json.loads(line) for line in text.splitlines()]
        for entry in entries:
            self.assertNotIn("Sanitizer", entry["MESSAGE"])
        return int((out / "status").read_text()), [entry for entry in entries if "VPC_EVENT" in entry], \
            (out / "explained").read_text()

    def test_a_repair(self):
        drifts.delete_public_ipv4_route(self.simulator, self.world)
        drifts.delete_egress_only(self.simulator, self.world)
        status, entries, explained = self.in_journal("--once")
        self.assertEqual(status, IN_SYNC)
        catalog = set(re.findall("^-- ([0-9a-f]{32})$", self.CATALOG.read_text(), re.M))
        kinds = {}
        for entry in entries:
            self.assertIn(entry["MESSAGE_ID"], catalog)
            self.assertEqual(kinds.setdefault(entry["VPC_EVENT"], entry["MESSAGE_ID"]), entry["MESSAGE_ID"])
        self.assertEqual(len(set(kinds.values())), len(kinds), "each kind has a MESSAGE_ID of its own")
        self.assertLessEqual({"started", "pass", "finding-suspected", "finding-opened", "finding-repairing", "call",
                              "finding-repaired"}, kinds.keys())

        route = [entry for entry in entries if entry.get("VPC_DRIFT") == "route-missing"]
        self.assertEqual([entry["VPC_EVENT"] for entry in route],
                         ["finding-suspected", "finding-opened", "finding-repairing", "call", "finding-repaired"])
        self.assertEqual(len({entry["VPC_FINDING"] for entry in route}), 1)
        opened = route[1]
        self.assertEqual({name: opened.get(name) for name in
                          ("VPC_TARGET", "VPC_ID", "VPC_REGION", "VPC_STATE", "VPC_IMPACT", "VPC_RESOURCE", "PRIORITY")},
                         {"VPC_TARGET": first_light.NAME, "VPC_ID": self.world.vpc, "VPC_REGION": programs.REGION,
                          "VPC_STATE": "opened", "VPC_IMPACT": "outage", "VPC_RESOURCE": self.world.public_table,
                          "PRIORITY": "3"})
        self.assertRegex(opened["VPC_FINDING"], "^[0-9a-f]{16}$")
        for subnet in self.world.public_subnets:
            self.assertIn(subnet, opened["VPC_SUBNETS"])
        for name in ("VPC_DESIRED", "VPC_OBSERVED", "VPC_ACTION"):
            self.assertTrue(opened[name], name)
        self.assertIn("0.0.0.0/0", opened["MESSAGE"])
        (call,) = [entry for entry in route if entry["VPC_EVENT"] == "call"]
        self.assertRegex(call["VPC_REQUEST_ID"], "^[0-9a-f-]{36}$")
        self.assertIn("CreateRoute", call["VPC_ACTION"])
        (made,) = [entry for entry in entries if entry["VPC_EVENT"] == "call"
                   and entry["VPC_ACTION"].startswith("CreateEgressOnlyInternetGateway")]
        self.assertTrue(made["VPC_RESULT"].startswith("made eigw-"), made)
        blackholes = [entry for entry in entries if entry.get("VPC_DRIFT") == "route-blackhole"
                      and entry["VPC_EVENT"] == "finding-opened"]
        self.assertEqual({entry["VPC_CAUSE"] for entry in blackholes}, {made["VPC_FINDING"]})

        # What journalctl -x adds, with the fields in their places.
        self.assertIn(f"Subject: {first_light.NAME}: route-missing repaired", explained)
        self.assertIn(f"Finding {opened['VPC_FINDING']} (route-missing, impact: outage) was repaired", explained)
        self.assertNotIn("@VPC_", explained)

    def test_a_bad_config(self):
        (self.config / "vpcs.d" / "first-light.json").write_text("{\n  \"nam\": 1\n}")
        status, entries, explained = self.in_journal("--once")
        self.assertEqual(status, CONFIG)
        (named,) = [entry for entry in entries if "VPC_LINE" in entry and entry["VPC_LINE"] == "2"]
        self.assertEqual((named["VPC_EVENT"], named["PRIORITY"]), ("config-invalid", "3"))
        self.assertTrue(named["VPC_FILE"].endswith("vpcs.d/first-light.json"))
        self.assertIn("nam: unknown key", named["MESSAGE"])
        self.assertIn("Subject: The connectivity config is wrong", explained)


if __name__ == "__main__":
    runner.main(prepare=first_light.world)
