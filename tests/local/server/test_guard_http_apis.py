"""What is refused of HTTP APIs, by name, before anything is deployed."""

from __future__ import annotations

from typing import Any

import pytest

from chatops_local.server import UnsupportedError
from chatops_local.server.guard import check
from tests.local.ministack.http_stacks import api
from tests.local.ministack.stacks import template


def refusal(resources: dict[str, Any]) -> str:
    with pytest.raises(UnsupportedError) as refused:
        check("Stack", template(resources))
    return str(refused.value)


def test_an_api_with_cors_and_callers_passes():
    cors = {"AllowOrigins": ["https://page.example"], "AllowMethods": ["POST"], "MaxAge": 60}
    check("Stack", template(api("Api", "GET /", "GET /iam/x", IpAddressType="dualstack", CorsConfiguration=cors)))


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ({"ProtocolType": "WEBSOCKET"}, "protocol WEBSOCKET is not emulated"),
        ({"IpAddressType": "ipv6"}, "IpAddressType ipv6 does not exist"),
        ({"DisableExecuteApiEndpoint": True}, "property DisableExecuteApiEndpoint is not emulated"),
        ({"CorsConfiguration": {"AllowEverything": True}}, "CorsConfiguration AllowEverything is not emulated"),
    ],
)
def test_apis_of_other_kinds(properties: dict[str, Any], problem: str):
    assert f"Api (AWS::ApiGatewayV2::Api): {problem}" in refusal(api("Api", "GET /", **properties))


@pytest.mark.parametrize("kind", ["DomainName", "ApiMapping"])
def test_custom_domains(kind: str):
    resources = {"It": {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": {}}}
    assert "custom domains and mutual TLS are not emulated; run the app locally with the API's own" in refusal(
        resources
    )


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ({"AuthorizationType": "JWT"}, "AuthorizationType JWT is not emulated"),
        ({"AuthorizerId": "x"}, "property AuthorizerId is not emulated"),
        ({"RouteKey": "OPTIONS /x"}, "route OPTIONS /x is not emulated"),
    ],
)
def test_routes_of_other_kinds(properties: dict[str, Any], problem: str):
    resources = api("Api", "GET /")
    resources["ApiRoute0"]["Properties"].update(properties)
    assert f"ApiRoute0 (AWS::ApiGatewayV2::Route): {problem}" in refusal(resources)
