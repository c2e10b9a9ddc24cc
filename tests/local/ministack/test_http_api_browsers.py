"""CORS of HTTP APIs, and browsers that reach one over both families and another over IPv4 only.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
"""

from __future__ import annotations

import json
import ssl
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server.edge import UnreachableError
from tests.local.ministack.http_stacks import api, host
from tests.local.ministack.stacks import WRITE_LOGS, deploy, function, role

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

ECHO = """
import json
def handler(event, context):
    headers = {"Access-Control-Allow-Origin": "https://evil.example", "X-Own": "1"}
    return {"statusCode": 200, "headers": headers, "body": json.dumps(event)}
"""
USER4, USER6 = "203.0.113.44", "2001:db8::44"
PAGE = "https://page.example"

RESOURCES = {
    "Role": role("lambda", WRITE_LOGS),
    "Function": function(ECHO, "Role"),
    **api("Dual", "GET /open", IpAddressType="dualstack"),
    **api(
        "Four",
        "POST /seen",
        IpAddressType="ipv4",
        CorsConfiguration={
            "AllowOrigins": [PAGE],
            "AllowMethods": ["POST"],
            "AllowHeaders": ["authorization"],
            "ExposeHeaders": ["x-own"],
            "MaxAge": 600,
        },
    ),
}


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    return deploy(server, tmp_path_factory.mktemp("browsers"), "Browsers", RESOURCES)


def preflight(server: Server, stack: DeployedStack, origin: str, api_id: str = "Four") -> Any:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    return server.edge.request("OPTIONS", host(stack, api_id), "/seen", headers=headers)


def test_a_preflight_is_answered_by_the_api(server: Server, stack: DeployedStack):
    answer = preflight(server, stack, PAGE)
    assert (answer.status, answer.body) == (204, b"")
    allowed = {name: value for name, value in answer.headers.items() if name.startswith("access-control")}
    assert allowed == {
        "access-control-allow-origin": PAGE,
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "authorization",
        "access-control-expose-headers": "x-own",
        "access-control-max-age": "600",
    }


def test_another_origin_gets_no_header_that_lets_it_in(server: Server, stack: DeployedStack):
    for answer in (
        preflight(server, stack, "https://evil.example"),
        server.edge.request("POST", host(stack, "Four"), "/seen", headers={"Origin": "https://evil.example"}),
        server.edge.request("POST", host(stack, "Four"), "/seen"),
    ):
        assert answer.headers["access-control-allow-origin"] is None


def test_an_api_without_cors_answers_no_preflight(server: Server, stack: DeployedStack):
    assert preflight(server, stack, PAGE, "Dual").status == 404


def test_headers_of_the_api_replace_those_of_the_function(server: Server, stack: DeployedStack):
    answer = server.edge.request("POST", host(stack, "Four"), "/seen", headers={"Origin": PAGE})
    assert answer.headers.get_all("access-control-allow-origin") == [PAGE]
    assert answer.headers["x-own"] == "1"
    # Without CORS of the API the function answers for itself.
    answer = server.edge.request("GET", host(stack, "Dual"), "/open", headers={"Origin": PAGE})
    assert answer.headers["access-control-allow-origin"] == "https://evil.example"


def test_each_api_has_the_families_of_its_addresses(server: Server, stack: DeployedStack):
    for viewer in (USER4, USER6):
        assert (
            json.loads(server.edge.get(host(stack, "Dual"), "/open", viewer=viewer).body)["requestContext"]["http"][
                "sourceIp"
            ]
            == viewer
        )
    assert server.edge.request("POST", host(stack, "Four"), "/seen", viewer=USER4).status == 200
    with pytest.raises(UnreachableError, match="has no AAAA record"):
        server.edge.request("POST", host(stack, "Four"), "/seen", viewer=USER6)


def test_a_browser_with_both_families_is_seen_under_both(server: Server, stack: DeployedStack):
    proxy = server.edge.browser_proxy(viewer=USER4, viewer6=USER6)
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"https": proxy.url}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(proxy.certificate_authority))),
    )
    with opener.open(f"https://{host(stack, 'Dual')}/open") as answer:
        assert json.load(answer)["requestContext"]["http"]["sourceIp"] == USER6
    with opener.open(urllib.request.Request(f"https://{host(stack, 'Four')}/seen", b"", {"Origin": PAGE})) as answer:
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert json.load(answer)["requestContext"]["http"]["sourceIp"] == USER4
