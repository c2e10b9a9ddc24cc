"""A search with all that can be said about it: names of its own, keys that are followed, Logs Insights, a key."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from chatops_constructs import (
    Allow,
    LogSearch,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)

app = cdk.App()
stack = cdk.Stack(app, "Ops")
key = kms.Key(stack, "Key", enable_key_rotation=True)
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
    encryption_key=key,
)
orders = logs.LogGroup(stack, "OrdersLogs", encryption_key=key, retention=logs.RetentionDays.ONE_MONTH)
mail = logs.LogGroup.from_log_group_name(stack, "MailLogs", "/aws/ecs/mail/worker")
slack.add_command(
    "/logsearch",
    LogSearch(
        log_groups={"orders": orders, "mail": mail},
        since=cdk.Duration.hours(12),
        timeout=cdk.Duration.minutes(10),
        correlation=[LogSearch.X_RAY_TRACE_ID, r'"order_id": ?"([0-9a-f-]{36})"'],
        insights_above=1,
        insights_above_size=cdk.Size.gibibytes(20),
    ),
    description="finds an order in the logs",
    allow=Allow.channel("C0123OPS"),
    visible=Visibility.CHANNEL,
)
app.synth()
