#!/usr/bin/python3
"""A config, an environment or replies that are wrong: a message that names the place and what would be right, the exit
status, no mutating call, no byte of a secret. VPC_PROGRAMS names the directory of the programs."""
import functools
import os
import re
import shutil
import subprocess
import tempfile

import drifts
import first_light
import programs
import runner
from programs import CONFIG, IN_SYNC, KEYS, SECRETS, UNKNOWN, Case

FILE = "vpcs.d/first-light.json"


class Bad(Case):
    def setUp(self):
        super().setUp()
        self.world = first_light.world()
        self.simulator = self.start_simulator(self.world.data)
        drifts.delete_public_ipv4_route(self.simulator, self.world)  # something that a slip would let it repair
        self.config = first_light.write_config(self.path, first_light.target(self.world, repair={"*": "auto"}))
        self.before = len(self.simulator.calls)

    def assert_refused(self, status, words, config=None, calls=0, as_json=False, **options):
        """The daemon's text, or its JSON, has the words in this order."""
        run = self.run_daemon(self.simulator, config or self.config, "--once", *(["--json"] if as_json else []), **options)
        self.assertEqual(run.status, status, run)
        self.assertEqual(run.out.text, "")
        text = "\n".join(event["message"] for event in run.events) if as_json else run.err.text
        self.assert_words(words, text)
        self.assertEqual(len(self.simulator.calls), self.before + calls)
        self.assertEqual(list(self.state.glob("history*")), [])

    def assert_words(self, words, text):
        at = 0
        for word in words:
            self.assertIn(word, text[at:])
            at = text.index(word, at) + len(word)


class Config(Bad):
    def assert_wrong(self, words, config=None, **options):
        """So says vpc-reconciled, and so says vpcctl check."""
        self.assert_refused(CONFIG, [*words, "not valid", "Correct it and start again", "vpcctl check"], config, **options)
        check = subprocess.run([programs.PROGRAMS / "vpcctl", "check", "--config", config or self.config],
                               env=programs.environment(**KEYS), capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual((check.returncode, check.stdout), (CONFIG, ""))
        self.assert_words(words, check.stderr)

    def edit(self, old, new, count=1):
        path = self.config / FILE
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, count))

    def test_unknown_key(self):
        self.edit('"mode"', '"mod"')
        for as_json in (False, True):
            self.assert_wrong([f"{FILE}:5:3: mod: unknown key", 'did you mean "mode"?'], as_json=as_json)

    def test_wrong_type(self):
        self.edit('"mode": "repair"', '"mode": true')
        self.assert_wrong([f"{FILE}:5:11: mode: found true or false", 'write "observe" or "repair"'])

    def test_duplicate_key(self):
        self.edit('"mode"', '"name": "other",\n  "mode"')
        self.assert_wrong([f'{FILE}:5:3: duplicate key "name"', "given at 2:3 already", "keep one"])

    def test_every_error_is_named(self):
        self.edit('"mode": "repair"', '"mode": 7, "limitz": {}')
        (self.config / "vpc-reconciled.json").write_text('{"interval": "soon"}')
        self.assert_wrong(["vpc-reconciled.json:1:14: interval", f"{FILE}:5:11: mode", f"{FILE}:5:14: limitz"])

    def test_cut_off(self):
        path = self.config / FILE
        path.write_text(path.read_text().rstrip().removesuffix("}"))
        self.assert_wrong([f"{FILE}:", "found the end of the text"])

    def test_ten_megabytes_of_garbage(self):
        for name in (FILE, "vpc-reconciled.json"):
            with self.subTest(name):
                (self.config / name).write_bytes(os.urandom(10_000_000))
                self.assert_wrong([f"{name}: ", "longer than the 1048576 bytes", "right file"])

    def test_a_megabyte_of_garbage(self):
        (self.config / FILE).write_bytes(b"\x01\xff{" * 300_000)
        self.assert_wrong([f"{FILE}:1:2: the byte 0xff is not valid UTF-8", "save the text as UTF-8"])

    def test_deep_nesting(self):
        (self.config / FILE).write_bytes(b'{"name":' + b"[" * 500_000)
        self.assert_wrong([f"{FILE}:1:"])

    def test_missing_directory(self):
        self.assert_wrong(["lost: the config directory cannot be read: No such file or directory"], self.path / "lost")

    def test_a_file_in_place_of_the_directory(self):
        self.assert_wrong([f"{FILE}: the config directory cannot be read: Not a directory"], self.config / FILE)

    def test_what_is_no_file(self):
        (self.config / "vpcs.d" / "folder.json").mkdir()
        (self.config / "vpcs.d" / "lost.json").symlink_to("/nowhere/at/all")
        os.mkfifo(self.config / "vpcs.d" / "pipe.json")
        self.assert_wrong(["vpcs.d/folder.json: cannot be read: Is a directory",
                           "vpcs.d/lost.json: cannot be read: No such file or directory",
                           "vpcs.d/pipe.json: cannot be read: not a regular file"])

    def test_unreadable_file(self):
        """root reads everything, so the programs run as nobody then."""
        (self.config / FILE).chmod(0)
        options = {}
        if os.geteuid() == 0:
            options = {"user": 65534, "group": 65534, "extra_groups": []}
            self.path.chmod(0o755)
            for path in (self.config, self.config / "vpcs.d"):
                path.chmod(0o755)
            os.chown(self.state, 65534, 65534)
        own = self.path / "bin"  # the build's directory may be closed to nobody
        own.mkdir(0o755)
        for program in ("vpc-reconciled", "vpcctl"):
            shutil.copy2(programs.PROGRAMS / program, own)
        words = [f"{FILE}: cannot be read: Permission denied"]
        for arguments in (["vpc-reconciled", "--once"], ["vpcctl", "check"]):
            run = subprocess.run([own / arguments[0], *arguments[1:], "--config", self.config],
                                 env=self.daemon_environment(self.simulator.url), capture_output=True, text=True,
                                 check=False, timeout=60, cwd="/", **options)
            self.assertEqual((run.returncode, run.stdout), (CONFIG, ""), run.stderr)
            self.assert_words(words, run.stderr)

    def test_empty_directory(self):
        """vpcctl finds nothing wrong in it, a service waits for a reload; a --once has nothing to do, and says so."""
        empty = self.path / "empty"
        empty.mkdir()
        self.assert_refused(CONFIG, ["no VPC is configured", f"Add a file for each VPC to {empty}/vpcs.d"], empty)

    def test_what_an_editor_left_is_passed_over(self):
        (self.config / "vpcs.d" / "first-light.json~").write_text("{")
        (self.config / "vpcs.d" / ".first-light.json.swp").write_bytes(b"\0")
        self.once(self.simulator, self.config, expect=IN_SYNC)

    def test_two_files_for_one_vpc(self):
        shutil.copy(self.config / FILE, self.config / "vpcs.d" / "second.json")
        self.assert_wrong(["vpcs.d/second.json:"])


