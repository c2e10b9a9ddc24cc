"""A production that had never been tried: what a comparison of stages finds in it."""

from __future__ import annotations

import re
from dataclasses import replace

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from chatops_constructs import (
    Difference,
    Stages,
    assert_stage_parity,
)
from tests.constructs.staged import PRODUCTION, STAGING, BotSettings, app_of, is_staging, told


def test_a_bucket_that_production_lacks() -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        if is_staging(settings):
            s3.Bucket(stack, "Uploads", enforce_ssl=True)

    app = app_of(define)
    assert told(app) == (
        "the stages staging and production are not the same: 1 undeclared\n\n"
        "Bots/Uploads (AWS::S3::Bucket)\n"
        "  only in staging\n"
        "  make it in every stage; if it is meant: "
        'Difference("Bots/Uploads", only_in=["staging"], reason="…")'
    )
    assert_stage_parity(app, differences=[Difference("Bots/Uploads", only_in=["staging"], reason="a test")])


def test_a_setting_that_exists_for_staging_only() -> None:
    app = app_of(lambda stack, _: sns.Topic(stack, "Alarms"), replace(STAGING, failure_channel="C0STAGING"), PRODUCTION)
    assert "settings/failure_channel (setting)\n  only in staging\n  set it in every stage" in told(app)
    assert_stage_parity(
        app, differences=[Difference("settings/failure_channel", only_in=["staging"], reason="none is wanted")]
    )


def test_a_variable_that_exists_for_staging_only() -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        variables = {"LIMIT": "5", **({"TOKEN_NAME": "api-key"} if is_staging(settings) else {})}
        lambda_.Function(
            stack,
            "Greet",
            code=lambda_.Code.from_inline("pass"),
            handler="index.handler",
            runtime=lambda_.Runtime.PYTHON_3_14,
            environment=variables,
        )

    message = told(app_of(define))
    assert "Bots/Greet (AWS::Lambda::Function) Environment.Variables.TOKEN_NAME" in message
    assert '  staging: "api-key"\n  production: (nothing)\n' in message


def test_a_name_that_both_ask_for_in_one_account() -> None:
    app = app_of(
        lambda stack, _: sqs.Queue(stack, "Jobs", queue_name="jobs"),
        STAGING,
        replace(PRODUCTION, account=STAGING.account, region=STAGING.region),
    )
    message = told(app)
    assert 'Bots/Jobs (AWS::SQS::Queue) QueueName\n  staging: "jobs"\n  production: "jobs"' in message
    assert "within one account's region the name is taken once" in message
    assert "settings.prefix" in message


@pytest.mark.parametrize(
    ("account", "region", "clash"),
    [
        (STAGING.account, STAGING.region, {"Bots/Role", "Bots/Bucket", "Bots/Queue", "Bots/Outputs/Jobs", "Bots"}),
        (STAGING.account, PRODUCTION.region, {"Bots/Role", "Bots/Bucket"}),
        (PRODUCTION.account, STAGING.region, {"Bots/Bucket"}),
    ],
    ids=["one region", "one account", "two accounts"],
)
def test_how_far_a_name_reaches(account: str, region: str, clash: set[str]) -> None:
    def build(stage: cdk.Stage, _: BotSettings) -> None:
        stack = cdk.Stack(stage, "Bots", stack_name="bots")
        iam.Role(stack, "Role", role_name="bots", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        s3.Bucket(stack, "Bucket", bucket_name="acme-uploads")
        queue = sqs.Queue(stack, "Queue", queue_name=f"jobs-{cdk.Aws.REGION}-{cdk.Aws.ACCOUNT_ID}")
        cdk.CfnOutput(stack, "Jobs", value=queue.queue_arn, export_name="jobs")
        sns.Topic(stack, "Topic", topic_name=f"{cdk.Aws.STACK_ID}")

    app = cdk.App()
    Stages(app, build=build, settings=[STAGING, replace(PRODUCTION, account=account, region=region)])
    assert set(re.findall(r"^(Bots\S*) \(", told(app), re.MULTILINE)) == clash


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("arn:aws:s3:::acme-staging-uploads", "'staging'"),
        ("/acme/staging/api-key", "'staging'"),
        ("staging", "'staging'"),
        ("aws s3 cp report s3://acme/staging/", "'staging'"),
        ("arn:aws:iam::111122223333:role/reader", "'111122223333'"),
        ("C0STAGING", "'C0STAGING'"),
    ],
)
def test_a_value_of_staging_in_production(text: str, word: str) -> None:
    message = told(app_of(lambda stack, _: sns.Topic(stack, "Alarms", display_name=text)))
    place = "Bots/Alarms (AWS::SNS::Topic) DisplayName"
    assert f'{place}\n  production: "{text}"\n  {word} is of stage staging' in message


@pytest.mark.parametrize(
    "text", ["not for staging.", "pre-staging tests", "staginghouse", "C0STAGINGS", "1111222233334"]
)
def test_a_word_that_only_looks_like_staging(text: str) -> None:
    assert_stage_parity(app_of(lambda stack, _: sns.Topic(stack, "Alarms", display_name=text)))


def test_a_stage_whose_name_is_a_part_of_another() -> None:
    app = app_of(
        lambda stack, settings: sns.Topic(stack, "Alarms", display_name=f"/acme/{settings.name}/x"),
        replace(STAGING, name="prod"),
        replace(PRODUCTION, name="prod-eu"),
    )
    assert_stage_parity(app)
