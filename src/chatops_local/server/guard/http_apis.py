"""What the local cloud does not do with HTTP APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PROPERTIES = {
    "AWS::ApiGatewayV2::Api": frozenset(
        {
            "CorsConfiguration",
            "Description",
            "IpAddressType",
            "Name",
            "ProtocolType",
            "Tags",
        }
    ),
    "AWS::ApiGatewayV2::Route": frozenset({"ApiId", "AuthorizationType", "OperationName", "RouteKey", "Target"}),
}
_OF_DOMAINS = frozenset({"AWS::ApiGatewayV2::ApiMapping", "AWS::ApiGatewayV2::DomainName"})
_CORS = frozenset({"AllowCredentials", "AllowHeaders", "AllowMethods", "AllowOrigins", "ExposeHeaders", "MaxAge"})
_AUTHORIZATION = ("NONE", "AWS_IAM")
_FAMILIES = ("ipv4", "dualstack")


def problems(resource: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    """Of APIs and routes: other kinds of them, of callers, and of answers to browsers; and custom domains."""
    if resource["Type"] in _OF_DOMAINS:
        yield "custom domains and mutual TLS are not emulated; run the app locally with the API's own host name"
        return
    known = _PROPERTIES.get(resource["Type"])
    if known is None:
        return
    properties: Mapping[str, Any] = resource["Properties"]
    for name in sorted(properties.keys() - known):
        yield f"property {name} is not emulated; leave it out of what is run locally"
    yield from _api(properties) if resource["Type"].endswith("::Api") else _route(properties)


def _api(properties: Mapping[str, Any]) -> Iterator[str]:
    if properties.get("ProtocolType") != "HTTP":
        yield f"protocol {properties.get('ProtocolType')} is not emulated; use HTTP"
    family = properties.get("IpAddressType", "ipv4")
    if family not in _FAMILIES:
        yield f"IpAddressType {family} does not exist; there are {' and '.join(_FAMILIES)}"
    for name in sorted((properties.get("CorsConfiguration") or {}).keys() - _CORS):
        yield f"CorsConfiguration {name} is not emulated; leave it out of what is run locally"


def _route(properties: Mapping[str, Any]) -> Iterator[str]:
    authorization = properties.get("AuthorizationType", "NONE")
    if authorization not in _AUTHORIZATION:
        yield f"AuthorizationType {authorization} is not emulated; there are {' and '.join(_AUTHORIZATION)}"
    if str(properties["RouteKey"]).startswith("OPTIONS "):
        yield f"route {properties['RouteKey']} is not emulated: OPTIONS is answered by the CORS of the API only"
