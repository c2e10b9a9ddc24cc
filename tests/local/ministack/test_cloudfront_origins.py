"""APIs and function URLs behind a distribution, and on their own: who they take the viewer for."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server.edge import UnreachableError
from tests.local.ministack.sites import (
    ALL_VIEWER_EXCEPT_HOST,
    CACHING_DISABLED,
    access_control,
    aws_origin,
    behaviour,
    distribution,
    domain_of,
    get_att,
    web_acl,
)
from tests.local.ministack.stacks import WRITE_LOGS, deploy, function, role
from tests.local.trust.behaviours import SIGNED_ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.server import DeployedStack, Server

VIEWERS = ["203.0.113.7", "2001:db8::7"]
EDGE = "130.176.0.7"
ECHO = (
    "import json\n"
    "def handler(event, context):\n"
    "    http = event['requestContext']['http']\n"
    "    seen = {'source': http['sourceIp'], 'headers': event['headers'], 'path': event['rawPath'],\n"
    "            'query': event['rawQueryString'], 'body': event.get('body')}\n"
    "    return {'statusCode': 200, 'body': json.dumps(seen)}\n"
)
EVERY_METHOD = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]


def host_of_url(logical_id: str) -> dict[str, Any]:
    return {"Fn::Select": [2, {"Fn::Split": ["/", get_att(logical_id, "FunctionUrl")]}]}


def permission(function_id: str, action: str, **properties: Any) -> dict[str, Any]:
    own = {"FunctionName": {"Ref": function_id}, "Action": action, "Principal": "*", **properties}
    return {"Type": "AWS::Lambda::Permission", "Properties": own}


def open_to_cloudfront(function_id: str, action: str, **properties: Any) -> dict[str, Any]:
    own = {"Fn::Join": ["", ["arn:aws:cloudfront::123456789012:distribution/", {"Ref": "Distribution"}]]}
    return permission(function_id, action, Principal="cloudfront.amazonaws.com", SourceArn=own, **properties)


def url(function_id: str, auth: str) -> dict[str, Any]:
    properties = {"TargetFunctionArn": get_att(function_id), "AuthType": auth}
    return {"Type": "AWS::Lambda::Url", "Properties": properties}


def policy(name: str, *headers: str) -> dict[str, Any]:
    config = {
        "Name": name,
        "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": list(headers)},
        "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
    }
    return {"Type": "AWS::CloudFront::OriginRequestPolicy", "Properties": {"OriginRequestPolicyConfig": config}}


def on(path: str, origin: str, policy_id: Any) -> dict[str, Any]:
    return behaviour(origin, PathPattern=path, OriginRequestPolicyId=policy_id, AllowedMethods=EVERY_METHOD)


def http_api(name: str, **properties: Any) -> dict[str, Any]:
    own = {"Name": name, "ProtocolType": "HTTP", **properties}
    stage = {"ApiId": {"Ref": name}, "StageName": "$default", "AutoDeploy": True}
    integration = {
        "ApiId": {"Ref": name},
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": get_att("Open"),
        "PayloadFormatVersion": "2.0",
    }
    target = {"Fn::Join": ["/", ["integrations", {"Ref": f"{name}Integration"}]]}
    route = {"ApiId": {"Ref": name}, "RouteKey": "$default", "Target": target}
    return {
        name: {"Type": "AWS::ApiGatewayV2::Api", "Properties": own},
        f"{name}Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": stage},
        f"{name}Integration": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": integration},
        f"{name}Route": {"Type": "AWS::ApiGatewayV2::Route", "Properties": route},
    }


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    api_host = {"Fn::Sub": "${Api}.execute-api.${AWS::Region}.amazonaws.com"}
    control = {"OriginAccessControlId": get_att("Control", "Id")}
    origins = [
        aws_origin("api", api_host),
        aws_origin("open", host_of_url("OpenUrl")),
        aws_origin("signed", host_of_url("SignedUrl"), **control),
        aws_origin("closed", host_of_url("ClosedUrl"), **control),
    ]
    invoked = {"FunctionUrlAuthType": "NONE"}
    resources = {
        "Role": role("lambda", WRITE_LOGS),
        "Open": function(ECHO, "Role"),
        "Signed": function(ECHO, "Role"),
        "Closed": function(ECHO, "Role"),
        "OpenUrl": url("Open", "NONE"),
        "SignedUrl": url("Signed", "AWS_IAM"),
        "ClosedUrl": url("Closed", "AWS_IAM"),
        "Anybody": permission("Open", "lambda:InvokeFunctionUrl", **invoked),
        "AnybodyToo": permission("Open", "lambda:InvokeFunction", InvokedViaFunctionUrl=True),
        "CloudFront": open_to_cloudfront("Signed", "lambda:InvokeFunctionUrl"),
        "CloudFrontToo": open_to_cloudfront("Signed", "lambda:InvokeFunction", InvokedViaFunctionUrl=True),
        # The second permission is missing.
        "CloudFrontOnce": open_to_cloudfront("Closed", "lambda:InvokeFunctionUrl"),
        **http_api("Api"),
        **http_api("Dual", IpAddressType="dualstack"),
        "Gateway": permission("Open", "lambda:InvokeFunction", Principal="apigateway.amazonaws.com"),
        "Control": access_control("functions", "lambda"),
        "Named": policy("named", "CloudFront-Viewer-Address"),
        "Distribution": distribution(
            origins,
            DefaultCacheBehavior=behaviour("api", CachePolicyId=CACHING_DISABLED, AllowedMethods=EVERY_METHOD),
            CacheBehaviors=[
                on("/named/*", "api", {"Ref": "Named"}),
                on("/all/*", "open", ALL_VIEWER_EXCEPT_HOST),
                on("/signed/*", "signed", ALL_VIEWER_EXCEPT_HOST),
                on("/closed/*", "closed", ALL_VIEWER_EXCEPT_HOST),
            ],
        ),
    }
    dual_host = {"Fn::Sub": "${Dual}.execute-api.${AWS::Region}.amazonaws.com"}
    outputs = {"Api": api_host, "DualStack": dual_host, "OpenUrl": get_att("OpenUrl", "FunctionUrl")}
    return deploy(server, tmp_path_factory.mktemp("origins"), "Origins", resources, **outputs)


def seen(server: Server, stack: DeployedStack, path: str, viewer: str = VIEWERS[0], **headers: str) -> dict[str, Any]:
    answer = server.edge.get(domain_of(server, stack), path, viewer=viewer, headers=headers)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = json.loads(answer.text)
    return found


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("path", ["/api/x", "/all/x", "/signed/x"])
def test_for_an_origin_the_source_is_cloudfront(server: Server, stack: DeployedStack, viewer: str, path: str):
    found = seen(server, stack, path, viewer)
    assert (found["source"], found["path"]) == (EDGE, path)
    assert found["headers"]["x-forwarded-for"].startswith(viewer)


def test_the_addresses_that_a_viewer_forges_come_first(server: Server, stack: DeployedStack):
    found = seen(server, stack, "/api/x", **{"X-Forwarded-For": "6.6.6.6"})
    assert found["headers"]["x-forwarded-for"] == f"6.6.6.6, {VIEWERS[0]}, {EDGE}"
    # A function URL keeps the first only, so that nothing true is left of it.
    assert seen(server, stack, "/all/x", **{"X-Forwarded-For": "6.6.6.6"})["headers"]["x-forwarded-for"] == "6.6.6.6"


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_viewer_is_named_where_a_policy_asks_for_it(server: Server, stack: DeployedStack, viewer: str):
    forged = {"CloudFront-Viewer-Address": "6.6.6.6:1"}
    address, _, port = seen(server, stack, "/named/x", viewer, **forged)["headers"][
        "cloudfront-viewer-address"
    ].rpartition(":")
    assert (address, port.isdigit()) == (viewer, True)
    for path in ("/api/x", "/all/x"):
        assert "cloudfront-viewer-address" not in seen(server, stack, path, viewer, **forged)["headers"]


def test_queries_go_where_a_policy_sends_them(server: Server, stack: DeployedStack):
    assert seen(server, stack, "/named/x?a=1&b=%20")["query"] == "a=1&b=%20"
    assert seen(server, stack, "/api/x?a=1")["query"] == ""


def post(server: Server, stack: DeployedStack, path: str, body: bytes, **headers: str) -> int:
    domain = domain_of(server, stack)
    return server.edge.request("POST", domain, path, body=body, headers=headers).status


@SIGNED_ORIGIN.allow()
@SIGNED_ORIGIN.deny()
def test_a_signed_origin_takes_both_permissions(server: Server, stack: DeployedStack):
    assert seen(server, stack, "/signed/x")["path"] == "/signed/x"
    assert server.edge.get(domain_of(server, stack), "/closed/x").status == 403


@SIGNED_ORIGIN.allow()
@SIGNED_ORIGIN.deny()
def test_a_signed_origin_takes_the_hash_of_what_is_posted(server: Server, stack: DeployedStack):
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html."""
    body = b'{"register": true}'
    right = {"x-amz-content-sha256": hashlib.sha256(body).hexdigest()}
    assert post(server, stack, "/signed/x", body, **right) == 200
    assert post(server, stack, "/signed/x", body) == 403
    assert post(server, stack, "/signed/x", b"another", **right) == 403
    assert post(server, stack, "/all/x", body) == 200


