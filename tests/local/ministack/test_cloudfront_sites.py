"""Distributions before private buckets, and AWS WAF before them, as viewers at any address see them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import DeploymentFailedError, UnsupportedError
from chatops_local.server.edge import UnreachableError
from tests.local.ministack.sites import (
    SECURITY_HEADERS,
    access_control,
    behaviour,
    bucket_origin,
    bucket_policy,
    distribution,
    domain_of,
    get_att,
    in_set,
    ip_set,
    put,
    rule,
    site,
    web_acl,
)
from tests.local.ministack.stacks import deploy
from tests.local.trust.behaviours import SITE_BUCKET

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

DEVELOPER4, DEVELOPER6 = "203.0.113.7", "2001:db8:d::7"
USER4, USER6 = "198.51.100.9", "2001:db8:e::9"
PAGE = {"ContentType": "TEXT_HTML", "Content": "<h1>メンテナンス中</h1>"}
JSON = {"ContentType": "APPLICATION_JSON", "Content": '{"message": "maintenance"}'}


def unavailable(key: str) -> dict[str, Any]:
    headers = [{"Name": "Retry-After", "Value": "600"}, {"Name": "Cache-Control", "Value": "no-store"}]
    response = {"ResponseCode": 503, "CustomResponseBodyKey": key, "ResponseHeaders": headers}
    return {"Block": {"CustomResponse": response}}


def either(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"OrStatement": {"Statements": list(statements)}}


def both(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"AndStatement": {"Statements": list(statements)}}


SWITCHED = both(
    either(in_set("On4"), in_set("On6")), {"NotStatement": {"Statement": either(in_set("Dev4"), in_set("Dev6"))}}
)
API = {
    "ByteMatchStatement": {
        "FieldToMatch": {"UriPath": {}},
        "PositionalConstraint": "STARTS_WITH",
        "SearchString": "/api/",
        "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
    }
}


@pytest.fixture(scope="module")
def guarded(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    """A site with a maintenance switch, which is off."""
    rules = [rule("Api", both(SWITCHED, API), unavailable("json")), rule("Site", SWITCHED, unavailable("page"), 1)]
    sets = {
        "On4": ip_set(),
        "On6": ip_set(version="IPV6"),
        "Dev4": ip_set("203.0.113.0/24"),
        "Dev6": ip_set("2001:db8:d::/48", version="IPV6"),
    }
    acl = web_acl(*rules, Name="guarded", CustomResponseBodies={"page": PAGE, "json": JSON})
    errors = [{"ErrorCode": 503, "ResponseCode": 200, "ResponsePagePath": "/index.html"}]
    front = distribution(CustomErrorResponses=errors)
    stack = deploy(
        server, tmp_path_factory.mktemp("site"), "Guarded", site(*rules, WebAcl=acl, Distribution=front, **sets)
    )
    put(server, stack, index_html="<h1>up</h1>")
    return stack


def switch(server: Server, stack: DeployedStack, on: bool) -> None:
    halves = {"On4": ["0.0.0.0/1", "128.0.0.0/1"], "On6": ["::/1", "8000::/1"]}
    waf = server.client("wafv2")
    for logical_id, everybody in halves.items():
        name, set_id, scope = stack.resource(logical_id).split("|")
        named = {"Name": name, "Id": set_id, "Scope": scope}
        token = waf.get_ip_set(**named)["LockToken"]
        waf.update_ip_set(**named, Addresses=everybody if on else [], LockToken=token)


@SITE_BUCKET.allow()
@pytest.mark.parametrize("viewer", [DEVELOPER4, DEVELOPER6, USER4, USER6])
def test_the_site_is_up_for_everybody(server: Server, guarded: DeployedStack, viewer: str):
    status, headers, body = server.edge.get(domain_of(server, guarded), viewer=viewer)
    assert (status, headers["content-type"], body) == (200, "text/html", b"<h1>up</h1>")


def test_a_switch_that_is_on_blocks_end_users_and_not_developers(server: Server, guarded: DeployedStack):
    domain = domain_of(server, guarded)
    switch(server, guarded, on=True)
    try:
        blocked = [server.edge.get(domain, viewer=viewer) for viewer in (USER4, USER6)]
        passed = [server.edge.get(domain, viewer=viewer) for viewer in (DEVELOPER4, DEVELOPER6)]
        api = server.edge.get(domain, "/api/orders", viewer=USER6)
    finally:
        switch(server, guarded, on=False)
    for answer in blocked:
        # The custom response of AWS WAF comes before the custom error page for 503.
        assert (answer.status, answer.text) == (503, "<h1>メンテナンス中</h1>")
        assert (answer.headers["retry-after"], answer.headers["cache-control"]) == ("600", "no-store")
        assert answer.headers["content-type"] == "text/html"
    assert [answer.status for answer in passed] == [200, 200]
    assert (api.status, api.headers["content-type"], api.text) == (503, "application/json", JSON["Content"])
    assert server.edge.get(domain, viewer=USER4).status == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "CloudFront-Viewer-Address", "X-Real-IP", "Forwarded"])
def test_nobody_becomes_a_developer_by_a_header(server: Server, guarded: DeployedStack, header: str):
    switch(server, guarded, on=True)
    try:
        answer = server.edge.get(domain_of(server, guarded), viewer=USER4, headers={header: DEVELOPER4})
    finally:
        switch(server, guarded, on=False)
    assert answer.status == 503


def test_the_header_that_says_who_the_viewer_is_is_for_the_controller_only(server: Server, guarded: DeployedStack):
    domain = domain_of(server, guarded)
    forged = {"Host": domain, "x-chatops-local-viewer": f"https {DEVELOPER4} 50000 {'0' * 64}"}
    answer = server.edge.send("GET", "/", forged, b"")
    assert (answer.status, b"not for you to set" in answer.body) == (403, True)


def test_decisions_can_be_looked_at(server: Server, guarded: DeployedStack):
    before = server.edge.counts("guarded").get("Default_Action", {}).get("AllowedRequests", 0)
    server.edge.get(domain_of(server, guarded), "/seen", viewer=USER6)
    sample = server.edge.samples("guarded")[-1]
    assert (sample.source, sample.path, sample.allowed, sample.rule) == (USER6, "/seen", True, "Default_Action")
    assert sample.host == domain_of(server, guarded)
    assert server.edge.counts("guarded")["Default_Action"]["AllowedRequests"] == before + 1


def test_changes_can_be_slow_to_reach_requests(server: Server, guarded: DeployedStack):
    """ "A few seconds to a number of minutes": https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateIPSet.html."""
    domain = domain_of(server, guarded)
    server.waf.propagate_in(3600)
    switch(server, guarded, on=True)
    server.waf.propagate_in(0)
    assert server.edge.get(domain, viewer=USER4).status == 200
    switch(server, guarded, on=True)
    assert server.edge.get(domain, viewer=USER4).status == 503
    switch(server, guarded, on=False)


def test_a_web_acl_in_use_is_not_deleted(server: Server, guarded: DeployedStack):
    name, acl_id, scope = guarded.resource("WebAcl").split("|")
    waf = server.client("wafv2")
    named = {"Name": name, "Id": acl_id, "Scope": scope}
    with pytest.raises(waf.exceptions.WAFAssociatedItemException):
        waf.delete_web_acl(**named, LockToken=waf.get_web_acl(**named)["LockToken"])


@pytest.fixture(scope="module")
def plain(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    """Sites in other settings: without IPv6, blocking everybody, with functions, without a permission."""
    anybody = {"NotStatement": {"Statement": in_set("Empty")}}
    own_function = {
        "Type": "AWS::CloudFront::Function",
        "Properties": {
            "Name": "rewrite",
            "AutoPublish": True,
            "FunctionCode": (
                "function handler(event) { var request = event.request;"
                " if (request.uri.endsWith('/')) { request.uri += 'index.html'; } return request; }"
            ),
            "FunctionConfig": {"Comment": "c", "Runtime": "cloudfront-js-2.0"},
        },
    }
    rewritten = {"EventType": "viewer-request", "FunctionARN": get_att("Rewrite", "FunctionARN")}
    headers = {
        "Type": "AWS::CloudFront::ResponseHeadersPolicy",
        "Properties": {
            "ResponseHeadersPolicyConfig": {
                "Name": "csp",
                "SecurityHeadersConfig": {
                    "ContentSecurityPolicy": {"ContentSecurityPolicy": "default-src 'none'", "Override": True}
                },
            }
        },
    }
    not_found = [{"ErrorCode": 403, "ResponseCode": 404, "ResponsePagePath": "/missing.html"}]
    blocking = distribution(
        CustomErrorResponses=[{"ErrorCode": 403, "ResponseCode": 403, "ResponsePagePath": "/blocked.html"}],
        WebACLId=get_att("Blocking"),
    )
    resources = site(
        Empty=ip_set(),
        Blocking=web_acl(rule("All", anybody, {"Block": {}})),
        Rewrite=own_function,
        Csp=headers,
        OldOnly=distribution(IPV6Enabled=False),
        WithPage=blocking,
        WithoutPage=distribution(WebACLId=get_att("Blocking")),
        Stranger=distribution(),
        Spa=distribution(CustomErrorResponses=not_found),
        WithFunction=distribution(
            DefaultCacheBehavior=behaviour(FunctionAssociations=[rewritten], ResponseHeadersPolicyId={"Ref": "Csp"})
        ),
        Distribution=distribution(
            DefaultCacheBehavior=behaviour(ResponseHeadersPolicyId=SECURITY_HEADERS),
            CacheBehaviors=[behaviour(PathPattern="/sub/*", ViewerProtocolPolicy="https-only")],
        ),
    )
    every = ["Distribution", "OldOnly", "WithPage", "WithoutPage", "Spa", "WithFunction"]
    statement = resources["Policy"]["Properties"]["PolicyDocument"]["Statement"][1]
    arns = [{"Fn::Join": ["", ["arn:aws:cloudfront::123456789012:distribution/", {"Ref": each}]]} for each in every]
    statement["Condition"] = {"StringEquals": {"AWS:SourceArn": arns}}
    stack = deploy(server, tmp_path_factory.mktemp("site"), "Plain", resources)
    put(server, stack, index_html="<h1>up</h1>", missing_html="<h1>not here</h1>", blocked_html="<h1>blocked</h1>")
    bucket = stack.resource("Bucket")
    server.client("s3").put_object(Bucket=bucket, Key="sub/index.html", Body=b"<h1>below</h1>")
    return stack


@SITE_BUCKET.deny()
def test_a_bucket_is_closed_to_distributions_that_its_policy_does_not_name(server: Server, plain: DeployedStack):
    assert server.edge.get(domain_of(server, plain, "Stranger")).status == 403
    assert server.edge.get(domain_of(server, plain)).status == 200


@SITE_BUCKET.deny()
def test_what_is_not_there_is_denied_to_who_may_not_list(server: Server, plain: DeployedStack):
    assert server.edge.get(domain_of(server, plain), "/nothing").status == 403


@SITE_BUCKET.allow()
def test_what_is_not_there_is_not_found_by_who_may_list(server: Server, tmp_path: Path):
    listing = site(AccessControl=access_control("listing"), Policy=bucket_policy("s3:GetObject", "s3:ListBucket"))
    stack = deploy(server, tmp_path, "Listing", listing)
    assert server.edge.get(domain_of(server, stack), "/nothing").status == 404
    server.destroy(stack)


def test_an_error_has_its_own_page(server: Server, plain: DeployedStack):
    answer = server.edge.get(domain_of(server, plain, "Spa"), "/nothing")
    assert (answer.status, answer.text) == (404, "<h1>not here</h1>")


@pytest.mark.parametrize("viewer", [USER4, USER6])
def test_a_plain_block_leads_to_the_page_for_403(server: Server, plain: DeployedStack, viewer: str):
    """https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-waf-use-cases.html."""
    answer = server.edge.get(domain_of(server, plain, "WithPage"), viewer=viewer)
    assert (answer.status, answer.text) == (403, "<h1>blocked</h1>")
    answer = server.edge.get(domain_of(server, plain, "WithoutPage"), viewer=viewer)
    assert (answer.status, "Request blocked" in answer.text) == (403, True)


def test_response_headers_come_from_policies_of_aws_and_own_ones(server: Server, plain: DeployedStack):
    managed = server.edge.get(domain_of(server, plain)).headers
    assert (managed["x-frame-options"], managed["x-content-type-options"]) == ("SAMEORIGIN", "nosniff")
    own = server.edge.get(domain_of(server, plain, "WithFunction"), "/sub/").headers
    assert own["content-security-policy"] == "default-src 'none'"


def test_a_function_rewrites_requests(server: Server, plain: DeployedStack):
    assert server.edge.get(domain_of(server, plain, "WithFunction"), "/sub/").text == "<h1>below</h1>"
    assert server.edge.get(domain_of(server, plain), "/sub/").status == 403


def test_plain_http_is_led_to_https_or_refused(server: Server, plain: DeployedStack):
    domain = domain_of(server, plain)
    answer = server.edge.get(f"http://{domain}/a?b=c")
    assert (answer.status, answer.headers["location"]) == (301, f"https://{domain}/a?b=c")
    assert server.edge.get(f"http://{domain}/sub/index.html").status == 403
    assert server.edge.get(domain, headers={"X-Forwarded-Proto": "http"}).status == 200


def test_a_distribution_without_ipv6_cannot_be_reached_over_it(server: Server, plain: DeployedStack):
    domain = domain_of(server, plain, "OldOnly")
    assert server.edge.get(domain, viewer=USER4).status == 200
    with pytest.raises(UnreachableError, match=r"has no AAAA record: a viewer at 2001:db8:e::9.*it has A"):
        server.edge.get(domain, viewer=USER6)


CERTIFICATE = {"Type": "AWS::CertificateManager::Certificate", "Properties": {"DomainName": "example.com"}}


def record(kind: str, name: str = "www.example.com") -> dict[str, Any]:
    target = {"DNSName": get_att("Distribution", "DomainName"), "HostedZoneId": "Z2FDTNDATAQYW2"}
    properties = {"HostedZoneId": {"Ref": "Zone"}, "Name": name, "Type": kind, "AliasTarget": target}
    return {"Type": "AWS::Route53::RecordSet", "Properties": properties}


def test_a_name_of_ones_own_has_the_addresses_that_its_records_say(server: Server, tmp_path: Path):
    names = ["www.example.com", "v4.example.com"]
    viewer_certificate = {"AcmCertificateArn": {"Ref": "Certificate"}, "SslSupportMethod": "sni-only"}
    resources = site(
        AccessControl=access_control("named"),
        Certificate=CERTIFICATE,
        Zone={"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "example.com"}},
        A=record("A"),
        Aaaa=record("AAAA"),
        OldOnly=record("A", "v4.example.com"),
        Distribution=distribution(Aliases=names, ViewerCertificate=viewer_certificate),
    )
    stack = deploy(server, tmp_path, "Named", resources)
    put(server, stack, index_html="<h1>named</h1>")
    for viewer in (USER4, USER6):
        assert server.edge.get("https://www.example.com/", viewer=viewer).text == "<h1>named</h1>"
    assert server.edge.get("v4.example.com", viewer=USER4).status == 200
    with pytest.raises(UnreachableError, match=r"v4\.example\.com has no AAAA record"):
        server.edge.get("v4.example.com", viewer=USER6)
    with pytest.raises(UnreachableError, match="it has no address"):
        server.edge.get("other.example.com")
    server.destroy(stack)


def delivery() -> dict[str, Any]:
    """Access logs in a log group: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html."""
    front = {"Fn::Join": ["", ["arn:aws:cloudfront::123456789012:distribution/", {"Ref": "Distribution"}]]}
    group = {"Fn::Join": ["", ["arn:aws:logs:us-east-1:123456789012:log-group:", {"Ref": "Logs"}]]}
    source = {"Name": "logged", "LogType": "ACCESS_LOGS", "ResourceArn": front}
    destination = {"Name": "logged", "OutputFormat": "json", "DestinationResourceArn": group}
    between = {
        "DeliverySourceName": "logged",
        "DeliveryDestinationArn": get_att("Destination"),
        "RecordFields": ["c-ip", "cs-uri-stem", "sc-status", "cs-protocol", "x-host-header"],
    }
    return {
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {}},
        "Source": {"Type": "AWS::Logs::DeliverySource", "Properties": source},
        "Destination": {"Type": "AWS::Logs::DeliveryDestination", "Properties": destination},
        "Delivery": {"Type": "AWS::Logs::Delivery", "Properties": between, "DependsOn": "Source"},
    }


def test_access_logs_have_the_whole_address_of_the_viewer(server: Server, tmp_path: Path):
    resources = site(AccessControl=access_control("logged"), **delivery())
    stack = deploy(server, tmp_path, "Logged", resources)
    domain = domain_of(server, stack)
    for viewer in (USER4, USER6):
        server.edge.get(domain, "/x", viewer=viewer)
    lines = [json.loads(line.message) for line in server.function_logs() if line.group == stack.resource("Logs")]
    seen = {"cs-uri-stem": "/x", "sc-status": "403", "cs-protocol": "https", "x-host-header": domain}
    assert lines == [{"c-ip": USER4, **seen}, {"c-ip": USER6, **seen}]
    server.destroy(stack)


@pytest.mark.parametrize(
    ("kind", "properties", "problem"),
    [
        ("DeliverySource", {"LogType": "EVENT_LOGS"}, "delivering EVENT_LOGS is not emulated"),
        (
            "DeliveryDestination",
            {"DestinationResourceArn": "arn:aws:s3:::bucket", "OutputFormat": "parquet"},
            r"anything but a log group is not emulated[^$]*delivering logs as parquet is not emulated",
        ),
    ],
)
def test_other_deliveries_are_refused(
    server: Server, tmp_path: Path, kind: str, properties: dict[str, Any], problem: str
):
    resources = {"Thing": {"Type": f"AWS::Logs::{kind}", "Properties": {"Name": "n", **properties}}}
    with pytest.raises(UnsupportedError, match=problem):
        deploy(server, tmp_path, "RefusedDelivery", resources)


@pytest.mark.parametrize(
    ("configuration", "reason"),
    [
        ({"Aliases": ["www.example.com"]}, "InvalidViewerCertificate: To add an alternate domain name"),
        (
            {"ViewerCertificate": {"AcmCertificateArn": "arn:aws:acm:ap-northeast-1:123456789012:certificate/c"}},
            "InvalidViewerCertificate: The specified SSL certificate doesn't exist, isn't in us-east-1",
        ),
        ({"WebACLId": get_att("Regional")}, "InvalidWebACLId"),
    ],
)
def test_what_cloudfront_refuses_fails_the_deployment(
    server: Server, tmp_path: Path, configuration: dict[str, Any], reason: str
):
    regional = web_acl(Scope="REGIONAL")
    resources = site(AccessControl=access_control("bad"), Regional=regional, Distribution=distribution(**configuration))
    with pytest.raises(DeploymentFailedError, match=reason):
        deploy(server, tmp_path, "BadDistribution", resources)


@pytest.mark.parametrize(
    ("configuration", "problem"),
    [
        ({"OriginGroups": {"Quantity": 0}}, "property OriginGroups is not emulated"),
        (
            {"Restrictions": {"GeoRestriction": {"RestrictionType": "whitelist", "Locations": ["JP"]}}},
            "a geographic restriction is not emulated",
        ),
        (
            {"DefaultCacheBehavior": behaviour(LambdaFunctionAssociations=[{}])},
            "property of a behaviour LambdaFunctionAssociations is not emulated",
        ),
        (
            {"Origins": [{**bucket_origin(), "OriginShield": {"Enabled": True}}]},
            "property of an origin OriginShield is not emulated",
        ),
    ],
)
def test_what_a_distribution_does_not_do_is_refused_by_its_name(
    server: Server, tmp_path: Path, configuration: dict[str, Any], problem: str
):
    with pytest.raises(UnsupportedError, match=f"Distribution .*: {problem}"):
        deploy(server, tmp_path, "RefusedDistribution", site(Distribution=distribution(**configuration)))
