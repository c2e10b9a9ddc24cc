"""What a `DualStackSite` refuses: the parameter, the value, what is allowed and what to do are in the error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3

from tests.constructs.sites import ACCOUNT, CERTIFICATE_ARN, TOKYO, WEB_ACL_ARN, new_stack, site, web_acl, zone

if TYPE_CHECKING:
    from collections.abc import Callable

BAD_HEADER = "one line of ASCII without spaces around it"
BAD_NAME = "host names in lower case, without a scheme, a path and a dot at the end"
BAD_PATTERN = "a path pattern of CloudFront, beginning with '/' or '*', that does not match every path"


@pytest.mark.parametrize(
    ("options", "parameter", "value", "allowed", "remedy"),
    [
        ({"kind": "SPA"}, "kind", "'SPA'", "SiteKind.SPA or SiteKind.PLAIN", "choose SPA if one document"),
        ({"content_security_policy": ""}, "content_security_policy", "''", BAD_HEADER, "write the whole header"),
        (
            {"content_security_policy": "default-src 'self'\r\nX: y"},
            "content_security_policy",
            "\"default-src 'self'\\r\\nX: y\"",
            BAD_HEADER,
            "write the whole header",
        ),
        ({"unchanging_assets": ["assets/*"]}, "unchanging_assets", "'assets/*'", BAD_PATTERN, "'/assets/*'"),
        ({"unchanging_assets": ["/*"]}, "unchanging_assets", "'/*'", BAD_PATTERN, "'/assets/*'"),
        ({"unchanging_assets": ["*"]}, "unchanging_assets", "'*'", BAD_PATTERN, "'/assets/*'"),
        (
            {"unchanging_assets": "/assets/*"},
            "unchanging_assets",
            "'/assets/*'",
            "a list of texts",
            "write unchanging_assets=['/assets/*']",
        ),
        (
            {"unchanging_assets": ["/a/*", "/a/*"]},
            "unchanging_assets",
            "['/a/*', '/a/*']",
            "each pattern once",
            "leave out",
        ),
        ({"domain_names": ["https://example.com"]}, "domain_names", "'https://example.com'", BAD_NAME, "write it like"),
        ({"domain_names": ["Example.com"]}, "domain_names", "'Example.com'", BAD_NAME, "write it like"),
        ({"domain_names": ["example.com."]}, "domain_names", "'example.com.'", BAD_NAME, "write it like"),
        ({"domain_names": ["www.*.com"]}, "domain_names", "'www.*.com'", BAD_NAME, "write it like"),
        (
            {"domain_names": "www.example.com"},
            "domain_names",
            "'www.example.com'",
            "a list of texts",
            "write domain_names=['www.example.com']",
        ),
        (
            {"domain_names": ["a.example.com", "a.example.com"]},
            "domain_names",
            "['a.example.com', 'a.example.com']",
            "each name once",
            "leave out",
        ),
        (
            {"domain_names": ["www.example.com"]},
            "certificate",
            "None",
            "a certificate for domain_names, or a hosted_zone",
            "give hosted_zone, or a certificate of us-east-1",
        ),
        (
            {"web_acl": WEB_ACL_ARN.replace("us-east-1", "eu-west-1")},
            "web_acl",
            "'arn:aws:wafv2:eu-west-1:",
            "an AWS::WAFv2::WebACL of scope CLOUDFRONT, or its ARN",
            "make it in a stack of us-east-1",
        ),
        (
            {"web_acl": WEB_ACL_ARN.replace("global", "regional")},
            "web_acl",
            ":regional/",
            "an AWS::WAFv2::WebACL of scope CLOUDFRONT, or its ARN",
            "scope='CLOUDFRONT'",
        ),
    ],
)
def test_a_value_of_its_own(options: dict[str, Any], parameter: str, value: str, allowed: str, remedy: str) -> None:
    _, stack = new_stack()
    with pytest.raises(ValueError, match="DualStackSite '") as raised:
        site(stack, **options)
    text = str(raised.value)
    assert text.startswith("DualStackSite 'Web/Site': ")
    assert f"{parameter} is " in text
    assert value in text
    assert allowed in text
    assert remedy in text


def passed_to(make: Callable[[cdk.Stack], dict[str, Any]], *, of: cdk.Environment | None, to: cdk.Environment) -> str:
    """The error of a site in a stack of the one environment that is given something of a stack of the other."""
    app, stack = new_stack(env=to)
    with pytest.raises(ValueError, match="DualStackSite '") as raised:
        site(stack, **make(cdk.Stack(app, "Other", env=of)))
    return str(raised.value)


def certificate(stack: cdk.Stack) -> dict[str, Any]:
    return {
        "domain_names": ["www.example.com"],
        "certificate": acm.Certificate(stack, "Certificate", domain_name="www.example.com"),
    }


def imported_certificate(stack: cdk.Stack) -> dict[str, Any]:
    arn = CERTIFICATE_ARN.replace("us-east-1", "ap-northeast-1")
    passed = acm.Certificate.from_certificate_arn(stack, "Certificate", arn)
    return {"domain_names": ["www.example.com"], "certificate": passed}


def hosted_zone(stack: cdk.Stack) -> dict[str, Any]:
    return {
        "domain_names": ["www.example.com"],
        "hosted_zone": route53.PublicHostedZone(stack, "Zone", zone_name="example.com"),
    }


def log_group(stack: cdk.Stack) -> dict[str, Any]:
    return {"access_log_group": logs.LogGroup(stack, "Logs")}


def imported_log_group(stack: cdk.Stack) -> dict[str, Any]:
    return {"access_log_group": logs.LogGroup.from_log_group_name(stack, "Logs", "/web/access")}


def key(stack: cdk.Stack) -> dict[str, Any]:
    return {"encryption_key": kms.Key(stack, "Key")}


def acl(stack: cdk.Stack) -> dict[str, Any]:
    return {"web_acl": web_acl(stack)}


@pytest.mark.parametrize(
    ("make", "parameter"),
    [
        (certificate, "certificate"),
        (imported_certificate, "certificate"),
        (hosted_zone, "hosted_zone"),
        (log_group, "access_log_group"),
        (imported_log_group, "access_log_group"),
        (key, "encryption_key"),
        (acl, "web_acl"),
    ],
)
@pytest.mark.parametrize("to", [TOKYO, cdk.Environment(account=ACCOUNT, region="us-east-1")])
def test_what_is_of_another_region(
    make: Callable[[cdk.Stack], dict[str, Any]], parameter: str, to: cdk.Environment
) -> None:
    text = passed_to(make, of=TOKYO, to=to)
    assert f"{parameter} is " in text
    assert "ap-northeast-1" in text
    assert "one of us-east-1" in text
    assert "env=Environment(region='us-east-1', …)" in text


def test_a_web_acl_of_a_region_that_is_not_known() -> None:
    text = passed_to(acl, of=None, to=TOKYO)
    assert "web_acl is \"of the stack 'Other', of no known region\"" in text


def test_the_arn_of_a_web_acl_of_another_region() -> None:
    text = passed_to(lambda other: {"web_acl": web_acl(other).attr_arn}, of=TOKYO, to=TOKYO)
    assert "web_acl is \"of the stack 'Other', of ap-northeast-1\"" in text


def test_the_arn_of_a_web_acl_of_another_scope() -> None:
    _, stack = new_stack()
    with pytest.raises(ValueError, match="web_acl is 'of scope REGIONAL'"):
        site(stack, web_acl=web_acl(stack, "REGIONAL").attr_arn)


def test_a_web_acl_of_another_account() -> None:
    other = cdk.Environment(account="210987654321", region="us-east-1")
    assert "web_acl is " in passed_to(acl, of=other, to=TOKYO)


def test_a_web_acl_of_another_scope() -> None:
    _, stack = new_stack()
    with pytest.raises(ValueError, match="web_acl is 'of scope REGIONAL'; allowed: scope CLOUDFRONT; make it in"):
        site(stack, web_acl=web_acl(stack, "REGIONAL"))


@pytest.mark.parametrize("to", [TOKYO, cdk.Environment(account=ACCOUNT, region="us-east-1")])
def test_a_bucket_of_another_stack(to: cdk.Environment) -> None:
    text = passed_to(lambda other: {"bucket": s3.Bucket(other, "Bucket")}, of=to, to=to)
    assert "bucket is \"made in the stack 'Other'\"" in text
    assert "Bucket.from_bucket_attributes(self, 'Existing', bucket_name=…, region=…)" in text


def test_a_name_outside_of_the_zone() -> None:
    _, stack = new_stack()
    with pytest.raises(
        ValueError, match=r"domain_names is 'www.notexample.com'; allowed: names in the zone example.com"
    ):
        site(stack, domain_names=["example.com", "www.notexample.com"], hosted_zone=zone(stack))


@pytest.mark.parametrize("parameter", ["certificate", "hosted_zone"])
def test_what_is_of_no_use_without_a_name(parameter: str) -> None:
    _, stack = new_stack()
    passed: Any = zone(stack)
    if parameter == "certificate":
        passed = acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE_ARN)
    with pytest.raises(ValueError, match=f"{parameter} is 'given without domain_names'"):
        site(stack, **{parameter: passed})


def test_a_name_that_is_known_at_deploy_time_only() -> None:
    _, stack = new_stack()
    name = cdk.CfnParameter(stack, "Name").value_as_string
    with pytest.raises(ValueError, match="domain_names is known at deploy time only"):
        site(stack, domain_names=[name], hosted_zone=zone(stack))


def test_all_problems_are_told_at_once() -> None:
    _, stack = new_stack()
    with pytest.raises(ValueError, match="DualStackSite '") as raised:
        site(stack, kind=None, content_security_policy="", domain_names=["-"])
    for parameter in ("kind", "content_security_policy", "domain_names", "certificate"):
        assert f"{parameter} is " in str(raised.value)


def test_nothing_is_made_by_a_site_that_is_refused() -> None:
    _, stack = new_stack()
    with pytest.raises(ValueError, match="kind is"):
        site(stack, kind=None)
    refused = stack.node.find_child("Site")
    assert refused.node.children == []