class Environment(Bad):
    def assert_wrong(self, words, status=CONFIG, calls=0, as_json=False, **variables):
        self.assert_refused(status, words, variables=variables, calls=calls, as_json=as_json)

    def test_no_keys(self):
        for as_json in (False, True):
            self.assert_wrong(["no AWS credentials", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"], as_json=as_json,
                              AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None, AWS_SESSION_TOKEN=None)

    def test_half_a_pair(self):
        self.assert_wrong(["AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not", "needs both"],
                          AWS_SECRET_ACCESS_KEY=None)
        self.assert_wrong(["AWS_SECRET_ACCESS_KEY is set but AWS_ACCESS_KEY_ID is not", "needs both"],
                          AWS_ACCESS_KEY_ID=None)

    def test_an_empty_key(self):
        self.assert_wrong(["AWS_SECRET_ACCESS_KEY is set but empty", "give it a value or unset it"],
                          AWS_SECRET_ACCESS_KEY="")

    def test_a_key_with_a_line_break(self):
        self.assert_wrong(["AWS_SECRET_ACCESS_KEY holds a space, a control character"],
                          AWS_SECRET_ACCESS_KEY=SECRETS["AWS_SECRET_ACCESS_KEY"] + "\n")

    def test_bad_region(self):
        path = self.config / FILE
        path.write_text(path.read_text().replace(f'"{programs.REGION}"', '"tokyo"'))
        self.assert_wrong([f"{FILE}:3:13: region", '"tokyo" is not a region', "write one as"])

    def test_http_that_is_not_loopback(self):
        # TEST-NET-1: nothing is sent there in any case.
        self.assert_wrong(["AWS_ENDPOINT_URL: plain http is only for loopback", "http://192.0.2.1:80", "use https://"],
                          AWS_ENDPOINT_URL="http://192.0.2.1:80")
        self.assert_wrong(["AWS_ENDPOINT_URL_EC2: plain http is only for loopback"],
                          AWS_ENDPOINT_URL_EC2="http://192.0.2.1:80")

    def test_an_endpoint_that_is_no_url(self):
        self.assert_wrong(["AWS_ENDPOINT_URL: ", "is not a URL", "expected https://HOST"], AWS_ENDPOINT_URL="localhost")

    def test_a_password_in_the_endpoint(self):
        secret = SECRETS["AWS_SESSION_TOKEN"]  # what is searched for in all output
        self.assert_wrong(["AWS_ENDPOINT_URL: ", "a part that an endpoint cannot have"],
                          AWS_ENDPOINT_URL=f"http://user:{secret}@127.0.0.1:1")

    def test_no_ca_bundle(self):
        self.assert_wrong(["AWS_CA_BUNDLE: /nowhere/ca.pem: No such file or directory", "or unset it"],
                          AWS_CA_BUNDLE="/nowhere/ca.pem")

    def test_no_state_directory(self):
        self.assert_wrong(["the state directory /proc/nowhere cannot be made"], status=UNKNOWN,
                          STATE_DIRECTORY="/proc/nowhere")

    def test_nobody_answers(self):
        self.assert_wrong(["AWS could not be asked: GetCallerIdentity", "127.0.0.1 port 1", "Nothing is judged or changed"],
                          status=UNKNOWN, AWS_ENDPOINT_URL="http://127.0.0.1:1")

    def test_another_secret(self):
        # Asked in three passes.
        self.assert_wrong(["AWS could not be asked: GetCallerIdentity: SignatureDoesNotMatch"], status=UNKNOWN, calls=3,
                          AWS_SECRET_ACCESS_KEY=SECRETS["AWS_SECRET_ACCESS_KEY"].swapcase())


@functools.cache
def drifted():
    """A world with five calls' worth of drift, as the simulator dumps it."""
    world = first_light.world()
    with tempfile.TemporaryDirectory() as directory:
        simulator = programs.Simulator(directory, world.data)
        drifts.delete_egress_only(simulator, world)
        drifts.delete_public_ipv4_route(simulator, world)
        data = simulator.world()
        simulator.stop()
    return data


class Replies(Case):
    """Every call from the first on, or from the second (the account is known then), is answered so."""

    WORDS = {
        "truncated-xml": "the reply is not what AWS sends: not whole XML",
        "html-200": "the reply is not what AWS sends: the root element is <html>, expected <",
        "error-200": "the reply is not what AWS sends: the root element is <",
        "other-action": "the reply is not what AWS sends: the root element is <DescribeTagsResponse>, expected <",
        "empty-body": "the reply is not what AWS sends: not whole XML: no element found",
        "dtd": "the reply is not what AWS sends: ",
        "html-500": "HTTP status 500 with a body that is not AWS's",
        "unavailable": "Unavailable: The service is unavailable.",
        "request-limit-exceeded": "RequestLimitExceeded: Request limit exceeded.",
        "auth-failure": "AuthFailure: AWS was not able to validate the provided access credentials",
        "unauthorized-operation": "UnauthorizedOperation: You are not authorized to perform this operation.",
    }

    def play(self, fault, first):
        world, data = first_light.world(), drifted()
        config = first_light.write_config(self.path, first_light.target(world, repair={"*": "auto"}))
        faults = "".join(f"{number} {fault}\n" for number in range(first, 1000))
        simulator = self.start_simulator(data, faults=faults)
        run = self.once(simulator, config, expect=UNKNOWN)
        self.assertEqual(simulator.mutating, [])
        self.assertEqual(first_light.differences(data, simulator.world()), {})
        self.assertLess(len(simulator.calls), 200, "it asks again and again, but not without end")
        held = run.events_of("finding-held", drift="observation-incomplete")
        lists = [event for event in held if "resource" in event]
        # Keys that AWS does not take end the pass: one finding, whichever call it was.
        whole = first == 1 or fault == "auth-failure"
        self.assertEqual(len(lists), 0 if whole else 13, run)
        self.assertEqual(len(held) - len(lists), 1 if whole else 0, run)
        for event in held:
            action = event.get("resource", "GetCallerIdentity" if first == 1 else "Describe")
            self.assertRegex(event["message"], rf"{action}\w*: {re.escape(self.WORDS[fault])}")
            self.assertRegex(event["message"], "Nothing (that depends on them )?is judged or changed")
            if fault == "unauthorized-operation" and first == 2:
                self.assertIn(f"Give the role the permission ec2:{action}.", event["message"])
        self.assertEqual({event["state"] for event in run.events_of("pass")}, {"unknown"})
        self.assertEqual({event["drift"] for event in run.events if "drift" in event}, {"observation-incomplete"}, run)

        if first == 1:
            return
        # And when the replies are AWS's again, the same state directory does for the repair.
        simulator.stop()
        simulator = self.start_simulator(data)
        self.once(simulator, config, expect=IN_SYNC)
        self.assertEqual(len(simulator.mutating), 5)


for fault in Replies.WORDS:
    for first in (1, 2) if fault in ("truncated-xml", "html-200", "empty-body", "dtd", "auth-failure") else (2,):
        name = f"test_{fault.replace('-', '_')}_from_call_{first}"
        setattr(Replies, name, lambda self, fault=fault, first=first: self.play(fault, first))


if __name__ == "__main__":
    runner.main(prepare=drifted)
