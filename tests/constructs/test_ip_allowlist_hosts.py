"""IpAllowlistFunction: its two hosts, and that what they and Slack send is what the registrar knows."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest

from chatops_constructs.waf.allowlist_api import OPEN_ROUTES, SIGNED_METHODS
from chatops_constructs.waf.waf_scope import WafScope
from chatops_runtime.allowlist import invocation, projection, registrar
from chatops_runtime.allowlist.http.api import Api
from chatops_runtime.allowlist.settings import Settings
from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.contracts import ip_sets
from chatops_runtime.contracts.relay import FUNCTION_ARN
from chatops_runtime.order import Order
from tests.constructs.allowlists import TOKYO, US, allowlist, new_stack, pair, synthesised
from tests.constructs.maintenance import switch
from tests.constructs.stacks import Synthesised, add, endpoint, text_of
from tests.constructs.test_cfn_lint import unexplained
from tests.constructs.test_nag import findings

if TYPE_CHECKING:
    from collections.abc import Mapping

HOSTS = ("AllowlistDualStackApi04BCEB32", "AllowlistIpv4Api1E8772A8")


@pytest.fixture(scope="module")
def made() -> Synthesised:
    return synthesised()


def routes(made: Synthesised, api: str) -> dict[str, str]:
    """How each route of an API is authorized."""
    found = made.resources("ApiGatewayV2::Route").values()
    return {one["RouteKey"]: one["AuthorizationType"] for one in found if one["ApiId"] == {"Ref": api}}


class TestTheHosts:
    def test_one_is_reached_over_both_families_the_other_over_ipv4(self, made: Synthesised) -> None:
        """https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-ip-address-type.html."""
        types = {id: one["IpAddressType"] for id, one in made.resources("ApiGatewayV2::Api").items()}
        assert types == dict(zip(HOSTS, ("dualstack", "ipv4"), strict=True))

    @pytest.mark.parametrize("api", HOSTS)
    def test_both_have_the_same_routes_and_only_those_of_iam_ask_for_a_signature(
        self, made: Synthesised, api: str
    ) -> None:
        assert routes(made, api) == {
            "GET /": "NONE",
            "GET /address": "NONE",
            "GET /link": "NONE",
            "POST /seen": "NONE",
            "POST /registrations": "NONE",
            "GET /iam/registrations": "AWS_IAM",
            "POST /iam/registrations": "AWS_IAM",
            "DELETE /iam/registrations": "AWS_IAM",
        }

    def test_only_the_page_of_the_one_may_call_the_other(self, made: Synthesised) -> None:
        page_host, ipv4_host = (made.resources("ApiGatewayV2::Api")[id] for id in HOSTS)
        assert "CorsConfiguration" not in page_host
        cors = ipv4_host["CorsConfiguration"]
        assert [text_of(origin) for origin in cors["AllowOrigins"]] == [f"<{HOSTS[0]}.ApiEndpoint>"]
        assert cors["AllowMethods"] == ["GET", "POST"]
        assert cors["AllowHeaders"] == ["authorization", "content-type"]
        assert "AllowCredentials" not in cors

    def test_each_has_one_stage_that_is_throttled_and_logs_nothing_secret(self, made: Synthesised) -> None:
        stages = made.resources("ApiGatewayV2::Stage").values()
        assert [stage["StageName"] for stage in stages] == ["$default", "$default"]
        for stage in stages:
            limits = stage["DefaultRouteSettings"]
            assert (limits["ThrottlingRateLimit"], limits["ThrottlingBurstLimit"]) == (50, 100)
            logged = json.loads(stage["AccessLogSettings"]["Format"])
            # Neither of the token, which is a header, nor of a query is there a variable:
            # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
            assert set(logged.values()) <= {
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

    def test_the_urls_are_outputs(self, made: Synthesised) -> None:
        values = {text_of(output["Value"]) for output in made.template["Outputs"].values()}
        assert values == {f"<{api}.ApiEndpoint>" for api in HOSTS}

    def test_what_else_a_host_lets_through(self) -> None:
        stages = synthesised(throttle_rate=5, throttle_burst=7).resources("ApiGatewayV2::Stage").values()
        assert {stage["DefaultRouteSettings"]["ThrottlingRateLimit"] for stage in stages} == {5}
        assert {stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] for stage in stages} == {7}


class TestTheRegistrarKnows:
    """The real handler is given what the template says."""

    @pytest.fixture
    def environment(self, made: Synthesised) -> dict[str, str]:
        variables = made.only("Lambda::Function", "Registrar")["Environment"]["Variables"]
        hosts = {
            f"<{id}.ApiEndpoint>": f"https://{name}.execute-api.ap-northeast-1.amazonaws.com"
            for id, name in zip(HOSTS, ("abc123", "def456"), strict=True)
        }
        values = {name: text_of(value) for name, value in variables.items()}
        return {name: hosts.get(value, value) for name, value in values.items()}

    def test_its_environment(self, environment: Mapping[str, str]) -> None:
        settings = Settings.from_environment(environment)
        assert (settings.valid_seconds, settings.link_seconds, settings.ipv6_prefix) == (43_200, 600, 64)
        assert settings.url != settings.ipv4_url

    def test_every_path_and_method_and_no_other(self) -> None:
        known = Api(SimpleNamespace(), _Anything(), _Anything())._routes  # type: ignore[arg-type]
        of_template = [*OPEN_ROUTES, *((method, contract.IAM_REGISTRATIONS_PATH) for method in SIGNED_METHODS)]
        assert {(method, path) for path, methods in known.items() for method in methods} == {
            (method.value, path) for method, path in of_template
        }

    def test_a_request_for_the_page(self, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
        registrar._registrar.cache_clear()
        context = SimpleNamespace(aws_request_id="request-1", get_remaining_time_in_millis=lambda: 29_000)
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
        event = {
            "version": "2.0",
            "routeKey": "GET /",
            "rawPath": "/",
            "rawQueryString": "",
            "headers": {"accept": "text/html"},
            "requestContext": {
                "http": {"method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "8.8.8.8", "userAgent": ""},
                "requestId": "abc",
                "routeKey": "GET /",
                "stage": "$default",
            },
            "isBase64Encoded": False,
        }
        answer = registrar.handler(event, context)
        registrar._registrar.cache_clear()
        assert answer["statusCode"] == 200
        assert environment[contract.IPV4_URL] in json.dumps(answer), "the page knows the other host"

    @pytest.mark.parametrize(("id", "administration"), [("AllowMe", False), ("AllowList", True)])
    def test_what_slack_sends(self, id: str, administration: bool) -> None:
        app, stack = new_stack()
        slack = endpoint(stack)
        made = allowlist(stack)
        add(slack, "/allow-me", made.slack_action())
        add(slack, "/allow-list", made.slack_admin_action())
        payload = payload_of(Synthesised.of(app, stack).definition(id))
        event = {
            **payload,
            "command": "/allow-me",
            "text": "list",
            "arguments": {},
            "team_id": "T1",
            "user": {"id": "U012AB3CD", "name": "alice"},
            "channel": {"id": "C1", "name": "ops"},
            "request_id": "abc",
        }
        assert set(event) == set(payload), "nothing but what is typed is filled in"
        given = invocation.read_order(event, "abc")
        assert isinstance(given, Order if administration else invocation.Own)

    @pytest.mark.parametrize("kind", ["Scheduler::Schedule", "Events::Rule"])
    def test_what_wakes_the_projection(self, made: Synthesised, kind: str) -> None:
        resource = made.only(kind)
        target = resource["Target"] if "Target" in resource else resource["Targets"][0]
        assert invocation.read_look(json.loads(target["Input"])) in (contract.TIMER, contract.STACK)

    def test_the_pair(self, made: Synthesised) -> None:
        variables = made.only("Lambda::Function", "ProjectionFunction")["Environment"]["Variables"]
        names = ip_sets.read(variables[contract.IP_SETS])
        assert names["region"] == "ap-northeast-1"

    def test_both_handlers_are_in_the_asset(self, made: Synthesised) -> None:
        for module, handler in ((registrar, "Registrar"), (projection, "ProjectionFunction")):
            function = made.only("Lambda::Function", handler)
            path, _, name = function["Handler"].rpartition(".")
            assert path == module.__name__
            assert callable(getattr(module, name))
            assert (made.asset(function["Code"]) / f"{path.replace('.', '/')}.py").exists()


def payload_of(definition: dict[str, Any]) -> dict[str, Any]:
    """What the command's state machine hands to the function."""
    states = [definition["States"]]
    for found in states:
        if "Invoke the function" in found:
            payload: dict[str, Any] = found["Invoke the function"]["Arguments"]["Payload"]
            return payload
        states += [branch["States"] for state in found.values() for branch in state.get("Branches", [])]
    raise AssertionError("no state invokes a function")


