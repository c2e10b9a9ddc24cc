"""What the local cloud does not do with distributions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.server.emulator_process import node_of_emulator
from chatops_local.server.template_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONFIGURATION = frozenset(
    {
        "Aliases",
        "CacheBehaviors",
        "Comment",
        "CustomErrorResponses",
        "DefaultCacheBehavior",
        "DefaultRootObject",
        "Enabled",
        "HttpVersion",
        "IPV6Enabled",
        "Origins",
        "PriceClass",
        "Restrictions",
        "ViewerCertificate",
        "WebACLId",
    }
)
_BEHAVIOUR = frozenset(
    {
        "AllowedMethods",
        "CachePolicyId",
        "CachedMethods",
        "Compress",
        "FunctionAssociations",
        "OriginRequestPolicyId",
        "PathPattern",
        "ResponseHeadersPolicyId",
        "TargetOriginId",
        "ViewerProtocolPolicy",
    }
)
_ORIGIN = frozenset(
    {
        "ConnectionAttempts",
        "ConnectionTimeout",
        "CustomOriginConfig",
        "DomainName",
        "Id",
        "OriginAccessControlId",
        "OriginCustomHeaders",
        "OriginPath",
        "S3OriginConfig",
    }
)


def problems(resource: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    """Of a distribution and of a function of CloudFront's: what would be there and do nothing."""
    if resource["Type"] == "AWS::CloudFront::Function" and node_of_emulator() is None:
        yield "a function of CloudFront's needs node to run, and there is none on the search path"
    if resource["Type"] == "AWS::CloudFront::Distribution":
        yield from _distribution(resource["Properties"]["DistributionConfig"])
    if resource["Type"].startswith("AWS::Logs::Delivery"):
        yield from _delivery(resource["Type"], resource["Properties"])


def _delivery(resource_type: str, properties: Mapping[str, Any]) -> Iterator[str]:
    """Of the delivery of logs: anything but access logs of CloudFront, as JSON in a log group."""
    if resource_type == "AWS::Logs::DeliverySource" and properties.get("LogType") != "ACCESS_LOGS":
        yield f"delivering {properties.get('LogType')} is not emulated; there are ACCESS_LOGS of CloudFront"
    if resource_type == "AWS::Logs::DeliveryDestination":
        if ":log-group:" not in plain_text(properties.get("DestinationResourceArn")):
            yield "delivering logs to anything but a log group is not emulated"
        if properties.get("OutputFormat") != "json":
            yield f"delivering logs as {properties.get('OutputFormat')} is not emulated; say json"


def _distribution(configuration: Mapping[str, Any]) -> Iterator[str]:
    yield from _unknown(configuration, _CONFIGURATION, "property")
    geography = (configuration.get("Restrictions") or {}).get("GeoRestriction") or {}
    if geography.get("RestrictionType", "none") != "none":
        yield "a geographic restriction is not emulated; leave it out of what is run locally"
    for origin in configuration.get("Origins") or []:
        yield from _unknown(origin, _ORIGIN, "property of an origin")
    for behaviour in [configuration["DefaultCacheBehavior"], *(configuration.get("CacheBehaviors") or [])]:
        yield from _unknown(behaviour, _BEHAVIOUR, "property of a behaviour")


def _unknown(given: Mapping[str, Any], known: frozenset[str], what: str) -> Iterator[str]:
    for name in sorted(given.keys() - known):
        yield f"{what} {name} is not emulated; leave it out of what is run locally"
