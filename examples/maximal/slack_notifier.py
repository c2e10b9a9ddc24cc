"""A notifier of a topic that exists, with a button for a command of an endpoint elsewhere, a key and a log group."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns

from chatops_constructs import CommandButton, SlackCredentials, SlackNotifier

app = cdk.App()
stack = cdk.Stack(app, "Alarms")
key = kms.Key(stack, "Key", enable_key_rotation=True)
alarms = sns.Topic.from_topic_arn(stack, "Alarms", "arn:aws:sns:ap-northeast-1:123456789012:alarms")
SlackNotifier(
    stack,
    "Ops",
    channel="C0123OPS",
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True, encryption_key=key),
    commands=[CommandButton("/trace", label="Trace the request", argument_from="[0-9a-f-]{36}", text="--since 3h")],
    topic=alarms,
    encryption_key=key,
    log_group=logs.LogGroup(stack, "Logs", retention=logs.RetentionDays.ONE_YEAR, encryption_key=key),
)
app.synth()
