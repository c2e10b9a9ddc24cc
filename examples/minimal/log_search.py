"""A search in the logs of two services."""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs

from chatops_constructs import Allow, LogSearch, SlackCommandEndpoint, SlackCredentials, SlackWorkspace

app = cdk.App()
stack = cdk.Stack(app, "Ops")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
)
orders = logs.LogGroup.from_log_group_name(stack, "OrdersLogs", "/aws/lambda/orders")
billing = logs.LogGroup.from_log_group_name(stack, "BillingLogs", "/aws/lambda/billing")
slack.add_command(
    "/logsearch",
    LogSearch(log_groups=[orders, billing]),
    description="finds a request in the logs",
    allow=Allow.workspace(),
)
app.synth()
