"""Access logs of a distribution, delivered by CloudWatch Logs (standard logging v2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_logs as logs
from constructs import Construct

from chatops_constructs._log_group import own_log_group
from chatops_constructs._physical_name import physical_name

if TYPE_CHECKING:
    from aws_cdk import aws_cloudfront as cloudfront
    from aws_cdk import aws_kms as kms

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
# `c-ip` is the visitor's address, IPv4 or IPv6, whole. Left out are queries, cookies and referrers, in which secrets
# travel: a personal link, a session.
RECORD_FIELDS = (
    "date",
    "time",
    "x-edge-location",
    "c-ip",
    "cs-method",
    "cs-protocol",
    "cs-protocol-version",
    "x-host-header",
    "cs-uri-stem",
    "sc-status",
    "sc-bytes",
    "sc-content-type",
    "time-taken",
    "cs(User-Agent)",
    "x-edge-result-type",
    "x-edge-detailed-result-type",
    "x-edge-request-id",
    "ssl-protocol",
)

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html
LONGEST_NAME = 60


class AccessLogs(Construct):
    """What delivers the access logs of one distribution to one log group, a JSON object a request.

    Attributes:
        log_group: Where they are.
        source: The distribution, as CloudWatch Logs knows it.
        destination: The log group, as CloudWatch Logs knows it.
        delivery: From the one to the other.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        distribution: cloudfront.Distribution,
        log_group: logs.ILogGroup | None,
        encryption_key: kms.IKey | None,
    ) -> None:
        """Create the delivery.

        Args:
            scope: The parent, in a stack of us-east-1.
            id: The id in `scope`.
            distribution: Whose requests are logged.
            log_group: An existing log group of us-east-1. None: an own one, kept for one month.
            encryption_key: Encrypts the own log group.
        """
        super().__init__(scope, id)
        self.log_group: logs.ILogGroup = log_group or own_log_group(
            self, "Logs", encryption_key=encryption_key, delivered_by="cloudfront"
        )
        name = physical_name(self, longest=LONGEST_NAME)
        self.source = logs.CfnDeliverySource(
            self, "Source", name=name, log_type="ACCESS_LOGS", resource_arn=distribution.distribution_arn
        )
        self.destination = logs.CfnDeliveryDestination(
            self, "Destination", name=name, destination_resource_arn=self._log_group_arn(), output_format="json"
        )
        self.delivery = logs.CfnDelivery(
            self,
            "Delivery",
            delivery_source_name=self.source.name,
            delivery_destination_arn=self.destination.attr_arn,
            record_fields=list(RECORD_FIELDS),
        )
        # It names its source by a text, which CloudFormation does not see as a reference.
        self.delivery.node.add_dependency(self.source)

    def _log_group_arn(self) -> str:
        # That of the group itself: the one that CDK has ends with ':*', which stands for its streams.
        return Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name=self.log_group.log_group_name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
