"""Tells what runs and what ran, from the executions of an endpoint's commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from chatops_constructs._acknowledge import acknowledge_resources
from chatops_constructs._asked_once import arn_beside
from chatops_constructs._at_synthesis import at_synthesis
from chatops_constructs._physical_name import described
from chatops_constructs.packaging.runtime_function import RuntimeFunction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_cdk import aws_kms as kms

    from chatops_runtime.contracts.commands_table import CommandEntry

# An ARN of a machine or of its executions has up to 142 characters, and a managed policy 6,144:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html. A machine is there up to four times.
MACHINES_IN_A_POLICY = 9


class CommandStatus(Construct):
    """The *status* function. It reads executions of the endpoint's commands, and can do nothing else.

    Attributes:
        function: The function.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        encryption_key: kms.IKey | None,
        commands: Callable[[], Sequence[CommandEntry]],
    ) -> None:
        """Create it; what it may read follows at synthesis, when all commands are known.

        Args:
            scope: The endpoint.
            id: The id in `scope`.
            encryption_key: With which the executions are encrypted, if they are.
            commands: Gives the commands, at synthesis.
        """
        super().__init__(scope, id)
        self._encryption_key = encryption_key
        self._commands = commands
        self._endpoint = described(scope)
        self.function = RuntimeFunction(
            self,
            "Function",
            handler="chatops_runtime.status.handler.handler",
            description="tells what commands run and ran",
            # A command's list and each of twenty executions are a call, eight at a time.
            memory_size=512,
            timeout=cdk.Duration.seconds(30),
            encryption_key=encryption_key,
        )
        self._policies = Construct(self, "Policies")
        at_synthesis(self._policies, self._grant)

    def _grant(self) -> None:
        commands = self._commands()
        for first in range(0, len(commands), MACHINES_IN_A_POLICY):
            self._grant_reading(first // MACHINES_IN_A_POLICY + 1, commands[first:][:MACHINES_IN_A_POLICY])

    def _grant_reading(self, number: int, commands: Sequence[CommandEntry]) -> None:
        machines = [arn_beside(self, "states", f"stateMachine:{each['machine']}") for each in commands]
        executions = [self._executions(each) for each in commands]
        asking = [self._executions(each) for each in commands if "approval" in each or "confirms" in each]
        policy = iam.ManagedPolicy(
            self._policies,
            f"Read{number}",
            description=f"Lets the status function read the executions of commands of {self._endpoint}",
            roles=[cast("iam.IRole", self.function.role)],
            statements=[
                iam.PolicyStatement(sid="ListCommands", actions=["states:ListExecutions"], resources=machines),
                iam.PolicyStatement(sid="SeeCommands", actions=["states:DescribeExecution"], resources=executions),
                *self._see_who_is_waited_for(asking),
                *self._decrypt(machines),
            ],
        )
        acknowledge_resources(
            policy, executions, "which executions there are is known only when somebody asks; the machines are named"
        )

    def _see_who_is_waited_for(self, executions: list[str]) -> list[iam.PolicyStatement]:
        if not executions:
            return []
        return [
            iam.PolicyStatement(sid="SeeWaits", actions=["states:GetExecutionHistory"], resources=executions),
        ]

    def _decrypt(self, machines: list[str]) -> list[iam.PolicyStatement]:
        """https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html."""
        if self._encryption_key is None:
            return []
        return [
            iam.PolicyStatement(
                sid="DecryptExecutions",
                actions=["kms:Decrypt"],
                resources=[self._encryption_key.key_arn],
                conditions={"StringEquals": {"kms:EncryptionContext:aws:states:stateMachineArn": machines}},
            )
        ]

    def _executions(self, command: CommandEntry) -> str:
        return arn_beside(self, "states", f"execution:{command['machine']}:*")
