"""What agents, `.sync` tasks and senders of commands need besides, right by right: a canary each way."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.callers import ANYBODY_HERE, Caller
from tests.local.ministack.stacks import ACCOUNT, allow, arn, deploy, document, finish, machine, role, start
from tests.local.trust.behaviours import AGENT, FOLLOWING, RESOURCE_TAG

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

DONE = {"Done": {"Type": "Pass", "End": True}}

REGISTER = "ssm:UpdateInstanceInformation"
CHANNELS = [
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
]
EARLIER = [
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
]


def is_online(server: Server, *actions: str) -> bool:
    iam, name = server.client("iam"), f"agent-{uuid.uuid4().hex[:12]}"
    trust = role("ec2")["Properties"]["AssumeRolePolicyDocument"]
    policy = {"Version": "2012-10-17", "Statement": [allow(list(actions))]}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    iam.put_role_policy(RoleName=name, PolicyName="policy", PolicyDocument=json.dumps(policy))
    instance = server.add_instance(name, role_arn=f"arn:aws:iam::{ACCOUNT}:role/{name}")
    return next(one for one in server.instances() if one.instance_id == instance).online


@pytest.mark.parametrize(
    "messages",
    [pytest.param(each, marks=AGENT.allow(REGISTER, *each)) for each in (CHANNELS, EARLIER)],
)
def test_an_agent_needs_one_of_two_ways_to_its_messages(server: Server, messages: list[str]):
    assert is_online(server, REGISTER, *messages)


@AGENT.deny("{missing}")
@pytest.mark.parametrize("missing", [REGISTER, *CHANNELS, *EARLIER])
def test_an_agent_that_lacks_a_part_of_its_way_is_offline(server: Server, missing: str):
    way = EARLIER if missing in EARLIER else CHANNELS
    assert not is_online(server, *(action for action in (REGISTER, *way) if action != missing))


FOLLOW = {
    "states:DescribeExecution": arn("states", "execution:*"),
    "states:StopExecution": arn("states", "execution:*"),
    "events:PutTargets": arn("events", "rule/StepFunctions*"),
    "events:PutRule": arn("events", "rule/StepFunctions*"),
    "events:DescribeRule": arn("events", "rule/StepFunctions*"),
}


@pytest.fixture(scope="module")
def followers(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    """A machine that starts another one and waits, with all rights, and one without each of them."""
    resources = {"Idle": role("states"), "Child": machine("Idle", DONE)}
    for number, missing in enumerate(["", *FOLLOW]):
        granted = [allow(action, resource) for action, resource in FOLLOW.items() if action != missing]
        resources[f"Role{number}"] = role("states", allow("states:StartExecution", {"Ref": "Child"}), *granted)
        task = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": True}
        following = machine(f"Role{number}", {"Task": {**task, "Arguments": {"StateMachineArn": "${Child}"}}})
        following["Properties"]["DefinitionString"] = {"Fn::Sub": following["Properties"]["DefinitionString"]}
        resources[f"Machine{number}"] = following
    return deploy(server, tmp_path_factory.mktemp("followers"), "Followers", resources)


@FOLLOWING.allow(*FOLLOW)
def test_who_may_follow_an_execution_waits_for_it(server: Server, followers: DeployedStack):
    ended = finish(server, start(server, followers.resource("Machine0")))
    assert ended["status"] == "SUCCEEDED", ended["cause"]


@FOLLOWING.deny("{missing}")
@pytest.mark.parametrize("missing", FOLLOW)
def test_who_may_not_follow_an_execution_fails(server: Server, followers: DeployedStack, missing: str):
    number = 1 + list(FOLLOW).index(missing)
    ended = finish(server, start(server, followers.resource(f"Machine{number}")))
    assert ended["status"] == "FAILED"
    assert f"is not authorized to perform: {missing} on resource" in ended["cause"]


WEB = {"StringEquals": {"ssm:resourceTag/Role": "every-web"}}
OTHER = {"StringEquals": {"ssm:resourceTag/Role": "every-db"}}
INSTANCES, DOCUMENT = arn("ec2", "instance/*"), arn("ssm", "document/senders-document")


@pytest.fixture(scope="module")
def senders(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    for name in ("web", "db"):
        server.add_instance(f"every-{name}", {"Role": f"every-{name}", "Stage": "every"})
    of_document, to_web = allow("ssm:SendCommand", DOCUMENT), allow("ssm:SendCommand", INSTANCES, WEB)
    resources = {
        "Document": document("true", Name="senders-document"),
        "ToWeb": role(ANYBODY_HERE, of_document, to_web),
        "ToDb": role(ANYBODY_HERE, of_document, allow("ssm:SendCommand", INSTANCES, OTHER)),
        "OfAnotherDocument": role(ANYBODY_HERE, allow("ssm:SendCommand", arn("ssm", "document/other")), to_web),
    }
    return deploy(server, tmp_path_factory.mktemp("senders"), "Senders", resources)


def send_to(server: Server, senders: DeployedStack, sender: str, tag: str, value: str) -> None:
    ssm = Caller(server, senders.resource(sender)).client("ssm")
    ssm.send_command(DocumentName="senders-document", Targets=[{"Key": f"tag:{tag}", "Values": [value]}])


@RESOURCE_TAG.allow("ssm:SendCommand")
def test_a_command_goes_to_instances_with_the_tag(server: Server, senders: DeployedStack):
    send_to(server, senders, "ToWeb", "Role", "every-web")
    send_to(server, senders, "ToDb", "Role", "every-db")


@RESOURCE_TAG.deny("ssm:SendCommand")
@pytest.mark.parametrize(
    ("sender", "tag", "value"),
    [
        ("ToDb", "Role", "every-web"),
        ("ToWeb", "Role", "every-db"),
        ("OfAnotherDocument", "Role", "every-web"),
        # One of the two may be sent to.
        ("ToWeb", "Stage", "every"),
    ],
)
def test_a_command_does_not_go_to_others(server: Server, senders: DeployedStack, sender: str, tag: str, value: str):
    with pytest.raises(ClientError, match="is not authorized to perform: ssm:SendCommand on resource"):
        send_to(server, senders, sender, tag, value)
