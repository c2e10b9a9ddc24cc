"""The alarms and the dashboard of an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from chatops_constructs.slack.endpoint_alarms import ACK_TIME, WRONG_SIGNATURES, EndpointAlarms
from chatops_constructs.slack.endpoint_dashboard import EndpointDashboard
from chatops_constructs.slack.endpoint_metrics import EndpointMetrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import Duration
    from aws_cdk import aws_cloudwatch as cloudwatch

    from chatops_constructs.slack.endpoint import SlackCommandEndpoint


class EndpointWatch(EndpointMetrics):
    """What watches a `SlackCommandEndpoint`, made of its metrics."""

    def alarms(
        self,
        *,
        actions: Sequence[cloudwatch.IAlarmAction] = (),
        ack_time: Duration | None = None,
        wrong_signatures: int = WRONG_SIGNATURES,
    ) -> EndpointAlarms:
        """Create alarms on the endpoint, once.

        Args:
            actions: What is done when one of them goes off, such as `SnsAction(topic)`. Not a message to the channel
                that may be the broken one. Default: nothing; the console shows them.
            ack_time: How long `dispatch` may take for an answer; Slack waits for 3 seconds in all. Default: 2 seconds.
            wrong_signatures: How many requests with a wrong signature are too many within 5 minutes. Default: 20.

        Raises:
            ValueError: A limit is none.
        """
        endpoint = cast("SlackCommandEndpoint", self)
        return EndpointAlarms(
            endpoint,
            "Alarms",
            endpoint=endpoint,
            actions=actions,
            ack_time=ack_time or ACK_TIME,
            wrong_signatures=wrong_signatures,
        )

    def dashboard(self, *, dashboard_name: str | None = None) -> EndpointDashboard:
        """Create a dashboard of the endpoint, once, with a row for each command, whenever that is added.

        Args:
            dashboard_name: Its name. Default: one that CloudFormation makes.
        """
        endpoint = cast("SlackCommandEndpoint", self)
        return EndpointDashboard(endpoint, "Dashboard", endpoint=endpoint, dashboard_name=dashboard_name)
