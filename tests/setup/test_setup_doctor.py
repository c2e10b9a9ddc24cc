"""`doctor` on the local cloud, with every fault planted."""

from __future__ import annotations

import json
import re
import secrets
import time
from typing import TYPE_CHECKING

import pytest

from chatops_local.cloud import InstanceSpec
from chatops_setup import refusals
from tests.setup.policies import policy_in_the_guide

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chatops_local.cloud import LocalCloud
    from tests.setup.command_line import CommandLine, Ran

SIGNING_SECRET = "/ops/prod/slack-signing-secret"
BOT_TOKEN = "/ops/prod/slack-bot-token"


def test_all_is_well(cloud: LocalCloud, run: CommandLine) -> None:
    ran = run(cloud, "doctor", "Ops")
    assert ran.code == 0, ran.out
    lines = ran.out.splitlines()
    assert lines[0] == "✔ stack: Ops is in us-east-1, CREATE_COMPLETE"
    assert lines[1].endswith("has /ops hello, /ops restart, /ps")
    assert any(
        re.fullmatch(rf"✔ signing secret: {SIGNING_SECRET}: SecureString, version 1, of \S+ \S+ UTC", line)
        for line in lines
    )
    assert any(
        line.startswith("✔ bot token at Slack: Slack takes it: ") and line.endswith(" in T012AB3CD") for line in lines
    )
    assert sum("is online, agent 3." in line and "has the stack's policy" in line for line in lines) == 2
    assert any(
        re.fullmatch(r"✔ signed request: acknowledged in \d+ ms, of the 3,000 ms that Slack waits", line)
        for line in lines
    )
    assert any(re.fullmatch(r"✔ off-switch: /chatops/Ops_Slack_[0-9A-F]{8}/off-switch is on", line) for line in lines)
    assert lines[-1] == "✔ 11 checks, no problem"
    assert "reading the stack Ops … " in ran.err


def test_it_starts_nothing(cloud: LocalCloud, run: CommandLine) -> None:
    before = cloud.server.usage()
    assert run(cloud, "doctor", "Ops").code == 0
    used = cloud.server.usage() - before
    assert used.function_invocations
    assert (used.executions, used.express_executions) == ({}, {})


def test_as_json(cloud: LocalCloud, run: CommandLine) -> None:
    ran = run(cloud, "doctor", "Ops", "--json")
    assert (ran.document["ok"], ran.document["stack"]) == (True, "Ops")
    assert {each["level"] for each in ran.document["checks"]} == {"ok"}


def test_no_secret(cloud: LocalCloud, run: CommandLine) -> None:
    cloud.server.client("ssm").delete_parameters(Names=[SIGNING_SECRET, BOT_TOKEN])
    ran = run(cloud, "doctor", "Ops", "--json")
    assert ran.code == 1
    asks = "run `chatops-constructs setup`, which asks for it"
    assert ran.failures() == [
        ("signing secret", f"there is no parameter {SIGNING_SECRET}", asks),
        ("bot token", f"there is no parameter {BOT_TOKEN}", asks),
        ("signed request", f"cannot be sent: {SIGNING_SECRET} has no secret to sign it with", asks),
    ]


def test_a_secret_that_is_not_encrypted(cloud: LocalCloud, run: CommandLine) -> None:
    ssm = cloud.server.client("ssm")
    ssm.delete_parameters(Names=[SIGNING_SECRET])
    ssm.put_parameter(Name=SIGNING_SECRET, Value=secrets.token_hex(16), Type="String")
    (failure, *_) = run(cloud, "doctor", "Ops", "--json").failures()
    assert failure[:2] == (
        "signing secret",
        f"{SIGNING_SECRET} is a String, which everybody who lists parameters can read",
    )
    assert "let Slack make a new one" in failure[2]


def test_something_that_is_no_secret(cloud: LocalCloud, run: CommandLine) -> None:
    cloud.server.put_secret(SIGNING_SECRET, "xoxb-this-is-the-token-by-mistake")
    cloud.server.put_secret(BOT_TOKEN, "xoxp-this-is-a-persons-token")
    said = {check: says for check, says, _ in run(cloud, "doctor", "Ops", "--json").failures()}
    assert re.fullmatch(rf"{SIGNING_SECRET} \(.*\) does not hold 32 hexadecimal characters", said["signing secret"])
    assert re.fullmatch(rf"{BOT_TOKEN} \(.*\) does not hold xoxb- and letters, digits and dashes", said["bot token"])


