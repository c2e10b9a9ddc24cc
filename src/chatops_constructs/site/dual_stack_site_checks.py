"""What is wrong with the parameters of a `DualStackSite`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aws_cdk import Reference, Stack, Token, Tokenization
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_wafv2 as wafv2

from chatops_constructs._problems import is_token, matches
from chatops_constructs.site.site_kind import SiteKind
from chatops_constructs.site.us_east_1 import US_EAST_1, same_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_certificatemanager as acm
    from aws_cdk import aws_route53 as route53
    from constructs import IConstruct

    from chatops_constructs._problems import Problems

DOMAIN_NAME = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])")
WEB_ACL_ARN = re.compile(r"arn:aws[a-z-]*:wafv2:us-east-1:[0-9]{12}:global/webacl/[\w-]{1,128}/[\w-]{1,36}")
HEADER_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")

# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CacheBehavior.html
PATH_PATTERN = re.compile(r"[/*][A-Za-z0-9_\-.*$/~\"'@:+&?]{0,254}")
EVERY_PATH = re.compile(r"[/*]+")


def check_kind(problems: Problems, kind: object) -> None:
    """Note a kind that is none."""
    problems.check(
        isinstance(kind, SiteKind),
        "kind",
        kind,
        "SiteKind.SPA or SiteKind.PLAIN",
        "choose SPA if one document shows every path, PLAIN if each page is a file",
    )


def check_header(problems: Problems, content_security_policy: object) -> None:
    """Note what cannot be the value of a header."""
    problems.check(
        matches(HEADER_VALUE, content_security_policy),
        "content_security_policy",
        content_security_policy,
        "one line of ASCII without spaces around it",
        "write the whole header, like \"default-src 'self'; frame-ancestors 'none'\"",
    )


def check_assets(problems: Problems, patterns: Sequence[str]) -> None:
    """Note patterns that CloudFront does not take, and those of which pages would be stuck in browsers for a year."""
    for pattern in _listed(problems, "unchanging_assets", patterns):
        problems.check(
            matches(PATH_PATTERN, pattern) and not EVERY_PATH.fullmatch(pattern),
            "unchanging_assets",
            pattern,
            "a path pattern of CloudFront, beginning with '/' or '*', that does not match every path",
            "write it like '/assets/*', the folder of the files whose names change with their content",
            tokens=False,
        )
    problems.check(
        len(set(patterns)) == len(patterns),
        "unchanging_assets",
        list(patterns),
        "each pattern once",
        "leave out those that are there twice",
    )


def check_names(
    problems: Problems,
    domain_names: Sequence[str],
    certificate: acm.ICertificate | None,
    hosted_zone: route53.IHostedZone | None,
) -> None:
    """Note names that are none, and what is missing for them, or needless without them."""
    for name in _listed(problems, "domain_names", domain_names):
        problems.check(
            matches(DOMAIN_NAME, name),
            "domain_names",
            name,
            "host names in lower case, without a scheme, a path and a dot at the end",
            "write it like 'www.example.com'",
            tokens=False,
        )
        _check_in_zone(problems, name, hosted_zone)
    problems.check(
        len(set(domain_names)) == len(domain_names),
        "domain_names",
        list(domain_names),
        "each name once",
        "leave out those that are there twice",
    )
    if domain_names:
        problems.check(
            certificate is not None or hosted_zone is not None,
            "certificate",
            certificate,
            "a certificate for domain_names, or a hosted_zone, by which one is made",
            "give hosted_zone, or a certificate of us-east-1",
        )
        return
    for parameter, value in (("certificate", certificate), ("hosted_zone", hosted_zone)):
        problems.check(
            value is None, parameter, "given without domain_names", "nothing then", "say the names in domain_names"
        )


def check_web_acl(problems: Problems, web_acl: object, home: Stack) -> None:
    """Note what is no web ACL for CloudFront, or is where it cannot be used from."""
    if web_acl is None:
        return
    remedy = "make it in a stack of us-east-1 with scope='CLOUDFRONT', or give its ARN"
    web_acl = _web_acl_of(web_acl)
    if not isinstance(web_acl, wafv2.CfnWebACL):
        problems.check(
            matches(WEB_ACL_ARN, web_acl),
            "web_acl",
            web_acl,
            "an AWS::WAFv2::WebACL of scope CLOUDFRONT, or its ARN (arn:…:wafv2:us-east-1:…:global/webacl/…)",
            remedy,
        )
        return
    problems.check(web_acl.scope == "CLOUDFRONT", "web_acl", f"of scope {web_acl.scope}", "scope CLOUDFRONT", remedy)
    check_reach(problems, home, "web_acl", web_acl, web_acl.attr_arn)


def check_reach(problems: Problems, home: Stack, parameter: str, construct: IConstruct | None, identifier: str) -> None:
    """Note what was passed in but is of another region, or known there only.

    Args:
        problems: Where to note.
        home: The stack of the site's resources.
        parameter: What it was passed in as.
        construct: What was passed in, if it was.
        identifier: Its ARN, or an id of something without a region.
    """
    if construct is None:
        return
    stack = Stack.of(construct)
    if is_token(identifier):
        where = "of no known region" if Token.is_unresolved(stack.region) else f"of {stack.region}"
        problems.check(
            same_environment(stack, home),
            parameter,
            f"of the stack '{stack.node.path}', {where}",
            f"one of {US_EAST_1} and of the account of the stack '{home.node.path}', or one imported by what is known "
            "at synthesis",
            f"make it in a stack with env=Environment(region='{US_EAST_1}', …), or import it by its ARN or id",
        )
    elif identifier.startswith("arn:"):
        problems.check(
            identifier.split(":")[3] == US_EAST_1,
            parameter,
            identifier,
            f"one of {US_EAST_1}, where CloudFront looks for it",
            f"make it in a stack with env=Environment(region='{US_EAST_1}', …)",
        )


def check_bucket(problems: Problems, bucket: s3.IBucket | None, home: Stack) -> None:
    """Note a bucket of another stack: its policy would name the distribution, whose origin is the bucket."""
    if isinstance(bucket, s3.Bucket):
        own = Stack.of(bucket)
        problems.check(
            own.node.addr == home.node.addr,
            "bucket",
            f"made in the stack '{own.node.path}'",
            f"a bucket of the stack '{home.node.path}', or one that is imported",
            "import it with Bucket.from_bucket_attributes(self, 'Existing', bucket_name=…, region=…) and allow the "
            "distribution in its policy",
        )


def _web_acl_of(value: object) -> object:
    """The web ACL whose attribute a text is, as `web_acl.attr_arn` is; else the value itself."""
    if not isinstance(value, str) or not is_token(value):
        return value
    token = Tokenization.reverse_string(value).first_token
    if isinstance(token, Reference) and isinstance(token.target, wafv2.CfnWebACL):
        return token.target
    return value


def _check_in_zone(problems: Problems, name: object, zone: route53.IHostedZone | None) -> None:
    if zone is None or is_token(zone.zone_name) or not isinstance(name, str):
        return
    zone_name = zone.zone_name.rstrip(".")
    problems.check(
        name == zone_name or name.endswith(f".{zone_name}"),
        "domain_names",
        name,
        f"names in the zone {zone_name}",
        "give the hosted_zone of this name, or make its records yourself and give a certificate only",
        tokens=False,
    )


def _listed(problems: Problems, parameter: str, values: Sequence[str]) -> Sequence[str]:
    """The values; none if one text was given for the list, whose letters nobody meant."""
    if isinstance(values, str):
        problems.check(False, parameter, values, "a list of texts", f"write {parameter}=[{values!r}]")
        return []
    return values
