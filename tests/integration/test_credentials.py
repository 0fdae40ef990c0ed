#!/usr/bin/python3
"""Where the daemon's keys come from: the whole chain with the real programs, IMDS and a container's endpoint on
loopback, STS in the simulator; rotation while it runs; what does not answer. VPC_PROGRAMS names the directory of the
programs.
"""
import json
import signal
import stat
import threading
import time
from datetime import datetime

import first_light
import keys
import runner
from programs import ACCOUNT, DRIFT, IN_SYNC, UNKNOWN, Case, count, wait_until

NONE = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "AWS_SESSION_TOKEN": None}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/vpc-reconciled"
QUICK = {**first_light.MAIN, "interval": "1s", "jitter": "0%"}
PAIR = f"aws_access_key_id = {keys.ACCESS_KEY}\naws_secret_access_key = {keys.SECRET}\n"


class Credentials(Case):
    def setUp(self):
        super().setUp()
        self.world = first_light.world()
        self.simulator = self.start_simulator(self.world.data)
        self.config = self.write_config()

    def write_config(self, main=None, **members):
        return first_light.write_config(self.path, first_light.target(self.world, **members), main)

    def server(self, server):
        self.addCleanup(server.close)
        return server

    def imds(self, *arguments, **options):
        imds = self.server(keys.Imds(*arguments, **options))
        return imds, {**NONE, "AWS_EC2_METADATA_DISABLED": None, "AWS_EC2_METADATA_SERVICE_ENDPOINT": imds.url}

    def container(self, answer, **variables):
        container = self.server(keys.Server(answer))
        return container, {**NONE, "AWS_CONTAINER_CREDENTIALS_FULL_URI": container.url + "/v1/keys", **variables}

    def file(self, name, text):
        path = self.path / name
        path.write_text(text)
        return path

    def sync(self, **variables):
        """A run that finds everything in its place, with the keys that it was given to find."""
        return self.once(self.simulator, self.config, expect=IN_SYNC, variables={**NONE, **variables})

    def said(self, daemon):
        """Why AWS could not be asked."""
        return daemon.events_of("finding-held", drift="observation-incomplete")[0]["message"]


class Chain(Credentials):
    def test_imds(self):
        imds, variables = self.imds(keys.keys)
        self.sync(**variables)
        self.assertEqual([(method, path) for _, method, path, _ in imds.asked],
                         [("PUT", "/latest/api/token"), ("GET", imds.PATH), ("GET", imds.PATH + imds.ROLE)])
        for _, _, _, headers in imds.asked:
            self.assertNotIn("Authorization", headers)

    def test_imds_whose_token_ended(self):
        imds, variables = self.imds(keys.keys, refused=1)
        self.sync(**variables)
        self.assertEqual((imds.count("PUT"), imds.count("GET")), (2, 3))

    def test_imds_that_is_ill(self):
        """Static stability: an expired set may still be honoured."""
        _, variables = self.imds(lambda: keys.keys(seconds=-60))
        self.sync(**variables)

    def test_container(self):
        token = self.file("token", "Bearer of-the-pod\n")
        container, variables = self.container(
            lambda method, path, headers: (200, keys.keys()) if headers.get("Authorization") == "Bearer of-the-pod"
            else (401, ""), AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=token)
        self.sync(**variables)
        self.assertEqual(container.count("GET", "/v1/keys"), 1)

    def test_container_by_a_token_variable(self):
        secret = "Bearer nobodyMayReadThis"
        _, variables = self.container(
            lambda method, path, headers: (200, keys.keys()) if headers.get("Authorization") == secret else (401, ""),
            AWS_CONTAINER_AUTHORIZATION_TOKEN=secret)
        daemon = self.sync(**variables)
        self.assertNotIn(secret, daemon.text)

    def test_credentials_file(self):
        self.sync(AWS_SHARED_CREDENTIALS_FILE=self.file("credentials", f"[prod]\n{PAIR}"), AWS_PROFILE="prod")

    def test_home(self):
        (self.path / ".aws").mkdir()
        self.file(".aws/config", f"[default]\n{PAIR}")
        self.sync(HOME=self.path)

    def test_systemd_credential(self):
        self.file("aws-credentials", f"[default]\n{PAIR}")
        self.sync(CREDENTIALS_DIRECTORY=self.path)

    def test_process(self):
        script = self.file("get keys", "#!/bin/sh\ncat <<END\n" + json.dumps(
            {"Version": 1, "AccessKeyId": keys.ACCESS_KEY, "SecretAccessKey": keys.SECRET}) + "\nEND\n")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        self.sync(AWS_CONFIG_FILE=self.file("config", f'[default]\ncredential_process = "{script}" --any\n'))

    def test_role_of_a_profile(self):
        config = self.file("config", f"[profile ops]\nrole_arn = {ROLE}\nsource_profile = base\nexternal_id = x-1\n"
                                     f"[profile base]\n{PAIR}")
        self.sync(AWS_CONFIG_FILE=config, AWS_PROFILE="ops")
        assumed = [call for call in self.simulator.calls if call["action"] == "AssumeRole"]
        self.assertEqual(len(assumed), 1)
        self.assertEqual(assumed[0]["parameters"]["ExternalId"], "x-1")
        self.assertRegex(assumed[0]["parameters"]["RoleSessionName"], r"^vpc-reconciled-[\w+=,.@-]+$")

    def test_web_identity(self):
        token = self.file("token", "aaaa.bbbb.cccc\n")
        daemon = self.sync(AWS_WEB_IDENTITY_TOKEN_FILE=token, AWS_ROLE_ARN=ROLE)
        self.assertEqual(count(self.simulator.calls)["AssumeRoleWithWebIdentity"], 1)
        self.assertNotIn("aaaa.bbbb.cccc", daemon.text + self.simulator.log.read_text())

    def test_region_and_endpoints_of_the_profile(self):
        config = self.file("config", f"[default]\nregion = ap-northeast-1\nservices = local\n{PAIR}"
                                     f"[services local]\nec2 =\n  endpoint_url = {self.simulator.url}\n"
                                     f"sts =\n  endpoint_url = {self.simulator.url}\n"
                                     f"lambda =\n  endpoint_url = {self.simulator.url}\n")
        self.sync(AWS_CONFIG_FILE=config, AWS_ENDPOINT_URL=None, AWS_REGION=None)

    def test_accounts(self):
        main = {**first_light.MAIN, "accounts": {"prod": {"id": ACCOUNT, "assume_role": ROLE}}}
        self.config = self.write_config(main, account="prod")
        self.once(self.simulator, self.config, expect=IN_SYNC)
        self.assertEqual(count(self.simulator.calls)["AssumeRole"], 1)

    def test_another_account(self):
        main = {**first_light.MAIN, "accounts": {"prod": {"id": "444455556666"}}}
        self.config = self.write_config(main, account="prod")
        daemon = self.once(self.simulator, self.config, expect=DRIFT)
        self.assertEqual([call["action"] for call in self.simulator.calls], ["GetCallerIdentity"])
        self.assertIn(f"The keys are those of account {ACCOUNT}",
                      daemon.events_of("finding-held", drift="account-mismatch")[0]["message"])