def test_a_secret_that_is_not_the_apps_shows_when_somebody_has_typed(
    fresh_cloud: LocalCloud, run: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack signs with the app's secret; the endpoint refuses, and its log says so."""
    monkeypatch.setattr(refusals, "REREAD_SECONDS", 0.0)
    right = _stored(fresh_cloud, SIGNING_SECRET)
    fresh_cloud.server.put_secret(SIGNING_SECRET, secrets.token_hex(16))
    assert fresh_cloud.slack.send("/ps help").ack.status == 401
    ran = _once_logged(lambda: run(fresh_cloud, "doctor", "Ops", "--json"))
    assert ran.code == 1
    (refused,) = ran.failures_of("Slack's requests")
    assert refused[0] == "refused 1 times in the last hour, the latest too: signature_wrong"
    assert "paste the app's Signing Secret (not the Client Secret, which looks the same)" in refused[1]

    asked = run(fresh_cloud, "doctor", "Ops", "--json", "--ask", "--stdin", stdin=f"{SIGNING_SECRET}={right}\n")
    assert asked.failures_of("signing secret") == [
        (f"{SIGNING_SECRET} holds another Signing Secret than the one given", "run `chatops-constructs setup`")
    ]


def test_an_endpoint_that_knows_another_secret(fresh_cloud: LocalCloud, run: CommandLine) -> None:
    """It takes one that is changed at once, and one that is changed again within a minute when that is over."""
    assert fresh_cloud.slack.send("/ps help").ack.status == 200
    fresh_cloud.server.put_secret(SIGNING_SECRET, secrets.token_hex(16))
    assert not run(fresh_cloud, "doctor", "Ops", "--json").failures_of("signed request")
    fresh_cloud.server.put_secret(SIGNING_SECRET, secrets.token_hex(16))
    (failure,) = run(fresh_cloud, "doctor", "Ops", "--json").failures_of("signed request")
    assert failure[0] == "the endpoint refused the signature: it knows another signing secret"
    assert "the endpoint reads it again once a minute at most" in failure[1]


def test_a_bot_token_that_slack_refuses(cloud: LocalCloud, run: CommandLine) -> None:
    cloud.server.put_secret(BOT_TOKEN, "xoxb-1234567890-revoked")
    (failure,) = run(cloud, "doctor", "Ops", "--json").failures()
    assert failure[:2] == ("bot token at Slack", f"Slack refuses what {BOT_TOKEN} holds: invalid_auth")
    assert run(cloud, "doctor", "Ops", "--skip-slack").code == 0


def test_an_agent_that_is_off(cloud: LocalCloud, run: CommandLine) -> None:
    cloud.set_online("web-1", False)
    (failure,) = run(cloud, "doctor", "Ops", "--json").failures()
    assert failure[0] == "instances"
    assert re.fullmatch(r"web-1 \(i-\w+\) is not online: its agent 3\.\S+ is ConnectionLost since .* UTC", failure[1])
    assert "systemctl status amazon-ssm-agent" in failure[2]

    cloud.set_online("web-2", False)
    assert run(cloud, "doctor", "Ops", "--json").failures()[-1][1] == "of Role=web none is online: commands fail"


def test_a_url_that_is_stale_in_the_app(cloud: LocalCloud, run: CommandLine, tmp_path: Path) -> None:
    manifest = json.loads(run(cloud, "manifest", "Ops").out)
    file = tmp_path / "app.json"
    file.write_text(json.dumps(manifest), encoding="utf-8")
    assert run(cloud, "doctor", "Ops", "--manifest", str(file)).code == 0

    (_, ps) = manifest["features"]["slash_commands"]
    right = ps["url"]
    ps["url"] = "https://old.execute-api.us-east-1.amazonaws.com/slack/commands"
    file.write_text(json.dumps(manifest), encoding="utf-8")
    ran = run(cloud, "doctor", "Ops", "--json", "--manifest", str(file))
    assert ran.failures() == [
        (
            "Slack app",
            f"/ps has the Request URL {ps['url']}, which is not the stack's",
            f"set it to {right} under Slash Commands",
        )
    ]


def test_another_app(cloud: LocalCloud, run: CommandLine) -> None:
    (failure,) = run(cloud, "doctor", "Ops", "--json", "--app-id", "A0NEWONE").failures()
    assert failure[1].endswith("serves the app A034CD5EF, and refuses A0NEWONE")
    assert 'SlackWorkspace.team("T012AB3CD", app="A0NEWONE")' in failure[2]


def test_no_such_stack(cloud: LocalCloud, run: CommandLine) -> None:
    ran = run(cloud, "doctor", "Nope", "--json")
    assert ran.code == 1
    assert ran.document["ok"] is False
    assert "there is no stack Nope in us-east-1: is it deployed" in ran.err


def test_a_stack_without_our_constructs(cloud: LocalCloud, run: CommandLine) -> None:
    ran = run(cloud, "doctor", "Plain")
    assert ran.code == 1
    assert "the stack Plain has no construct of chatops-constructs in it" in ran.err


class TestWhoRunsIt:
    """The rights of the person, judged by the local cloud's IAM."""

    def test_the_policy_in_the_guide_is_enough(self, cloud: LocalCloud, run: CommandLine) -> None:
        ann = cloud.server.user_credentials("ann", *policy_in_the_guide("doctor"))
        ran = run(cloud, "doctor", "Ops", credentials=ann)
        assert ran.code == 0, ran.out

    @pytest.mark.parametrize(
        ("sid", "says"),
        [
            ("LookAround", "you may not ec2:DescribeInstances"),
            ("LookAround", "you may not ssm:DescribeInstanceInformation on *"),
            ("LookAround", "you may not ssm:DescribeParameters"),
            ("LookAtInstanceProfiles", "you may not iam:GetInstanceProfile"),
            (
                "ReadWhatWasRefused",
                "you may not logs:FilterLogEvents on arn:aws:logs:us-east-1:123456789012:log-group:",
            ),
            (
                "ReadTheSecrets",
                f"you may not ssm:GetParameter on arn:aws:ssm:us-east-1:123456789012:parameter{SIGNING_SECRET}",
            ),
        ],
    )
    def test_each_part_of_it_is_needed_and_named(
        self, cloud: LocalCloud, run: CommandLine, sid: str, says: str
    ) -> None:
        user = cloud.server.user_credentials(
            f"user-{secrets.token_hex(4)}", *(each for each in policy_in_the_guide("doctor") if each["Sid"] != sid)
        )
        ran = run(cloud, "doctor", "Ops", "--json", credentials=user)
        assert ran.code == 1
        denied = [failure for failure in ran.failures() if f"cannot be checked: {says}" in failure[1]]
        assert denied, ran.out
        assert all("have your role allow" in remedy and "docs/setup.md" in remedy for *_, remedy in denied)

    def test_without_a_right_to_the_stack_nothing_can_be_checked(self, cloud: LocalCloud, run: CommandLine) -> None:
        eve = cloud.server.user_credentials("eve")
        ran = run(cloud, "doctor", "Ops", credentials=eve)
        assert ran.code == 1
        assert "chatops-constructs: you may not cloudformation:DescribeStacks" in ran.err


class TestOffSwitch:
    @pytest.mark.parametrize(
        ("value", "line"),
        [
            ("off", "! off-switch: commands are switched off"),
            ("off release 4.2", "! off-switch: commands are switched off: release 4.2"),
            ("neither", "✘ off-switch: no command runs, since {name} is no off-switch: it says neither 'on' nor 'off'"),
            (None, "✘ off-switch: {name} does not exist, so no command runs"),
        ],
    )
    def test_commands_that_are_switched_off(
        self, cloud: LocalCloud, run: CommandLine, value: str | None, line: str
    ) -> None:
        ssm = cloud.server.client("ssm")
        (name,) = (
            one["Name"] for one in ssm.describe_parameters()["Parameters"] if one["Name"].endswith("/off-switch")
        )
        ssm.delete_parameter(Name=name)
        if value is not None:
            ssm.put_parameter(Name=name, Value=value, Type="String")
        try:
            lines = run(cloud, "doctor", "Ops").out.splitlines()
        finally:
            ssm.put_parameter(Name=name, Value="on", Type="String", Overwrite=True)
        (at,) = (number for number, one in enumerate(lines) if one.startswith(line.format(name=name)))
        assert f"--name {name} --value on` lets commands run" in lines[at + 1]


class TestInstances:
    """Instances that lack one thing each."""

    def test_there_is_none(self, empty_cloud: LocalCloud, run: CommandLine) -> None:
        (failure,) = run(empty_cloud, "doctor", "Ops", "--json").failures()
        assert failure == (
            "instances",
            "no instance carries the tag Role=web",
            "tag them: aws ec2 create-tags --resources i-… --tags Key=Role,Value=web",
        )

    def test_what_each_lacks(self, empty_cloud: LocalCloud, run: CommandLine) -> None:
        server, tags = empty_cloud.server, {"Role": "web"}
        iam, ec2 = server.client("iam"), server.client("ec2")
        trust = json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
                ],
            }
        )
        bare = iam.create_role(RoleName="bare", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        server.add_instance("no-policy", tags, role_arn=bare)
        server.add_instance("no-profile", tags, online=False)
        specification = [{"ResourceType": "instance", "Tags": [{"Key": "Role", "Value": "web"}]}]
        image = {"ImageId": "ami-0123456789abcdef0", "MinCount": 1, "MaxCount": 1}
        iam.create_instance_profile(InstanceProfileName="chatops-local-instance")
        iam.add_role_to_instance_profile(
            InstanceProfileName="chatops-local-instance", RoleName="chatops-local-instance"
        )
        profile = {"Name": "chatops-local-instance"}
        (quiet,) = ec2.run_instances(**image, TagSpecifications=specification, IamInstanceProfile=profile)["Instances"]
        (stopped,) = ec2.run_instances(**image, TagSpecifications=specification)["Instances"]
        ec2.stop_instances(InstanceIds=[stopped["InstanceId"]])

        ran = run(empty_cloud, "doctor", "Ops", "--json")
        said = {re.sub(r"i-\w+", "i", says): remedy for _, says, remedy in ran.failures()}
        policy = _instance_policy(empty_cloud)
        attach = f"aws iam attach-role-policy --role-name bare --policy-arn {policy}"
        assert said["no-policy (i) is not online: its role bare does not have the stack's policy"].startswith(attach)
        assert policy in said["no-profile (i) has no instance profile, so Systems Manager does not reach it"]
        assert said["i: no SSM agent has ever come from it"].startswith("is the agent installed and running")
        assert "of Role=web none is online: commands fail" in said
        assert len(said) == 4
        assert ("warning", f"{stopped['InstanceId']} is stopped: commands leave it out") in ran.says_of("instances")
        assert quiet["InstanceId"] in ran.out

    def test_the_wide_policy_of_aws_is_warned_of(self, empty_cloud: LocalCloud, run: CommandLine) -> None:
        iam = empty_cloud.server.client("iam")
        iam.attach_role_policy(
            RoleName="chatops-local-instance", PolicyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
        )
        empty_cloud.add_instance(InstanceSpec("wide", {"Role": "web"}))
        (warned,) = [
            says
            for level, says in run(empty_cloud, "doctor", "Ops", "--json").says_of("instances")
            if level == "warning" and says.startswith("wide")
        ]
        assert "AmazonSSMManagedInstanceCore, with which it can read every parameter, Slack's secrets among" in warned


def _instance_policy(cloud: LocalCloud) -> str:
    outputs = cloud.server.client("cloudformation").describe_stacks(StackName="Ops")["Stacks"][0]["Outputs"]
    return next(str(each["OutputValue"]) for each in outputs if "InstancePolicy" in each["OutputKey"])


def _stored(cloud: LocalCloud, name: str) -> str:
    return str(cloud.server.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])


def _once_logged(ask: Callable[[], Ran]) -> Ran:
    """Until a line has come from the function to the log."""
    deadline = time.monotonic() + 5
    while True:
        ran = ask()
        if ran.failures_of("Slack's requests") or time.monotonic() > deadline:
            return ran
        time.sleep(0.1)
