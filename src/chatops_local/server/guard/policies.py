"""Permissions that the local cloud cannot check: then a stack would pass here and fail on AWS, or the other way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.http_apis.iam_routes import INVOKE
from chatops_local.ministack.permissions.roles_at_creation import ENCRYPTION, LOG_DELIVERY, TRACING
from chatops_local.ministack.permissions.table import checkable_actions
from chatops_local.ministack.permissions.targets import TARGET_ACTIONS
from chatops_local.ministack.streams.rules import POLLER_ACTIONS
from chatops_local.ministack.systems_manager.instances import AGENT_ACTIONS
from chatops_local.server.template_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CHECKED_ACTIONS = (
    checkable_actions()
    | AGENT_ACTIONS
    | frozenset(LOG_DELIVERY)
    | frozenset(TRACING)
    | frozenset(ENCRYPTION)
    | frozenset(TARGET_ACTIONS.values())
    # As AWS's documentation and CDK write what is checked as kms:GenerateDataKey.
    | {"kms:GenerateDataKey*"}
    # Of callers of routes with IAM authorization.
    | {INVOKE}
    # Of functions that streams feed.
    | frozenset(POLLER_ACTIONS)
    # Of functions that make their own log group, and of `.sync` tasks.
    | {"logs:CreateLogGroup", "events:PutTargets", "events:PutRule", "events:DescribeRule"}
)
"""Every action that something in the local cloud is refused without."""

_CHECKED_CONDITION_KEYS = (
    "ssm:resourcetag/",
    "kms:encryptioncontext:",
    "kms:viaservice",
    "aws:sourcearn",
    "aws:sourceaccount",
    "dynamodb:leadingkeys",
)

_AWS_MANAGED_POLICIES = ("AWSLambdaBasicExecutionRole", "AmazonSSMManagedInstanceCore")
"""AWS's own policies whose text the emulator has."""


def problems(resource: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    """Of roles and policies: actions, patterns of actions, and conditions that cannot be checked."""
    properties: Mapping[str, Any] = resource.get("Properties", {})
    for document in _documents(resource["Type"], properties):
        for statement in _as_list(document.get("Statement")):
            yield from _statement_problems(statement)
    if resource["Type"] == "AWS::IAM::Role":
        for attached in properties.get("ManagedPolicyArns", []):
            arn = plain_text(attached)
            if ":aws:policy/" in arn and not arn.endswith(_AWS_MANAGED_POLICIES):
                yield f"AWS's managed policy {arn} is not emulated; write down the actions that are needed"


def actions(resource: Mapping[str, Any]) -> Iterator[str]:
    """The actions that a role or a policy allows."""
    for document in _documents(resource["Type"], resource.get("Properties", {})):
        for statement in _as_list(document.get("Statement")):
            if statement.get("Effect") != "Deny":
                yield from _as_list(statement.get("Action"))


def problem_of_action(action: str) -> str | None:
    """Why an action is refused."""
    if action in CHECKED_ACTIONS:
        return None
    if "*" in action or "?" in action:
        return f"action pattern {action} allows what the local cloud cannot check; name the actions"
    return f"action {action} is not emulated: nothing in the local cloud checks it"


def _documents(resource_type: str, properties: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if resource_type in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        return [properties["PolicyDocument"]]
    if resource_type == "AWS::IAM::Role":
        return [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
    return []


def _statement_problems(statement: Mapping[str, Any]) -> Iterator[str]:
    if "NotAction" in statement:
        yield "NotAction is not emulated; name the actions"
    # What a statement denies, nothing here lets through: of an action that nothing checks, no statement may allow it.
    for action in [] if statement.get("Effect") == "Deny" else _as_list(statement.get("Action")):
        problem = problem_of_action(action)
        if problem is not None:
            yield problem
    for operator, keys in statement.get("Condition", {}).items():
        for key in keys:
            if not key.lower().startswith(_CHECKED_CONDITION_KEYS):
                yield f"condition {operator} on {key} is not emulated: the local cloud does not know its value"


def _as_list(value: Any) -> list[Any]:  # noqa: ANN401 - policies write one thing as itself and several as a list
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
