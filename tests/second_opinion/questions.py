"""The questions that both are asked: every statement of every template, each in the words of both."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.server.guard.policies import CHECKED_ACTIONS
from tests.second_opinion.emulator import Emulator
from tests.second_opinion.permissions import Document, Statement, as_list, resource_policies, roles, statements
from tests.second_opinion.requests import Arns, Request, requests
from tests.second_opinion.templates import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.second_opinion.templates import Template

_SECURE = {"aws:SecureTransport": "true"}
_SOMEBODY = f"arn:aws:sns:{REGION}:{ACCOUNT}:somebody"
_LISTS = frozenset({"dynamodb:LeadingKeys"})
"""Condition keys that have several values. Our emulator knows requests with one."""

_RENAMED = ("kms:EncryptionContext:", "aws:PrincipalTag/")
"""iam-simulate drops keys with a variable after a colon: it is asked about one with a variable after a slash."""


@dataclass(frozen=True)
class Question:
    """A request, as the simulator takes it, and what our emulator says."""

    about: str
    asked: dict[str, Any]
    ours: str
    our_reason: str


def actions_of(template: Template) -> set[str]:
    """The actions that policies of a template name in full, and those that our emulator checks."""
    documents = [policy for role in roles(template) for policy in role.policies]
    documents += resource_policies(template).values()
    named = {action for each in statements(documents) for action in as_list(each["Action"])}
    return {action for action in named | CHECKED_ACTIONS if not set("*?") & set(action)}


def questions(template: Template, arns: Arns) -> Iterator[Question]:
    """Everything to ask about a template.

    Args:
        template: whose policies.
        arns: of every action there is.
    """
    of_resources = resource_policies(template)
    emulator = Emulator(of_resources)
    for role in roles(template):
        for statement in statements(role.policies):
            for request in requests(statement, arns):
                ours, reason = emulator.of_role(role, request)
                asked = _asked(role.session, request, role.policies, of_resources.get(request.resource))
                yield Question(f"{template.name}, {role.name}, {request.about}", asked, ours, reason)
    for arn, policy in of_resources.items():
        for service, statement in _of_services(policy):
            for request in requests(statement, arns, resources=[arn]):
                if request.resource != arn:
                    continue  # a policy is that of its own resource
                rest = dict(request.context)
                source = rest.pop("aws:SourceArn", _SOMEBODY)
                ours, reason = emulator.of_service(service, source, Request(request.action, arn, rest))
                told = {"aws:SourceArn": source, "aws:SourceAccount": source.split(":")[4], **rest}
                asked = _asked(service, Request(request.action, arn, told), [], policy)
                yield Question(f"{template.name}, {service}, {request.about}", asked, ours, reason)


def _of_services(policy: Document) -> Iterator[tuple[str, Statement]]:
    for statement in statements([policy]):
        principal = statement["Principal"]
        if isinstance(principal, dict):
            for service in as_list(principal.get("Service", [])):
                yield service, statement


def _asked(principal: str, request: Request, identity: list[Document], resource: Document | None) -> dict[str, Any]:
    context = {key: [value] if key in _LISTS else value for key, value in request.context.items()}
    question = {
        "principal": principal,
        "action": request.action,
        "resource": request.resource,
        "account": ACCOUNT,
        "context": {**_SECURE, **context},
        "identityPolicies": identity,
        "resourcePolicy": resource,
    }
    renamed: dict[str, Any] = json.loads(json.dumps(question).replace(*_RENAMED))
    return renamed
