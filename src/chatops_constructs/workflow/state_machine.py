"""A state machine with its own role, its log and its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from chatops_constructs._asked_once import arn_beside, placed
from chatops_constructs._durations import in_seconds
from chatops_constructs._physical_name import physical_name
from chatops_constructs.workflow.definition import Definition
from chatops_constructs.workflow.telemetry_policy import TelemetryPolicy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_constructs.workflow.asl import States

# https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html: name, 80 characters.
NAME_LENGTH = 80

# One for all roles: nothing in it changes.
STEP_FUNCTIONS = iam.ServicePrincipal("states.amazonaws.com")


class StateMachine(Construct):
    """A role first, then, once its permissions are known, the machine that takes it.

    The role gets what is granted to it and nothing else: the machine is given a view of it that ignores what CDK
    would add by itself, since that is a `*` in the middle of the statements that matter. The two `*` that telemetry
    needs come as one named policy, `TelemetryPolicy`.

    The machine's name is derived from its construct path, so that the dispatch function's table can hold it.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        log_group: logs.ILogGroup,
        encryption_key: kms.IKey | None = None,
        express: bool = False,
        managed_policies: Sequence[iam.IManagedPolicy] = (),
    ) -> None:
        """Create the role.

        Args:
            scope: The parent.
            id: The id in `scope`.
            log_group: Where the machine's events go (never its data).
            encryption_key: Encrypts definition, input, output and history at rest. Default: a key that AWS owns.
            express: Whether it is an Express machine: over within five minutes, and its log is all that is left of it.
            managed_policies: What the role may do that others may as well: shared, it costs nothing a machine.
        """
        super().__init__(scope, id)
        placed(self, scope, id)
        self._log_group = log_group
        self._encryption_key = encryption_key
        self._express = express
        self.name: str = physical_name(self, longest=NAME_LENGTH)
        self.arn: str = arn_beside(self, "states", f"stateMachine:{self.name}")
        role = iam.Role(
            self,
            "Role",
            assumed_by=STEP_FUNCTIONS,
            managed_policies=[TelemetryPolicy.of(self), *managed_policies],
            description=f"What the state machine {self.name} may do",
        )
        self.role = placed(role, self, "Role")

    def define(self, *, start_at: str, states: States, comment: str, timeout: Duration) -> sfn.StateMachine:
        """Create the machine from its states.

        Args:
            start_at: The first state.
            states: All states, JSONata.
            comment: What the machine does; shown in the console.
            timeout: The second line behind the states' own time limits: an execution ends then, whatever happens.
        """
        definition = Definition(
            {
                "Comment": comment,
                "QueryLanguage": "JSONata",
                "TimeoutSeconds": int(in_seconds(timeout)),
                "StartAt": start_at,
                "States": states,
            }
        )
        if self._encryption_key is not None:
            self._allow_encryption(self._encryption_key)
        with definition.body() as body:
            return sfn.StateMachine(
                self,
                "Resource",
                state_machine_name=self.name,
                state_machine_type=sfn.StateMachineType.EXPRESS if self._express else sfn.StateMachineType.STANDARD,
                definition_body=body,
                definition_substitutions=definition.substitutions,
                role=self.role.without_policy_updates(),
                # Events and errors, never the data: that holds what people typed, and response_urls.
                logs=sfn.LogOptions(destination=self._log_group, level=sfn.LogLevel.ALL, include_execution_data=False),
                tracing_enabled=True,
                encryption_configuration=self._encryption,
            )

    @property
    def _encryption(self) -> sfn.EncryptionConfiguration | None:
        return (
            None if self._encryption_key is None else sfn.CustomerManagedEncryptionConfiguration(self._encryption_key)
        )

    def _allow_encryption(self, key: kms.IKey) -> None:
        # https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
        self.role.add_to_policy(
            iam.PolicyStatement(
                sid="EncryptExecutions",
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=[key.key_arn],
                conditions={"StringEquals": {"kms:EncryptionContext:aws:states:stateMachineArn": self.arn}},
            )
        )
        self.role.add_to_policy(
            iam.PolicyStatement(
                sid="EncryptLogDelivery",
                actions=["kms:GenerateDataKey"],
                resources=[key.key_arn],
                conditions={"StringEquals": {"kms:EncryptionContext:SourceArn": arn_beside(self, "logs", "*")}},
            )
        )
