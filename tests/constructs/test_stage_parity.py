"""What a comparison of stages takes for the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from chatops_constructs import (
    Allow,
    Approval,
    CommandFunction,
    InvokeFunction,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    assert_stage_parity,
)
from tests.constructs.stacks import COMMANDS, WEB, WORKSPACE
from tests.constructs.staged import PRODUCTION, STAGING, BotSettings, app_of, told


def platform(stack: cdk.Stack, settings: BotSettings) -> None:
    """Much of what is named by the stage: paths, unique ids, hashes, names in assets, versions."""
    slack = SlackCommandEndpoint(
        stack,
        "Slack",
        workspace=WORKSPACE,
        credentials=SlackCredentials.from_parameters(f"/acme/{settings.name}", bot_token=True),
    )
    greet = CommandFunction(stack, "Greet", entry=COMMANDS, handler="hello.hello", environment={"STAGE": settings.name})
    _ = greet.current_version
    slack.add_command("/greet", InvokeFunction(greet), description="greets", allow=Allow.channel(settings.channel))
    slack.add_command(
        "/a-command-with-a-long-name-cut",
        RunScript("uptime", targets=WEB),
        description="looks",
        allow=Allow.workspace(),
        approval=Approval(by=Allow.workspace(), channel=settings.channel),
    )
    queue = sqs.Queue(stack, "Jobs")
    greet.add_event_source(event_sources.SqsEventSource(queue))
    events.Rule(
        stack, "Hourly", schedule=events.Schedule.rate(cdk.Duration.hours(1)), targets=[targets.LambdaFunction(greet)]
    )
    uploads = s3.Bucket(stack, "Uploads", bucket_name=cdk.PhysicalName.GENERATE_IF_NEEDED)
    nested = cdk.NestedStack(stack, "Nested")
    sns.Topic(nested, "Alarms", display_name=f"alarms of {settings.name}")
    cdk.CfnOutput(stack, "Queue", value=queue.queue_arn, export_name=f"{settings.prefix}jobs")
    other = cdk.Stack(cdk.Stage.of(stack), "Readers")
    lambda_.CfnFunction(
        other,
        "Reader",
        code=lambda_.CfnFunction.CodeProperty(zip_file="pass"),
        handler="index.handler",
        role=f"arn:aws:iam::{settings.account}:role/reader",
        runtime="python3.14",
        environment=lambda_.CfnFunction.EnvironmentProperty(
            variables={"BUCKET": uploads.bucket_name, "QUEUE": queue.queue_url, "ZONE": f"{settings.region}a"}
        ),
    )


@pytest.mark.parametrize("context", [None, {"aws:cdk:enable-path-metadata": True}], ids=["in tests", "from cdk"])
@pytest.mark.parametrize(
    "production",
    [
        PRODUCTION,
        replace(PRODUCTION, account=STAGING.account),
        replace(PRODUCTION, account=STAGING.account, region=STAGING.region),
        replace(PRODUCTION, name="a-name-of-20-letters"),
    ],
    ids=["accounts", "regions", "one place", "long name"],
)
def test_stages_of_one_definition_are_the_same(production: BotSettings, context: dict[str, Any] | None) -> None:
    assert_stage_parity(app_of(platform, STAGING, production, context=context))


def test_their_settings_are_compared_by_what_they_stand_for() -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        topic = sns.Topic(stack, "Topic", display_name=settings.channel)
        cdk.Tags.of(topic).add("failures", f"to {settings.channel} and {settings.failure_channel}")
        dynamodb.CfnTable(
            stack,
            "Table",
            key_schema=[],
            provisioned_throughput=dynamodb.CfnTable.ProvisionedThroughputProperty(
                read_capacity_units=settings.memory, write_capacity_units=1
            ),
        )

    # Two settings that are the same in staging, and two in production.
    staging = replace(STAGING, failure_channel=STAGING.channel)
    production = replace(PRODUCTION, failure_channel="C0ALARMS", memory=1024)
    assert_stage_parity(app_of(define, staging, production))


def test_stages_need_not_be_made_by_us() -> None:
    app = cdk.App()
    for name, account in (("Beta", "111122223333"), ("Prod", "444455556666")):
        stage = cdk.Stage(app, name, env=cdk.Environment(account=account, region="eu-central-1"))
        sns.Topic(cdk.Stack(stage, "Bots"), "Alarms", display_name=name)
    assert_stage_parity(app)


def test_a_folder_does_as_well_and_knows_no_settings() -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        sns.Topic(stack, "Alarms", display_name=settings.channel)

    app = app_of(define)
    assert_stage_parity(app)
    message = told(app.synth().directory)
    assert 'staging: "C0STAGING"\n  production: "C0TEAM"' in message


def test_an_app_in_several_stages_compares_those_that_are_named() -> None:
    app = app_of(lambda stack, _: sns.Topic(stack, "Alarms"))
    cdk.Stage(app, "tools", env=cdk.Environment(account="111122223333", region="eu-central-1"))
    assert_stage_parity(app, stages=["staging", "production"])
    assert "Bots (stack)\n  only in staging and production" in told(app)
