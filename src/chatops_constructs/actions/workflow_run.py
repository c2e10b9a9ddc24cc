"""The states that start a workflow and see how it ends, and what they take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam

from chatops_constructs._acknowledge import acknowledge_resource
from chatops_constructs._asked_once import arn_beside, placed
from chatops_constructs.workflow.asl import (
    EXECUTION,
    States,
    choice,
    expr,
    integration,
    one_line,
    or_empty,
    reading_retry,
    rejected_by,
    retry,
    unanswered_by,
)
from chatops_runtime.contracts import report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

START = "Start the workflow"
PREPARE = "Prepare the input"
READ = "Read the command"
_STOP = "Stop the workflow"
_LOOK = "Look at the workflow"

FOLLOW = "FollowTheWorkflow"
MANAGED_RULE = "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"

# So many characters of a result, whatever they are, have room in what is handed to the report function: 256 KB.
MOST_CHARACTERS = 60_000
MOST_OF_A_CAUSE = 4_000

# The name of the execution that is started is the command's own, so starting it once more starts nothing.
_HARMLESS = (
    "StepFunctions.AWSStepFunctionsException",
    "StepFunctions.ExecutionLimitExceededException",
    "StepFunctions.SdkClientException",
)
# After these there is an execution to look at.
_STARTED = "['States.TaskFailed', 'StepFunctions.ExecutionAlreadyExistsException']"


@dataclass(frozen=True)
class WorkflowRun:
    """An execution of a workflow that a command starts.

    Attributes:
        arn: The state machine's ARN.
        executions: The beginning of the ARNs of its executions, without the last colon.
        express: Whether it is an Express one.
        timeout_seconds: How long it may take.
        command: What it is told of the command, `command_fields`.
        input: What it is given instead, with `$command` in its expressions.
    """

    arn: str
    executions: str
    express: bool
    timeout_seconds: int
    command: Mapping[str, Any]
    input: Mapping[str, Any] | None

    @property
    def first(self) -> str:
        """The first of the states."""
        return PREPARE if self.input is None else READ

    def states(self) -> States:
        """The states, of which the last one's output is a result of the kind `workflow`."""
        if self.input is None:
            prepared: States = {PREPARE: {"Type": "Pass", "Output": dict(self.command), "Next": START}}
        else:
            prepared = {
                READ: {"Type": "Pass", "Assign": {"command": dict(self.command)}, "Next": PREPARE},
                PREPARE: {"Type": "Pass", "Output": dict(self.input), "Next": START},
            }
        return {**prepared, **(self._call() if self.express else self._follow())}

    def grant(self, role: iam.Role, scope: Construct) -> None:
        """Let `role` do what the states do.

        Args:
            role: The role of the command's state machine.
            scope: The command's own scope.
        """
        start = "states:StartSyncExecution" if self.express else "states:StartExecution"
        role.add_to_policy(iam.PolicyStatement(sid="StartTheWorkflow", actions=[start], resources=[self.arn]))
        if self.express:
            return
        # https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html#sync-async-iam-policies
        role.add_to_policy(
            iam.PolicyStatement(
                sid="HearOfItsEnd",
                actions=["events:PutTargets", "events:PutRule", "events:DescribeRule"],
                resources=[arn_beside(scope, "events", MANAGED_RULE)],
            )
        )
        executions = f"{self.executions}:*"
        policy = iam.Policy(
            role,
            FOLLOW,
            roles=[role],
            statements=[
                iam.PolicyStatement(
                    sid=FOLLOW,
                    actions=["states:DescribeExecution", "states:StopExecution"],
                    resources=[executions],
                )
            ],
        )
        acknowledge_resource(
            placed(policy, role, FOLLOW),
            executions,
            "the executions of one state machine; the name of the one that a command starts is known only then",
        )

    def _call(self) -> States:
        """An Express machine answers when it is over. Once it may have begun it is not called again."""
        return {
            START: {
                "Type": "Task",
                "Resource": integration("aws-sdk:sfn:startSyncExecution"),
                "Arguments": {
                    "StateMachineArn": self.arn,
                    "Name": expr(f"{EXECUTION}.Name"),
                    "Input": expr("$string($states.input)"),
                },
                "TimeoutSeconds": self.timeout_seconds,
                "Retry": retry(*rejected_by("Sfn"), attempts=3),
                "Output": _result(parsed=False),
                "End": True,
            }
        }

    def _follow(self) -> States:
        return {
            START: {
                "Type": "Task",
                "Resource": integration("states:startExecution.sync:2"),
                "Arguments": {
                    "StateMachineArn": self.arn,
                    "Name": expr(f"{EXECUTION}.Name"),
                    "Input": expr("$states.input"),
                },
                "TimeoutSeconds": self.timeout_seconds,
                "Retry": retry(*_HARMLESS, attempts=4),
                "Output": _result(parsed=True),
                "Catch": [
                    {"ErrorEquals": ["States.Timeout"], "Next": _STOP},
                    {"ErrorEquals": ["States.ALL"], "Output": expr("$states.errorOutput"), "Next": "Did it start?"},
                ],
                "End": True,
            },
            "Did it start?": {
                "Type": "Choice",
                "Choices": [choice(f"$states.input.Error in {_STARTED}", then=_LOOK)],
                "Default": "It did not start",
            },
            "It did not start": {
                "Type": "Fail",
                "Error": expr("$states.input.Error"),
                "Cause": expr(f"$string({or_empty('$states.input.Cause')})"),
            },
            # The task leaves it running, https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html.
            _STOP: {
                **self._of_the_execution("stopExecution", Error=report.GIVEN_UP_ERROR, Cause=self._given_up_cause),
                # Whoever stops it once more does no harm; only what says that it is over leads on at once.
                "Retry": retry(*rejected_by("Sfn"), *unanswered_by("Sfn"), attempts=4),
                "Output": self._given_up(),
                # It was over just then.
                "Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": _LOOK}],
                "End": True,
            },
            _LOOK: {
                **self._of_the_execution("describeExecution"),
                "Retry": reading_retry(),
                "Output": _result(parsed=False),
                "End": True,
            },
        }

    @property
    def _execution(self) -> str:
        return f"'{self.executions}:' & {EXECUTION}.Name"

    @property
    def _given_up_cause(self) -> str:
        return f"not over within {self.timeout_seconds} seconds"

    def _of_the_execution(self, call: str, **arguments: str) -> dict[str, Any]:
        return {
            "Type": "Task",
            "Resource": integration(f"aws-sdk:sfn:{call}"),
            "Arguments": {"ExecutionArn": expr(self._execution), **arguments},
        }

    def _given_up(self) -> dict[str, Any]:
        return {
            "kind": report.WORKFLOW,
            "ok": False,
            "status": report.ABORTED,
            "execution_arn": expr(self._execution),
            "output": None,
            "output_cut": False,
            "error": report.GIVEN_UP_ERROR,
            "cause": self._given_up_cause,
        }


def _result(*, parsed: bool) -> str:
    """An expression for the result of the kind `workflow`, from what Step Functions says of an execution."""
    output = "$e.Output" if parsed else "$parse($e.Output)"
    return expr(
        one_line(f"""
          (
            $e := $states.result;
            $o := $exists($e.Output) ? {output} : null;
            $s := $type($o) = 'string' ? $o : $string($o);
            $is_long := $length($s) > {MOST_CHARACTERS};
            {{
              'kind': '{report.WORKFLOW}',
              'ok': $e.Status = 'SUCCEEDED',
              'status': $e.Status,
              'execution_arn': $e.ExecutionArn,
              'output': $is_long ? $substring($s, 0, {MOST_CHARACTERS}) : $o,
              'output_cut': $is_long,
              'error': $exists($e.Error) ? $e.Error : '',
              'cause': $exists($e.Cause) ? $substring($e.Cause, 0, {MOST_OF_A_CAUSE}) : ''
            }}
          )
        """).strip()
    )
