"""How Slack reaches the endpoint."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Names, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from chatops_constructs._acknowledge import acknowledge
from chatops_constructs._http_stage import default_stage
from chatops_constructs._log_group import own_log_group
from chatops_constructs._problems import Problems, check, matches

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

PATH = re.compile(r"(/[A-Za-z0-9._~-]+)+")


@dataclass(frozen=True)
class BoundAccess:
    """What an access became for one endpoint.

    Attributes:
        url: Where Slack sends its requests.
        api: The HTTP API, its own or the one passed in; None with a function URL.
        stage: The stage of the endpoint's own API.
        routes: The routes to the dispatch function.
        access_log_group: The log group of the endpoint's own API, its own or the one passed in.
        function_url: The function URL, if that is the access.
    """

    url: str
    api: apigateway.IHttpApi | None = None
    stage: apigateway.HttpStage | None = None
    routes: tuple[apigateway.HttpRoute, ...] = ()
    access_log_group: logs.ILogGroup | None = None
    function_url: lambda_.FunctionUrl | None = None


class EndpointAccess(ABC):
    """How Slack reaches the endpoint: make one with `http_api` or `function_url`."""

    @staticmethod
    def http_api(
        *,
        path: str = "/slack/commands",
        api: apigateway.IHttpApi | None = None,
        throttle_rate: float | None = None,
        throttle_burst: int | None = None,
        access_log_group: logs.ILogGroup | None = None,
    ) -> EndpointAccess:
        """An API Gateway HTTP API over IPv4 and IPv6, throttled, with an access log.

        Example:
            from chatops_constructs import EndpointAccess

            access = EndpointAccess.http_api(throttle_rate=5, throttle_burst=10)

        Args:
            path: The path of the route, another one for each endpoint on an API. Default: /slack/commands.
            api: An existing API with a `$default` stage, to which only a route is added; what it throttles and logs is
                its own affair. An imported one has to know its endpoint. Default: an own one.
            throttle_rate: Requests a second that the own API lets through on average. Default: 20.
            throttle_burst: Requests that it lets through at once. Default: 50.
            access_log_group: An existing log group for the own API's access log. Default: an own one, kept for one
                month.

        Raises:
            ValueError: The path is no path, a limit is not above zero, or limits or a log group come with an existing
                API.
        """
        return _HttpApiAccess(path, api, throttle_rate, throttle_burst, access_log_group)

    @staticmethod
    def function_url() -> EndpointAccess:
        """A Lambda function URL: one resource less, IPv4 and IPv6, but neither throttling nor an access log.

        Example:
            from chatops_constructs import EndpointAccess

            access = EndpointAccess.function_url()
        """
        return _FunctionUrlAccess()

    @abstractmethod
    def bind(self, scope: Construct, function: lambda_.Function, encryption_key: kms.IKey | None) -> BoundAccess:
        """Let Slack reach `function`.

        Args:
            scope: The parent of what is created.
            function: The dispatch function.
            encryption_key: Encrypts an access log. Default: a key that AWS owns.
        """


class _HttpApiAccess(EndpointAccess):
    def __init__(
        self,
        path: str,
        api: apigateway.IHttpApi | None,
        throttle_rate: float | None,
        throttle_burst: int | None,
        access_log_group: logs.ILogGroup | None,
    ) -> None:
        problems = Problems("EndpointAccess.http_api")
        problems.check(
            matches(PATH, path),
            "path",
            path,
            "/ and segments without variables",
            "write it like '/slack/commands'",
        )
        of_own_api = {
            "throttle_rate": throttle_rate,
            "throttle_burst": throttle_burst,
            "access_log_group": access_log_group,
        }
        for name, value in of_own_api.items():
            problems.check(
                api is None or value is None, name, value, "nothing, with an existing api", "set it on that API's stage"
            )
        for name, limit in (("throttle_rate", throttle_rate), ("throttle_burst", throttle_burst)):
            problems.check(limit is None or limit > 0, name, limit, "a number above 0", "choose one, or leave it out")
        problems.raise_if_any()
        self._path = path
        self._api = api
        self._throttle = apigateway.ThrottleSettings(
            rate_limit=20 if throttle_rate is None else throttle_rate,
            burst_limit=50 if throttle_burst is None else throttle_burst,
        )
        self._access_log_group = access_log_group

    def bind(self, scope: Construct, function: lambda_.Function, encryption_key: kms.IKey | None) -> BoundAccess:
        if self._api is not None:
            return BoundAccess(
                url=f"{_base_url(self._api)}{self._path}",
                api=self._api,
                routes=(self._add_route(scope, self._api, function),),
            )
        api = apigateway.HttpApi(
            scope,
            "Api",
            api_name=Names.unique_resource_name(scope, max_length=128, separator="-"),
            description=f"Receives Slack's requests for {scope.node.path} (chatops-constructs)",
            create_default_stage=False,
            ip_address_type=apigateway.IpAddressType.DUAL_STACK,
        )
        log_group = self._access_log_group or own_log_group(
            scope, "AccessLogs", encryption_key=encryption_key, delivered_by="apigateway"
        )
        stage = default_stage(scope, "Stage", api=api, throttle=self._throttle, log_group=log_group)
        return BoundAccess(
            url=f"{api.api_endpoint}{self._path}",
            api=api,
            stage=stage,
            routes=(self._add_route(scope, api, function),),
            access_log_group=log_group,
        )

    def _add_route(
        self, scope: Construct, api: apigateway.IHttpApi, function: lambda_.Function
    ) -> apigateway.HttpRoute:
        # CloudFormation would find out halfway through a deployment.
        stack, marker = Stack.of(scope), f"SlackRoute{api.node.addr}{self._path.replace('/', '-')}"
        check(
            stack.node.try_find_child(marker) is None,
            scope,
            "path",
            self._path,
            "a path of its own for each endpoint on an API",
            "give one of them another, as in EndpointAccess.http_api(api=…, path='/slack/second')",
        )
        Construct(stack, marker)
        route = apigateway.HttpRoute(
            scope,
            "Route",
            http_api=api,
            route_key=apigateway.HttpRouteKey.with_(self._path, apigateway.HttpMethod.POST),
            integration=HttpLambdaIntegration("Integration", function),
        )
        acknowledge(
            route,
            "AwsSolutions-APIG4",
            "Slack signs its requests; the dispatch function verifies the signature, the team and the app of each",
        )
        return route


class _FunctionUrlAccess(EndpointAccess):
    def bind(self, scope: Construct, function: lambda_.Function, encryption_key: kms.IKey | None) -> BoundAccess:  # noqa: ARG002
        url = function.add_function_url(auth_type=lambda_.FunctionUrlAuthType.NONE)
        return BoundAccess(url=url.url, function_url=url)


def _base_url(api: apigateway.IHttpApi) -> str:
    # An API that was made here knows its default stage; an imported one only its endpoint, if it was told.
    if isinstance(api, apigateway.HttpApi) and api.url is not None:
        return api.url.rstrip("/")
    try:
        return api.api_endpoint
    except RuntimeError as error:
        raise ValueError(
            f"EndpointAccess.http_api: api is '{api.node.path}', imported without its endpoint; allowed: an API whose"
            " endpoint is known; give api_endpoint to HttpApi.from_http_api_attributes"
        ) from error
