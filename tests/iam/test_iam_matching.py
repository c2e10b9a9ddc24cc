"""Which decisions are about a permission, and which are not."""

from __future__ import annotations

from typing import Any

import pytest

from chatops_local.server import DeployedStack
from chatops_local.server.observations import Decision
from tests.iam.matching import Matcher
from tests.iam.permissions import atoms_in

ROLE, FUNCTION = "Stack-Role-1A2B", "Stack-Function-3C4D"
SESSION = f"arn:aws:sts::123456789012:assumed-role/{ROLE}/session"
ARN = f"arn:aws:lambda:us-east-1:123456789012:function:{FUNCTION}"


def matcher(resource: dict[str, Any]) -> Matcher:
    resources = {"Role12345678": {"Type": "AWS::IAM::Role", "Properties": {}}, "Policy12345678": resource}
    physical = {"Role12345678": ROLE, "Function12345678": FUNCTION}
    stack = DeployedStack("Stack", {}, {"Resources": resources}, physical)
    ((permission, atom),) = atoms_in("Stack", stack.template)
    return Matcher.of(permission, atom, stack)


def decision(principal: str = SESSION, action: str = "lambda:InvokeFunction", resource: str = ARN) -> Decision:
    return Decision(1, 0.0, principal, action, resource, allowed=False, policy="", statement="")


def invoking(resource: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": resource}
    properties = {"PolicyDocument": {"Statement": [statement]}, "Roles": [{"Ref": "Role12345678"}]}
    return {"Type": "AWS::IAM::Policy", "Properties": properties}


REFERENCE = {"Fn::GetAtt": ["Function12345678", "Arn"]}


@pytest.mark.parametrize(
    "other",
    [
        {"principal": SESSION.replace(ROLE, "Stack-Role-5E6F")},
        {"principal": "events.amazonaws.com"},
        {"action": "lambda:InvokeFunctionUrl"},
        {"resource": ARN.replace(FUNCTION, f"{FUNCTION}X")},
        {"resource": ARN.replace(FUNCTION, f"X{FUNCTION}")},
    ],
)
def test_another_principal_action_or_resource_is_something_else(other: dict[str, str]):
    found = matcher(invoking(REFERENCE))
    assert found.matches(decision())
    assert found.matches(decision(resource=f"{ARN}:live"))
    assert not found.matches(decision(**other))


def test_question_marks_stand_for_one_character_each():
    found = matcher(invoking(f"{ARN[:-4]}????"))
    assert found.matches(decision())
    assert not found.matches(decision(resource=f"{ARN}X"))


def test_an_arn_that_is_put_together_with_wildcards():
    parts = ["arn:", {"Ref": "AWS::Partition"}, ":lambda:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}]
    found = matcher(invoking({"Fn::Join": ["", [*parts, ":function:Stack-*"]]}))
    assert found.matches(decision())
    assert not found.matches(decision(resource=ARN.replace("Stack", "Other")))
    assert not found.matches(decision(resource=ARN.replace(":lambda:", ":states:")))


def test_a_functions_own_policy_is_about_who_is_let_in():
    properties = {"Action": "lambda:InvokeFunction", "FunctionName": REFERENCE, "Principal": "events.amazonaws.com"}
    found = matcher({"Type": "AWS::Lambda::Permission", "Properties": properties})
    assert found.matches(decision("events.amazonaws.com"))
    assert not found.matches(decision("sns.amazonaws.com"))
    assert not found.matches(decision())


def test_a_keys_policy_has_patterns_of_actions():
    statement = {"Effect": "Allow", "Action": "kms:Decrypt*", "Resource": "*", "Principal": {"AWS": "root"}}
    found = matcher({"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": [statement]}}})
    assert found.matches(decision(action="kms:Decrypt", resource="arn:aws:kms:us-east-1:123456789012:key/1"))
    assert not found.matches(decision(action="kms:Encrypt"))