class Trouble(Credentials):
    def test_no_imds(self):
        """Nothing there, in three ways: said within two seconds of the start of a pass."""
        for server in (keys.Closed(), keys.Silent(), keys.Silent(full=True)):
            self.server(server)
            daemon = self.start(self.simulator, self.config, "--json", variables={
                **NONE, "AWS_EC2_METADATA_DISABLED": None, "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url})
            daemon.wait_event("finding-held", drift="observation-incomplete")
            began, ended = (datetime.fromisoformat(event["time"].replace("Z", "+00:00")) for event in (
                daemon.events_of("started")[0], daemon.events_of("finding-held")[0]))
            self.assertLess((ended - began).total_seconds(), 2)
            self.assertIn(f"IMDS does not answer at {server.url}", self.said(daemon))
            self.assertIn("--http-put-response-hop-limit 2", self.said(daemon))
            daemon.send(signal.SIGTERM)
            self.end(daemon)
        self.assertEqual(self.simulator.calls, [])

    def test_slow_container(self):
        """Each try has two seconds, and there are three."""
        ended = threading.Event()
        self.addCleanup(ended.set)
        container, variables = self.container(lambda *asked: (ended.wait(60), (200, keys.keys()))[1])
        daemon = self.start(self.simulator, self.config, "--json", variables=variables)
        daemon.wait_event("finding-held", drift="observation-incomplete")
        self.assertEqual(container.count(), 3)
        self.assertLess(time.monotonic() - container.asked[0][0], 8)
        self.assertIn("does not answer", self.said(daemon))
        daemon.send(signal.SIGTERM)
        self.end(daemon)

    def test_container_that_refuses(self):
        container, variables = self.container(lambda *asked: (401, "no"))
        daemon = self.once(self.simulator, self.config, expect=UNKNOWN, variables=variables)
        self.assertIn("refuses the token (HTTP status 401)", self.said(daemon))
        self.assertLessEqual(container.count(), 3)
        self.assertEqual(self.simulator.calls, [])

    def test_nonsense_from_the_container(self):
        for body in ("<html>", "{}", "[" * 1000, keys.keys(seconds=-1), {**keys.keys(), "Expiration": "soon"},
                     {**keys.keys(), "SecretAccessKey": "a\r\nX: y"}):
            _, variables = self.container(lambda *asked, body=body: (200, body))
            daemon = self.once(self.simulator, self.config, expect=UNKNOWN, variables=variables)
            self.assertIn("AWS could not be asked: ", self.said(daemon))
        self.assertEqual(self.simulator.calls, [])

    def test_process_that_hangs_is_killed_at_the_end(self):
        script = self.file("hang", "#!/bin/sh\necho $$ > \"$0.pid\"\nexec sleep 1000\n")
        script.chmod(0o700)
        daemon = self.start(self.simulator, self.config, "--json", variables={
            **NONE, "AWS_CONFIG_FILE": self.file("config", f"[default]\ncredential_process = {script}\n")})
        pid = self.path / "hang.pid"
        wait_until(lambda: pid.exists() and pid.read_text().strip(), "the process")
        daemon.send(signal.SIGTERM)
        self.end(daemon)
        self.assertEqual(daemon.status, 0)

        def gone():
            try:
                with open(f"/proc/{pid.read_text().strip()}/stat") as file:
                    return ") Z" in file.read()
            except OSError:
                return True
        wait_until(gone, "the end of the process")

    def test_what_is_configured_is_not_passed_over(self):
        """A broken file does not make way for the instance's role."""
        imds, variables = self.imds(keys.keys)
        daemon = self.once(self.simulator, self.config, expect=UNKNOWN, variables={
            **variables, "AWS_SHARED_CREDENTIALS_FILE": self.file("credentials", "[default]\naws_access_key_id = A\n")})
        self.assertIn("credentials:2: the profile has aws_access_key_id and no aws_secret_access_key", self.said(daemon))
        self.assertEqual(imds.asked, [])

    def test_everything_that_was_tried_is_named(self):
        imds, variables = self.imds(keys.keys)
        variables = {**variables, "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": self.file("config", "")}
        daemon = self.once(self.simulator, self.config, expect=UNKNOWN, variables=variables)
        for part in ("There are no AWS credentials. Passed over: AWS_ACCESS_KEY_ID is not set; ",
                     "the profile \"default\" has no role_arn; ", "AWS_WEB_IDENTITY_TOKEN_FILE is not set; ",
                     "AWS_EC2_METADATA_DISABLED is true"):
            self.assertIn(part, self.said(daemon))
        self.assertEqual(imds.asked, [])


class Rotation(Credentials):
    def setUp(self):
        super().setUp()
        self.config = self.write_config(QUICK)

    def passes(self):
        return count(self.simulator.calls)["DescribeSubnets"]

    def test_renewed_ahead_of_the_end(self):
        """Sets of six seconds: asked at half of their life, and no pass is lost."""
        token = self.file("token", "Bearer 1\n")
        sets = []

        def answer(method, path, headers):
            sets.append(headers.get("Authorization"))
            token.write_text(f"Bearer {len(sets) + 1}\n")  # as Kubernetes renews it
            return 200, keys.keys(seconds=6, token=f"token-{len(sets)}==")
        _, variables = self.container(answer, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=token)
        daemon = self.start(self.simulator, self.config, "--json", variables=variables)
        wait_until(lambda: len(sets) >= 4, "four sets")
        passes = self.passes()
        daemon.send(signal.SIGTERM)
        self.end(daemon)
        self.assertEqual(sets[:4], [f"Bearer {number}" for number in range(1, 5)])
        self.assertGreaterEqual(passes, 6)
        self.assertNotIn("AWS could not be asked", daemon.text)
        # Whoever the new keys belong to, they are asked.
        self.assertGreaterEqual(count(self.simulator.calls)["GetCallerIdentity"], 3)

    def test_refused_by_aws(self):
        """The first set is none: one refresh, and the next pass is whole."""
        sets = []

        def answer(*asked):
            sets.append(asked)
            return 200, keys.keys(secret="wrong" if len(sets) == 1 else keys.SECRET)
        _, variables = self.container(answer)
        daemon = self.start(self.simulator, self.config, "--json", variables=variables)
        wait_until(lambda: self.passes() >= 2, "two passes")
        daemon.send(signal.SIGTERM)
        self.end(daemon)
        self.assertEqual(len(sets), 2)
        self.assertIn("GetCallerIdentity: SignatureDoesNotMatch", self.said(daemon))

    def test_a_file_that_is_written_anew(self):
        credentials = self.file("credentials", f"[default]\n{PAIR.replace(keys.SECRET, 'wrong')}")
        daemon = self.start(self.simulator, self.config, "--json",
                            variables={**NONE, "AWS_SHARED_CREDENTIALS_FILE": credentials})
        daemon.wait_event("finding-held", drift="observation-incomplete")
        self.assertEqual(self.passes(), 0)
        credentials.write_text(f"[default]\n{PAIR}")
        wait_until(lambda: self.passes() >= 1, "a pass")
        daemon.send(signal.SIGTERM)
        self.end(daemon)


if __name__ == "__main__":
    runner.main(first_light.world)
