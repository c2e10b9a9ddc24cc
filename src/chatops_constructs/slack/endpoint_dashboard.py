"""A dashboard of an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from chatops_constructs._at_synthesis import at_synthesis
from chatops_runtime.contracts import endpoint_metrics as metrics

if TYPE_CHECKING:
    from chatops_constructs.slack.endpoint import SlackCommandEndpoint
    from chatops_constructs.slack.endpoint_task import EndpointTask

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Dashboard-Body-Structure.html: 24 columns.
THIRD, HALF = 8, 12

# https://docs.slack.dev/interactivity/implementing-slash-commands: 3 seconds.
SLACK_WAITS = 3_000


class EndpointDashboard(Construct):
    """What came in, what became of it, and a row for each command and each handler.

    Attributes:
        dashboard: The dashboard; widgets of your own can be added to it.
    """

    def __init__(
        self, scope: Construct, id: str, *, endpoint: SlackCommandEndpoint, dashboard_name: str | None
    ) -> None:
        """Create the dashboard; use `SlackCommandEndpoint.dashboard` instead. Rows of commands follow at synthesis.

        Args:
            scope: The parent.
            id: The id in `scope`.
            endpoint: The endpoint.
            dashboard_name: The dashboard's name. None: CloudFormation makes one.
        """
        super().__init__(scope, id)
        self._endpoint = endpoint
        self.dashboard = cloudwatch.Dashboard(self, "Resource", dashboard_name=dashboard_name)
        self.dashboard.add_widgets(*self._requests())
        self.dashboard.add_widgets(*self._results())
        at_synthesis(Construct(self, "Commands"), self._add_commands)

    def _requests(self) -> list[cloudwatch.IWidget]:
        endpoint = self._endpoint
        return [
            cloudwatch.GraphWidget(
                title="Requests",
                width=THIRD,
                left=[endpoint.metric_received(), endpoint.metric_started(), endpoint.metric_refused()],
            ),
            cloudwatch.GraphWidget(title="Refused, by reason", width=THIRD, left=[_refused_by_reason(endpoint.name)]),
            cloudwatch.GraphWidget(
                title="Milliseconds to the answer",
                width=THIRD,
                left=[
                    endpoint.metric_ack_time(statistic=statistic, label=statistic)
                    for statistic in ("p50", "p99", cloudwatch.Stats.MAXIMUM)
                ],
                left_annotations=[cloudwatch.HorizontalAnnotation(value=SLACK_WAITS, label="Slack waits until here")],
            ),
        ]

    def _results(self) -> list[cloudwatch.IWidget]:
        endpoint = self._endpoint
        return [
            cloudwatch.GraphWidget(
                title="Results", width=THIRD, left=[endpoint.metric_succeeded(), endpoint.metric_failed()]
            ),
            cloudwatch.GraphWidget(
                title="Not delivered, not audited",
                width=THIRD,
                left=[endpoint.metric_undelivered(label="Undelivered"), endpoint.metric_not_audited()],
            ),
            cloudwatch.LogQueryWidget(
                title="The last commands",
                width=THIRD,
                log_group_names=[endpoint.audit_log_group.log_group_name],
                query_lines=[
                    "filter event = 'command'",
                    "fields @timestamp, user_name, command, outcome, substr(id, 0, 10) as short_id",
                    "sort @timestamp desc",
                    "limit 20",
                ],
            ),
        ]

    def _add_commands(self) -> None:
        for task in (*self._endpoint.commands.values(), *self._endpoint.handlers.values()):
            self.dashboard.add_widgets(*_of_task(task))


def _of_task(task: EndpointTask) -> list[cloudwatch.IWidget]:
    machine = task.state_machine
    return [
        cloudwatch.GraphWidget(
            title=task.name,
            width=HALF,
            left=[
                machine.metric_started(label="started"),
                machine.metric_succeeded(label="succeeded"),
                machine.metric_failed(label="failed"),
                machine.metric_timed_out(label="timed out"),
                machine.metric_aborted(label="aborted"),
            ],
        ),
        cloudwatch.GraphWidget(
            title=f"{task.name}: milliseconds",
            width=HALF,
            left=[
                machine.metric_time(statistic="p50", label="p50"),
                machine.metric_time(statistic=cloudwatch.Stats.MAXIMUM, label="longest"),
            ],
        ),
    ]


def _refused_by_reason(endpoint_name: str) -> cloudwatch.MathExpression:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-search-expressions.html
    schema = f"{{{metrics.NAMESPACE},{metrics.DIMENSION},{metrics.REASON_DIMENSION}}}"
    search = f'{schema} MetricName="{metrics.REFUSED}" {metrics.DIMENSION}="{endpoint_name}"'
    label = f"${{PROP('Dim.{metrics.REASON_DIMENSION}')}}"
    return cloudwatch.MathExpression(expression=f"SEARCH('{search}', 'Sum')", using_metrics={}, label=label)
