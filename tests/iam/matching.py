"""Which decisions of a local cloud are about a permission."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from chatops_local.cloud.instance_role import ROLE_NAME
from tests.iam.statements import as_list
from tests.iam.texts import pattern_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.server import DeployedStack
    from chatops_local.server.observations import Decision
    from tests.iam.permissions import Permission
    from tests.iam.statements import Atom

_IDENTITY_POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com")


@dataclass(frozen=True)
class Matcher:
    """Knows the decisions about one permission, by who asks, for which action, on what."""

    principal: re.Pattern[str]
    action: str
    resource: re.Pattern[str]

    @classmethod
    def of(cls, permission: Permission, atom: Atom, stack: DeployedStack) -> Matcher:
        """That of a permission of a stack as it is deployed."""
        return cls(
            re.compile(_principal(permission.policy, atom, stack)),
            permission.action.lower(),
            re.compile(pattern_of(atom.resource, stack.physical_ids)),
        )

    def matches(self, decision: Decision) -> bool:
        """Whether the decision is about the permission."""
        return (
            fnmatchcase(decision.action.lower(), self.action)
            and self.resource.fullmatch(decision.resource) is not None
            and self.principal.fullmatch(decision.principal) is not None
        )


def roles_of(policy: str, resources: Mapping[str, Any]) -> list[str]:
    """The logical ids of the roles that have a policy, by its logical id."""
    resource = resources[policy]
    if resource["Type"] == "AWS::IAM::Role":
        return [policy]
    attached = [
        logical_id
        for logical_id, role in resources.items()
        if role["Type"] == "AWS::IAM::Role" and {"Ref": policy} in role["Properties"].get("ManagedPolicyArns", [])
    ]
    return [*(role["Ref"] for role in resource["Properties"].get("Roles", [])), *attached]


def _principal(policy: str, atom: Atom, stack: DeployedStack) -> str:
    resources = stack.template["Resources"]
    kind = resources[policy]["Type"]
    if kind in (*_IDENTITY_POLICIES, "AWS::IAM::Role"):
        # A policy without a role is for the profiles of instances.
        names = [stack.physical_ids[role] for role in roles_of(policy, resources)] or [ROLE_NAME]
        return rf".*:assumed-role/(?:{'|'.join(map(re.escape, names))})/.*"
    if kind == "AWS::Lambda::Permission":
        return re.escape(str(resources[policy]["Properties"]["Principal"]))
    principal = atom.statement["Principal"]
    services = as_list(principal.get("Service", [])) if isinstance(principal, dict) else []
    named = [service for service in services if isinstance(service, str) and _SERVICE.fullmatch(service)]
    return "|".join(map(re.escape, named)) if services else ".*"
