"""A small app that delivers itself: what the builds of its pipeline run is run on this machine."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs

from chatops_constructs import CdkSynth, DeliveryPipeline, DeliveryStage, GitHubSource, SlackCredentials, SlackNotifier

CONNECTION = "arn:aws:codeconnections:us-east-1:111111111111:connection/aaaaaaaa-1111-2222-3333-444444444444"


class Jobs(cdk.Stage):
    """One stack; in production with a secret."""

    def __init__(self, scope: cdk.Stack, id: str, *, account: str, notices: bool) -> None:
        super().__init__(scope, id, env=cdk.Environment(account=account, region="us-east-1"))
        stack = cdk.Stack(self, "Jobs")
        sqs.Queue(stack, "Queue")
        if notices:
            credentials = SlackCredentials.from_parameters(f"/jobs/{id}", bot_token=True)
            SlackNotifier(stack, "Notices", channel="C0JOBS", credentials=credentials)


app = cdk.App()
tools = cdk.Stack(app, "Tools", env=cdk.Environment(account="111111111111", region="us-east-1"))
DeliveryPipeline(
    tools,
    "Delivery",
    source=GitHubSource("acme/jobs", connection_arn=CONNECTION),
    synth=CdkSynth.pip(directory="jobs"),
    stages=[
        DeliveryStage(Jobs(tools, "staging", account="222222222222", notices=False)),
        DeliveryStage(Jobs(tools, "production", account="333333333333", notices=True), approval=True),
    ],
)
app.synth()
