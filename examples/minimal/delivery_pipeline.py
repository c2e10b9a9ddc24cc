"""From a push to production, with an approval in the console of CodePipeline."""

from pathlib import Path

import aws_cdk as cdk
from constructs import Construct

from chatops_constructs import CdkSynth, CommandFunction, DeliveryPipeline, DeliveryStage, GitHubSource

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
DeliveryPipeline(
    stack,
    "Delivery",
    source=GitHubSource("acme/bots"),
    synth=CdkSynth.pip(),
    stages=[
        DeliveryStage(BotsStage(stack, "staging", env=STAGING)),
        DeliveryStage(BotsStage(stack, "production", env=PRODUCTION), approval=True),
    ],
)
app.synth()
