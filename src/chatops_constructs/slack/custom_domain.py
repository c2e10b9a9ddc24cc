"""A custom domain in front of an endpoint's own API, with or without mutual TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_apigatewayv2 as apigateway

from chatops_runtime.contracts import environment as variables

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from chatops_constructs._problems import Problems

# https://docs.slack.dev/authentication/verifying-requests-from-slack#mutual_tls
SLACKS_CERTIFICATE = "platform-tls-client.slack.com"


class CustomDomain:
    """The domain, and whether Slack has to show its certificate there."""

    def __init__(self, domain_name: apigateway.IDomainName, *, mutual_tls: bool) -> None:
        """Keep both.

        Args:
            domain_name: The domain.
            mutual_tls: Whether requests are taken with Slack's certificate only.
        """
        self._domain_name = domain_name
        self.mutual_tls = mutual_tls

    def check(self, problems: Problems) -> None:
        """Note that the domain asks nobody for a certificate, as far as that is known: an imported one may."""
        resource = self._domain_name.node.default_child
        if self.mutual_tls and isinstance(resource, apigateway.CfnDomainName):
            problems.check(
                resource.mutual_tls_authentication is not None,
                "mutual_tls",
                True,
                "a domain that asks for certificates",
                "give the DomainName mtls=MTLSConfig(bucket=…, key=…) with DigiCert's root certificates in the object",
            )

    def url(self, path: str) -> str:
        """Where Slack sends its requests, for the path of the route."""
        return f"https://{self._domain_name.name}{path}"

    def map(self, scope: Construct, api: apigateway.IHttpApi, stage: apigateway.IHttpStage) -> apigateway.ApiMapping:
        """Lead the whole domain to the API.

        Args:
            scope: The parent of the mapping.
            api: The API.
            stage: Its stage.
        """
        mapping = apigateway.ApiMapping(scope, "ApiMapping", api=api, domain_name=self._domain_name, stage=stage)
        mapping.node.add_dependency(stage)  # it names the stage, and CloudFormation does not see that
        return mapping

    def tell(self, function: lambda_.Function) -> None:
        """Have the function look whose certificate it was: anybody can have one of the same authority.

        Args:
            function: The function behind the API.
        """
        if self.mutual_tls:
            function.add_environment(variables.CLIENT_CERTIFICATE_NAME, SLACKS_CERTIFICATE)
