"""The environment in which another program takes a local cloud for AWS and Slack."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, build_opener

import boto3
import pytest
from botocore.exceptions import ClientError

from chatops_local.cloud import InstanceSpec, LocalCloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.server import Credentials


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud.start(instances=[]) as cloud:
        yield cloud


@pytest.fixture
def enter(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> Any:
    def enter(credentials: Credentials | None = None) -> None:
        for name, value in cloud.environment(credentials).items():
            # boto3's default session, which the local cloud uses in this process, has read its profiles already.
            if not name.endswith("_PROFILE"):
                monkeypatch.setenv(name, value)

    return enter


def _post(url: str, **headers: str) -> tuple[int, bytes]:
    try:
        # Not `urlopen`, which keeps the proxies that there were when it was first used in the process.
        with build_opener().open(Request(url, data=b"", headers=headers, method="POST")) as response:
            return response.status, response.read()
    except HTTPError as error:
        return error.code, error.read()


def test_aws_is_the_local_cloud_in_the_root_users_rights(enter: Any) -> None:
    enter()
    assert boto3.Session().client("sts").get_caller_identity()["Arn"] == "arn:aws:iam::123456789012:root"


def test_or_in_those_of_a_user(cloud: LocalCloud, enter: Any) -> None:
    enter(cloud.server.user_credentials("ann"))
    assert boto3.Session().client("sts").get_caller_identity()["Arn"] == "arn:aws:iam::123456789012:user/ann"
    with pytest.raises(ClientError, match=r"user/ann is not authorized to perform: ssm:DescribeParameters"):
        boto3.Session().client("ssm").describe_parameters()


def test_slack_is_the_double_under_its_own_name(cloud: LocalCloud, enter: Any) -> None:
    enter()
    app = cloud.slack.workspace.app("A034CD5EF", "T012AB3CD")
    status, body = _post("https://slack.com/api/auth.test", Authorization=f"Bearer {app.bot_token}")
    assert (status, json.loads(body)["team_id"]) == (200, "T012AB3CD")


def test_nothing_else_is_reached(enter: Any) -> None:
    enter()
    assert _post("https://example.com/") == (502, b"example.com is not in the local cloud\n")


def test_an_api_that_is_not_deployed_is_not_found(enter: Any) -> None:
    enter()
    assert _post("https://abcdefghij.execute-api.us-east-1.amazonaws.com/slack/commands")[0] == 404


@pytest.mark.parametrize(
    "own", [{}, {"AWS_PROFILE": "mine", "AWS_DEFAULT_PROFILE": "mine", "AWS_ENDPOINT_URL": "https://mine.example.com"}]
)
def test_nothing_of_the_users_own_aws_is_heeded(cloud: LocalCloud, own: dict[str, str]) -> None:
    code = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**own, **cloud.environment()},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout == "123456789012\n"


def test_its_authority_is_its_own(cloud: LocalCloud, enter: Any) -> None:
    """Neither Slack's double nor a browser proxy writes over it."""
    environment = cloud.environment()
    cloud.server.edge.browser_proxy().stop()
    authority = environment["SSL_CERT_FILE"]
    assert ssl.create_default_context(cafile=authority).get_ca_certs()
    enter()
    assert _post("https://slack.com/api/auth.test")[0] == 200
    assert cloud.environment() == environment


class TestInstances:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html."""

    def test_ec2_knows_them_with_their_tags_and_profile(self, cloud: LocalCloud) -> None:
        iam, ec2 = cloud.server.client("iam"), cloud.server.client("ec2")
        role = iam.create_role(RoleName="web", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        plain = cloud.add_instance(InstanceSpec("plain-1", {"Role": "plain"}))
        with_role = cloud.server.add_instance("web-1", {"Role": "web"}, role_arn=role)

        def found(value: str) -> dict[str, Any]:
            filters = [{"Name": "tag:Role", "Values": [value]}]
            (reservation,) = ec2.describe_instances(Filters=filters)["Reservations"]
            (instance,) = reservation["Instances"]
            return dict(instance)

        assert found("plain")["InstanceId"] == plain
        assert "IamInstanceProfile" not in found("plain")
        web = found("web")
        assert (web["InstanceId"], web["State"]["Name"]) == (with_role, "running")
        assert {each["Key"]: each["Value"] for each in web["Tags"]} == {"Name": "web-1", "Role": "web"}
        name = web["IamInstanceProfile"]["Arn"].rpartition("/")[2]
        profile = iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
        assert [each["RoleName"] for each in profile["Roles"]] == ["web"]

    def test_in_another_region_there_are_none(self, cloud: LocalCloud) -> None:
        cloud.server.add_instance("here-1")
        assert cloud.server.client("ec2", "eu-west-1").describe_instances()["Reservations"] == []

    def test_one_that_is_stopped_and_started_again(self, cloud: LocalCloud) -> None:
        stopped = cloud.server.add_instance("stopped-1")
        lost = cloud.server.add_instance("lost-1")

        def states() -> list[str]:
            found = cloud.server.client("ec2").describe_instances(InstanceIds=[stopped, lost])["Reservations"]
            return [instance["State"]["Name"] for each in found for instance in each["Instances"]]

        assert states() == ["running", "running"]
        cloud.server.stop_instance(stopped)
        cloud.server.set_online(lost, False)
        assert states() == ["stopped", "running"]
        cloud.server.set_online(stopped, True)
        assert states() == ["running", "running"]

    def test_one_that_is_terminated(self, cloud: LocalCloud) -> None:
        gone = cloud.server.add_instance("gone-1")
        ec2 = cloud.server.client("ec2")
        ec2.describe_instances(InstanceIds=[gone])
        cloud.server.terminate_instance(gone)
        (found,) = ec2.describe_instances(InstanceIds=[gone])["Reservations"]
        assert found["Instances"][0]["State"]["Name"] == "terminated"
        assert gone not in [instance.instance_id for instance in cloud.server.instances()]
