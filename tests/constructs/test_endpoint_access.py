"""EndpointAccess: what lies between Slack and the dispatch function."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_

from chatops_constructs import BoundAccess, EndpointAccess
from tests.constructs.stacks import Synthesised, add, endpoint, new_stack, text_of

if TYPE_CHECKING:
    import aws_cdk as cdk


class TestHttpApi:
    def test_is_the_default_and_speaks_ipv4_and_ipv6(self, minimal: Synthesised) -> None:
        api = minimal.only("ApiGatewayV2::Api")
        assert api["IpAddressType"] == "dualstack"
        assert api["ProtocolType"] == "HTTP"
        assert "CorsConfiguration" not in api

    def test_defaults(self, minimal: Synthesised) -> None:
        stage = minimal.only("ApiGatewayV2::Stage")
        assert stage["DefaultRouteSettings"] == {"ThrottlingBurstLimit": 50, "ThrottlingRateLimit": 20}
        assert stage["StageName"] == "$default"
        assert stage["AutoDeploy"] is True
        assert minimal.only("ApiGatewayV2::Route")["RouteKey"] == "POST /slack/commands"

    def test_the_access_log_has_neither_headers_nor_bodies(self, minimal: Synthesised) -> None:
        settings = minimal.only("ApiGatewayV2::Stage")["AccessLogSettings"]
        assert text_of(settings["DestinationArn"]) == "<SlackAccessLogsF8B6F95C.Arn>"
        fields = json.loads(settings["Format"])
        assert set(fields.values()) == {
            "$context.requestId",
            "$context.requestTime",
            "$context.identity.sourceIp",
            "$context.httpMethod",
            "$context.path",
            "$context.protocol",
            "$context.status",
            "$context.responseLength",
            "$context.integrationLatency",
            "$context.error.message",
            "$context.integrationErrorMessage",
        }

    def test_only_its_route_may_invoke_dispatch(self, minimal: Synthesised) -> None:
        permission = minimal.only("Lambda::Permission")
        assert permission["Principal"] == "apigateway.amazonaws.com"
        assert text_of(permission["SourceArn"]).endswith(":<SlackApi4A7D83F2>/*/*/slack/commands")
        assert text_of(permission["FunctionName"]).startswith("<SlackDispatch")


class TestExistingApi:
    def test_made_here_gets_a_route_and_nothing_else(self) -> None:
        app, stack = new_stack()
        api = apigateway.HttpApi(stack, "Existing")
        slack = endpoint(stack, access=EndpointAccess.http_api(api=api, path="/chatops"))
        synthesised = Synthesised.of(app, stack)

        assert list(synthesised.resources("ApiGatewayV2::Api")) == ["Existing4CC9759F"]
        assert synthesised.count("ApiGatewayV2::Stage") == 1, "the API's own"
        assert synthesised.only("ApiGatewayV2::Route")["ApiId"] == {"Ref": "Existing4CC9759F"}
        assert not any("AccessLogs" in id for id in synthesised.resources("Logs::LogGroup"))
        assert text_of(stack.resolve(slack.url)) == (
            "https://<Existing4CC9759F>.execute-api.<AWS::Region>.<AWS::URLSuffix>/chatops"
        )
        assert slack.access.api is api
        assert slack.access.stage is None
        assert slack.access.access_log_group is None
        assert len(slack.access.routes) == 1

    def test_imported_gets_a_route_and_nothing_else(self) -> None:
        app, stack = new_stack()
        api = apigateway.HttpApi.from_http_api_attributes(
            stack, "Existing", http_api_id="a1b2c3", api_endpoint="https://ops.example.com"
        )
        slack = endpoint(stack, access=EndpointAccess.http_api(api=api))
        synthesised = Synthesised.of(app, stack)

        assert synthesised.count("ApiGatewayV2::Api") == 0
        assert synthesised.count("ApiGatewayV2::Stage") == 0
        assert synthesised.only("ApiGatewayV2::Route")["ApiId"] == "a1b2c3"
        assert slack.url == "https://ops.example.com/slack/commands"

    def test_serves_two_endpoints_under_two_paths(self) -> None:
        app, stack = new_stack()
        api = apigateway.HttpApi(stack, "Existing")
        for id, path in (("One", "/one"), ("Two", "/two")):
            add(endpoint(stack, id, access=EndpointAccess.http_api(api=api, path=path)), "/ps")
        routes = Synthesised.of(app, stack).resources("ApiGatewayV2::Route").values()
        assert {route["RouteKey"] for route in routes} == {"POST /one", "POST /two"}


class TestFunctionUrl:
    def test_is_a_url_without_an_api_or_an_access_log(self) -> None:
        app, stack = new_stack()
        slack = endpoint(stack, access=EndpointAccess.function_url())
        synthesised = Synthesised.of(app, stack)

        assert synthesised.count("ApiGatewayV2::Api") == 0
        assert not any("AccessLogs" in id for id in synthesised.resources("Logs::LogGroup"))
        assert synthesised.only("Lambda::Url")["AuthType"] == "NONE", "Slack signs, but not as IAM does"
        assert "Cors" not in synthesised.only("Lambda::Url")
        assert text_of(stack.resolve(slack.url)) == "<SlackDispatchFunctionUrl840B88AE.FunctionUrl>"
        assert isinstance(slack.access.function_url, lambda_.FunctionUrl)
        assert (slack.access.api, slack.access.stage, slack.access.routes) == (None, None, ())

    def test_has_both_permissions_that_lambda_wants(self) -> None:
        """https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html: since October 2025 both are needed."""
        app, stack = new_stack()
        endpoint(stack, access=EndpointAccess.function_url())
        permissions = Synthesised.of(app, stack).resources("Lambda::Permission").values()
        assert {permission["Action"] for permission in permissions} == {
            "lambda:InvokeFunctionUrl",
            "lambda:InvokeFunction",
        }
        url, function = sorted(permissions, key=lambda permission: len(permission["Action"]), reverse=True)
        assert url["FunctionUrlAuthType"] == "NONE"
        assert function["InvokedViaFunctionUrl"] is True


def test_an_access_of_ones_own(stack: cdk.Stack) -> None:
    """The strategy is open: whoever has a load balancer in front may write another."""

    class Fixed(EndpointAccess):
        def bind(self, scope, function, encryption_key):
            assert scope.node.path == "Ops/Slack"
            assert isinstance(function, lambda_.Function)
            assert encryption_key is None
            return BoundAccess(url="https://ops.example.com/slack")

    assert endpoint(stack, access=Fixed()).url == "https://ops.example.com/slack"
