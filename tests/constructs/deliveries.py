"""Pipelines that the tests look at."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import pipelines

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
)
from tests.constructs.stacks import COMMANDS, WORKSPACE, Synthesised

if TYPE_CHECKING:
    from constructs import Construct

TOOLS = cdk.Environment(account="111111111111", region="us-east-1")
STAGING = cdk.Environment(account="222222222222", region="us-east-1")
PRODUCTION = cdk.Environment(account="333333333333", region="us-east-1")
CONNECTION = "arn:aws:codeconnections:us-east-1:111111111111:connection/aaaaaaaa-1111-2222-3333-444444444444"
CREDENTIALS = SlackCredentials.from_parameters("/ops/prod", bot_token=True)
PEOPLE = {"Octocat": "U012AB", "renovate[bot]": "automation"}


class BotsStage(cdk.Stage):
    """An app with one function, whose asset has to be published."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment | None = None) -> None:
        super().__init__(scope, id, env=env)
        CommandFunction(cdk.Stack(self, "Bots"), "Hello", entry=str(COMMANDS), handler="hello.hello")


def source(**changed: Any) -> GitHubSource:
    return GitHubSource("acme/bots", **{"connection_arn": CONNECTION, **changed})


def new_stack(env: cdk.Environment | None = TOOLS) -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Tools", env=env)


def pipeline(scope: Construct, **changed: Any) -> DeliveryPipeline:
    """Staging, then production with an approval, unless something else is said."""
    parameters: dict[str, Any] = {"source": source(), "synth": CdkSynth.pip(), **changed}
    if "stages" not in parameters:
        parameters["stages"] = [
            DeliveryStage(BotsStage(scope, "staging", env=STAGING)),
            DeliveryStage(BotsStage(scope, "production", env=PRODUCTION), approval=True),
        ]
    return DeliveryPipeline(scope, "Delivery", **parameters)


def maximal_app() -> tuple[cdk.App, cdk.Stack]:
    """Every parameter, with an endpoint and a notifier beside the pipeline."""
    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "Tools", env=TOOLS)
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    notifier = SlackNotifier(
        stack,
        "Releases",
        channel="C0RELEASES",
        credentials=CREDENTIALS,
        commands=DeliveryPipeline.approval_buttons("/deploy"),
        encryption_key=key,
    )
    mail = sns.Topic(stack, "Mail", enforce_ssl=True)
    delivery = pipeline(
        stack,
        source=source(paths=["bots/**"], excluded_paths=["**/*.md"]),
        synth=CdkSynth.uv(directory="services/bots"),
        stages=[
            DeliveryStage(
                BotsStage(stack, "staging", env=STAGING),
                after=[pipelines.ShellStep("Smoke", commands=["true"])],
                roll_back=True,
            ),
            DeliveryStage(
                BotsStage(stack, "production", env=PRODUCTION),
                approval=True,
                before=[pipelines.ShellStep("Load", commands=["true"])],
                roll_back=True,
            ),
        ],
        on_approval=[notifier],
        on_failure=[notifier, mail],
        on_success=[mail],
        encryption_key=key,
    )
    slack = SlackCommandEndpoint(stack, "Slack", workspace=WORKSPACE, credentials=CREDENTIALS, encryption_key=key)
    slack.add_command(
        "/deploy",
        delivery.approval_action(credentials=CREDENTIALS, people=PEOPLE),
        description="approves deliveries",
        allow=Allow.user_group("S0RELEASE"),
    )
    return app, stack


@cache
def maximal() -> Synthesised:
    return Synthesised.of(*maximal_app())


@cache
def minimal() -> Synthesised:
    """Nothing but what is required."""
    stack = new_stack()
    pipeline(stack)
    app = stack.node.root
    assert isinstance(app, cdk.App)
    return Synthesised.of(app, stack)


def stages_of(synthesised: Synthesised) -> dict[str, dict[str, Any]]:
    """The pipeline's stages by name."""
    return {stage["Name"]: stage for stage in synthesised.only("CodePipeline::Pipeline")["Stages"]}


def actions_of(stage: dict[str, Any]) -> dict[str, int]:
    """The run orders of a stage's actions by name."""
    return {action["Name"]: action["RunOrder"] for action in stage["Actions"]}
