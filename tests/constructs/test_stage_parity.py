"""What a comparison of stages finds, and what it takes for the same."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from chatops_constructs import (
    Allow,
    Approval,
    CommandFunction,
    Difference,
    InvokeFunction,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    Stages,
    StageSettings,
    assert_stage_parity,
)
from tests.constructs.stacks import COMMANDS, WEB, WORKSPACE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class BotSettings(StageSettings):
    """What differs between the stages of the tests."""

    channel: str
    memory: int = 256
    failure_channel: str | None = None


STAGING = BotSettings(name="staging", account="111122223333", region="eu-central-1", channel="C0STAGING")
PRODUCTION = BotSettings(name="production", account="444455556666", region="eu-west-1", channel="C0TEAM")

Definition = "Callable[[cdk.Stack, BotSettings], Any]"


def app_of(
    define: Callable[[cdk.Stack, BotSettings], Any], *settings: BotSettings, context: dict[str, Any] | None = None
) -> cdk.App:
    """An app with one stack `Bots` in each stage."""
    app = cdk.App(analytics_reporting=False, context=context)
    Stages(
        app,
        build=lambda stage, own: define(cdk.Stack(stage, "Bots"), own),
        settings=settings or (STAGING, PRODUCTION),
    )
    return app


def told(app: cdk.App | Path | str, **options: Any) -> str:
    """The message of a comparison that fails."""
    with pytest.raises(AssertionError) as failure:
        assert_stage_parity(app, **options)
    return str(failure.value)


def is_staging(settings: BotSettings) -> bool:
    return settings.name == "staging"


# --- the same


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


# --- a production that had never been tried


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


# --- what else differs


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


def test_another_code_is_another_function(tmp_path: Path) -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        code = tmp_path / settings.name
        code.mkdir()
        (code / "index.py").write_text(f"STAGE = '{settings.name}'\n{'x = 1' if is_staging(settings) else ''}")
        lambda_.Function(
            stack,
            "Greet",
            code=lambda_.Code.from_asset(str(code)),
            handler="index.handler",
            runtime=lambda_.Runtime.PYTHON_3_14,
        )

    app = app_of(define)
    message = told(app)
    assert "Bots/Greet (AWS::Lambda::Function) Code.S3Key: index.py\n" in message
    assert "x = 1" in message
    assert_stage_parity(app, differences=[Difference("Bots/Greet", properties=["Code.S3Key"], reason="a trial")])


def test_the_places_in_files_of_assets_are_told(tmp_path: Path) -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        code = tmp_path / settings.name
        code.mkdir()
        (code / "table.json").write_text(json.dumps({"stage": settings.name, "limit": len(settings.name)}))
        (code / "picture.png").write_bytes(b"\x89PNG" + settings.name.encode())
        (code / f"only_{len(settings.name)}.txt").write_text("here")
        files = s3_assets.Asset(stack, "Files", path=str(code))
        cdk.CfnOutput(stack, "Key", value=files.s3_object_key)

    message = told(app_of(define))
    places = re.findall(r"^Bots/Outputs/Key \(Outputs\) (Value: .*)", message, re.MULTILINE)
    assert places == [
        "Value: only_10.txt",
        "Value: only_7.txt",
        "Value: picture.png",
        "Value: table.json limit",
    ]
    assert 'Value: only_7.txt\n  staging: "a file"\n  production: (nothing)\n' in message
    assert "staging: 7\n  production: 10\n" in message


def test_of_a_stage_that_is_not_selected_folders_are_not_compared(tmp_path: Path) -> None:
    """With `cdk deploy "staging/*"`, nothing is built for production."""

    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        code = tmp_path / settings.name
        code.mkdir()
        (code / ("built.py" if stack.bundling_required else "index.py")).write_text("")
        files = s3_assets.Asset(stack, "Files", path=str(code))
        file = tmp_path / f"{settings.name}.txt"
        file.write_text(str(len(settings.name)))
        cdk.CfnOutput(stack, "Folder", value=files.s3_object_key)
        cdk.CfnOutput(stack, "File", value=s3_assets.Asset(stack, "Text", path=str(file)).s3_object_key)

    message = told(app_of(define, context={"aws:cdk:bundling-stacks": ["staging/*"]}))
    assert "Bots/Outputs/File" in message
    assert "Bots/Outputs/Folder" not in message


def test_the_same_code_with_the_name_of_the_stage_in_it_is_the_same(tmp_path: Path) -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        code = tmp_path / settings.name
        code.mkdir()
        (code / "index.py").write_text(f"STAGE = '{settings.name}'\n")
        (code / "table.json").write_text(f'{{"{settings.name}": ["{settings.account}"]}}')
        (code / "picture.png").write_bytes(b"\x89PNG")
        lambda_.Function(
            stack,
            "Greet",
            code=lambda_.Code.from_asset(str(code)),
            handler="index.handler",
            runtime=lambda_.Runtime.PYTHON_3_14,
        )

    assert_stage_parity(app_of(define))


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


# --- declared, but not so


@pytest.mark.parametrize(
    "declared",
    [
        Difference("Bots/Gone", reason="there was one"),
        Difference("Bots/Alarm", reason="only half of the name"),
        Difference("Bots/Alarms", properties=["Tags"], reason="another property"),
        Difference("Bots/Alarms", only_in=["production"], reason="all have it"),
    ],
    ids=["path", "part", "property", "only_in"],
)
def test_a_difference_that_is_none_fails(declared: Difference) -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        sns.Topic(stack, "Alarms", display_name=str(len(settings.name)))

    meant = Difference("Bots/Alarms", properties=["DisplayName"], reason="the length of the name")
    assert_stage_parity(app_of(define), differences=[meant])
    message = told(app_of(define), differences=[meant, declared])
    assert message == (
        "declared, but the stages staging and production do not differ so: remove, or correct the path\n\n"
        f'Difference("{declared.path}", …, reason="{declared.reason}")'
    )


def test_only_in_says_exactly_where() -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        if not is_staging(settings):
            sqs.Queue(stack, "Jobs")

    message = told(app_of(define), differences=[Difference("Bots/Jobs", only_in=["staging"], reason="the wrong one")])
    assert "only in production" in message
    assert "declared, but" in message


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (lambda: Difference("", reason="x"), "path is ''; allowed: a construct's path below the stage"),
        (lambda: Difference("/Bots", reason="x"), "path is '/Bots'"),
        (lambda: Difference("Bots/", reason="x"), "path is 'Bots/'"),
        (lambda: Difference("Bots", reason=" "), "reason is ' '; allowed: why the stages differ"),
        (lambda: Difference("Bots", reason="x", properties="Tags"), "properties is 'Tags'; allowed: a list"),
        (lambda: Difference("Bots", reason="x", only_in="staging"), "only_in is 'staging'; allowed: a list"),
        (
            lambda: Difference("Bots", reason="x", only_in=["a"], properties=["b"]),
            "allowed: either properties or only_in",
        ),
    ],
)
def test_a_difference_that_says_nothing_is_refused(declare: Callable[[], Difference], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        declare()


def test_there_must_be_something_to_compare(tmp_path: Path) -> None:
    one = app_of(lambda stack, _: sns.Topic(stack, "Alarms"), STAGING)
    with pytest.raises(ValueError, match="1 stages to compare: build two or more"):
        assert_stage_parity(one)
    with pytest.raises(ValueError, match=r"stages has \['production'\]; the app has \['staging'\]"):
        assert_stage_parity(one, stages=["staging", "production"])
    with pytest.raises(ValueError, match=r"has no manifest\.json: synthesise the app"):
        assert_stage_parity(tmp_path)
