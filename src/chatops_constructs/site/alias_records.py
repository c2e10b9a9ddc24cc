"""The records of a name of a site: always both, A for IPv4 and AAAA for IPv6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_route53 as route53
from aws_cdk.aws_route53_targets import CloudFrontTarget
from constructs import Construct

if TYPE_CHECKING:
    from aws_cdk import aws_cloudfront as cloudfront


class AliasRecords(Construct):
    """The two records of one name.

    Attributes:
        a: For IPv4.
        aaaa: For IPv6.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        zone: route53.IHostedZone,
        domain_name: str,
        distribution: cloudfront.IDistribution,
    ) -> None:
        """Create both records.

        Args:
            scope: The parent.
            id: The id in `scope`.
            zone: The hosted zone in which the name is.
            domain_name: The whole name.
            distribution: What it leads to.
        """
        super().__init__(scope, id)
        target = route53.RecordTarget.from_alias(CloudFrontTarget(distribution))
        # With a dot at its end a name is whole: the zone's is not added.
        name = f"{domain_name}."
        self.a = route53.ARecord(self, "A", zone=zone, record_name=name, target=target)
        self.aaaa = route53.AaaaRecord(self, "Aaaa", zone=zone, record_name=name, target=target)
