"""Where stages differ, told by place."""

from __future__ import annotations

import re
from dataclasses import replace

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from chatops_constructs import (
    Difference,
    Stages,
    assert_stage_parity,
)
from tests.constructs.staged import PRODUCTION, STAGING, BotSettings, app_of, is_staging, told


def test_a_property_is_told_by_its_place() -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        s3.Bucket(stack, "Uploads", versioned=not is_staging(settings))

    app = app_of(define)
    assert told(app) == (
        "the stages staging and production are not the same: 1 undeclared\n\n"
        "Bots/Uploads (AWS::S3::Bucket) VersioningConfiguration\n"
        "  staging: (nothing)\n"
        '  production: {"Status": "Enabled"}\n'
        "  make it the same, or a field of the stages' settings; if it is meant: "
        'Difference("Bots/Uploads", properties=["VersioningConfiguration"], reason="…")'
    )
    assert_stage_parity(
        app, differences=[Difference("Bots/Uploads", properties=["VersioningConfiguration"], reason="it costs")]
    )


def test_a_declared_property_says_nothing_of_another() -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        policy = cdk.RemovalPolicy.DESTROY if is_staging(settings) else cdk.RemovalPolicy.RETAIN
        s3.Bucket(stack, "Uploads", removal_policy=policy, versioned=is_staging(settings))

    kept = Difference(
        "Bots/Uploads", properties=["DeletionPolicy", "UpdateReplacePolicy"], reason="staging is thrown away"
    )
    message = told(app_of(define), differences=[kept])
    assert re.findall(r"^Bots/Uploads.*", message, re.MULTILINE) == [
        "Bots/Uploads (AWS::S3::Bucket) VersioningConfiguration"
    ]
    assert_stage_parity(app_of(define), differences=[Difference("Bots", reason="all of it")])


def test_a_state_machine_is_compared_state_by_state() -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        cdk.CfnResource(
            stack,
            "Machine",
            type="AWS::StepFunctions::StateMachine",
            properties={
                "DefinitionString": stack.to_json_string(
                    {"States": {"Wait": {"Seconds": 1 if is_staging(settings) else 2, "Here": stack.account}}}
                )
            },
        )

    assert "Bots/Machine (AWS::StepFunctions::StateMachine) DefinitionString.States.Wait.Seconds" in told(
        app_of(define)
    )


def test_of_lists_of_another_length_the_rest_is_told() -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        for queue in ("A", "B", "C"):
            if queue != "B" or is_staging(settings):
                role.add_to_policy(iam.PolicyStatement(actions=[f"sqs:{queue}"], resources=[stack.account]))

    message = told(app_of(define))
    assert "Bots/Role/DefaultPolicy (AWS::IAM::Policy) PolicyDocument.Statement" in message
    assert "sqs:B" in message
    assert "sqs:A" not in message
    assert "production: (nothing)" in message


def test_of_long_values_the_part_that_differs_is_told() -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        cdk.CfnOutput(stack, "Text", value=f"{'x' * 500}{len(settings.name)}{'y' * 500}")
        sns.Topic(stack, "Alarms")

    message = told(app_of(define))
    assert re.search(r"staging: …x{50}7y+…\n  production: …x{50}10y+…", message)
    assert len(message) < 1000


def test_the_tags_and_the_protection_of_a_stack() -> None:
    def build(stage: cdk.Stage, settings: BotSettings) -> None:
        tags = {"owner": "me"} if is_staging(settings) else {}
        stack = cdk.Stack(stage, "Bots", tags=tags, termination_protection=not is_staging(settings))
        cdk.CfnResource(stack, "Thing", type="AWS::SNS::Topic")

    app = cdk.App()
    Stages(app, build=build, settings=[STAGING, PRODUCTION])
    message = told(app)
    assert "Bots (stack) terminationProtection\n  staging: false\n  production: true" in message
    assert "Bots (stack) tags" in message


def test_a_stack_that_does_not_say_where_it_goes() -> None:
    app = cdk.App()
    for name in ("staging", "production"):
        sns.Topic(cdk.Stack(cdk.Stage(app, name), "Bots"), "Alarms")
    message = told(app)
    assert "Bots (stack) environment" in message
    assert "account unknown, region unknown" in message
    assert "give the stage an account and a region" in message


def test_the_first_of_three_is_what_the_others_are_compared_with() -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        sns.Topic(stack, "Alarms", display_name=str(len(settings.name)))
        if settings.name != "testing":
            sqs.Queue(stack, "Jobs")

    testing = replace(STAGING, name="testing")
    message = told(app_of(define, STAGING, testing, PRODUCTION))
    assert "the stages staging, testing and production" in message
    assert 'DisplayName\n  staging: "7"\n  production: "10"\n' in message
    assert "Bots/Jobs (AWS::SQS::Queue)\n  only in staging and production" in message


def test_what_only_a_later_stage_has_is_told_once() -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        if not is_staging(settings):
            s3.Bucket(stack, "Uploads", enforce_ssl=True)

    assert told(app_of(define)).count("only in production") == 1
