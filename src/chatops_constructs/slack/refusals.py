"""Keeps an audit line of commands that were refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from constructs import Construct

from chatops_constructs.slack import audit_states
from chatops_constructs.workflow.asl import EXECUTION, States, choice, literal
from chatops_constructs.workflow.state_machine import StateMachine
from chatops_runtime.contracts import audit

if TYPE_CHECKING:
    from chatops_constructs.slack.telling import Telling

GIVEN = f"{EXECUTION}.Input"


class Refusals(Construct):
    """A state machine that dispatch starts for a genuine request that it refuses.

    A machine, so that dispatch needs no other right than the one it has anyway, to start executions; and, started under
    the request's name, so that a request that is repeated leaves one line.

    Attributes:
        state_machine: The state machine.
        name: Its name.
        arn: Its ARN.
    """

    def __init__(self, scope: Construct, id: str, *, telling: Telling) -> None:
        """Create the state machine.

        Args:
            scope: The parent.
            id: The id in `scope`.
            telling: What the endpoint shares with its machines.
        """
        super().__init__(scope, id)
        machine = StateMachine(self, "Machine", log_group=telling.log_group, encryption_key=telling.encryption_key)
        for statement in (telling.audit_log.write_statement(), *telling.dead_letters.send_statements()):
            machine.role.add_to_policy(statement)
        self.name: str = machine.name
        self.arn: str = machine.arn
        self.state_machine = machine.define(
            start_at=audit_states.FIRST,
            states=states(telling),
            comment="Keeps an audit line of a command that was refused",
            timeout=Duration.minutes(10),
        )


def states(telling: Telling) -> States:
    """The line, and nothing else: dispatch has told the user."""
    line = audit_states.line(
        id=f"{GIVEN}.id",
        execution_arn=None,
        request=f"{GIVEN}.request",
        started_at=f"{EXECUTION}.StartTime",
        ended_at=f"{EXECUTION}.StartTime",
        further={"outcome": literal(audit.REFUSED), "reason": f"{GIVEN}.reason"},
    )
    return {
        **audit_states.states(line, telling=telling, then="Is it kept?"),
        "Is it kept?": {"Type": "Choice", "Choices": [choice("$audited", then="Kept")], "Default": "Not audited"},
        "Kept": {"Type": "Succeed"},
        "Not audited": audit_states.not_audited(),
    }
