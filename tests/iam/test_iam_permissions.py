"""Permissions as small as they can be taken away alone, and templates without one."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.iam.permissions import AWS_MANAGED, Permission, permissions_in, without

TABLE = {"Fn::GetAtt": ["Table12345678", "Arn"]}


def statement(action: str | list[str], resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": list(statements)}}}


def template(**resources: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": {f"{name}12345678": resource for name, resource in resources.items()}}


def statements_in(given: dict[str, Any]) -> list[dict[str, Any]]:
    return list(given["Resources"]["Role12345678"]["Properties"]["PolicyDocument"]["Statement"])


def told(given: dict[str, Any]) -> list[str]:
    return [one.label.removeprefix("Stack: ") for one in permissions_in("Stack", given)]


READS = statement(["dynamodb:GetItem", "dynamodb:Query"], TABLE, Sid="Read")
KINDS = statement(
    "dynamodb:PutItem",
    TABLE,
    Condition={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["entry", "link"]}},
)


def test_each_action_on_each_thing_of_each_kind_is_one():
    given = template(
        Role=policy(READS, statement("sqs:SendMessage", [{"Ref": "Queue12345678"}, "arn:aws:sqs:::b"]), KINDS)
    )
    assert told(given) == [
        "Role dynamodb:GetItem on <Table>",
        "Role dynamodb:Query on <Table>",
        "Role sqs:SendMessage on <Queue>",
        "Role sqs:SendMessage on arn:aws:sqs:::b",
        "Role dynamodb:PutItem on <Table> of entry",
        "Role dynamodb:PutItem on <Table> of link",
    ]


def test_what_is_denied_is_no_permission():
    assert told(template(Role=policy({**statement("s3:*", "*"), "Effect": "Deny"}))) == []


def test_policies_of_resources_and_of_keys_and_who_may_invoke():
    given = template(
        Queue={
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {"PolicyDocument": {"Statement": [statement("a:B", "*")]}},
        },
        Key={"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": [statement("kms:*", "*")]}}},
        Invoke={
            "Type": "AWS::Lambda::Permission",
            "Properties": {"Action": "lambda:InvokeFunction", "FunctionName": {"Ref": "Function12345678"}},
        },
        Role={
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {"Statement": [statement("sts:AssumeRole", "*")]},
                "ManagedPolicyArns": ["arn:aws:iam::aws:policy/Big", {"Ref": "Own12345678"}],
                "Policies": [{"PolicyDocument": {"Statement": [statement("c:D", "*")]}}],
            },
        },
    )
    assert told(given) == [
        "Queue a:B on *",
        "Key kms:* on *",
        "Invoke lambda:InvokeFunction on <Function>",
        f"Role {AWS_MANAGED} on arn:aws:iam::aws:policy/Big",
        "Role c:D on *",
    ]


def test_a_policy_of_a_kind_that_is_not_known_is_not_overlooked():
    document = {"Statement": [statement("secretsmanager:GetSecretValue", "*")]}
    unknown = {"Type": "AWS::SecretsManager::ResourcePolicy", "Properties": {"ResourcePolicy": document}}
    with pytest.raises(NotImplementedError, match="ResourcePolicy"):
        permissions_in("Stack", template(Secret=unknown))


@pytest.mark.parametrize("number", range(4))
def test_one_is_taken_and_the_others_stay(number: int):
    given = template(Role=policy(READS, KINDS))
    before, found = copy.deepcopy(given), permissions_in("Stack", given)
    left = without(given, "Stack", found[number])
    assert permissions_in("Stack", left) == found[:number] + found[number + 1 :]
    assert given == before


def test_conditions_stay_with_what_is_left():
    given = template(Role=policy(KINDS))
    left = without(given, "Stack", permissions_in("Stack", given)[0])
    (kept,) = statements_in(left)
    assert kept["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["link"]}}


def test_of_two_that_say_the_same_one_is_taken():
    given = template(Role=policy(READS, statement("dynamodb:GetItem", TABLE, Condition={"Bool": {"a:b": "true"}})))
    first, _, second = permissions_in("Stack", given)
    assert (first.number, second.number) == (0, 1)
    statements = without(given, "Stack", second)["Resources"]["Role12345678"]["Properties"]["PolicyDocument"][
        "Statement"
    ]
    assert statements == [READS]


def test_the_last_one_leaves_a_statement_that_is_never_met():
    given = template(Role=policy(statement("sqs:SendMessage", "*")))
    left = without(given, "Stack", permissions_in("Stack", given)[0])
    (kept,) = statements_in(left)
    assert kept["Condition"] == {"StringEquals": {"aws:SourceAccount": "000000000000"}}


def test_who_may_invoke_goes_as_a_whole_and_nothing_waits_for_it():
    properties = {"Action": "lambda:InvokeFunction", "FunctionName": "f"}
    given = template(
        Invoke={"Type": "AWS::Lambda::Permission", "Properties": properties},
        Route={"Type": "AWS::ApiGatewayV2::Route", "Properties": {}, "DependsOn": ["Invoke12345678", "Other12345678"]},
    )
    left = without(given, "Stack", permissions_in("Stack", given)[0])
    assert list(left["Resources"]) == ["Route12345678"]
    assert left["Resources"]["Route12345678"]["DependsOn"] == ["Other12345678"]


def test_what_is_not_there_cannot_be_taken():
    with pytest.raises(LookupError, match="is not in the template"):
        without(template(), "Stack", Permission("Stack", "Gone12345678", "sqs:SendMessage", "*"))
