"""Commands that search logs: of what is there, of what is not, with queries, and with not enough time."""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from chatops_constructs import (
    Allow,
    LogSearch,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)


class Searches(cdk.Stack):
    """One endpoint, and the log groups that it may read; `Payroll` is none of them."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T0LOGS01", app="A0LOGS01"),
            credentials=SlackCredentials.from_parameters("/logs"),
        )
        orders, billing, _ = (self.group(id) for id in ("Orders", "Billing", "Payroll"))
        mail = logs.LogGroup.from_log_group_name(self, "Mail", "/aws/lambda/mail")
        gone = logs.LogGroup.from_log_group_name(self, "Gone", "/aws/lambda/gone")
        everywhere = [orders, billing, mail, gone]
        no_time = cdk.Duration.seconds(10)
        for name, action in (
            ("/logsearch", LogSearch(log_groups=everywhere)),
            ("/logquery", LogSearch(log_groups=everywhere, insights_above=0)),
            ("/logshort", LogSearch(log_groups={"all-orders": orders}, timeout=no_time, insights_above=0)),
        ):
            slack.add_command(
                name,
                action,
                description="finds a request in the logs",
                allow=Allow.workspace(),
                visible=Visibility.CHANNEL,
            )

    def group(self, id: str) -> logs.LogGroup:
        """A log group that goes with the stack."""
        return logs.LogGroup(self, id, removal_policy=cdk.RemovalPolicy.DESTROY)


app = cdk.App()
Searches(app, "Searches")
app.synth()
