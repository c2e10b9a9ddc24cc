"""What the stack that is written by hand has more than one of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn

if TYPE_CHECKING:
    from pathlib import Path

    from constructs import Construct


class Pieces(Stack):
    """A stack with a few methods, as somebody writes them who wants no line twice."""

    def __init__(self, scope: Construct, id: str, *, files: Path) -> None:
        """Create the stack.

        Args:
            scope: The parent.
            id: The id in `scope`.
            files: Where definitions, documents and code are.
        """
        super().__init__(scope, id)
        self.files = files

    def function(
        self,
        id: str,
        room: str,
        timeout: Duration,
        variables: dict[str, str],
        layers: list[lambda_.ILayerVersion] | None = None,
    ) -> lambda_.Function:
        """A function with its role and its log group."""
        log_group = self.log_group(f"{id}Logs")
        role = iam.Role(
            self,
            f"{id}Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"What {room} may do",
        )
        log_group.grant_write(role)
        return lambda_.Function(
            self,
            id,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"chatops_runtime.{room}.handler.handler",
            code=lambda_.Code.from_asset(str(self.files / room)),
            description=room,
            memory_size=256,
            timeout=timeout,
            environment=variables,
            layers=layers,
            log_group=log_group,
            role=role,
        )

    def machine_role(self, id: str, policies: list[iam.IManagedPolicy]) -> iam.Role:
        """The role of a state machine."""
        return iam.Role(
            self,
            id,
            assumed_by=iam.ServicePrincipal("states.amazonaws.com"),
            managed_policies=policies,
            description=f"What {id} may do",
        )

    def machine(
        self, id: str, role: iam.Role, log_group: logs.LogGroup, substitutions: dict[str, str], *, express: bool = False
    ) -> sfn.StateMachine:
        """A state machine of a definition in a file."""
        return sfn.StateMachine(
            self,
            id,
            state_machine_name=f"S_{id}",
            state_machine_type=sfn.StateMachineType.EXPRESS if express else sfn.StateMachineType.STANDARD,
            definition_body=sfn.DefinitionBody.from_file(str(self.files / f"{id}.asl.json")),
            definition_substitutions=substitutions,
            role=role.without_policy_updates(),
            logs=sfn.LogOptions(destination=log_group, level=sfn.LogLevel.ALL, include_execution_data=False),
            tracing_enabled=True,
        )

    def managed_policy(self, id: str, *statements: iam.PolicyStatement) -> iam.ManagedPolicy:
        """A policy that several roles have."""
        return iam.ManagedPolicy(self, id, description=f"{id} of commands", statements=list(statements))

    def log_group(self, id: str, name: str | None = None) -> logs.LogGroup:
        """A log group that goes with the stack."""
        return logs.LogGroup(
            self,
            id,
            log_group_name=name,
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )


def allow(actions: list[str], *resources: str) -> iam.PolicyStatement:
    """A statement."""
    return iam.PolicyStatement(actions=actions, resources=list(resources))
