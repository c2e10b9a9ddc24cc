"""Policies that no construct of ours writes but that users may: what else the grammar of policies has."""

from __future__ import annotations

from typing import Any

from tests.second_opinion.templates import ACCOUNT, REGION, Template

_TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table"
_INSTANCES = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*"
_MACHINES = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:*"
_DOCUMENT = f"arn:aws:ssm:{REGION}:{ACCOUNT}:document/Script"

_STAGE = "ssm:resourceTag/Stage"
_LEADING = "dynamodb:LeadingKeys"


def written_policies() -> Template:
    """A template of one role for each policy."""
    conditions: dict[str, dict[str, Any]] = {
        "StringEqualsIfExists": {_STAGE: "production"},
        "StringEqualsIgnoreCase": {_STAGE: "Production"},
        "StringNotEquals": {_STAGE: ["production", "staging"]},
        "StringNotEqualsIfExists": {_STAGE: "production"},
        "StringLike": {_STAGE: "prod*"},
        "StringNotLike": {_STAGE: "prod*"},
        "Null": {_STAGE: "false"},
    }
    sends = [_statement("ssm:SendCommand", _INSTANCES, {operator: keys}) for operator, keys in conditions.items()]
    absent = _statement("ssm:SendCommand", _INSTANCES, {"Null": {_STAGE: "true"}})
    two_keys = {"StringEquals": {_STAGE: "production", "ssm:resourceTag/Role": ["web", "app"]}}
    leading = {
        operator: _statement("dynamodb:GetItem", f"{_TABLE}/Items", {operator: {_LEADING: ["one", "two"]}})
        for operator in ("ForAnyValue:StringEquals", "ForAllValues:StringLike", "ForAllValues:StringNotEquals")
    }
    policies = [
        *([each] for each in (*sends, absent, _statement("ssm:SendCommand", _INSTANCES, two_keys))),
        *([each] for each in leading.values()),
        [_statement("states:*", "*"), _denial("states:StopExecution", "*")],
        [_statement("states:Start*", _MACHINES), _denial("states:StartExecution", f"{_MACHINES[:-1]}any")],
        [_statement("ssm:SendCommand", "*"), _denial("ssm:SendCommand", _INSTANCES, {"StringEquals": {_STAGE: "x"}})],
        [_statement("ssm:sendcommand", _DOCUMENT), _statement("SSM:DescribeDocument", "*")],
        [
            _statement("dynamodb:?etItem", f"{_TABLE}/It?ms"),
            _statement("dynamodb:Query", [f"{_TABLE}/One", f"{_TABLE}/Two"]),
        ],
    ]
    roles = {f"Written{number}": _role(policy) for number, policy in enumerate(policies, 1)}
    return Template("written", {"Resources": {**roles, **_KEYS_AND_THEIR_USERS}})


def _statement(action: str, resource: str | list[str], condition: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition or {}}


def _denial(action: str, resource: str, condition: dict[str, Any] | None = None) -> dict[str, Any]:
    return {**_statement(action, resource, condition), "Effect": "Deny"}


def _role(policy: list[dict[str, Any]]) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": policy}
    return {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": document}]}}


def _key(*statements: dict[str, Any]) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": document}}


def _user(key: str) -> dict[str, Any]:
    return _role([_statement("kms:Decrypt", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{key}")])


_SERVICE = {**_statement("kms:*", "*"), "Principal": {"Service": "sns.amazonaws.com"}}
_BY_NAME = {**_statement("kms:*", "*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/UserByName"}}
_ACCOUNT = {**_statement("kms:*", "*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
_NOBODY = {**_denial("kms:Decrypt", "*"), "Principal": "*"}

_KEYS_AND_THEIR_USERS = {
    "Foreign": _key(_SERVICE),
    "UserOfForeign": _user("Foreign"),
    "Named": _key(_BY_NAME),
    "UserByName": _user("Named"),
    "UserNotNamed": _user("Named"),
    "Locked": _key(_ACCOUNT, _NOBODY),
    "UserOfLocked": _user("Locked"),
}
"""A key's policy has to let in even the roles of its own account."""
