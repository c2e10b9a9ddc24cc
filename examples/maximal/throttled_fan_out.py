"""Calls of an API that takes ten in a second, with a key, alarms, commands, and a second subscriber of the topic."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns

from chatops_constructs import (
    Allow,
    Idempotency,
    JobFunction,
    PythonDependencies,
    PythonFunction,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    ThrottledFanOut,
    refuse_lossy_throttles,
)

CALLS = Path(__file__).parents[1] / "functions" / "calls"
ON_CALL = "arn:aws:sns:us-east-1:123456789012:on-call"

app = cdk.App()
# In every stack, not only in those with a fan-out.
refuse_lossy_throttles(app)
stack = cdk.Stack(app, "Batch")
key = kms.Key(stack, "Key", enable_key_rotation=True)
call = JobFunction(
    stack,
    "Call",
    entry=CALLS,
    handler="calls.call",
    dependencies=PythonDependencies.none(),
    runtime=lambda_.Runtime.PYTHON_3_14,
    architecture=lambda_.Architecture.ARM_64,
    description="Calls the API for one user after the other",
    timeout=cdk.Duration.minutes(2),
    memory_size=512,
    environment={"STAGE": "production"},
    log_group=logs.LogGroup(stack, "CallLogs", retention=logs.RetentionDays.SIX_MONTHS, encryption_key=key),
    encryption_key=key,
)
calls = ThrottledFanOut(
    stack,
    "Calls",
    consumer=call,
    max_concurrency=5,
    per_second=10,
    batch_size=10,
    # No call is begun with less than this left of the two minutes.
    longest_job=cdk.Duration.seconds(6),
    max_receives=5,
    retry_after=cdk.Duration.seconds(30),
    # A nightly run: the same users the next night are other jobs, run or no run.
    idempotency=Idempotency(remembered=cdk.Duration.hours(6)),
    visibility_timeout=cdk.Duration.minutes(12),
    retention=cdk.Duration.days(4),
    topic=sns.Topic(stack, "Users", master_key=key, enforce_ssl=True),
    # What else is published there is none of the fan-out's business.
    filter_policy={"kind": sns.SubscriptionFilter.string_filter(allowlist=["call"])},
    encryption_key=key,
)
publish = PythonFunction(stack, "Publish", entry=CALLS, handler="calls.publish")
calls.publish_from(publish)
# The topic is not the fan-out's own, so neither is its key.
key.grant(publish, "kms:Decrypt", "kms:GenerateDataKey")
calls.alarms(
    actions=[actions.SnsAction(sns.Topic.from_topic_arn(stack, "OnCall", ON_CALL))],
    oldest=cdk.Duration.minutes(30),
    drain_time=cdk.Duration.minutes(15),
)
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
)
slack.add_command("/calls status", calls.status_action(), description="how many calls wait", allow=Allow.workspace())
slack.add_command(
    "/calls redrive", calls.redrive_action(), description="tries dead calls again", allow=Allow.channel("C0123OPS")
)
cdk.CfnOutput(stack, "DrainTime", value=calls.drain_time(1000, cdk.Duration.millis(300)).to_human_string())
app.synth()
