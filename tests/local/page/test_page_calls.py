"""Which calls belong to a command, and how what made them is called."""

from typing import Any

import pytest

from chatops_local.page.calls import belongs, calls_in
from chatops_local.page.construct_paths import ConstructPaths
from chatops_local.server import DeployedStack
from chatops_local.server.observations import Decision

EXECUTION = "a" * 64


def decision(session: str, at: float = 10.0, **changes: Any) -> Decision:
    principal = f"arn:aws:sts::123456789012:assumed-role/Role-1/{session}"
    return Decision(
        **{
            "number": 1,
            "at": at,
            "principal": principal,
            "action": "ssm:SendCommand",
            "resource": "*",
            "allowed": True,
            "policy": "PolicyA1",
            "statement": "Send",
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("session", "at", "expected"),
    [
        (EXECUTION, 10.0, True),
        (EXECUTION, 99.0, True),
        ("b" * 64, 10.0, False),
        ("function", 10.0, True),
        ("function", 4.0, False),
        ("function", 21.0, False),
    ],
)
def test_a_machine_says_for_whom_it_acts_and_a_function_does_not(session, at, expected):
    assert belongs(decision(session, at), [EXECUTION], 5.0, 20.0) is expected


def test_a_command_that_still_runs_has_no_end():
    assert belongs(decision("function", 1e9), [], 5.0, None)


def test_names_are_paths_of_constructs():
    template = {
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Metadata": {"aws:cdk:path": "Stack/Slack/Role/Resource"}},
            "Policy": {
                "Type": "AWS::IAM::Policy",
                "Properties": {"PolicyName": "PolicyA1"},
                "Metadata": {"aws:cdk:path": "Stack/Slack/Role/DefaultPolicy/Resource"},
            },
            "Bare": {"Type": "AWS::SNS::Topic"},
        }
    }
    arn = "arn:aws:iam::123456789012:role/Role-1"
    paths = ConstructPaths([DeployedStack("Stack", {}, template, {"Role": arn, "Bare": "topic"})])
    (call,) = calls_in([decision("x"), decision("y")], paths)
    assert (call.role, call.policy, call.statement, call.times) == (
        "Slack/Role",
        "Slack/Role/DefaultPolicy",
        "Send",
        2,
    )
    assert paths.of("topic") == "topic"


def test_a_service_and_a_policy_of_a_resource_keep_their_names():
    by_rule = decision("", principal="events.amazonaws.com", policy="policy of arn:aws:sqs:us-east-1:1:q")
    (call,) = calls_in([by_rule], ConstructPaths())
    assert (call.role, call.policy) == ("events.amazonaws.com", "resource policy of arn:aws:sqs:us-east-1:1:q")
