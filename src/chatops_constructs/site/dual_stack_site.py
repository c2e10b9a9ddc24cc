"""A static site that its visitors reach over IPv4 and IPv6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from chatops_constructs._acknowledge import acknowledge
from chatops_constructs._problems import Problems
from chatops_constructs.site import dual_stack_site_checks as checks
from chatops_constructs.site.access_logs import AccessLogs
from chatops_constructs.site.alias_records import AliasRecords
from chatops_constructs.site.behaviours import behaviour, error_responses
from chatops_constructs.site.cache_rules import ASSET_TTL, PAGE_TTL, PAGES_IN_BROWSERS, cache_policy
from chatops_constructs.site.edge_function import edge_function
from chatops_constructs.site.security_headers import DEFAULT_CSP, security_headers
from chatops_constructs.site.site_bucket import own_bucket
from chatops_constructs.site.us_east_1 import home_in_us_east_1

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_route53 as route53

    from chatops_constructs.site.site_kind import SiteKind

MINIMUM_TLS = cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021


class DualStackSite(Construct):
    """A static site: a private bucket, CloudFront before it, and a web ACL before that.

    Visitors come over IPv4 or IPv6, HTTP/2 or HTTP/3, and over TLS only. Each name of the site has an A and an AAAA
    record. From CloudFront to S3 is another matter: CloudFront has no setting for the address family of an S3 origin
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-enable-ipv6.html).

    **Region.** CloudFront takes certificates, web ACLs and log deliveries from us-east-1. In a stack of another region,
    the site makes a second stack in us-east-1, one for all sites of the stack, and all of its resources in there, the
    bucket as well: the bucket's policy names the distribution and the distribution the bucket, and a cycle of two
    stacks cannot be deployed (https://github.com/aws/aws-cdk/issues/31462). So nothing has to cross regions, and no
    custom resource carries it. `cdk deploy` of your stack deploys that one first. Bootstrap us-east-1 once.

    **Caching.** Browsers ask for a page each time, and CloudFront keeps it for a minute: a new version is seen after a
    minute, without an invalidation. Files whose names change with their content (`unchanging_assets`) are kept for a
    year by both. A `Cache-Control` that a page has in S3 counts; for those files it does not.

    **Content** is yours to copy, `aws s3 sync site/dist s3://…`: what CDK's `BucketDeployment` needs for it, a function
    with rights on the whole of two buckets, is shared by the whole stack and cannot be narrowed from here. The page
    docs/dual-stack-site.md shows both ways.

    Creates, unless passed in: an encrypted and versioned bucket that takes TLS only; an origin access control; a
    distribution with cache policies, security headers, and functions for the paths; a certificate that the hosted zone
    validates; the records; access logs in a log group, visitors' addresses whole, queries and cookies left out.

    Example:
        from aws_cdk import aws_route53 as route53
        from chatops_constructs import DualStackSite, SiteKind

        zone = route53.HostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
        )
        site = DualStackSite(
            self,
            "Site",
            kind=SiteKind.SPA,
            domain_names=["www.example.com"],
            hosted_zone=zone,
            web_acl="arn:aws:wafv2:us-east-1:123456789012:global/webacl/site/01234567-89ab-cdef-0123-456789abcdef",
        )

    Attributes:
        stack: The stack that everything below is in: the construct's own, or the one in us-east-1.
        url: Where the site is.
        bucket: Holds the site's files.
        origin_access_control: Makes CloudFront sign its requests to the bucket.
        distribution: CloudFront's. `distribution.add_behavior("/api/*", …)` adds an API.
        page_cache_policy: Of everything but `unchanging_assets`.
        asset_cache_policy: Of `unchanging_assets`.
        page_headers_policy: The security headers, and `Cache-Control` for pages.
        asset_headers_policy: The security headers.
        path_function: Finds the file for a path.
        asset_function: Tells browsers to keep `unchanging_assets`.
        certificate: Of the names. None: the site has none but CloudFront's.
        a_records: By name. Empty without a hosted zone.
        aaaa_records: By name; the same names.
        access_log_group: Where the access logs are.
        log_delivery_source: The distribution, as CloudWatch Logs knows it.
        log_delivery_destination: The log group, as CloudWatch Logs knows it.
        log_delivery: From the one to the other.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        kind: SiteKind,
        web_acl: wafv2.CfnWebACL | str | None = None,
        domain_names: Sequence[str] = (),
        hosted_zone: route53.IHostedZone | None = None,
        certificate: acm.ICertificate | None = None,
        content_security_policy: str = DEFAULT_CSP,
        unchanging_assets: Sequence[str] = ("/assets/*",),
        bucket: s3.IBucket | None = None,
        versioned: bool = True,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        access_log_group: logs.ILogGroup | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        """Create the site.

        Args:
            scope: The parent.
            id: The id in `scope`.
            kind: How a path leads to a file.
            web_acl: Decides who sees the site: an AWS::WAFv2::WebACL of scope CLOUDFRONT in a stack of us-east-1, or
                the ARN of one. Default: none, which cdk-nag finds.
            domain_names: The site's names. Default: the one that CloudFront gives it.
            hosted_zone: Gets an A and an AAAA record for each name, and validates the certificate. Default: the records
                are yours to make.
            certificate: For the names; of us-east-1. Default: an own one, if there is a hosted zone.
            content_security_policy: The whole header. Default: everything from the site itself, nothing inline, in no
                frame; what that breaks is in docs/dual-stack-site.md.
            unchanging_assets: Path patterns of files whose names change with their content. They are never rewritten to
                a page. Default: `/assets/*`.
            bucket: An existing bucket: of the site's own stack, or an imported one, in whose policy you allow the
                distribution to read and list. Default: an own one.
            versioned: Whether the own bucket keeps what is overwritten or deleted, for 30 days. Default: it does.
            removal_policy: What becomes of the own bucket when the stack is deleted. With DESTROY it has to be empty.
                Default: it stays.
            access_log_group: An existing log group of us-east-1. Default: an own one, kept for one month.
            encryption_key: A customer-managed key of us-east-1 for the own bucket and the own log group. Default: a key
                of S3's for the bucket, one that AWS owns for the log group.

        Raises:
            ValueError: A parameter is not allowed, or something that was passed in is not in us-east-1.
        """
        super().__init__(scope, id)
        home = home_in_us_east_1(self)
        self.stack: Stack = Stack.of(home)
        problems = Problems(self)
        checks.check_kind(problems, kind)
        checks.check_header(problems, content_security_policy)
        checks.check_assets(problems, unchanging_assets)
        checks.check_names(problems, domain_names, certificate, hosted_zone)
        checks.check_web_acl(problems, web_acl, self.stack)
        checks.check_bucket(problems, bucket, self.stack)
        for parameter, passed, identifier in (
            ("certificate", certificate, certificate.certificate_arn if certificate else ""),
            ("hosted_zone", hosted_zone, hosted_zone.hosted_zone_id if hosted_zone else ""),
            ("access_log_group", access_log_group, access_log_group.log_group_arn if access_log_group else ""),
            ("encryption_key", encryption_key, encryption_key.key_arn if encryption_key else ""),
        ):
            checks.check_reach(problems, self.stack, parameter, passed, identifier)
        problems.raise_if_any()

        self.bucket: s3.IBucket = bucket or own_bucket(
            home, "Bucket", versioned=versioned, removal_policy=removal_policy, encryption_key=encryption_key
        )
        self.origin_access_control: cloudfront.S3OriginAccessControl = cloudfront.S3OriginAccessControl(
            home, "OriginAccessControl"
        )
        self.page_cache_policy: cloudfront.CachePolicy = cache_policy(home, "PageCache", ttl=PAGE_TTL)
        self.asset_cache_policy: cloudfront.CachePolicy = cache_policy(home, "AssetCache", ttl=ASSET_TTL)
        self.page_headers_policy: cloudfront.ResponseHeadersPolicy = security_headers(
            home,
            "PageHeaders",
            content_security_policy=content_security_policy,
            cache_control=PAGES_IN_BROWSERS,
        )
        self.asset_headers_policy: cloudfront.ResponseHeadersPolicy = security_headers(
            home, "AssetHeaders", content_security_policy=content_security_policy, cache_control=None
        )
        self.path_function: cloudfront.Function = edge_function(
            home, "Paths", file=kind.value, comment="finds the file for a path of a static site"
        )
        self.asset_function: cloudfront.Function = edge_function(
            home, "Assets", file="unchanging_assets", comment="tells browsers to keep files that never change"
        )
        self.certificate: acm.ICertificate | None = certificate or _own_certificate(home, domain_names, hosted_zone)
        self.distribution: cloudfront.Distribution = self._create_distribution(
            home, kind, domain_names, unchanging_assets, web_acl
        )
        self._let_cloudfront_list()
        records = self._create_records(home, domain_names, hosted_zone)
        self.a_records: dict[str, route53.ARecord] = {name: both.a for name, both in records.items()}
        self.aaaa_records: dict[str, route53.AaaaRecord] = {name: both.aaaa for name, both in records.items()}
        access_logs = AccessLogs(
            home,
            "AccessLogs",
            distribution=self.distribution,
            log_group=access_log_group,
            encryption_key=encryption_key,
        )
        self.access_log_group: logs.ILogGroup = access_logs.log_group
        self.log_delivery_source: logs.CfnDeliverySource = access_logs.source
        self.log_delivery_destination: logs.CfnDeliveryDestination = access_logs.destination
        self.log_delivery: logs.CfnDelivery = access_logs.delivery
        self.url: str = f"https://{domain_names[0] if domain_names else self.distribution.distribution_domain_name}"

    def _create_distribution(
        self,
        home: Construct,
        kind: SiteKind,
        domain_names: Sequence[str],
        unchanging_assets: Sequence[str],
        web_acl: wafv2.CfnWebACL | str | None,
    ) -> cloudfront.Distribution:
        origin = origins.S3BucketOrigin.with_origin_access_control(
            self.bucket,
            origin_access_control=self.origin_access_control,
            # The right to list is in a statement of its own: CDK would give both rights to the bucket and its objects.
            origin_access_levels=[cloudfront.AccessLevel.READ],
        )
        distribution = cloudfront.Distribution(
            home,
            "Distribution",
            comment=self.node.path[:128],
            default_behavior=self._pages(origin),
            additional_behaviors={pattern: self._assets(origin) for pattern in unchanging_assets},
            default_root_object="index.html",
            domain_names=list(domain_names) or None,
            certificate=self.certificate,
            # For its own name, CloudFront decides by itself: TLS 1.0 and later.
            minimum_protocol_version=MINIMUM_TLS if self.certificate else None,
            enable_ipv6=True,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            error_responses=error_responses(kind),
            web_acl_id=web_acl.attr_arn if isinstance(web_acl, wafv2.CfnWebACL) else web_acl,
        )
        acknowledge(distribution, "AwsSolutions-CFR1", "a site is for every country unless its web ACL says otherwise")
        acknowledge(
            distribution,
            "AwsSolutions-CFR3",
            "access logs are delivered by AWS::Logs::Delivery (standard logging v2), which the rule does not look at",
        )
        return distribution

    def _let_cloudfront_list(self) -> None:
        # With the right to list, S3 says 404 of a file that is not there; without, 403, as it says of one that may not
        # be read. Nobody can list: the root is an object, and no query reaches S3.
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="TellWhatIsNotThere",
                principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
                actions=["s3:ListBucket"],
                resources=[self.bucket.bucket_arn],
                conditions={"StringEquals": {"AWS:SourceArn": self.distribution.distribution_arn}},
            )
        )

    def _create_records(
        self, home: Construct, domain_names: Sequence[str], zone: route53.IHostedZone | None
    ) -> dict[str, AliasRecords]:
        if zone is None:
            return {}
        return {
            name: AliasRecords(home, name, zone=zone, domain_name=name, distribution=self.distribution)
            for name in domain_names
        }

    def _pages(self, origin: cloudfront.IOrigin) -> cloudfront.BehaviorOptions:
        return behaviour(
            origin,
            self.page_cache_policy,
            self.page_headers_policy,
            cloudfront.FunctionAssociation(
                event_type=cloudfront.FunctionEventType.VIEWER_REQUEST, function=self.path_function
            ),
        )

    def _assets(self, origin: cloudfront.IOrigin) -> cloudfront.BehaviorOptions:
        return behaviour(
            origin,
            self.asset_cache_policy,
            self.asset_headers_policy,
            cloudfront.FunctionAssociation(
                event_type=cloudfront.FunctionEventType.VIEWER_RESPONSE, function=self.asset_function
            ),
        )


def _own_certificate(
    home: Construct, domain_names: Sequence[str], zone: route53.IHostedZone | None
) -> acm.Certificate | None:
    if zone is None:
        return None
    return acm.Certificate(
        home,
        "Certificate",
        domain_name=domain_names[0],
        subject_alternative_names=list(domain_names[1:]) or None,
        validation=acm.CertificateValidation.from_dns(zone),
    )
