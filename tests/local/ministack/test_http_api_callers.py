"""Routes of HTTP APIs that ask who calls.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
"""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

from chatops_local.server import Credentials, EmulatorError
from tests.local.ministack.callers import ANYBODY_HERE
from tests.local.ministack.http_stacks import api, host
from tests.local.ministack.stacks import ACCOUNT, REGION, WRITE_LOGS, allow, deny, deploy, function, role
from tests.local.trust.behaviours import API_ROUTE

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

ECHO = """
import json
def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event)}
"""
USER6 = "2001:db8::44"
FORBIDDEN = (403, {"message": "Forbidden"})


def invoking(path: str) -> dict[str, Any]:
    source = f"arn:aws:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Dual}}/{path}"
    return allow("execute-api:Invoke", {"Fn::Sub": source})


RESOURCES = {
    "Role": role("lambda", WRITE_LOGS),
    "Function": function(ECHO, "Role"),
    **api(
        "Dual",
        "GET /open",
        "GET /iam/registrations",
        "POST /iam/registrations",
        "GET /iam/of/{name}",
        IpAddressType="dualstack",
    ),
    "Reader": role(ANYBODY_HERE, invoking("*/GET/iam/registrations")),
    "Everything": role(ANYBODY_HERE, invoking("*")),
    "Except": role(
        ANYBODY_HERE, invoking("*"), deny("execute-api:Invoke", {"Fn::Sub": "arn:aws:execute-api:*:*:${Dual}/*/POST/*"})
    ),
    "Nobody": role(ANYBODY_HERE),
}


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    return deploy(server, tmp_path_factory.mktemp("callers"), "Callers", RESOURCES)


def ask(
    server: Server, stack: DeployedStack, method: str = "GET", path: str = "/iam/registrations", **options: Any
) -> tuple[int, Any]:
    answer = server.edge.request(method, host(stack, "Dual"), path, **options)
    return answer.status, json.loads(answer.body)


def test_a_signed_caller_is_who_it_says(server: Server, stack: DeployedStack):
    caller = server.role_credentials(stack.resource("Reader"), session="alice")
    status, event = ask(server, stack, signed_as=caller, viewer=USER6)
    assert status == 200
    iam = event["requestContext"]["authorizer"]["iam"]
    assert iam["userArn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{stack.resource('Reader')}/alice"
    assert (iam["accountId"], iam["accessKey"]) == (ACCOUNT, caller.access_key_id)
    assert iam["callerId"] == iam["userId"]
    assert iam["userId"].startswith("AROA")
    assert iam["userId"].endswith(":alice")
    assert iam["cognitoIdentity"] is None
    assert event["requestContext"]["http"]["sourceIp"] == USER6


def test_a_body_and_a_query_are_signed_with_the_rest(server: Server, stack: DeployedStack):
    caller = server.role_credentials(stack.resource("Everything"))
    status, event = ask(
        server,
        stack,
        "POST",
        "/iam/registrations?a=b%20c&a=%2F&z=",
        body=b'{"note": "\xc3\xa9"}',
        headers={"Content-Type": "application/json"},
        signed_as=caller,
    )
    assert (status, event["body"]) == (200, '{"note": "é"}')
    assert ask(server, stack, "GET", "/iam/of/a%20b", signed_as=caller)[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "caller", "status"),
    [
        ("GET", "/iam/registrations", "Reader", 200),
        ("POST", "/iam/registrations", "Reader", 403),
        ("GET", "/iam/of/bob", "Reader", 403),
        ("GET", "/iam/registrations", "Except", 200),
        ("POST", "/iam/registrations", "Except", 403),
        ("GET", "/iam/registrations", "Nobody", 403),
    ],
)
def test_the_callers_policies_decide(
    server: Server, stack: DeployedStack, method: str, path: str, caller: str, status: int
):
    answer = ask(server, stack, method, path, signed_as=server.role_credentials(stack.resource(caller)))
    assert answer[0] == status
    if status == 403:
        assert answer == FORBIDDEN


