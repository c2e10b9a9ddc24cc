"""What a `DualStackSite` makes."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from chatops_constructs.site.security_headers import DEFAULT_CSP
from chatops_constructs.site.site_kind import SiteKind
from tests.constructs.sites import (
    CERTIFICATE_ARN,
    WEB_ACL_ARN,
    distribution_of,
    new_stack,
    site,
    synthesised,
    web_acl,
    zone,
)
from tests.constructs.stacks import Synthesised, text_of


@pytest.fixture(scope="module")
def minimal() -> Synthesised:
    return synthesised()


@pytest.fixture(scope="module")
def named() -> Synthesised:
    """With two names in a zone."""
    app, stack = new_stack()
    site(
        stack,
        kind=SiteKind.PLAIN,
        domain_names=["example.com", "*.example.com"],
        hosted_zone=zone(stack),
        web_acl=web_acl(stack),
    )
    return Synthesised.of(app, stack)


class TestBucket:
    def test_is_private_encrypted_and_versioned_and_stays(self, minimal: Synthesised) -> None:
        (logical_id,) = minimal.resources("S3::Bucket")
        bucket = minimal.template["Resources"][logical_id]
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["Properties"]["PublicAccessBlockConfiguration"]) == 4
        assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
        assert "AES256" in str(bucket["Properties"]["BucketEncryption"])
        assert bucket["DeletionPolicy"] == bucket["UpdateReplacePolicy"] == "Retain"

    def test_may_be_unversioned_and_go_with_the_stack(self) -> None:
        one = synthesised(versioned=False, removal_policy=cdk.RemovalPolicy.DESTROY)
        (logical_id,) = one.resources("S3::Bucket")
        assert "VersioningConfiguration" not in one.template["Resources"][logical_id]["Properties"]
        assert one.template["Resources"][logical_id]["DeletionPolicy"] == "Delete"
        # Emptying it would take a custom resource.
        assert one.count("Lambda::Function") == 0

    def test_is_read_and_listed_by_this_distribution_over_tls_only(self, minimal: Synthesised) -> None:
        statements = minimal.only("S3::BucketPolicy")["PolicyDocument"]["Statement"]
        (bucket,) = minimal.resources("S3::Bucket")
        (logical_id,) = minimal.resources("CloudFront::Distribution")
        allowed = [one for one in statements if one["Effect"] == "Allow"]
        assert [(one["Action"], text_of(one["Resource"])) for one in allowed] == [
            ("s3:GetObject", f"<{bucket}.Arn>/*"),
            ("s3:ListBucket", f"<{bucket}.Arn>"),
        ]
        for one in allowed:
            assert one["Principal"] == {"Service": "cloudfront.amazonaws.com"}
            source = one["Condition"]["StringEquals"]["AWS:SourceArn"]
            assert text_of(source).endswith(f":distribution/<{logical_id}>")
        refused = [one["Condition"] for one in statements if one["Effect"] == "Deny"]
        assert refused == [
            {"Bool": {"aws:SecureTransport": "false"}},
            {"NumericLessThan": {"s3:TlsVersion": 1.2}},
        ]

    def test_is_reached_by_its_regional_name_with_signed_requests(self, minimal: Synthesised) -> None:
        (origin,) = distribution_of(minimal)["Origins"]
        assert origin["DomainName"]["Fn::GetAtt"][1] == "RegionalDomainName"
        assert origin["S3OriginConfig"] == {"OriginAccessIdentity": ""}
        control = minimal.only("CloudFront::OriginAccessControl")["OriginAccessControlConfig"]
        assert (control["SigningBehavior"], control["SigningProtocol"]) == ("always", "sigv4")

    def test_of_the_same_stack_is_taken(self) -> None:
        app, stack = new_stack()
        passed = s3.Bucket(stack, "Passed", enforce_ssl=True)
        assert site(stack, bucket=passed).bucket is passed
        one = Synthesised.of(app, stack)
        assert one.count("S3::Bucket") == 1
        assert "s3:ListBucket" in str(one.only("S3::BucketPolicy"))

    def test_imported_is_taken_from_its_region(self) -> None:
        app, stack = new_stack()
        passed = s3.Bucket.from_bucket_attributes(stack, "Passed", bucket_name="theirs", region="eu-west-1")
        site(stack, bucket=passed)
        one = Synthesised.of(app, stack)
        assert one.count("S3::Bucket") == 0
        assert text_of(distribution_of(one)["Origins"][0]["DomainName"]) == "theirs.s3.eu-west-1.amazonaws.com"

    def test_with_a_key_may_be_read_by_cloudfront(self) -> None:
        app, stack = new_stack()
        site(stack, encryption_key=kms.Key(stack, "Key"))
        one = Synthesised.of(app, stack)
        assert "aws:kms" in str(one.only("S3::Bucket")["BucketEncryption"])
        principals = [str(each["Principal"]) for each in one.only("KMS::Key")["KeyPolicy"]["Statement"]]
        assert any("cloudfront.amazonaws.com" in each for each in principals)
        assert any("logs.us-east-1.amazonaws.com" in each for each in principals)
        assert "KmsKeyId" in one.only("Logs::LogGroup")


class TestDistribution:
    def test_speaks_ipv6_http_3_and_tls_only(self, named: Synthesised) -> None:
        distribution = distribution_of(named)
        assert distribution["IPV6Enabled"] is True
        assert distribution["HttpVersion"] == "http2and3"
        assert distribution["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
        for behaviour in (distribution["DefaultCacheBehavior"], *distribution["CacheBehaviors"]):
            assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"
            assert behaviour["Compress"] is True

    @pytest.mark.parametrize(("kind", "errors"), [(SiteKind.SPA, []), (SiteKind.PLAIN, [404])])
    def test_hides_no_refusal_of_the_web_acl(self, kind: SiteKind, errors: list[int]) -> None:
        responses = distribution_of(synthesised(kind=kind)).get("CustomErrorResponses", [])
        assert [one["ErrorCode"] for one in responses] == errors
        assert all(one["ResponseCode"] == one["ErrorCode"] for one in responses)

    def test_has_the_web_acl_of_its_stack(self, named: Synthesised) -> None:
        assert distribution_of(named)["WebACLId"] == {"Fn::GetAtt": ["Acl", "Arn"]}

    def test_has_the_web_acl_of_an_arn(self) -> None:
        assert distribution_of(synthesised(web_acl=WEB_ACL_ARN))["WebACLId"] == WEB_ACL_ARN

    def test_without_a_web_acl_has_none(self, minimal: Synthesised) -> None:
        assert "WebACLId" not in distribution_of(minimal)

    def test_finds_paths_before_and_marks_assets_after(self, minimal: Synthesised) -> None:
        distribution = distribution_of(minimal)
        (assets,) = distribution["CacheBehaviors"]
        assert assets["PathPattern"] == "/assets/*"
        assert [one["EventType"] for one in assets["FunctionAssociations"]] == ["viewer-response"]
        pages = distribution["DefaultCacheBehavior"]
        assert [one["EventType"] for one in pages["FunctionAssociations"]] == ["viewer-request"]

    def test_patterns_of_assets_are_the_users(self) -> None:
        one = distribution_of(synthesised(unchanging_assets=["/_astro/*", "*.woff2"]))
        assert [each["PathPattern"] for each in one["CacheBehaviors"]] == ["/_astro/*", "*.woff2"]
        assert "CacheBehaviors" not in distribution_of(synthesised(unchanging_assets=[]))


class TestCaching:
    @pytest.mark.parametrize(("part", "ttl"), [("Page", 60), ("Asset", 365 * 86400)])
    def test_nothing_of_a_request_but_its_path_is_in_the_key(self, minimal: Synthesised, part: str, ttl: int) -> None:
        config = minimal.only("CloudFront::CachePolicy", part)["CachePolicyConfig"]
        assert (config["MinTTL"], config["DefaultTTL"], config["MaxTTL"]) == (0, ttl, ttl)
        forwarded = config["ParametersInCacheKeyAndForwardedToOrigin"]
        # A query that reached S3 with the right to list would be an API call.
        assert forwarded["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
        assert forwarded["HeadersConfig"] == {"HeaderBehavior": "none"}
        assert forwarded["CookiesConfig"] == {"CookieBehavior": "none"}

    def test_browsers_ask_for_pages_each_time_unless_the_file_says_otherwise(self, minimal: Synthesised) -> None:
        pages = minimal.only("CloudFront::ResponseHeadersPolicy", "Page")["ResponseHeadersPolicyConfig"]
        assert pages["CustomHeadersConfig"]["Items"] == [
            {"Header": "Cache-Control", "Value": "no-cache", "Override": False}
        ]

    def test_errors_of_assets_get_no_header_that_keeps_them(self, minimal: Synthesised) -> None:
        # A headers policy applies to errors too; the function that marks assets does not.
        assets = minimal.only("CloudFront::ResponseHeadersPolicy", "Asset")["ResponseHeadersPolicyConfig"]
        assert "CustomHeadersConfig" not in assets


class TestSecurityHeaders:
    @pytest.mark.parametrize("part", ["Page", "Asset"])
    def test_are_on_everything(self, minimal: Synthesised, part: str) -> None:
        headers = minimal.only("CloudFront::ResponseHeadersPolicy", part)["ResponseHeadersPolicyConfig"]
        assert headers["SecurityHeadersConfig"] == {
            "ContentSecurityPolicy": {"ContentSecurityPolicy": DEFAULT_CSP, "Override": True},
            "ContentTypeOptions": {"Override": True},
            "ReferrerPolicy": {"ReferrerPolicy": "strict-origin-when-cross-origin", "Override": True},
            "StrictTransportSecurity": {"AccessControlMaxAgeSec": 31536000, "Override": True},
        }

    def test_nothing_inline_and_no_frame_by_default(self) -> None:
        assert "unsafe" not in DEFAULT_CSP
        assert "frame-ancestors 'none'" in DEFAULT_CSP
        assert DEFAULT_CSP.startswith("default-src 'self';")

    def test_take_another_content_security_policy(self) -> None:
        one = synthesised(content_security_policy="default-src 'none'")
        assert str(one.resources("CloudFront::ResponseHeadersPolicy")).count("default-src 'none'") == 2


class TestNames:
    def test_have_records_for_both_families_always(self, named: Synthesised) -> None:
        records = named.resources("Route53::RecordSet").values()
        found = sorted((one["Name"], one["Type"]) for one in records)
        assert found == [
            ("*.example.com.", "A"),
            ("*.example.com.", "AAAA"),
            ("example.com.", "A"),
            ("example.com.", "AAAA"),
        ]
        (logical_id,) = named.resources("CloudFront::Distribution")
        assert {str(one["AliasTarget"]["DNSName"]) for one in records} == {
            str({"Fn::GetAtt": [logical_id, "DomainName"]})
        }

    def test_have_a_certificate_that_the_zone_validates(self, named: Synthesised) -> None:
        certificate = named.only("CertificateManager::Certificate")
        assert certificate["DomainName"] == "example.com"
        assert certificate["SubjectAlternativeNames"] == ["*.example.com"]
        assert {one["HostedZoneId"] for one in certificate["DomainValidationOptions"]} == {"Z0123456789ABCDEFGHIJ"}
        assert distribution_of(named)["Aliases"] == ["example.com", "*.example.com"]

    def test_take_a_certificate_and_make_no_record_without_a_zone(self) -> None:
        app, stack = new_stack()
        passed = acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE_ARN)
        made = site(stack, domain_names=["www.example.com"], certificate=passed)
        one = Synthesised.of(app, stack)
        assert (made.a_records, made.aaaa_records) == ({}, {})
        assert one.count("Route53::RecordSet") == one.count("CertificateManager::Certificate") == 0
        assert distribution_of(one)["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE_ARN
        assert made.url == "https://www.example.com"

    def test_without_any_it_has_cloudfronts(self, minimal: Synthesised) -> None:
        assert "Aliases" not in distribution_of(minimal)
        assert minimal.count("Route53::RecordSet") == 0


class TestAccessLogs:
    def test_hold_the_visitors_address_and_no_secrets(self, minimal: Synthesised) -> None:
        fields = minimal.only("Logs::Delivery")["RecordFields"]
        assert "c-ip" in fields
        # Personal links, sessions.
        assert not {"cs-uri-query", "cs(Cookie)", "cs(Referer)"} & set(fields)

    def test_are_delivered_from_the_distribution_to_the_log_group(self, minimal: Synthesised) -> None:
        (distribution_id,) = minimal.resources("CloudFront::Distribution")
        (log_group_id,) = minimal.resources("Logs::LogGroup")
        source = minimal.only("Logs::DeliverySource")
        assert source["LogType"] == "ACCESS_LOGS"
        assert text_of(source["ResourceArn"]).endswith(f":distribution/<{distribution_id}>")
        assert len(source["Name"]) <= 60
        destination = minimal.only("Logs::DeliveryDestination")
        assert destination["OutputFormat"] == "json"
        assert text_of(destination["DestinationResourceArn"]).endswith(f":log-group:<{log_group_id}>")
        assert minimal.only("Logs::Delivery")["DeliverySourceName"] == source["Name"]

    def test_come_after_their_source(self, minimal: Synthesised) -> None:
        (source_id,) = minimal.resources("Logs::DeliverySource")
        (delivery_id,) = minimal.resources("Logs::Delivery")
        assert minimal.template["Resources"][delivery_id]["DependsOn"] == [source_id]

    def test_are_kept_for_a_month_in_a_group_for_deliveries(self, minimal: Synthesised) -> None:
        group = minimal.only("Logs::LogGroup")
        assert group["RetentionInDays"] == 30
        assert group["LogGroupName"].startswith("/aws/vendedlogs/cloudfront/")

    def test_go_to_a_group_that_is_passed_in(self) -> None:
        app, stack = new_stack()
        passed = logs.LogGroup.from_log_group_name(stack, "Passed", "/web/access")
        assert site(stack, access_log_group=passed).access_log_group is passed
        one = Synthesised.of(app, stack)
        assert one.count("Logs::LogGroup") == 0
        destination = text_of(one.only("Logs::DeliveryDestination")["DestinationResourceArn"])
        assert destination.endswith(":log-group:/web/access")


def test_two_sites_of_a_stack_do_not_meet() -> None:
    app, stack = new_stack()
    site(stack, "One")
    site(stack, "Two")
    one = Synthesised.of(app, stack)
    assert one.count("CloudFront::Distribution") == 2
    for resource_type in ("Logs::DeliverySource", "Logs::DeliveryDestination", "CloudFront::Function"):
        names = [properties["Name"] for properties in one.resources(resource_type).values()]
        assert len(names) == len(set(names)) > 1


def test_a_long_path_fits_every_name() -> None:
    app, stack = new_stack("W" + "e" * 120 + "b")
    site(stack, "S" + "i" * 200)
    one = Synthesised.of(app, stack)
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html
    assert len(one.only("Logs::DeliverySource")["Name"]) <= 60
    assert len(one.only("Logs::LogGroup")["LogGroupName"]) <= 512
    # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html
    assert all(len(function["Name"]) <= 64 for function in one.resources("CloudFront::Function").values())
    assert len(distribution_of(one)["Comment"]) <= 128


def test_the_logical_ids_stay(minimal: Synthesised) -> None:
    stateful: dict[str, Any] = {
        id: resource["Type"]
        for id, resource in minimal.template["Resources"].items()
        if resource["Type"] in {"AWS::S3::Bucket", "AWS::CloudFront::Distribution", "AWS::Logs::LogGroup"}
    }
    assert stateful == {
        "SiteAccessLogsFB094127": "AWS::Logs::LogGroup",
        "SiteBucket978D4AEB": "AWS::S3::Bucket",
        "SiteDistribution390DED28": "AWS::CloudFront::Distribution",
    }
