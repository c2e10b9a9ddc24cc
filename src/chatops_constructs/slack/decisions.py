"""Handles clicks on the controls in an endpoint's messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from chatops_constructs._acknowledge import acknowledge, acknowledge_resources
from chatops_constructs._asked_once import arn_beside
from chatops_constructs._at_synthesis import at_synthesis
from chatops_constructs._physical_name import described
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_constructs.slack import decision_states
from chatops_constructs.workflow.state_machine import StateMachine
from chatops_runtime.contracts import environment as variables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chatops_constructs.slack.approval import Approval
    from chatops_constructs.slack.credentials import SlackCredentials
    from chatops_constructs.slack.telling import Telling

# An ARN of a machine or its executions has up to 142 characters, and a managed policy 6,144, of which some are for what
# is around the ARNs: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
ARNS_IN_A_POLICY = 36


@dataclass(frozen=True)
class Clickable:
    """What of a command can be clicked on.

    Attributes:
        machine: The name of its state machine.
        asks: Whether it asks questions.
        cancellable: Whether its executions may be stopped.
        has_documents: Whether it sends commands of Systems Manager, which are to be cancelled then.
        remote_calls: The name of the function through which it sends them elsewhere, if it does.
    """

    machine: str
    asks: bool
    cancellable: bool
    has_documents: bool
    remote_calls: str | None = None


class Decisions(Construct):
    """The *decide* function, and a state machine that dispatch starts for a click.

    A click is a command too: one execution, named after the request's body, so that a click that is delivered twice
    decides once. The function finds out who may decide what, and is the only one that may answer a waiting command,
    or stop it, and that looks at what its history holds.

    Attributes:
        function: The function.
        state_machine: The state machine.
        name: Its name.
        arn: Its ARN.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        team_id: str,
        credentials: SlackCredentials,
        telling: Telling,
        clickables: Callable[[], Sequence[Clickable]],
    ) -> None:
        """Create both; what the function may do follows at synthesis, when all commands are known.

        Args:
            scope: The endpoint.
            id: The id in `scope`.
            team_id: The workspace.
            credentials: Where the bot token is, if there is one, with which Slack is asked about approvers.
            telling: What the endpoint shares with its machines.
            clickables: Gives the commands that can be clicked on, at synthesis.
        """
        super().__init__(scope, id)
        self._clickables = clickables
        self._encryption_key = telling.encryption_key
        self._endpoint = described(scope)
        self._credentials = credentials
        self._asks_slack = False
        self.function = RuntimeFunction(
            self,
            "Decide",
            handler="chatops_runtime.decide.handler.handler",
            description="decides what a click in Slack does",
            memory_size=256,
            timeout=cdk.Duration.minutes(1),
            environment={variables.TEAM_ID: team_id},
            encryption_key=telling.encryption_key,
        )
        machine = StateMachine(self, "Machine", log_group=telling.log_group, encryption_key=telling.encryption_key)
        decide_arn = self.function.function_arn
        machine.role.add_to_policy(
            iam.PolicyStatement(
                sid="DecideAndSay",
                actions=["lambda:InvokeFunction"],
                resources=[decide_arn, telling.report_arn],
            )
        )
        self.name: str = machine.name
        self.arn: str = machine.arn
        self.state_machine = machine.define(
            start_at=decision_states.FIRST,
            states=decision_states.states(decide_arn=decide_arn, report_arn=telling.report_arn),
            comment=f"Handles clicks in messages of {self._endpoint}",
            timeout=decision_states.LONGEST,
        )
        self._policies = Construct(self, "Policies")
        at_synthesis(self._policies, self._grant)

    def take_answers_to(self, approval: Approval) -> None:
        """Have decide find out who may answer, with the bot token if only Slack knows that.

        Args:
            approval: The approval of a command.
        """
        bot_token = self._credentials.bot_token_parameter
        if self._asks_slack or bot_token is None or not approval.by.needs_slack:
            return
        self._asks_slack = True
        self.function.add_environment(variables.BOT_TOKEN_PARAMETER, bot_token)
        self._credentials.grant_read_bot_token(self.function)

    def _grant(self) -> None:
        clickables = self._clickables()
        for number, part in enumerate(self._parts(clickables), 1):
            self._grant_executions(number, part)
        if any(each.has_documents for each in clickables):
            self._grant_cancel()

    def _parts(self, clickables: Sequence[Clickable]) -> list[list[Clickable]]:
        """The commands, as many together as one policy holds."""
        parts: list[list[Clickable]] = [[]]
        room = ARNS_IN_A_POLICY
        for each in clickables:
            needed = 1 + each.asks + (self._encryption_key is not None) + (each.remote_calls is not None)
            if needed > room:
                parts.append([])
                room = ARNS_IN_A_POLICY
            parts[-1].append(each)
            room -= needed
        return [part for part in parts if part]

    def _grant_executions(self, number: int, clickables: Sequence[Clickable]) -> None:
        asking = [self._machine(each) for each in clickables if each.asks]
        stoppable = [self._executions(each) for each in clickables if each.cancellable]
        others = [self._executions(each) for each in clickables if not each.cancellable]
        remote = [arn_beside(self, "lambda", f"function:{one.remote_calls}") for one in clickables if one.remote_calls]
        policy = iam.ManagedPolicy(
            self._policies,
            f"Executions{number}",
            description=f"Lets decide answer and stop commands of {self._endpoint}",
            roles=[cast("iam.IRole", self.function.role)],
            statements=[
                *_allowing("AnswerQuestions", ["states:SendTaskSuccess"], asking),
                *_allowing("StopCommands", ["states:GetExecutionHistory", "states:StopExecution"], stoppable),
                *_allowing("ReadHistories", ["states:GetExecutionHistory"], others),
                *_allowing("EndScriptsElsewhere", ["lambda:InvokeFunction"], remote),
                *self._decrypt([self._machine(each) for each in clickables]),
            ],
        )
        acknowledge_resources(
            policy,
            [*stoppable, *others],
            "which execution a click is about is known only when it comes; the machines are named",
        )

    def _grant_cancel(self) -> None:
        policy = iam.ManagedPolicy(
            self._policies,
            "CancelPolicy",
            description=f"Lets decide end the scripts of commands of {self._endpoint}",
            roles=[cast("iam.IRole", self.function.role)],
            statements=[
                iam.PolicyStatement(
                    sid="EndScripts", actions=["ssm:ListCommands", "ssm:CancelCommand"], resources=["*"]
                )
            ],
        )
        acknowledge(
            policy,
            "AwsSolutions-IAM5[Resource::*]",
            "these actions of Systems Manager have no resource types in IAM; this policy holds nothing else",
        )

    def _decrypt(self, machines: list[str]) -> list[iam.PolicyStatement]:
        """https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html."""
        if self._encryption_key is None:
            return []
        return [
            iam.PolicyStatement(
                sid="DecryptHistories",
                actions=["kms:Decrypt"],
                resources=[self._encryption_key.key_arn],
                conditions={"StringEquals": {"kms:EncryptionContext:aws:states:stateMachineArn": machines}},
            )
        ]

    def _machine(self, clickable: Clickable) -> str:
        return arn_beside(self, "states", f"stateMachine:{clickable.machine}")

    def _executions(self, clickable: Clickable) -> str:
        return arn_beside(self, "states", f"execution:{clickable.machine}:*")


def _allowing(sid: str, actions: list[str], resources: list[str]) -> list[iam.PolicyStatement]:
    """The statement, unless it is about nothing."""
    return [iam.PolicyStatement(sid=sid, actions=actions, resources=resources)] if resources else []
