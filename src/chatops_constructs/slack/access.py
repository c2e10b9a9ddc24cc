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
from chatops_constructs.slack.custom_domain import CustomDomain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_kms as kms

PATH = re.compile(r"(/[A-Za-z0-9._~-]+)+")


@dataclass(frozen=True)
class BoundAccess:
    """What an access became for one endpoint.

    Attributes:
        url: Where Slack sends its requests.
        api: The HTTP API, its own or the one passed in; None with a function URL.
        stage: The stage of the endpoint's own API.
        api_mapping: What leads a custom domain to the endpoint's own API.
        mutual_tls: Whether requests are taken with Slack's certificate only.
        routes: The routes to the dispatch function.
        access_log_group: The log group of the endpoint's own API, its own or the one passed in.
        function_url: The function URL, if that is the access.
    """

    url: str
    api: apigateway.IHttpApi | None = None
    stage: apigateway.HttpStage | None = None
    api_mapping: apigateway.ApiMapping | None = None
    mutual_tls: bool = False
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
        domain_name: apigateway.IDomainName | None = None,
        mutual_tls: bool = False,
    ) -> EndpointAccess:
        """An API Gateway HTTP API over IPv4 and IPv6, throttled, with an access log.

        With `mutual_tls` nobody but Slack gets as far as a signature being looked at. API Gateway takes certificates
        of the authorities in your trust store, an object of S3 with DigiCert's root certificates, since DigiCert
        issues Slack's; the dispatch function looks whose it is.

        Example:
            from aws_cdk import App, Environment, Stack
            from aws_cdk import aws_apigatewayv2 as apigateway
            from aws_cdk import aws_certificatemanager as acm
            from aws_cdk import aws_s3 as s3
            from chatops_constructs import EndpointAccess

            stack = Stack(App(), "Ops", env=Environment(account="123456789012", region="eu-central-1"))
            domain_name = apigateway.DomainName(
                stack, "Domain",
                domain_name="slack.ops.example.com",
                certificate=acm.Certificate(stack, "Certificate", domain_name="slack.ops.example.com"),
                mtls=apigateway.MTLSConfig(
                    bucket=s3.Bucket.from_bucket_name(stack, "TrustStore", "example-trust-store"),
                    key="digicert-roots.pem",
                    version="the object's version",
                ),
            )
            access = EndpointAccess.http_api(domain_name=domain_name, mutual_tls=True)

        Args:
            path: The path of the route, another one for each endpoint on an API. Default: /slack/commands.
            api: An existing API with a `$default` stage, to which only a route is added; what it throttles and logs is
                its own affair. An imported one has to know its endpoint. Default: an own one.
            throttle_rate: Requests a second that the own API lets through on average. Default: 20.
            throttle_burst: Requests that it lets through at once. Default: 50.
            access_log_group: An existing log group for the own API's access log. Default: an own one, kept for one
                month.
            domain_name: A custom domain that is led to the own API, and to nothing else; its DNS record is yours. The
                API's own host name is then switched off. Default: none.
            mutual_tls: Whether requests are taken with Slack's certificate only. Takes a domain with `mtls`.
                Default: False; Slack's signature is checked in any case.

        Raises:
            ValueError: The path is no path, a limit is not above zero, mutual TLS comes without a domain that asks for
                certificates, or something of an own API comes with an existing one.
        """
        domain = None if domain_name is None else CustomDomain(domain_name, mutual_tls=mutual_tls)
        of_own_api = {
            "throttle_rate": throttle_rate,
            "throttle_burst": throttle_burst,
            "access_log_group": access_log_group,
        }
        problems = Problems("EndpointAccess.http_api")
        for name, value in of_own_api.items():
            problems.check(
                api is None or value is None, name, value, "nothing, with an existing api", "set it on that API's stage"
            )
        problems.check(
            api is None or domain is None,
            "domain_name",
            domain_name,
            "nothing, with an existing api",
            "map the domain to that API",
        )
        problems.check(
            domain is not None or not mutual_tls,
            "mutual_tls",
            mutual_tls,
            "False without a domain_name",
            "give it a DomainName with mtls: only a custom domain can ask for certificates",
        )
        if domain is not None:
            domain.check(problems)
        _check_path_and_limits(problems, path, {"throttle_rate": throttle_rate, "throttle_burst": throttle_burst})
        problems.raise_if_any()
        throttle = apigateway.ThrottleSettings(
            rate_limit=20 if throttle_rate is None else throttle_rate,
            burst_limit=50 if throttle_burst is None else throttle_burst,
        )
        return _OwnApiAccess(path, throttle, access_log_group, domain) if api is None else _ApiAccess(path, api)

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


class _RouteAccess(EndpointAccess):
    """A route on an HTTP API."""

    def __init__(self, path: str) -> None:
        self._path = path

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


class _ApiAccess(_RouteAccess):
    """An existing API."""

    def __init__(self, path: str, api: apigateway.IHttpApi) -> None:
        super().__init__(path)
        self._api = api

    def bind(self, scope: Construct, function: lambda_.Function, encryption_key: kms.IKey | None) -> BoundAccess:  # noqa: ARG002
        return BoundAccess(
            url=f"{_base_url(self._api)}{self._path}",
            api=self._api,
            routes=(self._add_route(scope, self._api, function),),
        )


class _OwnApiAccess(_RouteAccess):
    """An API of the endpoint's own."""

    def __init__(
        self,
        path: str,
        throttle: apigateway.ThrottleSettings,
        access_log_group: logs.ILogGroup | None,
        domain: CustomDomain | None,
    ) -> None:
        super().__init__(path)
        self._throttle = throttle
        self._access_log_group = access_log_group
        self._domain = domain

    def bind(self, scope: Construct, function: lambda_.Function, encryption_key: kms.IKey | None) -> BoundAccess:
        domain = self._domain
        api = apigateway.HttpApi(
            scope,
            "Api",
            api_name=Names.unique_resource_name(scope, max_length=128, separator="-"),
            description=f"Receives Slack's requests for {scope.node.path} (chatops-constructs)",
            create_default_stage=False,
            ip_address_type=apigateway.IpAddressType.DUAL_STACK,
            # Nobody is asked for a certificate at the API's own host name.
            disable_execute_api_endpoint=None if domain is None else True,
        )
        log_group = self._access_log_group or own_log_group(
            scope, "AccessLogs", encryption_key=encryption_key, delivered_by="apigateway"
        )
        stage = default_stage(scope, "Stage", api=api, throttle=self._throttle, log_group=log_group)
        route = self._add_route(scope, api, function)
        if domain is None:
            return BoundAccess(
                url=f"{api.api_endpoint}{self._path}",
                api=api,
                stage=stage,
                routes=(route,),
                access_log_group=log_group,
            )
        domain.tell(function)
        return BoundAccess(
            url=domain.url(self._path),
            api=api,
            stage=stage,
            api_mapping=domain.map(scope, api, stage),
            mutual_tls=domain.mutual_tls,
            routes=(route,),
            access_log_group=log_group,
        )


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


def _check_path_and_limits(problems: Problems, path: str, limits: Mapping[str, float | None]) -> None:
    problems.check(
        matches(PATH, path), "path", path, "/ and segments without variables", "write it like '/slack/commands'"
    )
    for name, limit in limits.items():
        problems.check(limit is None or limit > 0, name, limit, "a number above 0", "choose one, or leave it out")
