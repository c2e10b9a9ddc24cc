"""A channel that is told of an alarm."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions

from chatops_constructs import SlackCredentials, SlackNotifier

app = cdk.App()
stack = cdk.Stack(app, "Alarms")
ops = SlackNotifier(
    stack,
    "Ops",
    channel="C0123OPS",
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
)
errors = cloudwatch.Metric(namespace="AWS/ApiGateway", metric_name="5xx", statistic="Sum")
errors.create_alarm(stack, "Errors", threshold=1, evaluation_periods=1).add_alarm_action(actions.SnsAction(ops.topic))
app.synth()
