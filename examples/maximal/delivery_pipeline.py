"""From a push to production, approved in Slack by somebody else than whoever wrote it; failures and successes told."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import pipelines
from constructs import Construct

from chatops_constructs import (
    Allow,
    CdkSynth,
    CommandFunction,
    DeliveryPipeline,
    DeliveryStage,
    GitHubSource,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackNotifier,
    SlackWorkspace,
)

COMMANDS = Path(__file__).parents[1] / "ops_bot" / "commands"

TOOLS = cdk.Environment(account="111111111111", region="us-east-1")
STAGING = cdk.Environment(account="222222222222", region="us-east-1")
PRODUCTION = cdk.Environment(account="333333333333", region="us-east-1")


class BotsStage(cdk.Stage):
    """Everything that is deployed to one account."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env)
        CommandFunction(cdk.Stack(self, "Bots"), "Hello", entry=str(COMMANDS), handler="hello.hello")


app = cdk.App()
stack = cdk.Stack(app, "Tools", env=TOOLS)
credentials = SlackCredentials.from_parameters("/tools/prod", bot_token=True)
key = kms.Key(stack, "Key", enable_key_rotation=True)
notifier = SlackNotifier(
    stack,
    "Releases",
    channel="C0RELEASES",
    credentials=credentials,
    commands=DeliveryPipeline.approval_buttons("/deploy"),
)
mail = sns.Topic(stack, "Mail", enforce_ssl=True)

delivery = DeliveryPipeline(
    stack,
    "Delivery",
    source=GitHubSource(
        "acme/bots",
        branch="main",
        connection_arn="arn:aws:codeconnections:us-east-1:111111111111:connection/aaaaaaaa-1111-2222-3333-bbbbccccdddd",
        paths=["bots/**"],
        excluded_paths=["**/*.md"],
    ),
    synth=CdkSynth.uv(directory="bots", node="24", python="3.13", cdk_cli="2.1148.1", cdk_assets="4.7.3", uv="0.13.9"),
    stages=[
        DeliveryStage(
            BotsStage(stack, "staging", env=STAGING),
            approval=False,
            after=[pipelines.ShellStep("Smoke", commands=["curl --fail https://staging.example.com/health"])],
            roll_back=True,
        ),
        DeliveryStage(
            BotsStage(stack, "production", env=PRODUCTION),
            approval=True,
            before=[pipelines.ShellStep("Load", commands=["./load-test https://staging.example.com"])],
            secrets_check=True,
            roll_back=True,
        ),
    ],
    pipeline_name="bots",
    execution_mode=codepipeline.ExecutionMode.SUPERSEDED,
    self_mutation=True,
    build_image=codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5,
    compute_type=codebuild.ComputeType.MEDIUM,
    on_approval=[notifier],
    on_failure=[notifier, mail],
    on_success=[notifier],
    artifact_bucket=s3.Bucket.from_bucket_attributes(
        stack, "Artifacts", bucket_arn="arn:aws:s3:::acme-artifacts", encryption_key=key
    ),
    encryption_key=key,
    log_group=logs.LogGroup(stack, "Builds", retention=logs.RetentionDays.THREE_MONTHS),
)

slack = SlackCommandEndpoint(
    stack, "Slack", workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"), credentials=credentials
)
slack.add_command(
    "/deploy",
    delivery.approval_action(
        credentials=credentials,
        people={"octocat": "U012AB3CD", "renovate[bot]": "automation"},
        allow_self_approval=False,
    ),
    description="approves deliveries",
    allow=Allow.user_group("S0RELEASE"),
)
app.synth()