class _Anything:
    """Has every attribute."""

    def __getattr__(self, name: str) -> Any:
        return name


@pytest.fixture(scope="module")
def both() -> tuple[cdk.App, Synthesised, Synthesised]:
    app, edge = new_stack("Edge", US)
    developers = pair(edge, waf_scope=WafScope.CLOUDFRONT)
    maintenance = switch(edge, allow=[developers])
    _ = maintenance.web_acl
    ops = cdk.Stack(app, "Ops", env=TOKYO)
    registered = allowlist(ops, ip_sets=developers)
    slack = endpoint(ops)
    add(slack, "/maintenance", maintenance.slack_action())
    add(slack, "/allow-me", registered.slack_action())
    return app, Synthesised.of(app, edge), Synthesised.of(app, ops)


class TestAcrossRegions:
    """A site of CloudFront, whose AWS WAF is in us-east-1, and everything else in Tokyo."""

    def test_the_switch_lets_those_pass_who_are_registered(
        self, both: tuple[cdk.App, Synthesised, Synthesised]
    ) -> None:
        _, edge, _ = both
        rules = json.dumps(edge.only("WAFv2::WebACL")["Rules"])
        developers = [id for id in edge.resources("WAFv2::IPSet") if id.startswith("Developers")]
        assert len(developers) == 2
        assert all(id in rules for id in developers)

    def test_the_projection_reaches_the_pair_there_and_no_other(
        self, both: tuple[cdk.App, Synthesised, Synthesised]
    ) -> None:
        _, edge, ops = both
        variables = ops.only("Lambda::Function", "ProjectionFunction")["Environment"]["Variables"]
        names = ip_sets.read(variables[contract.IP_SETS])
        sets = edge.resources("WAFv2::IPSet")
        mine = {one["Name"] for id, one in sets.items() if id.startswith("Developers")}
        assert {names["ipv4"], names["ipv6"]} == mine
        assert (names["region"], names["scope"]) == ("us-east-1", "CLOUDFRONT")
        (update,) = (
            one
            for one in ops.statements("ProjectionFunctionRole")
            if one["Action"] == ["wafv2:GetIPSet", "wafv2:UpdateIPSet"]
        )
        assert {text_of(arn).split("/")[-2] for arn in update["Resource"]} == mine

    def test_neither_stack_needs_the_other_nor_a_custom_resource(
        self, both: tuple[cdk.App, Synthesised, Synthesised]
    ) -> None:
        _, edge, ops = both
        for made in (edge, ops):
            text = json.dumps(made.template)
            assert "Fn::ImportValue" not in text
            assert '"Custom::' not in text

    def test_nothing_is_found(self, both: tuple[cdk.App, Synthesised, Synthesised]) -> None:
        app, edge, ops = both
        assert findings(app, app) == set()
        assert unexplained(edge.template) == []
        assert unexplained(ops.template) == []

    def test_slack_in_another_region_than_the_allowlist_has_a_relay(self) -> None:
        app, edge = new_stack("Edge", US)
        registered = allowlist(edge, ip_sets=pair(edge, waf_scope=WafScope.CLOUDFRONT))
        ops = cdk.Stack(app, "Ops", env=TOKYO)
        add(endpoint(ops), "/allow-list", registered.slack_admin_action())
        made = Synthesised.of(app, ops)
        relay = made.only("Lambda::Function", "Relay")
        assert relay["Handler"] == "chatops_runtime.relay.handler.handler"
        arn = text_of(relay["Environment"]["Variables"][FUNCTION_ARN])
        name = Synthesised.of(app, edge).only("Lambda::Function", "Registrar")["FunctionName"]
        assert arn == f"arn:<AWS::Partition>:lambda:us-east-1:123456789012:function:{name}"
        (statement,) = (one for one in made.statements("RelayRole") if one.get("Sid") == "InvokeRegistrar")
        assert text_of(statement["Resource"]) == arn
        assert payload_of(made.definition("AllowList"))[contract.ADMINISTRATION] is True
