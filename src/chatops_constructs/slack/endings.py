"""Tells of commands that ended in a way that no state of theirs can catch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from chatops_constructs._asked_once import arn_beside
from chatops_constructs._at_synthesis import at_synthesis
from chatops_constructs._physical_name import described, physical_name
from chatops_constructs.slack import ending_states
from chatops_constructs.workflow.state_machine import StateMachine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chatops_constructs.slack.telling import Telling

# What commands end with after they have told of it.
OWN_ERRORS = "ChatOps."

# An ARN of a state machine has up to 147 characters, and a pattern 2,048:
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
MACHINES_IN_A_RULE = 10

# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html: 64 characters, a number behind it.
RULE_NAME_LENGTH = 60


class Endings(Construct):
    """A state machine, and the rules that start it when a command was aborted, timed out or broke.

    An event names the execution and has its input, which is all that telling of it takes.

    Attributes:
        state_machine: Tells whoever typed the command, and writes the audit line.
        rules: The rules, ten commands each; there are none before the app is synthesised.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        telling: Telling,
        policy: iam.IManagedPolicy,
        commands: Callable[[], Sequence[str]],
    ) -> None:
        """Create the state machine; the rules follow at synthesis.

        Args:
            scope: The endpoint.
            id: The id in `scope`.
            telling: What the endpoint shares with its machines.
            policy: What telling takes.
            commands: Gives the ARNs of the commands' machines, at synthesis.
        """
        super().__init__(scope, id)
        self._commands = commands
        self._telling = telling
        self.rules: list[events.CfnRule] = []
        machine = StateMachine(
            self,
            "Machine",
            log_group=telling.log_group,
            encryption_key=telling.encryption_key,
            managed_policies=[policy],
        )
        machine.role.add_to_policy(
            iam.PolicyStatement(sid="StartOnce", actions=["states:StartExecution"], resources=[machine.arn])
        )
        self.state_machine = machine.define(
            start_at=ending_states.FIRST,
            states=ending_states.states(telling, own_arn=machine.arn),
            comment=f"Tells of commands of {described(scope)} that were aborted, timed out or broke",
            timeout=ending_states.LONGEST,
        )
        self._arn = machine.arn
        self._rule_name = physical_name(self, longest=RULE_NAME_LENGTH)
        self._role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("events.amazonaws.com"),
            description=f"Starts the machine that tells of endings of {described(scope)}",
        )
        self._role.add_to_policy(iam.PolicyStatement(actions=["states:StartExecution"], resources=[machine.arn]))
        telling.dead_letters.take_from_rules(arn_beside(scope, "events", f"rule/{self._rule_name}-*"))
        self._rules_scope = Construct(self, "Rules")
        at_synthesis(self._rules_scope, self._create_rules)

    def _create_rules(self) -> None:
        machines = self._commands()
        role_arn = self._role.role_arn
        queue_arn = self._telling.dead_letters.arn
        for first in range(0, len(machines), MACHINES_IN_A_RULE):
            number = len(self.rules) + 1
            # The L2 rule knows no alternatives.
            rule = events.CfnRule(
                self._rules_scope,
                str(number),
                name=f"{self._rule_name}-{number}",
                description="Commands that were aborted, timed out or broke",
                event_pattern=_pattern(machines[first : first + MACHINES_IN_A_RULE]),
                targets=[
                    events.CfnRule.TargetProperty(
                        id="Endings",
                        arn=self._arn,
                        role_arn=role_arn,
                        dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=queue_arn),
                    )
                ],
            )
            self.rules.append(rule)


def _pattern(machines: Sequence[str]) -> dict[str, object]:
    # https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
    return {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {
            "stateMachineArn": list(machines),
            "$or": [
                {"status": ["TIMED_OUT", "ABORTED"]},
                {"status": ["FAILED"], "error": [{"anything-but": {"prefix": OWN_ERRORS}}]},
            ],
        },
    }