@API_ROUTE.allow("execute-api:Invoke")
@API_ROUTE.deny("execute-api:Invoke")
def test_a_user_is_a_caller_as_well(server: Server, stack: DeployedStack):
    may = allow(
        "execute-api:Invoke", f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{stack.resource('Dual')}/$default/GET/iam/*"
    )
    status, event = ask(server, stack, signed_as=server.user_credentials("carol", may))
    assert status == 200
    assert event["requestContext"]["authorizer"]["iam"]["userArn"] == f"arn:aws:iam::{ACCOUNT}:user/carol"
    assert ask(server, stack, signed_as=server.user_credentials("mallory")) == FORBIDDEN


@API_ROUTE.deny()
def test_who_does_not_sign_is_forbidden(server: Server, stack: DeployedStack):
    assert ask(server, stack) == FORBIDDEN
    assert ask(server, stack, headers={"Authorization": "Bearer abc"}) == FORBIDDEN


@API_ROUTE.deny()
def test_a_wrong_signature_is_forbidden(server: Server, stack: DeployedStack):
    right = server.role_credentials(stack.resource("Everything"))
    for wrong in (
        Credentials(right.access_key_id, "x" * 40, right.session_token),
        Credentials(right.access_key_id, right.secret_access_key),
        Credentials("ASIAUNKNOWN", right.secret_access_key, right.session_token),
    ):
        assert ask(server, stack, signed_as=wrong) == FORBIDDEN


@pytest.mark.parametrize(("service", "region"), [("execute-api", "eu-west-1"), ("lambda", REGION)])
def test_a_signature_for_something_else_is_forbidden(server: Server, stack: DeployedStack, service: str, region: str):
    caller = server.role_credentials(stack.resource("Everything"))
    request = AWSRequest("GET", f"https://{host(stack, 'Dual')}/iam/registrations")
    keys = BotoCredentials(caller.access_key_id, caller.secret_access_key, caller.session_token)
    auth.SigV4Auth(keys, service, region).add_auth(request)
    assert ask(server, stack, headers=dict(request.headers.items())) == FORBIDDEN


def test_what_was_signed_is_what_is_sent(server: Server, stack: DeployedStack):
    caller = server.role_credentials(stack.resource("Everything"))
    url = f"https://{host(stack, 'Dual')}/iam/registrations"
    headers = caller.signed("POST", url, {}, b"{}")
    assert ask(server, stack, "POST", headers=headers, body=b"{}")[0] == 200
    assert ask(server, stack, "POST", headers=headers, body=b'{"other": 1}') == FORBIDDEN
    assert ask(server, stack, "GET", headers=headers) == FORBIDDEN
    assert ask(server, stack, "POST", "/iam/registrations?more=1", headers=headers, body=b"{}") == FORBIDDEN


@API_ROUTE.deny()
def test_an_old_signature_is_forbidden(server: Server, stack: DeployedStack, monkeypatch: pytest.MonkeyPatch):
    caller = server.role_credentials(stack.resource("Everything"))
    then = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - datetime.timedelta(minutes=16)
    with monkeypatch.context() as earlier:
        earlier.setattr(auth, "get_current_datetime", lambda *_arguments, **_options: then)
        headers = caller.signed("GET", f"https://{host(stack, 'Dual')}/iam/registrations", {}, b"")
    assert headers["X-Amz-Date"] == then.strftime("%Y%m%dT%H%M%SZ")
    assert ask(server, stack, headers=headers) == FORBIDDEN


def test_an_open_route_asks_nobody(server: Server, stack: DeployedStack):
    assert ask(server, stack, path="/open")[0] == 200
    status, event = ask(server, stack, path="/open", signed_as=server.role_credentials(stack.resource("Nobody")))
    assert status == 200
    assert "authorizer" not in event["requestContext"]


def test_a_path_without_a_route_is_not_found_by_anybody(server: Server, stack: DeployedStack):
    nobody = server.role_credentials(stack.resource("Nobody"))
    not_found = (404, {"message": "Not Found"})
    assert ask(server, stack, path="/iam") == not_found
    assert ask(server, stack, "DELETE", signed_as=nobody) == not_found


def test_only_apis_can_be_signed_for(server: Server, stack: DeployedStack):
    with pytest.raises(ValueError, match=r"'https://example\.org/' cannot be signed"):
        server.edge.request("GET", "example.org", signed_as=server.role_credentials(stack.resource("Nobody")))


def test_credentials_of_a_role_that_is_not_there(server: Server):
    with pytest.raises(EmulatorError, match=r"role arn:aws:iam::.*:role/gone does not exist"):
        server.role_credentials("gone")
