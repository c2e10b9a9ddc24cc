"""Commands with a workflow of every sort behind them."""

import json
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from chatops_constructs import (
    Allow,
    Approval,
    Integer,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    StartWorkflow,
)

EVERYBODY = Allow.workspace()
ENDLESS = {"Type": "Wait", "Seconds": 100_000, "End": True}
DOUBLES = {"Type": "Pass", "Output": {"doubled": "{% $states.input.n * 2 %}"}, "End": True}
SAYS = {"Type": "Pass", "Output": {"text": "{% $states.input.user.id & ' said ' & $states.input.text %}"}, "End": True}
FAILS = {"Type": "Fail", "Error": "Broken", "Cause": "there is no <table>"}
REVISION = {"Type": "Pass", "Output": "revision one", "End": True}
DOUBLE_IT = {"n": "{% $command.arguments.n %}"}


class Workflows(cdk.Stack):
    """One endpoint, and what it starts."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T0FLOW01", app="A0FLOW01"),
            credentials=SlackCredentials.from_parameters("/flow", bot_token=True),
        )
        doubling = self.machine("Doubling", DOUBLES)
        number = [Integer("n", required=True)]
        for name, action in (
            ("/double", StartWorkflow(doubling, input=DOUBLE_IT)),
            ("/quick", StartWorkflow(self.machine("Quick", DOUBLES, express=True), input=DOUBLE_IT)),
        ):
            slack.add_command(name, action, arguments=number, description="doubles", allow=EVERYBODY)
        by_arn = sfn.StateMachine.from_state_machine_name(self, "ByName", "flow-says")
        self.machine("Says", SAYS, name="flow-says")
        endless = self.machine("Endless", ENDLESS)
        for name, action in (
            ("/say", StartWorkflow(by_arn)),
            ("/break", StartWorkflow(self.machine("Breaking", FAILS))),
            ("/break quick", StartWorkflow(self.machine("QuicklyBreaking", FAILS, express=True))),
            ("/late", StartWorkflow(endless, timeout=cdk.Duration.seconds(30))),
            ("/endless", StartWorkflow(endless)),
        ):
            slack.add_command(name, action, description="a workflow", allow=EVERYBODY)
        slack.add_command(
            "/agreed",
            StartWorkflow(self.machine("Agreed", REVISION)),
            description="has to be approved",
            allow=EVERYBODY,
            approval=Approval(by=Allow.user("U0ADA"), channel="C0FLOW", within=cdk.Duration.hours(1)),
        )

        slack.add_command("/ops status", slack.status_action(), description="what runs now", allow=EVERYBODY)
        slack.add_command("/ops history", slack.history_action(), description="what ran last", allow=EVERYBODY)

    def machine(
        self, id: str, state: dict[str, Any], *, express: bool = False, name: str | None = None
    ) -> sfn.StateMachine:
        """A workflow of one state."""
        definition = {"QueryLanguage": "JSONata", "StartAt": "Only", "States": {"Only": state}}
        return sfn.StateMachine(
            self,
            id,
            state_machine_name=name,
            state_machine_type=sfn.StateMachineType.EXPRESS if express else sfn.StateMachineType.STANDARD,
            definition_body=sfn.DefinitionBody.from_string(json.dumps(definition)),
        )


app = cdk.App()
Workflows(app, "Workflows")
app.synth()
