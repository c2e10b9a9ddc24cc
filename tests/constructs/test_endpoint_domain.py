"""A custom domain in front of an endpoint, with and without mutual TLS."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_s3 as s3

from chatops_constructs import EndpointAccess
from tests.constructs.stacks import Synthesised, endpoint, new_stack, text_of

ENVIRONMENT = cdk.Environment(account="123456789012", region="eu-central-1")
HOST = "slack.ops.example.com"


def domain_name(stack: cdk.Stack, *, mtls: bool = True) -> apigateway.DomainName:
    store = apigateway.MTLSConfig(
        bucket=s3.Bucket.from_bucket_name(stack, "TrustStore", "example-trust-store"), key="digicert.pem", version="v1"
    )
    return apigateway.DomainName(
        stack,
        "Domain",
        domain_name=HOST,
        certificate=acm.Certificate(stack, "Certificate", domain_name=HOST),
        mtls=store if mtls else None,
    )


def with_domain(*, mutual_tls: bool, mtls: bool = True) -> tuple[Any, Synthesised]:
    app, stack = new_stack(env=ENVIRONMENT)
    access = EndpointAccess.http_api(domain_name=domain_name(stack, mtls=mtls), mutual_tls=mutual_tls)
    slack = endpoint(stack, access=access)
    return slack, Synthesised.of(app, stack)


@pytest.mark.parametrize("mutual_tls", [True, False])
def test_the_domain_is_led_to_the_own_api_and_is_the_only_way_in(mutual_tls: bool) -> None:
    slack, synthesised = with_domain(mutual_tls=mutual_tls)
    assert synthesised.only("ApiGatewayV2::Api")["DisableExecuteApiEndpoint"] is True
    mapping = synthesised.only("ApiGatewayV2::ApiMapping")
    assert text_of(mapping["ApiId"]) == "<SlackApi4A7D83F2>"
    assert text_of(mapping["DomainName"]) == "<Domain66AC69E0>"
    assert mapping["Stage"] == "$default"
    (resource,) = (one for id, one in synthesised.template["Resources"].items() if "ApiMapping" in id)
    assert any("Stage" in id for id in resource["DependsOn"]), "it has to be there first"
    assert "ApiMappingKey" not in mapping
    (url,) = (one["Value"] for id, one in synthesised.template["Outputs"].items() if id.startswith("SlackUrl"))
    assert text_of(url) == "https://<Domain66AC69E0>/slack/commands"
    assert slack.access.api_mapping is not None
    assert slack.access.mutual_tls is mutual_tls


@pytest.mark.parametrize("mutual_tls", [True, False])
def test_dispatch_looks_at_the_certificate_if_it_is_to(mutual_tls: bool) -> None:
    _, synthesised = with_domain(mutual_tls=mutual_tls)
    variables = synthesised.only("Lambda::Function", "Dispatch")["Environment"]["Variables"]
    assert variables.get("CHATOPS_CLIENT_CERTIFICATE_NAME") == ("platform-tls-client.slack.com" if mutual_tls else None)
    assert "CHATOPS_CLIENT_CERTIFICATE_NAME" not in str(synthesised.only("Lambda::Function", "Report"))


def test_without_a_domain_the_apis_own_host_is_the_way_in(minimal: Synthesised) -> None:
    assert "DisableExecuteApiEndpoint" not in minimal.only("ApiGatewayV2::Api")
    assert minimal.count("ApiGatewayV2::ApiMapping") == 0


def test_an_imported_domain() -> None:
    app, stack = new_stack(env=ENVIRONMENT)
    imported = apigateway.DomainName.from_domain_name_attributes(
        stack, "Domain", name=HOST, regional_domain_name="d-1.execute-api.amazonaws.com", regional_hosted_zone_id="Z1"
    )
    slack = endpoint(stack, access=EndpointAccess.http_api(domain_name=imported, mutual_tls=True, path="/chatops"))
    assert slack.url == f"https://{HOST}/chatops"
    assert Synthesised.of(app, stack).only("ApiGatewayV2::ApiMapping")["DomainName"] == HOST


def test_mutual_tls_takes_a_domain() -> None:
    with pytest.raises(ValueError, match="mutual_tls is True; allowed: False without a domain_name; give it a DomainN"):
        EndpointAccess.http_api(mutual_tls=True)


def test_mutual_tls_takes_a_domain_that_asks_for_certificates(stack: cdk.Stack) -> None:
    with pytest.raises(ValueError, match=r"a domain that asks for certificates; give the DomainName mtls=MTLSConfig"):
        EndpointAccess.http_api(domain_name=domain_name(stack, mtls=False), mutual_tls=True)


def test_a_domain_of_an_existing_api_is_that_apis_affair(stack: cdk.Stack) -> None:
    api = apigateway.HttpApi(stack, "Existing")
    with pytest.raises(ValueError, match="allowed: nothing, with an existing api") as caught:
        EndpointAccess.http_api(api=api, domain_name=domain_name(stack), mutual_tls=True)
    assert "domain_name is" in str(caught.value)


def test_a_function_url_has_no_domain_to_ask_for_certificates() -> None:
    with pytest.raises(TypeError, match="mutual_tls"):
        EndpointAccess.function_url(mutual_tls=True)  # type: ignore[call-arg]
