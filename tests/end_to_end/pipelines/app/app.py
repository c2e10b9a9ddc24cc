"""A pipeline, whose approvals are given in Slack and whose ends are told there."""

import os

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from chatops_constructs import (
    Allow,
    CdkSynth,
    DeliveryPipeline,
    DeliveryStage,
    GitHubSource,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackNotifier,
    SlackWorkspace,
    Visibility,
)

HERE = cdk.Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
CONNECTION = f"arn:aws:codeconnections:{HERE.region}:{HERE.account}:connection/aaaaaaaa-1111-2222-3333-444444444444"


class Jobs(cdk.Stage):
    """What is delivered."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id, env=HERE)
        sqs.Queue(cdk.Stack(self, "Jobs"), "Queue")


class Tools(cdk.Stack):
    """The pipeline, and Slack beside it."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id, env=HERE)
        credentials = SlackCredentials.from_parameters("/tools", bot_token=True)
        slack = SlackCommandEndpoint(
            self, "Slack", workspace=SlackWorkspace.team("T0TOOLS1", app="A0TOOLS1"), credentials=credentials
        )
        releases = SlackNotifier(
            self,
            "Releases",
            channel="C0RELEASES",
            credentials=credentials,
            commands=DeliveryPipeline.approval_buttons("/deploy"),
            endpoint=slack,
        )
        delivery = DeliveryPipeline(
            self,
            "Delivery",
            pipeline_name="jobs",
            source=GitHubSource("acme/jobs", connection_arn=CONNECTION),
            synth=CdkSynth.pip(),
            stages=[
                DeliveryStage(Jobs(self, "staging")),
                DeliveryStage(Jobs(self, "production"), approval=True),
            ],
            on_approval=[releases],
            on_failure=[releases],
            on_success=[releases],
        )
        slack.add_command(
            "/deploy",
            delivery.approval_action(credentials=credentials, people={"renovate[bot]": "automation"}),
            description="approves deliveries",
            allow=Allow.user_group("S0RELEASE"),
            visible=Visibility.CHANNEL,
        )


app = cdk.App()
Tools(app, "Tools")
app.synth()
