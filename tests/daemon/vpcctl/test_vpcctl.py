#!/usr/bin/python3
"""vpcctl against a vpc-reconciled of our own making: test_vpcctl.py VPCCTL [unittest's arguments]"""
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

VPCCTL = Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else None

# What the stand-in says is in a file beside it: lines for stderr, a dict for an event, then the exit status.
DAEMON = """\
#!/usr/bin/python3
import json, os, signal, sys
here = os.path.dirname(os.path.realpath(__file__))
said = json.load(open(os.path.join(here, "said.json")))
with open(os.path.join(here, "seen.json"), "w") as seen:
    json.dump({"arguments": sys.argv[1:], "environment": dict(os.environ), "stdin": sys.stdin.read()}, seen)
print("the daemon's stdout", flush=True)
for line in said["lines"]:
    sys.stderr.write(line if isinstance(line, str) else json.dumps(line) + "\\n")
sys.stderr.flush()
if said["status"] < 0:
    os.kill(os.getpid(), -said["status"])
sys.exit(said["status"])
"""


def event(kind, **fields):
    return {"version": 1, "time": "2026-11-24T20:30:00.123Z", "event": kind, "priority": 3,
            "message": "a message", **fields}


def finding(kind, number, drift, target="orders", **fields):
    return event(kind, finding=f"{number:016x}", drift=drift, target=target, impact="outage", **fields)


GATEWAY = finding("finding-held", 1, "egress-only-internet-gateway-missing", observed="none", desired="one, attached",
                  action="CreateEgressOnlyInternetGateway in vpc-1", lifts="a run without --observe")
ROUTE = finding("finding-held", 2, "route-missing", resource="rtb-1", action="CreateRoute ::/0 -> eigw in rtb-1",
                lifts="a run without --observe")
APPROVE = finding("finding-held", 3, "route-wrong-target", resource="rtb-2", action="ReplaceRoute ::/0 -> eigw-1 in rtb-2",
                  lifts="vpc-reconciled --once --approve 0000000000000003, or a policy")
REPORT = finding("finding-held", 4, "route-foreign-target", resource="rtb-3", message="It leads to a transit gateway.",
                 lifts="nothing: repair it by hand")


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)
        self.vpcctl = shutil.copy2(VPCCTL, self.path / "vpcctl")
        self.environment = {name: value for name, value in os.environ.items()
                            if not re.fullmatch(r"NO_COLOR|CLICOLOR.*|.*_COLORS|TERM", name)}

    def daemon_says(self, lines, status, path=None):
        folder = path or self.path
        (folder / "said.json").write_text(json.dumps({"lines": lines, "status": status}))
        (folder / "vpc-reconciled").write_text(DAEMON)
        (folder / "vpc-reconciled").chmod(0o755)

    def run_it(self, *arguments, **environment):
        return subprocess.run([self.vpcctl, *arguments], env={**self.environment, **environment}, text=True,
                              capture_output=True, timeout=60)

    def plan(self, lines, status, *arguments, **environment):
        self.daemon_says(lines, status)
        return self.run_it("plan", *arguments, **environment)

    def seen(self):
        return json.loads((self.path / "seen.json").read_text())


