"""Ways for a browser into the local cloud: a port of this machine for a site, and a proxy for everything."""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from tests.local.ministack.sites import (
    access_control,
    distribution,
    domain_of,
    get_att,
    in_set,
    ip_set,
    put,
    rule,
    site,
    web_acl,
)
from tests.local.ministack.stacks import WRITE_LOGS, deploy, function, role

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

USER4, USER6 = "198.51.100.9", "2001:db8:e::9"
ECHO = (
    "def handler(event, context):\n"
    "    address = event['requestContext']['http']['sourceIp']\n"
    "    cookies = ['a=1; Secure', 'b=2; Secure']\n"
    "    return {'statusCode': 200, 'body': address + ' ' + (event.get('body') or ''), 'cookies': cookies}\n"
)


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    """A site that blocks one IPv4 and one IPv6 address, one without IPv6, and a function URL."""
    block = {"Block": {"CustomResponse": {"ResponseCode": 503}}}
    rules = [rule("Four", in_set("Four"), block), rule("Six", in_set("Six"), block, 1)]
    open_url = {"FunctionName": {"Ref": "Function"}, "Principal": "*"}
    resources = site(
        *rules,
        AccessControl=access_control("doors"),
        WebAcl=web_acl(*rules),
        Four=ip_set(f"{USER4}/32"),
        Six=ip_set(f"{USER6}/128", version="IPV6"),
        OldOnly=distribution(IPV6Enabled=False),
        Role=role("lambda", WRITE_LOGS),
        Function=function(ECHO, "Role"),
        Url={"Type": "AWS::Lambda::Url", "Properties": {"TargetFunctionArn": get_att("Function"), "AuthType": "NONE"}},
        Anybody={
            "Type": "AWS::Lambda::Permission",
            "Properties": {**open_url, "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"},
        },
        AnybodyToo={
            "Type": "AWS::Lambda::Permission",
            "Properties": {**open_url, "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True},
        },
    )
    directory = tmp_path_factory.mktemp("doors")
    deployed = deploy(server, directory, "Doors", resources, Url=get_att("Url", "FunctionUrl"))
    put(server, deployed, index_html="<h1>up</h1>")
    return deployed


def host_of(url: str) -> str:
    return url.split("/")[2]


def fetch(url: str | urllib.request.Request, opener: Any = None, data: bytes | None = None) -> tuple[int, str]:
    opener = opener or urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, data=data, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_site_has_a_port_of_its_own(server: Server, stack: DeployedStack):
    door = server.edge.door(domain_of(server, stack))
    assert fetch(door.url) == (200, "<h1>up</h1>")
    assert fetch(door.ipv6_url) == (200, "<h1>up</h1>")


def test_the_families_of_a_port_are_two_viewers(server: Server, stack: DeployedStack):
    domain = domain_of(server, stack)
    door = server.edge.door(domain, viewer=USER4)
    assert [fetch(door.url)[0], fetch(door.ipv6_url)[0]] == [503, 200]
    door = server.edge.door(domain, viewer6=USER6)
    assert [fetch(door.url)[0], fetch(door.ipv6_url)[0]] == [200, 503]


def test_a_site_without_ipv6_is_not_there_over_it(server: Server, stack: DeployedStack):
    # Its bucket is closed to it: 403 is an answer.
    door = server.edge.door(domain_of(server, stack, "OldOnly"))
    assert fetch(door.url)[0] == 403
    status, text = fetch(door.ipv6_url)
    assert (status, "has no AAAA record" in text) == (502, True)


def test_bodies_and_cookies_pass_a_door(server: Server, stack: DeployedStack):
    url = server.edge.url_of(host_of(stack.outputs["Url"]), viewer=USER4)
    assert fetch(url, data=b"hello")[1].startswith(f"{USER4} ")
    connection = http.client.HTTPConnection("127.0.0.1", int(url.rstrip("/").rpartition(":")[2]))
    connection.request("GET", "/")
    answer = connection.getresponse()
    assert answer.msg.get_all("Set-Cookie") == ["a=1; Secure", "b=2; Secure"]
    connection.close()


def test_ports_are_on_the_loopback_interface_only(server: Server, stack: DeployedStack):
    door = server.edge.door(domain_of(server, stack))
    assert {each.server_address[0] for each in door._servers} == {"127.0.0.1", "::1"}


def through(proxy: Any) -> Any:
    trusting = ssl.create_default_context(cafile=str(proxy.certificate_authority))
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({"https": proxy.url, "http": proxy.url}),
        urllib.request.HTTPSHandler(context=trusting),
    )


def test_a_browser_opens_every_name_over_https(server: Server, stack: DeployedStack):
    opener = through(server.edge.browser_proxy(viewer=USER4))
    assert fetch(f"https://{domain_of(server, stack)}/", opener) == (200, "<h1>up</h1>")
    assert fetch(f"https://{host_of(stack.outputs['Url'])}/", opener)[0] == 200
    # It is led to HTTPS, and follows.
    assert fetch(f"http://{domain_of(server, stack)}/", opener) == (200, "<h1>up</h1>")


def test_a_browser_prefers_ipv6_where_a_name_has_it(server: Server, stack: DeployedStack):
    dual = through(server.edge.browser_proxy(viewer=USER4, viewer6=USER6))
    four = through(server.edge.browser_proxy(viewer=USER4, viewer6=None))
    url = f"https://{host_of(stack.outputs['Url'])}/"
    assert [fetch(url, dual)[1].strip(), fetch(url, four)[1].strip()] == [USER6, USER4]
    server.edge.get(domain_of(server, stack, "OldOnly"))
    assert fetch(f"https://{domain_of(server, stack)}/", dual)[0] == 503


def test_nothing_else_is_reached(server: Server, stack: DeployedStack):
    opener = through(server.edge.browser_proxy())
    status, text = fetch("https://example.org/", opener)
    assert (status, text) == (502, "example.org is not in the local cloud\n")


def test_what_a_browser_says_of_its_address_is_not_believed(server: Server, stack: DeployedStack):
    door = server.edge.door(domain_of(server, stack), viewer=USER4)
    headers = {"X-Forwarded-For": "203.0.113.7", "x-chatops-local-viewer": "https 203.0.113.7 50000 " + "0" * 64}
    for name, value in headers.items():
        assert fetch(urllib.request.Request(door.url, headers={name: value}))[0] == 503, name
