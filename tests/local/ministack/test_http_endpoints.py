"""HTTP APIs and function URLs as a caller and a handler know them.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.local.ministack.stacks import WRITE_LOGS, deploy, function, role

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

ECHO = """
import json
def handler(event, context):
    if event["rawPath"].endswith("/fail"):
        raise ValueError("a secret of the handler")
    return {"statusCode": 202, "headers": {"x-own": "1"}, "body": json.dumps(event)}
"""
FORM = "application/x-www-form-urlencoded"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.body)
        return event


def call(server: Server, url: str, body: bytes | None = None, **headers: str) -> Answer:
    local, host = server.url_of(url)
    sent = {"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    try:
        with urlopen(Request(local, body, sent)) as answer:
            return Answer(answer.status, dict(answer.headers), answer.read())
    except HTTPError as error:
        return Answer(error.code, dict(error.headers), error.read())


def permission(function_id: str, **properties: Any) -> dict[str, Any]:
    name = {"Fn::GetAtt": [function_id, "Arn"]}
    return {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": name, **properties}}


def url_permissions(function_id: str) -> dict[str, Any]:
    return {
        "UrlPermission": permission(
            function_id, Action="lambda:InvokeFunctionUrl", Principal="*", FunctionUrlAuthType="NONE"
        ),
        "InvokePermission": permission(
            function_id, Action="lambda:InvokeFunction", Principal="*", InvokedViaFunctionUrl=True
        ),
    }


def api_permission(path: str) -> dict[str, Any]:
    source = {"Fn::Sub": f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Api}}/*/{path}"}
    return permission(
        "Function", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com", SourceArn=source
    )


def route(key: str) -> dict[str, Any]:
    target = {"Fn::Sub": "integrations/${Integration}"}
    return {
        "Type": "AWS::ApiGatewayV2::Route",
        "Properties": {"ApiId": {"Ref": "Api"}, "RouteKey": key, "Target": target},
    }


RESOURCES = {
    "Role": role("lambda", WRITE_LOGS),
    "Function": function(ECHO, "Role"),
    "Api": {
        "Type": "AWS::ApiGatewayV2::Api",
        "Properties": {"Name": "api", "ProtocolType": "HTTP", "IpAddressType": "dualstack"},
    },
    "Stage": {
        "Type": "AWS::ApiGatewayV2::Stage",
        "Properties": {"ApiId": {"Ref": "Api"}, "StageName": "$default", "AutoDeploy": True},
    },
    "Integration": {
        "Type": "AWS::ApiGatewayV2::Integration",
        "Properties": {
            "ApiId": {"Ref": "Api"},
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": {"Fn::GetAtt": ["Function", "Arn"]},
            "PayloadFormatVersion": "2.0",
        },
    },
    "Slack": route("POST /slack"),
    "Failing": route("GET /slack/fail"),
    "Unpermitted": route("GET /unpermitted"),
    "SlackPermission": api_permission("*/slack"),
    "FailPermission": api_permission("GET/slack/fail"),
    "Url": {
        "Type": "AWS::Lambda::Url",
        "Properties": {"TargetFunctionArn": {"Fn::GetAtt": ["Function", "Arn"]}, "AuthType": "NONE"},
    },
    **url_permissions("Function"),
    "Closed": function(ECHO, "Role"),
    "ClosedUrl": {
        "Type": "AWS::Lambda::Url",
        "Properties": {"TargetFunctionArn": {"Fn::GetAtt": ["Closed", "Arn"]}, "AuthType": "NONE"},
    },
    # Since October 2025 a URL needs both permissions: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    "HalfAPermission": permission(
        "Closed", Action="lambda:InvokeFunctionUrl", Principal="*", FunctionUrlAuthType="NONE"
    ),
}


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    return deploy(
        server,
        tmp_path_factory.mktemp("http"),
        "Http",
        RESOURCES,
        Endpoint={"Fn::GetAtt": ["Api", "ApiEndpoint"]},
        Url={"Fn::GetAtt": ["Url", "FunctionUrl"]},
        ClosedUrl={"Fn::GetAtt": ["ClosedUrl", "FunctionUrl"]},
    )


def test_the_addresses_look_like_awss(stack: DeployedStack):
    api = stack.resource("Api")
    assert stack.outputs["Endpoint"] == f"https://{api}.execute-api.us-east-1.amazonaws.com"
    assert stack.outputs["Url"].endswith(".lambda-url.us-east-1.on.aws/")


@pytest.mark.parametrize("output", ["Endpoint", "Url"])
def test_a_form_arrives_byte_for_byte_as_base64(server: Server, stack: DeployedStack, output: str):
    body = "text=a%2Bb+c&empty=&japanese=日本".encode()
    path = "/slack" if output == "Endpoint" else "slack"
    answer = call(server, stack.outputs[output] + path, body, Content_Type=FORM, X_Slack_Signature="v0=1")
    assert (answer.status, answer.headers["x-own"]) == (202, "1")
    assert answer.event["isBase64Encoded"] is True
    assert base64.b64decode(answer.event["body"]) == body
    assert answer.event["headers"]["x-slack-signature"] == "v0=1", "names are in lower case"
    http = answer.event["requestContext"]["http"]
    assert (http["method"], http["path"], http["sourceIp"]) == ("POST", "/slack", "127.0.0.1")


def test_json_arrives_as_text(server: Server, stack: DeployedStack):
    answer = call(server, f"{stack.outputs['Endpoint']}/slack", b'{"a": 1}', Content_Type="application/json")
    assert (answer.event["isBase64Encoded"], answer.event["body"]) == (False, '{"a": 1}')


def test_an_error_of_the_handler_stays_inside(server: Server, stack: DeployedStack):
    answer = call(server, f"{stack.outputs['Endpoint']}/slack/fail")
    assert (answer.status, json.loads(answer.body)) == (500, {"message": "Internal Server Error"})
    answer = call(server, f"{stack.outputs['Url']}fail")
    assert (answer.status, answer.body) == (502, b"Internal Server Error")


def test_a_path_without_a_route_is_not_found(server: Server, stack: DeployedStack):
    assert call(server, f"{stack.outputs['Endpoint']}/nothing").status == 404


def test_an_api_without_the_functions_permission_fails(server: Server, stack: DeployedStack):
    answer = call(server, f"{stack.outputs['Endpoint']}/unpermitted")
    assert (answer.status, json.loads(answer.body)) == (500, {"message": "Internal Server Error"})


def test_a_url_without_both_permissions_is_forbidden(server: Server, stack: DeployedStack):
    answer = call(server, stack.outputs["ClosedUrl"])
    assert (answer.status, json.loads(answer.body)) == (403, {"Message": "Forbidden"})
