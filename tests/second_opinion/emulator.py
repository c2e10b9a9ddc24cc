"""What our emulator decides, asked in the same way as by what runs in it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions import secure_transport
from chatops_local.ministack.permissions.authorization import Access, Principal, first_denial
from chatops_local.ministack.permissions.service_principals import service_denial
from chatops_local.ministack.private import private
from tests.second_opinion.templates import ACCOUNT, REGION

if TYPE_CHECKING:
    from tests.second_opinion.permissions import Document, Role
    from tests.second_opinion.requests import Request

_roles = private("services.iam:_roles")
_request_scope = private("core.responses:request_scope", "account_id, region")
_resource_policy = private("core.iam_evaluator:_resource_policy", "service, resource_arn")

ALLOWED, DENIED, EXPLICITLY_DENIED = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"


class Emulator:
    """MiniStack's store of roles and policies in this process, and our judgement by it."""

    def __init__(self, resource_policies: dict[str, Document]) -> None:
        """Have resources with these policies; those without one have none."""
        secure_transport.apply()
        _resource_policy.set(lambda _, arn: (resource_policies.get(arn), ACCOUNT))

    def of_role(self, role: Role, request: Request) -> tuple[str, str]:
        """The decision about a request in a role, and the reason."""
        arn = f"arn:aws:iam::{ACCOUNT}:role/{role.name}"
        inline: dict[str, Any] = {uuid.uuid4().hex: policy for policy in role.policies}
        with _request_scope.get()(ACCOUNT, REGION):
            _roles.get()[role.name] = {"InlinePolicies": inline, "AttachedPolicies": []}
            access = Access(request.action, request.resource, request.context)
            return _decision(first_denial(Principal(arn, "session", REGION), [access]))

    def of_service(self, service: str, source_arn: str, request: Request) -> tuple[str, str]:
        """The decision about a request of a service on behalf of a resource, and the reason."""
        access = Access(request.action, request.resource, request.context)
        return _decision(service_denial(service, access, source_arn))


def _decision(denial: str | None) -> tuple[str, str]:
    if denial is None:
        return ALLOWED, "a statement allows it"
    return (EXPLICITLY_DENIED if "explicit deny" in denial else DENIED), denial