class Plan(Case):
    def test_table(self):
        run = self.plan([event("started", priority=6), GATEWAY, ROUTE, APPROVE, REPORT], 2)
        self.assertEqual(run.returncode, 2)
        self.assertEqual(re.sub(" +$", "", run.stdout, flags=re.M), textwrap.dedent("""\
              DRIFT                                WHAT IT IS
            + egress-only-internet-gateway-missing observed  none
              0000000000000001                     desired   one, attached
                                                   impact    outage
                                                   repair    CreateEgressOnlyInternetGateway in vpc-1
            ~ route-missing                        impact    outage
              rtb-1                                repair    CreateRoute ::/0 -> eigw in rtb-1
              0000000000000002
            ~ route-wrong-target                   impact    outage
              rtb-2                                repair    ReplaceRoute ::/0 -> eigw-1 in rtb-2
              0000000000000003                     approve   vpc-reconciled --once --approve 0000000000000003, or a policy
            ! route-foreign-target                 impact    outage
              rtb-3                                held      It leads to a transit gateway.
              0000000000000004

            Plan: 1 to create, 2 to change, 0 to destroy; 1 needs approval; 1 waits for a person
            """))
        self.assertEqual(run.stderr, "the daemon's stdout\n")

    def test_signs(self):
        rows = [
            ("CreateInternetGateway; AttachInternetGateway igw to vpc-1", "+", "create"),
            ("AttachInternetGateway igw-1 to vpc-1", "~", "change"),
            ("CreateRoute ::/0 -> igw-1 in rtb-1", "~", "change"),
            ("CreateRouteTable in vpc-1", "+", "create"),
            ("ReplaceRoute x; AllocateAddress", "+", "create"),
            ("AllocateAddress; ReleaseAddress eipalloc-1", "-", "destroy"),
            ("SomethingNew of tomorrow", "~", "change"),
            (None, "!", "none"),
            ("", "!", "none"),
        ]
        for action, sign, change in rows:
            with self.subTest(action=action):
                lines = [finding("finding-opened", 1, "route-missing", action=action)]
                self.assertEqual(self.plan(lines, 2).stdout.splitlines()[1][0], sign)
                document = json.loads(self.plan(lines, 2, "--json").stdout)
                self.assertEqual(document["findings"][0]["change"], change)
                self.assertEqual(document["summary"][change], 1)

    def test_latest_event_counts(self):
        suspected = {**APPROVE, "event": "finding-suspected", "lifts": None, "action": "CreateVpc"}
        self.assertIn("0 to create, 1 to change, 0 to destroy; 1 needs approval\n",
                      self.plan([suspected, APPROVE], 2).stdout)
        self.assertIn("1 to create, 0 to change, 0 to destroy\n", self.plan([APPROVE, suspected], 2).stdout)
        gone = {**APPROVE, "event": "finding-resolved"}
        self.assertEqual(self.plan([APPROVE, gone], 0).stdout, "In sync: nothing differs from the config.\n")

    def test_in_sync(self):
        run = self.plan([event("started", priority=6), event("pass", priority=6)], 0)
        self.assertEqual((run.returncode, run.stdout), (0, "In sync: nothing differs from the config.\n"))

    def test_several_targets_are_told_apart(self):
        other = {**ROUTE, "target": "billing"}
        run = self.plan([GATEWAY, other, ROUTE], 2)
        self.assertEqual(re.findall(r"^. (billing|orders)\b", run.stdout, re.M), ["billing", "orders", "orders"])

    def test_incomplete_is_never_a_plan(self):
        for status in (1, 78, 3):
            with self.subTest(status=status):
                run = self.plan([], status)
                self.assertEqual((run.returncode, run.stdout), (status, ""))
                self.assertIn(f"no complete plan: {self.path}/vpc-reconciled ended with status {status}", run.stderr)
                self.assertFalse(json.loads(self.plan([], status, "--json").stdout)["complete"])
        run = self.plan([ROUTE], 1)
        self.assertIn("0 to destroy; not everything could be seen\n", run.stdout)

    def test_errors_of_the_child_are_shown(self):
        wrong = event("config-invalid", file="vpcs.d/a.json", line=3, message="unknown key \"nam\"")
        note = event("config-not-checked", priority=6, message="services: not checked by this version")
        run = self.plan([wrong, note, "==1==ERROR: \x1b[31mtorn\n", '{"version":1,"event":"new-kind"}\n', "last words"], 78)
        self.assertEqual(run.stdout, "")
        self.assertIn("ERROR config-invalid: vpcs.d/a.json:3: unknown key \"nam\"\n", run.stderr)
        self.assertIn("services: not checked by this version\n", run.stderr)
        self.assertIn("==1==ERROR: \\x1b[31mtorn\n", run.stderr)
        self.assertIn('{"version":1,"event":"new-kind"}\n', run.stderr)
        self.assertIn("last words\n", run.stderr)
        document = json.loads(self.plan([wrong, note], 78, "--json").stdout)
        self.assertEqual([n["event"] for n in document["notes"]], ["config-invalid", "config-not-checked"])
        self.assertEqual(document["exit_status"], 78)

    def test_killed_child(self):
        run = self.plan([ROUTE], -9)
        self.assertEqual(run.returncode, 1)
        self.assertIn("ended by a signal: Killed", run.stderr)
        self.assertIn("not everything could be seen", run.stdout)

    def test_no_child(self):
        run = self.run_it("plan", PATH="/nonexistent")
        self.assertEqual((run.returncode, run.stdout), (1, ""))
        self.assertIn("vpc-reconciled could not be run: No such file or directory", run.stderr)

    def test_child_from_path(self):
        with tempfile.TemporaryDirectory() as folder:
            self.daemon_says([], 0, Path(folder))
            run = self.run_it("plan", PATH=f"{folder}:{os.environ['PATH']}")
            self.assertEqual(run.returncode, 0)
            self.assertTrue(Path(folder, "seen.json").exists())

    def test_what_the_child_gets(self):
        self.plan([], 0, JOURNAL_STREAM="8:1", NOTIFY_SOCKET="/run/x", AWS_REGION="eu-west-1")
        self.assertEqual(self.seen()["arguments"], ["--observe", "--once", "--json"])
        self.assertEqual(self.seen()["stdin"], "")
        self.assertEqual(self.seen()["environment"]["AWS_REGION"], "eu-west-1")
        self.assertNotIn("JOURNAL_STREAM", self.seen()["environment"])
        self.assertNotIn("NOTIFY_SOCKET", self.seen()["environment"])
        self.plan([], 0, "-c", "/some/where")
        self.assertEqual(self.seen()["arguments"][-2:], ["--config", "/some/where"])

    def test_hostile_values(self):
        hostile = {**ROUTE, "observed": "a\x1b[2J\nforged row", "resource": "rtb-\u202e1", "drift": "x\ny",
                   "action": "CreateRoute \r\n"}
        run = self.plan([hostile], 2)
        self.assertNotRegex(run.stdout, "[\x00-\x09\x0b-\x1f\u202e]")
        self.assertIn("a\\x1b[2J\\nforged row", run.stdout)
        self.assertEqual(len(run.stdout.splitlines()), 6)

    def test_long_lines(self):
        long = {**ROUTE, "observed": "x" * 100000}
        run = self.plan([long, "y" * 3000000 + "\n", GATEWAY], 2)
        self.assertIn("1 to create, 1 to change", run.stdout)
        self.assertLess(len(run.stdout) + len(run.stderr), 40000)

    def test_json(self):
        document = json.loads(self.plan([GATEWAY, ROUTE, APPROVE, REPORT], 2, "--json").stdout)
        self.assertEqual(list(document)[0], "version")
        self.assertEqual(document["version"], 1)
        self.assertEqual(document["summary"], {"none": 1, "change": 2, "create": 1, "destroy": 0, "needs_approval": 1})
        self.assertTrue(document["complete"])
        self.assertEqual([f["needs_approval"] for f in document["findings"]], [False, False, True, False])
        self.assertEqual(document["findings"][1]["resource"], "rtb-1")

    def test_full_disk(self):
        self.daemon_says([ROUTE], 2)
        with open("/dev/full", "w") as full:
            run = subprocess.run([self.vpcctl, "plan"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(run.returncode, 1)
        self.assertIn("could not be written: No space left on device", run.stderr)


class Colour(Case):
    def on_terminal(self, **environment):
        """What a terminal of 80 columns would get on stdout."""
        master, slave = pty.openpty()
        child = subprocess.Popen([self.vpcctl, "plan"], stdout=slave, stderr=subprocess.DEVNULL,
                                 env={**self.environment, "TERM": "xterm", "COLUMNS": "80", **environment})
        os.close(slave)
        text = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # Linux: EIO when the last writer has gone
                break
            if not piece:
                break
            text += piece
        os.close(master)
        child.wait(timeout=60)
        return text.decode()

    def test_rules(self):
        self.daemon_says([ROUTE, REPORT], 2)
        rows = [  # on a terminal, environment, colour?
            (True, {}, True),
            (True, {"NO_COLOR": "1"}, False),
            (True, {"NO_COLOR": ""}, True),
            (True, {"TERM": "dumb"}, False),
            (True, {"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
            (True, {"NO_COLOR": "1", "SYSTEMD_COLORS": "1"}, True),
            (True, {"SYSTEMD_COLORS": "1", "VPCCTL_COLORS": "no"}, False),
            (False, {}, False),
            (False, {"CLICOLOR_FORCE": "1"}, True),
            (False, {"CLICOLOR_FORCE": "0"}, False),
            (False, {"SYSTEMD_COLORS": "true"}, True),
        ]
        for terminal, environment, colour in rows:
            with self.subTest(terminal=terminal, environment=environment):
                text = self.on_terminal(**environment) if terminal else self.run_it("plan", **environment).stdout
                self.assertEqual("\x1b[" in text, colour)
                self.assertIn("! ", re.sub("\x1b\\[[0-9;]*m", "", text))

    def test_terminal_is_not_overrun(self):
        self.daemon_says([{**REPORT, "message": "A long story of a route. " * 20}], 2)
        lines = self.on_terminal(NO_COLOR="1").splitlines()
        self.assertGreater(len(lines), 10)
        self.assertLessEqual(max(map(len, lines)), 80)


class CommandLine(Case):
    def test_help_and_version(self):
        run = self.run_it("--help")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        for word in ("check", "advise", "plan", "--config DIR", "--prices FILE", "--live", "--gb N", "--json", "--help", "--version", "78"):
            self.assertIn(word, run.stdout)
        run = self.run_it("plan", "-V")
        self.assertEqual(run.returncode, 0)
        self.assertRegex(run.stdout, r"^vpcctl \d+\.\d+\.\d+\n$")

    def test_wrong(self):
        rows = [
            ([], "a verb is missing"),
            (["pln"], "pln: no such verb; did you mean plan?"),
            (["frobnicate"], "frobnicate: no such verb; --help"),
            (["plan", "--jsn"], "--jsn: no such option; did you mean --json?"),
            (["-jx", "plan"], "-x: no such option"),
            (["plan", "--json=1"], "--json takes no value"),
            (["plan", "--config"], "--config: wants a value"),
            (["plan", "--config", ""], "--config wants a directory"),
            (["plan", "now"], "now: unexpected after the verb plan"),
        ]
        for arguments, message in rows:
            with self.subTest(arguments=arguments):
                run = self.run_it(*arguments)
                self.assertEqual((run.returncode, run.stdout), (64, ""))
                self.assertIn(message, run.stderr)


class Check(Case):
    def config(self, **files):
        folder = self.path / "config"
        (folder / "vpcs.d").mkdir(parents=True)
        for name, text in files.items():
            path = folder / ("vpc-reconciled.json" if name == "main" else f"vpcs.d/{name}.json")
            path.write_text(text)
        return str(folder)

    GOOD = """{"name": "orders", "region": "eu-west-1", "vpc": "vpc-0a1b2c3d4e5f60718", // ours
               "subnet_groups": {"public": {"match": ["subnet-0a1b2c3d4e5f60718"], "ipv4": "internet-gateway"}}}"""

    def test_right(self):
        folder = self.config(main="{}", orders=self.GOOD)
        run = self.run_it("check", "--config", folder)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertRegex(run.stdout, r"orders +vpc-0a1b2c3d4e5f60718 +eu-west-1 +observe +\S+/vpcs.d/orders.json\n")
        self.assertIn(f"The config in {folder} is right: 1 VPC.\n", run.stdout)
        document = json.loads(self.run_it("check", "--json", "--config", folder).stdout)
        self.assertEqual(list(document)[0], "version")
        self.assertTrue(document["valid"])
        self.assertEqual(document["targets"][0]["target"], "orders")
        self.assertEqual(document["errors"], [])

    def test_wrong(self):
        folder = self.config(orders='{"nam": "orders",\n  "vpc": 7}')
        run = self.run_it("check", "--config", folder)
        self.assertEqual((run.returncode, run.stdout), (78, ""))
        self.assertRegex(run.stderr, r"vpcs.d/orders.json:1:2: .*nam")
        self.assertRegex(run.stderr, r"vpcs.d/orders.json:2:\d+: ")
        document = json.loads(self.run_it("check", "--json", "--config", folder).stdout)
        self.assertFalse(document["valid"])
        self.assertNotIn("targets", document)
        self.assertGreaterEqual(len(document["errors"]), 2)
        self.assertEqual(document["errors"][0]["line"], 1)

    def test_hostile_text(self):
        folder = self.config(orders='{"a\\u001b[2J\\u000aforged": 1}')
        run = self.run_it("check", "--config", folder)
        self.assertEqual((run.returncode, run.stdout), (78, ""))
        self.assertNotRegex(run.stderr, "[\x00-\x09\x0b-\x1f]|^forged")

    def test_no_directory(self):
        run = self.run_it("check", "--config", str(self.path / "lost"))
        self.assertEqual((run.returncode, run.stdout), (78, ""))
        self.assertIn("No such file or directory", run.stderr)


class Advise(Case):
    INVENTORY = {"groups": [{"name": "functions", "zones": 2, "subnets": 2, "interfaces": 3, "public_ipv4": 0}],
                 "endpoints": [], "nat_gateways": 2, "regional_nat_zones": 0, "idle_addresses": 0}

    def setUp(self):
        super().setUp()
        (self.path / "config" / "vpcs.d").mkdir(parents=True)
        (self.path / "config" / "vpcs.d" / "orders.json").write_text(json.dumps({
            "name": "orders", "region": "ap-northeast-1", "vpc": "vpc-0a1b2c3d4e5f60718",
            "subnet_groups": {"public": {"match": {"tag:tier": "public"}},
                              "functions": {"match": {"tag:tier": "functions", "azs": 3}, "ipv4": "nat-gateway",
                                            "services": ["s3", "logs"]}},
            "nat_gateways": {"placement": "per-az", "in": "public"}}))

    def advise(self, *arguments, expect=0):
        run = self.run_it("advise", "--config", str(self.path / "config"), *arguments)
        self.assertEqual(run.returncode, expect, run)
        return run

    def document(self, *arguments, **options):
        [target] = json.loads(self.advise("--json", *arguments, **options).stdout)["targets"]
        return target

    def test_from_the_config(self):
        target = self.document()
        self.assertEqual((target["target"], target["live"], target["prices_as_of"]), ("orders", False, "2026-09-25"))
        self.assertAlmostEqual(target["usd_month"], 146.73)  # three gateways and their addresses
        self.assertTrue(target["usd_month_complete"])
        functions = target["groups"][0]
        self.assertEqual([option["option"] for option in functions["options"] if option["declared"]],
                         ["nat-gateway, one in each zone"])
        self.assertEqual([(row["service"], row["gb_month"] and round(row["gb_month"])) for row in target["break_evens"]],
                         [("s3", 0), ("logs", 590)])
        text = self.advise("--gb", "1000").stdout
        self.assertRegex(text, "(?m)^= 146.73 USD +in all$")
        self.assertIn("1000 GB a month through the NAT gateways: 62.00 USD more.", text)
        self.assertIn("logs (interface)", text)
        self.assertFalse((self.path / "seen.json").exists(), "the config alone asks no daemon")

    def test_prices_of_a_file(self):
        cheap = '{"as_of": "2027-01-01", "regions": {"ap-northeast-1": {"nat_gateway_hour": 0.01, "public_ipv4_hour": 0}}}'
        (self.path / "cheap.json").write_text(cheap)
        target = self.document("--prices", str(self.path / "cheap.json"))
        self.assertEqual((target["prices_as_of"], target["usd_month"]), ("2027-01-01", 21.9))
        # beside the config it needs no option
        shutil.copy2(self.path / "cheap.json", self.path / "config" / "prices.json")
        self.assertEqual(self.document()["usd_month"], 21.9)

    def test_wrong_prices(self):
        (self.path / "wrong.json").write_text('{"as_of": "2027-01-01",\n "regions": {"x": {"nat_gateway_hour": "a lot"}}}')
        for path, error in [(self.path / "wrong.json", r"wrong.json:2:\d+: nat_gateway_hour wants a number of dollars"),
                            (self.path / "lost.json", "lost.json: No such file or directory")]:
            run = self.advise("--prices", str(path), expect=78)
            self.assertEqual(run.stdout, "")
            self.assertRegex(run.stderr, error)

    def test_live(self):
        self.daemon_says([event("inventory", target="orders", inventory=self.INVENTORY), GATEWAY], 2)
        target = self.document("--live")
        self.assertEqual((target["live"], target["groups"][0]["zones"], target["usd_month"]), (True, 2, 97.82))
        self.assertEqual(self.seen()["arguments"],
                         ["--observe", "--once", "--json", "--inventory", "--config", str(self.path / "config")])

    def test_what_could_not_be_seen(self):
        for lines in [[], [event("inventory", target="orders", inventory={"groups": "?"})],
                      [event("inventory", target="billing", inventory=self.INVENTORY)]]:
            with self.subTest(lines=lines):
                self.daemon_says(lines, 1)
                run = self.advise("--live", "--json", expect=1)
                self.assertIn("orders: the VPC could not be seen whole", run.stderr)
                self.assertFalse(json.loads(run.stdout)["targets"][0]["live"])

    def test_wrong_options(self):
        for words in ["x", "-1", "nan", "1e99", "5GB", ""]:
            with self.subTest(gb=words):
                self.assertIn("not a number of GB", self.advise("--gb", words, expect=64).stderr)
        (self.path / "config" / "vpcs.d" / "wrong.json").write_text("{")
        self.assertIn("vpcctl check names every error", self.advise(expect=78).stderr)


class Iam(Case):
    ARN = "arn:aws:ec2:ap-northeast-1:111122223333:vpc/vpc-0a1b2c3d4e5f60718"

    def config(self, vpc='"vpc-0a1b2c3d4e5f60718"'):
        folder = self.path / "config"
        (folder / "vpcs.d").mkdir(parents=True, exist_ok=True)
        (folder / "vpc-reconciled.json").write_text(
            '{"owner": "net", "accounts": {"prod": {"id": "111122223333"}}}')
        (folder / "vpcs.d" / "orders.json").write_text(
            f'{{"name": "orders", "region": "ap-northeast-1", "account": "prod", "vpc": {vpc}, "subnet_groups": '
            '{"public": {"match": ["subnet-0a1b2c3d4e5f60718"], "ipv4": "internet-gateway"}}}')
        return folder

    def test_shipped(self):
        for policy in "observe", "repair":
            shipped = Path(__file__).parents[3] / "packaging" / "iam" / f"{policy}.json"
            run = self.run_it("iam", policy, "--vpc", self.ARN)
            self.assertEqual((run.returncode, run.stdout, run.stderr), (0, shipped.read_text(), ""))

    def test_from_the_config(self):
        run = self.run_it("iam", "repair", "--config", str(self.config()))
        by_hand = self.run_it("iam", "repair", "--vpc", self.ARN, "--owner", "net")
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, by_hand.stdout, ""))
        self.assertIn("net/vpc-0a1b2c3d4e5f60718", run.stdout)

    def test_too_long(self):
        vpcs = [f"--vpc=arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-{n:017x}" for n in range(20)]
        run = self.run_it("iam", "repair", *vpcs)
        self.assertEqual(run.returncode, 0)
        self.assertIn("IAM takes 6144", run.stderr)

    def test_wrong(self):
        rows = [
            (["iam"], 64, "expected observe or repair"),
            (["iam", "all"], 64, "expected observe or repair"),
            (["iam", "repair", "now"], 64, "now: unexpected after the verb iam"),
            (["iam", "repair", "--vpc", "vpc-1"], 64, "expected a VPC's ARN"),
            (["iam", "repair", "--config", str(self.path / "none")], 78, "vpcctl check"),
            (["iam", "repair", "--config", str(self.config('{"tag:Name": "orders"}'))], 78, "named by a tag"),
        ]
        for arguments, status, message in rows:
            with self.subTest(arguments=arguments):
                run = self.run_it(*arguments)
                self.assertEqual((run.returncode, run.stdout), (status, ""))
                self.assertIn(message, run.stderr)


class Explain(Case):
    PAGE = Path(__file__).resolve().parents[3] / "packaging" / "man" / "vpc-reconciled-drift.7"

    def explain(self, *arguments, expect=0):
        run = self.run_it("explain", *arguments)
        self.assertEqual(run.returncode, expect, run)
        self.assertEqual(run.stdout if expect else run.stderr, "")
        return run

    def drifts(self, *arguments):
        document = json.loads(self.explain("--json", *arguments).stdout)
        self.assertEqual(document["version"], 1)
        return document["drifts"]

    def test_one(self):
        head, *lines = self.explain("subnet-missing").stdout.splitlines()
        self.assertEqual(head.split(), ["DRIFT", "WHAT", "IT", "IS"])
        self.assertEqual([line.strip() for line in lines], [
            "subnet-missing means     A subnet that the config declares is not there, so nothing can run in it.",
            "impact    outage: a declared path carries nothing",
            'daemon    approve: waits for vpc-reconciled --once --approve FINDING; "repair": {"subnet-missing": "auto"} in the '
            "config lets it repair by itself",
            "remedy    Create the subnet with the declared CIDR block in the declared zone.",
            'looks     twice before a repair, as far apart as "confirm_after" says for "create"',
            "reads     VPCs (ec2:DescribeVpcs), subnets (ec2:DescribeSubnets), route tables (ec2:DescribeRouteTables), "
            "Availability Zones (ec2:DescribeAvailabilityZones)",
            "step      all 1"])
        (drift,) = self.drifts("subnet-missing")
        self.assertEqual({name: drift[name] for name in ("drift", "impact", "policy", "repairable", "confirm_after", "step")},
                         {"drift": "subnet-missing", "impact": "outage", "policy": "approve", "repairable": True,
                          "confirm_after": "create", "step": "all 1"})
        self.assertEqual(drift["reads"][-1], {"list": "Availability Zones", "action": "DescribeAvailabilityZones",
                                              "permission": "ec2:DescribeAvailabilityZones"})

    def test_what_the_daemon_does(self):
        for code, says, looks in [
                ("route-missing", 'auto: repairs it by itself; "repair": {"route-missing": "approve"}', True),
                ("subnet-missing", "approve: waits for vpc-reconciled --once --approve FINDING", True),
                ("elastic-ip-idle", 'report: only tells; "repair": {"elastic-ip-idle": "approve"}', True),
                ("unreachable", 'report: only tells, whatever "repair" says', False)]:
            with self.subTest(code=code):
                text = self.explain(code).stdout
                self.assertIn(says, text)
                self.assertEqual("twice before a repair" in text, looks)
                self.assertEqual(self.drifts(code)[0]["repairable"], looks)

    def test_all(self):
        drifts, text = self.drifts(), self.explain().stdout
        codes = [drift["drift"] for drift in drifts]
        self.assertEqual(len(codes), len(set(codes)))
        self.assertGreaterEqual(len(codes), 58)
        self.assertEqual(re.findall("(?m)^  ([a-z0-9-]+) +means ", text), codes)
        for drift in drifts:
            for part in ("means", "remedy"):  # cause and effect; what to do: whole sentences
                self.assertRegex(drift[part], r"^[A-Z].{15,}\.$", drift["drift"])
                self.assertIn(drift[part], text)

    def test_manual_page(self):
        page = self.explain("--man").stdout
        self.assertEqual(self.PAGE.read_text(), page,
                         f"{self.PAGE.name} is old: write to it what `vpcctl explain --man` prints")
        sections = re.findall("(?m)^\\.SS (.*)$", page)
        self.assertEqual([code.replace("\\-", "-") for code in sections], [drift["drift"] for drift in self.drifts()])
        if shutil.which("groff"):
            run = subprocess.run(["groff", "-man", "-ww", "-Tutf8"], input=page, text=True, capture_output=True, timeout=60,
                                 check=True)
            self.assertEqual(run.stderr, "")
            self.assertIn("route-blackhole", run.stdout)

    def test_wrong(self):
        for arguments, error in [
                (["route-mising"], "route-mising: no such drift; did you mean route-missing?"),
                (["x" * 60], "no such drift; vpcctl explain shows them all"),
                (["route-missing", "subnet-missing"], "subnet-missing: unexpected after the verb explain"),
                (["--man", "route-missing"], "--man is the whole page: leave route-missing out"),
                (["--man", "--json"], "--man is the whole page: leave --json out")]:
            with self.subTest(arguments=arguments):
                self.assertIn(error, self.explain(*arguments, expect=64).stderr)


if __name__ == "__main__":
    unittest.main()
