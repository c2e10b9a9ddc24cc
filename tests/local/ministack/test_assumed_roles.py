"""A role that a role takes: whom it trusts, and what may be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.callers import ANYBODY_HERE
from tests.local.ministack.stacks import ACCOUNT, allow, deploy, role

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server


def trusting(condition: dict[str, Any], *statements: dict[str, Any]) -> dict[str, Any]:
    made = role(ANYBODY_HERE, *statements)
    made["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Condition"] = condition
    return made


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    """A role that only roles of the stack `Hub` may take, which may read one parameter; and two that would take it."""
    hub = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/Hub-*"}}
    parameter = f"arn:aws:ssm:*:{ACCOUNT}:parameter/spoke/one"
    take = allow("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/spoke-ops")
    resources: dict[str, Any] = {
        "Ops": trusting(hub, allow("ssm:GetParameter", parameter)),
        "Mine": role("lambda", take),
        "Other": role("lambda", take),
        "One": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/spoke/one", "Type": "String", "Value": "1"}},
        "Two": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/spoke/two", "Type": "String", "Value": "2"}},
    }
    for id, name in (("Ops", "spoke-ops"), ("Mine", "Hub-Mine-1A2B"), ("Other", "Other-Mine-1A2B")):
        resources[id]["Properties"]["RoleName"] = name
    return deploy(server, tmp_path_factory.mktemp("assumed"), "Assumed", resources)


def client(server: Server, service: str, credentials: dict[str, str]) -> Any:
    place = {"endpoint_url": server.endpoint_url, "region_name": server.region}
    return boto3.client(service, **place, **credentials)  # type: ignore[call-overload]


def taken_by(server: Server, stack: DeployedStack, taker: str) -> Any:
    """A client of Systems Manager in the role that a role takes."""
    own = server.role_credentials(stack.resource(taker))
    signing = {
        "aws_access_key_id": own.access_key_id,
        "aws_secret_access_key": own.secret_access_key,
        "aws_session_token": str(own.session_token),
    }
    role_arn = f"arn:aws:iam::{ACCOUNT}:role/spoke-ops"
    taken = client(server, "sts", signing).assume_role(RoleArn=role_arn, RoleSessionName="hub")["Credentials"]
    signing = {
        "aws_access_key_id": taken["AccessKeyId"],
        "aws_secret_access_key": taken["SecretAccessKey"],
        "aws_session_token": taken["SessionToken"],
    }
    return client(server, "ssm", signing)


def test_whoever_takes_it_has_its_rights(server: Server, stack: DeployedStack):
    ssm = taken_by(server, stack, "Mine")
    assert ssm.get_parameter(Name="/spoke/one")["Parameter"]["Value"] == "1"


def test_and_no_others(server: Server, stack: DeployedStack):
    ssm = taken_by(server, stack, "Mine")
    with pytest.raises(ClientError, match="assumed-role/spoke-ops/hub is not authorized to perform: ssm:GetParameter"):
        ssm.get_parameter(Name="/spoke/two")


def test_whom_it_does_not_trust_is_refused(server: Server, stack: DeployedStack):
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn:
    # of a session, the key is the ARN of its role.
    with pytest.raises(ClientError, match="is not authorized to perform: sts:AssumeRole"):
        taken_by(server, stack, "Other")