@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_function_url_of_its_own_sees_the_viewer(server: Server, stack: DeployedStack, viewer: str):
    found = json.loads(server.edge.get(stack.outputs["OpenUrl"], viewer=viewer).text)
    assert (found["source"], found["headers"]["x-forwarded-for"]) == (viewer, viewer)


def test_an_api_of_its_own_sees_the_viewer(server: Server, stack: DeployedStack):
    headers = {"X-Forwarded-For": "6.6.6.6"}
    found = json.loads(server.edge.get(stack.outputs["Api"], "/x", viewer=VIEWERS[0], headers=headers).text)
    assert found["source"] == VIEWERS[0]
    assert found["headers"]["x-forwarded-for"] == f"6.6.6.6, {VIEWERS[0]}"


def test_an_api_has_ipv4_unless_it_is_dual_stack(server: Server, stack: DeployedStack):
    with pytest.raises(UnreachableError, match="has no AAAA record"):
        server.edge.get(stack.outputs["Api"], viewer=VIEWERS[1])
    found = json.loads(server.edge.get(stack.outputs["DualStack"], viewer=VIEWERS[1]).text)
    assert found["source"] == VIEWERS[1]


@pytest.fixture
def rest_api(server: Server) -> Iterator[str]:
    """A REST API with a stage that answers by itself."""
    client = server.client("apigateway")
    api = client.create_rest_api(name="rest")["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    where = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_method(**where, authorizationType="NONE")
    client.put_integration(**where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    client.put_method_response(**where, statusCode="200")
    client.put_integration_response(**where, statusCode="200")
    client.create_deployment(restApiId=api, stageName="prod")
    yield api
    client.delete_rest_api(restApiId=api)


def test_a_stage_of_a_rest_api_is_protected(server: Server, rest_api: str, tmp_path_factory: pytest.TempPathFactory):
    blocking = {"Block": {"CustomResponse": {"ResponseCode": 429}}}
    acl = web_acl(Scope="REGIONAL", DefaultAction=blocking)
    stack = deploy(server, tmp_path_factory.mktemp("rest"), "Rest", {"Acl": acl}, Arn=get_att("Acl"))
    waf = server.client("wafv2")
    stage = f"arn:aws:apigateway:us-east-1::/restapis/{rest_api}/stages/prod"
    host = f"{rest_api}.execute-api.us-east-1.amazonaws.com"
    assert server.edge.get(host, "/prod/").status == 200
    waf.associate_web_acl(ResourceArn=stage, WebACLArn=stack.outputs["Arn"])
    assert server.edge.get(host, "/prod/").status == 429
    waf.disassociate_web_acl(ResourceArn=stage)
    assert server.edge.get(host, "/prod/").status == 200
    server.destroy(stack)
