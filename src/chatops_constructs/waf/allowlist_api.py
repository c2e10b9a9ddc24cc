"""One host of an allow-list: an HTTP API over both families, or over IPv4 only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration, Names, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk.aws_apigatewayv2_authorizers import HttpIamAuthorizer
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from chatops_constructs._acknowledge import acknowledge
from chatops_constructs._http_stage import default_stage
from chatops_constructs._physical_name import described
from chatops_runtime.contracts import allowlist as contract

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_logs as logs

GET, POST, DELETE = apigateway.HttpMethod.GET, apigateway.HttpMethod.POST, apigateway.HttpMethod.DELETE

OPEN_ROUTES = (
    (GET, contract.PAGE_PATH),
    (GET, contract.ADDRESS_PATH),
    (GET, contract.LINK_PATH),
    (POST, contract.SEEN_PATH),
    (POST, contract.REGISTRATIONS_PATH),
)
SIGNED_METHODS = (GET, POST, DELETE)

# How long a browser does not ask again whether it may ask.
PREFLIGHT = Duration.minutes(10)


class AllowlistApi(Construct):
    """The API with its stage; its routes come with `add_routes`, when there is a function.

    Attributes:
        api: The API, under the host name that API Gateway gives it: of that one, DNS and TCP are as the type says.
        stage: Its one stage.
        url: Without a slash at its end.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        ip_address_type: apigateway.IpAddressType,
        throttle: apigateway.ThrottleSettings,
        log_group: logs.ILogGroup,
        page_origin: str | None = None,
    ) -> None:
        """Create the API without routes.

        Args:
            scope: The allow-list.
            id: The id in `scope`.
            ip_address_type: Over which families it is reached.
            throttle: What the stage lets through.
            log_group: For the access log.
            page_origin: Whose page may call it, if that is another host's.
        """
        super().__init__(scope, id)
        self.api = apigateway.HttpApi(
            self,
            "Api",
            api_name=Names.unique_resource_name(self, max_length=128, separator="-"),
            description=f"Registers addresses for {described(scope)} (chatops-constructs)",
            create_default_stage=False,
            ip_address_type=ip_address_type,
            cors_preflight=_cors(page_origin) if page_origin else None,
        )
        self.stage = default_stage(self, "Stage", api=self.api, throttle=throttle, log_group=log_group)
        self.url: str = self.api.api_endpoint

    def add_routes(self, function: lambda_.IFunction) -> None:
        """Lead every path that the function knows to it, and no other.

        Args:
            function: The registrar.
        """
        # One permission for the API instead of one for each route: a function's policy holds 20 KB.
        # https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
        integration = HttpLambdaIntegration("Registrar", function, scope_permission_to_route=False)
        open_routes = Construct(self, "OpenRoutes")
        for method, path in OPEN_ROUTES:
            self._route(open_routes, method, path, integration, None)
        acknowledge(
            open_routes,
            "AwsSolutions-APIG4",
            "a page, and what it calls with a one-time link's token or the shared secret, which the registrar verifies",
        )
        signed_routes = Construct(self, "SignedRoutes")
        for method in SIGNED_METHODS:
            self._route(signed_routes, method, contract.IAM_REGISTRATIONS_PATH, integration, HttpIamAuthorizer())

    @property
    def signed_route_arns(self) -> list[str]:
        """What a policy names to allow the routes that ask for a signature, and nothing else."""
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html. Not by the
        # routes' own grant, which allows each stage by a `*`.
        return [
            Stack.of(self).format_arn(
                service="execute-api",
                resource=self.api.api_id,
                resource_name=f"$default/{method.value}{contract.IAM_REGISTRATIONS_PATH}",
            )
            for method in SIGNED_METHODS
        ]

    def _route(
        self,
        scope: Construct,
        method: apigateway.HttpMethod,
        path: str,
        integration: HttpLambdaIntegration,
        authorizer: apigateway.IHttpRouteAuthorizer | None,
    ) -> None:
        name = "".join(part.capitalize() for part in path.split("/")) or "Page"
        apigateway.HttpRoute(
            scope,
            f"{method.value.capitalize()}{name}",
            http_api=self.api,
            route_key=apigateway.HttpRouteKey.with_(path, method),
            integration=integration,
            authorizer=authorizer,
        )


def _cors(page_origin: str) -> apigateway.CorsPreflightOptions:
    return apigateway.CorsPreflightOptions(
        allow_origins=[page_origin],
        allow_methods=[apigateway.CorsHttpMethod.GET, apigateway.CorsHttpMethod.POST],
        allow_headers=["authorization", "content-type"],
        max_age=PREFLIGHT,
    )
