"""Functions of CDK's own whose effect is emulated: they never run here, so what they need is not looked at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.server.template_text import referenced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EMULATED = ("Custom::CDKBucketDeployment", "Custom::S3AutoDeleteObjects")

_POLICY = "AWS::IAM::Policy"
_DEPLOYMENT_PROPERTIES = frozenset(
    {
        "DestinationBucketKeyPrefix",
        "DestinationBucketName",
        "DistributionId",
        "DistributionPaths",
        "Extract",
        "OutputObjectKeys",
        "Prune",
        "RetainOnDelete",
        "ServiceToken",
        "SourceBucketNames",
        "SourceMarkers",
        "SourceObjectKeys",
        "SystemMetadata",
        "UserMetadata",
        "WaitForDistributionInvalidation",
    }
)
_SYSTEM_METADATA = frozenset(
    {"cache-control", "content-disposition", "content-encoding", "content-language", "content-type"}
)


def problems(resource: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    """Of a bucket deployment: what is not done."""
    if resource["Type"] != "Custom::CDKBucketDeployment":
        return
    properties: Mapping[str, Any] = resource["Properties"]
    for name in sorted(properties.keys() - _DEPLOYMENT_PROPERTIES):
        yield f"property {name} is not emulated; leave it out of what is run locally"
    for name in sorted((properties.get("SystemMetadata") or {}).keys() - _SYSTEM_METADATA):
        yield f"system metadata {name} is not emulated; leave it out of what is run locally"
    if str(properties.get("Extract", True)).lower() != "true":
        yield "an archive that is not extracted is not emulated; deploy the files"


def resources_of_providers(resources: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """The logical ids of the functions behind emulated custom resources, of their roles, and of those roles' policies.

    A policy that another role has as well is not among them.
    """
    tokens = (each["Properties"]["ServiceToken"] for each in resources.values() if each["Type"] in EMULATED)
    functions = {referenced(token) for token in tokens} & resources.keys()
    roles = {referenced(resources[name]["Properties"].get("Role")) for name in functions} & resources.keys()
    own = {role for role in roles if not _is_used_by_others(role, functions, resources)}
    return frozenset(functions | own | {name for name, each in resources.items() if _is_policy_of(own, each)})


def _is_used_by_others(role: str, functions: set[str], resources: Mapping[str, Mapping[str, Any]]) -> bool:
    return any(
        f'"{role}"' in json.dumps(each.get("Properties", {}))
        for name, each in resources.items()
        if name not in functions and each["Type"] != _POLICY
    )


def _is_policy_of(roles: set[str], resource: Mapping[str, Any]) -> bool:
    if resource["Type"] != _POLICY:
        return False
    attached = {referenced(role) for role in resource["Properties"].get("Roles", [])}
    return bool(attached) and attached <= roles
