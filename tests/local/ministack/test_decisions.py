"""What the local cloud tells of its decisions about permissions.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from chatops_local.ministack.permissions.decisions import Decisions
from tests.local.ministack.callers import ANYBODY_HERE, Caller

if TYPE_CHECKING:
    from chatops_local.server import Server
    from chatops_local.server.observations import Decision

NUMBERS = itertools.count(1)
PARAMETER = "arn:aws:ssm:us-east-1:123456789012:parameter/decided"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def statement(effect: str, action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def caller(server: Server, **policies: str) -> Caller:
    """Somebody in a new role with these inline policies."""
    name = f"decided-{next(NUMBERS)}"
    iam = server.client("iam")
    trust = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": ANYBODY_HERE})
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    for policy, text in policies.items():
        iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=text)
    return Caller(server, name)


def decisions_about(server: Server, since: int, action: str) -> list[Decision]:
    return [each for each in server.decisions(since) if each.action == action]


@pytest.fixture
def since(server: Server) -> int:
    known = server.decisions()
    return known[-1].number if known else 0


def test_names_the_policy_and_the_statement_that_allowed_a_call(server: Server, since: int) -> None:
    reader = caller(
        server,
        Other=document(statement("Allow", "sqs:SendMessage")),
        Reading=document(
            statement("Allow", "ssm:PutParameter"), statement("Allow", "ssm:GetParameter", PARAMETER, Sid="ReadIt")
        ),
    )
    server.client("ssm").put_parameter(Name="/decided", Value="x", Type="String", Overwrite=True)
    reader.client("ssm").get_parameter(Name="/decided")
    (decision,) = decisions_about(server, since, "ssm:GetParameter")
    assert decision.allowed
    assert (decision.policy, decision.statement) == ("Reading", "ReadIt")
    assert decision.resource == PARAMETER
    assert ":assumed-role/decided-" in decision.principal


def test_a_statement_without_a_sid_is_counted(server: Server, since: int) -> None:
    finder = caller(server, Own=document(statement("Allow", "sqs:ListQueues"), statement("Allow", "ssm:ListCommands")))
    finder.client("ssm").list_commands()
    (decision,) = decisions_about(server, since, "ssm:ListCommands")
    assert (decision.policy, decision.statement) == ("Own", "statement 2")


def test_what_no_statement_allows_has_no_policy(server: Server, since: int) -> None:
    with pytest.raises(ClientError, match="not authorized"):
        caller(server).client("ssm").list_commands()
    (decision,) = decisions_about(server, since, "ssm:ListCommands")
    assert (decision.allowed, decision.policy, decision.statement) == (False, "", "")


def test_an_explicit_deny_is_named(server: Server, since: int) -> None:
    refused = caller(
        server,
        Grants=document(statement("Allow", "ssm:ListCommands")),
        Guard=document(statement("Deny", "ssm:ListCommands", Sid="NotHere")),
    )
    with pytest.raises(ClientError, match="explicit deny"):
        refused.client("ssm").list_commands()
    (decision,) = decisions_about(server, since, "ssm:ListCommands")
    assert (decision.allowed, decision.policy, decision.statement) == (False, "Guard", "NotHere")


def test_an_attached_policy_has_its_name(server: Server, since: int) -> None:
    iam = server.client("iam")
    arn = iam.create_policy(
        PolicyName="AttachedOne", PolicyDocument=document(statement("Allow", "ssm:ListCommands", Sid="Listing"))
    )["Policy"]["Arn"]
    lister = caller(server)
    iam.attach_role_policy(RoleName=f"decided-{next(NUMBERS) - 1}", PolicyArn=arn)
    lister.client("ssm").list_commands()
    (decision,) = decisions_about(server, since, "ssm:ListCommands")
    assert (decision.policy, decision.statement) == ("AttachedOne", "Listing")


def test_the_policy_of_the_resource_is_named_if_it_decided(server: Server, since: int) -> None:
    queue = server.client("sqs").create_queue(QueueName="decided")["QueueUrl"]
    sender = caller(server)
    arn = server.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    policy = document(statement("Allow", "sqs:SendMessage", arn, Sid="Anybody", Principal="*"))
    server.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    sender.client("sqs").send_message(QueueUrl=queue, MessageBody="x")
    (decision,) = decisions_about(server, since, "sqs:SendMessage")
    assert (decision.allowed, decision.policy, decision.statement) == (True, f"policy of {arn}", "Anybody")


def test_the_controller_itself_is_not_judged(server: Server, since: int) -> None:
    server.client("ssm").list_commands()
    assert decisions_about(server, since, "ssm:ListCommands") == []


def test_the_latest_are_kept_and_their_numbers_go_on() -> None:
    decisions = Decisions(kept=2)
    for action in ("a:One", "a:Two", "a:Three"):
        decisions.note({"action": action})
    assert [(each["number"], each["action"]) for each in decisions.since()] == [(2, "a:Two"), (3, "a:Three")]
    assert [each["action"] for each in decisions.since(2)] == ["a:Three"]
