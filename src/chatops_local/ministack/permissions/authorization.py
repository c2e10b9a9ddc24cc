"""What a role may do, judged by MiniStack's policy evaluator in the words of AWS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatops_local.ministack.permissions.decisions import decided, deciding
from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_EvalContext = private(
    "core.iam_evaluator:EvalContext",
    "principal_arn, principal_type, principal_account, action, resource_arn, region, source_ip, secure_transport, "
    "request_tags, tag_keys, service_context, principal_keys",
)
_evaluate = private("core.iam_evaluator:evaluate", "ctx, policies, limits")
_gather_role_policies = private("core.iam_evaluator:_gather_role_policies", "role_name, account_id")
_permissions_boundary = private("core.iam_evaluator:_permissions_boundary", "store, name, account_id")
_combine_resource_policy = private(
    "core.iam_evaluator:combine_resource_policy", "identity, ctx, policy, owner_account, required, limits"
)
_resource_policy = private("core.iam_evaluator:_resource_policy", "service, resource_arn")
_policy_required = private("core.iam_evaluator:_POLICY_REQUIRED")
_identity_denial_message = private(
    "core.iam_actions:identity_denial_message", "action, principal_arn, resource, explicit_deny"
)
_roles = private("services.iam:_roles")


@dataclass(frozen=True)
class Access:
    """One thing that a request needs to be allowed to do.

    Args:
        action: the IAM action.
        resource: the ARN, or ``*`` for an action that has no resources.
        context: condition keys of the request and their values.
    """

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Principal:
    """A service or an instance that acts in a role.

    Args:
        role_arn: the role.
        session: the name of the session, which denials show.
        region: where it acts.
    """

    role_arn: str
    session: str
    region: str

    @property
    def account(self) -> str:
        """The role's account."""
        return self.role_arn.split(":")[4]

    @property
    def role_name(self) -> str:
        """The role's name, without its path."""
        return self.role_arn.rsplit("/", 1)[-1]

    @property
    def arn(self) -> str:
        """The ARN of the session."""
        return f"arn:aws:sts::{self.account}:assumed-role/{self.role_name}/{self.session}"


def first_denial(principal: Principal, accesses: Iterable[Access]) -> str | None:
    """AWS's message for the first thing that the principal may not do; None if it may do everything."""
    for access in accesses:
        denial = _denial(principal, access)
        if denial is not None:
            return denial
    return None


def _denial(principal: Principal, access: Access) -> str | None:
    with deciding():
        decision = _decision(principal, access)
        decided(allowed=decision == "Allow")
    if decision == "Allow":
        return None
    message: str = _identity_denial_message.get()(access.action, principal.arn, access.resource, decision == "Deny")
    return message


def _decision(principal: Principal, access: Access) -> str:
    context = _EvalContext.get()(
        principal_arn=principal.arn,
        principal_type="AssumedRole",
        principal_account=principal.account,
        action=access.action,
        resource_arn=access.resource,
        region=principal.region,
        service_context={key.lower(): value for key, value in access.context.items()},
    )
    policies = _gather_role_policies.get()(principal.role_name, principal.account)
    limits = _permissions_boundary.get()(_roles.get(), principal.role_name, principal.account)
    result = _evaluate.get()(context, policies, *limits)
    service = access.action.partition(":")[0]
    found = _resource_policy.get()(service, access.resource)
    if found is not None:
        required = service in _policy_required.get()
        result = _combine_resource_policy.get()(result, context, *found, required=required, limits=tuple(limits))
    decision: str = result.decision
    return decision
