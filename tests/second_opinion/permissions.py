"""Who is permitted what by a template: statements of roles and of resources, as AWS would have them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.second_opinion.templates import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.second_opinion.templates import Template

Document = dict[str, Any]
Statement = dict[str, Any]

_POLICIES_OF_RESOURCES = {"AWS::SQS::QueuePolicy": "Queues", "AWS::SNS::TopicPolicy": "Topics"}


@dataclass(frozen=True)
class Role:
    """A role and its identity-based policies."""

    name: str
    policies: list[Document]

    @property
    def session(self) -> str:
        """The ARN of a session in it."""
        return f"arn:aws:sts::{ACCOUNT}:assumed-role/{self.name}/session"


def roles(template: Template) -> list[Role]:
    """The roles of a template with the policies that the template gives them."""
    found = dict(template.resources("AWS::IAM::Role"))
    managed = dict(template.resources("AWS::IAM::ManagedPolicy"))
    policies: dict[str, list[Document]] = {
        role: [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        + [managed[arn]["PolicyDocument"] for arn in properties.get("ManagedPolicyArns", []) if arn in managed]
        for role, properties in found.items()
    }
    for policy in [*dict(template.resources("AWS::IAM::Policy")).values(), *managed.values()]:
        for role in policy.get("Roles", []):
            policies.setdefault(role, []).append(policy["PolicyDocument"])
    return [Role(_short(role), documents) for role, documents in policies.items() if documents]


def resource_policies(template: Template) -> dict[str, Document]:
    """The policies of resources by ARN: those of keys, queues, topics and functions."""
    policies = {template.arn(key): of["KeyPolicy"] for key, of in template.resources("AWS::KMS::Key")}
    for resource_type, owners in _POLICIES_OF_RESOURCES.items():
        for _, properties in template.resources(resource_type):
            for owner in properties[owners]:
                arn = _arn(template, owner)
                policies.setdefault(arn, _empty())["Statement"] += properties["PolicyDocument"]["Statement"]
    for _, properties in template.resources("AWS::Lambda::Permission"):
        arn = _arn(template, properties["FunctionName"])
        policies.setdefault(arn, _empty())["Statement"].append(_statement_of(properties, arn))
    return policies


def statements(documents: list[Document]) -> Iterator[Statement]:
    """All statements of policies."""
    for document in documents:
        yield from as_list(document["Statement"])


def as_list(value: Any) -> list[Any]:
    """What a policy names, as a list."""
    return value if isinstance(value, list) else [value]


def _statement_of(permission: dict[str, Any], function_arn: str) -> Statement:
    """The statement that AddPermission adds. https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html"""
    principal = permission["Principal"]
    condition: dict[str, dict[str, Any]] = {}
    if "SourceArn" in permission:
        condition["ArnLike"] = {"aws:SourceArn": permission["SourceArn"]}
    if "SourceAccount" in permission:
        condition["StringEquals"] = {"aws:SourceAccount": permission["SourceAccount"]}
    if "FunctionUrlAuthType" in permission:
        condition.setdefault("StringEquals", {})["lambda:FunctionUrlAuthType"] = permission["FunctionUrlAuthType"]
    if "InvokedViaFunctionUrl" in permission:
        condition["Bool"] = {"lambda:InvokedViaFunctionUrl": str(permission["InvokedViaFunctionUrl"]).lower()}
    return {
        "Effect": "Allow",
        "Principal": {"Service": principal} if principal.endswith(".amazonaws.com") else principal,
        "Action": permission["Action"],
        "Resource": function_arn,
        "Condition": condition,
    }


def _arn(template: Template, reference: str) -> str:
    return reference if reference.startswith("arn:") else template.arn(reference)


def _empty() -> Document:
    return {"Version": "2012-10-17", "Statement": []}


def _short(logical_id: str) -> str:
    """A role's name has at most 64 characters."""
    return re.sub(r"[^\w+=,.@-]", "", logical_id)[-64:]
