"""What belongs to a pipeline, which builds and deploys nothing here: it is deployed, and does nothing by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.server.template_text import referenced

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROLE = "AWS::IAM::Role"
_POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
_SERVICES = frozenset({"codebuild.amazonaws.com", "codepipeline.amazonaws.com"})


def roles_and_policies(resources: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """The logical ids of the roles that nobody but CodePipeline and CodeBuild takes, and of the policies of these only.

    Nobody takes them here, so that what they may do needs no check.
    """
    roles: frozenset[str] = frozenset()
    while (found := _only_for_pipelines(resources, roles)) != roles:
        roles = found
    policies = {name for name, each in resources.items() if each["Type"] in _POLICIES and _is_of(roles, each)}
    return roles | policies


def _only_for_pipelines(resources: Mapping[str, Mapping[str, Any]], known: frozenset[str]) -> frozenset[str]:
    """The roles that trust these services only, or roles that are known to be such ones."""
    return frozenset(
        name for name, each in resources.items() if each["Type"] == _ROLE and _trusts_only(each["Properties"], known)
    )


def _trusts_only(properties: Mapping[str, Any], roles: frozenset[str]) -> bool:
    statements = _several(properties["AssumeRolePolicyDocument"].get("Statement"))
    principals = [statement.get("Principal") for statement in statements]
    return bool(principals) and all(
        isinstance(principal, dict)
        and set(principal) <= {"Service", "AWS"}
        and all(service in _SERVICES for service in _several(principal.get("Service")))
        and all(referenced(role) in roles for role in _several(principal.get("AWS")))
        for principal in principals
    )


def _is_of(roles: frozenset[str], policy: Mapping[str, Any]) -> bool:
    attached = {referenced(role) for role in policy["Properties"].get("Roles") or []}
    return bool(attached) and attached <= roles


def _several(value: Any) -> list[Any]:  # noqa: ANN401 - policies write one thing as itself and several as a list
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
