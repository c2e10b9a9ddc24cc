"""The states that tell of an execution which ended in a way that none of its own could catch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration

from chatops_constructs.slack import audit_states, report_states
from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr, integration, retry
from chatops_runtime.contracts import audit, report

if TYPE_CHECKING:
    from chatops_constructs.slack.telling import Telling

FIRST = "Is it the first event?"

LONGEST = report_states.LONGEST.plus(Duration.minutes(5))

ALREADY_STARTED = "Sfn.ExecutionAlreadyExistsException"

# https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html: as DescribeExecution has it.
ENDED = f"{EXECUTION}.Input.detail"

# Up to 80 characters. An execution that is redriven may end a second time.
NAME = f"($substring({ENDED}.name, 0, 76) & '-' & $string({ENDED}.redriveCount))"

OF_THE_EXECUTION = {
    "id": f"{ENDED}.name",
    "execution_arn": f"{ENDED}.executionArn",
    "started_at": f"$fromMillis({ENDED}.startDate)",
    "request": "$request",
}


def states(telling: Telling, *, own_arn: str) -> States:
    """All states of the endings' machine.

    EventBridge delivers an event at least once and cannot give an execution a name. So the first execution starts
    another one under the name of what ended, of which there can be only one.

    Args:
        telling: What the endpoint shares with its machines.
        own_arn: The machine itself.
    """
    return {
        FIRST: {
            "Type": "Choice",
            "Choices": [choice(f"{EXECUTION}.Name = {NAME}", then="Read the request")],
            "Default": "Start under its name",
        },
        "Start under its name": {
            "Type": "Task",
            "Resource": integration("aws-sdk:sfn:startExecution"),
            "Arguments": {
                "StateMachineArn": own_arn,
                "Name": expr(NAME),
                "Input": expr(f"$string({EXECUTION}.Input)"),
            },
            "Retry": [
                {"ErrorEquals": [ALREADY_STARTED], "MaxAttempts": 0},
                *retry("States.TaskFailed", "States.Timeout", attempts=6),
            ],
            "Catch": [
                {"ErrorEquals": [ALREADY_STARTED], "Next": "Left to the other one"},
                # To tell twice is better than not at all.
                {"ErrorEquals": ["States.ALL"], "Next": "Read the request"},
            ],
            "TimeoutSeconds": 20,
            "Next": "Left to the other one",
        },
        "Left to the other one": {"Type": "Succeed"},
        "Read the request": {
            "Type": "Pass",
            "Assign": {
                # Above 248 KiB the event does not have it; requests of ours are far below.
                "request": expr(f"{ENDED}.inputDetails.included ? $parse({ENDED}.input) : {{}}"),
                "outcome": {
                    "status": report.ENDED,
                    "ended": expr(f"{ENDED}.status"),
                    # null where there is none.
                    "error": expr(f"{ENDED}.error ? {ENDED}.error : ''"),
                    "cause": expr(f"{ENDED}.cause ? {ENDED}.cause : ''"),
                },
                **report_states.NOTHING_SAID_YET,
            },
            "Next": audit_states.FIRST,
        },
        **audit_states.states(_audit_line(), telling=telling, then=report_states.FIRST),
        **report_states.states(report_states.event(**OF_THE_EXECUTION), telling=telling, then="Is it told?"),
        "Is it told?": {
            "Type": "Choice",
            "Choices": [
                *report_states.not_told(),
                choice("$not($audited)", then="Not audited"),
            ],
            "Default": "Told",
        },
        "Not audited": audit_states.not_audited(),
        "Told": {"Type": "Succeed"},
    }


def _audit_line() -> str:
    is_cancelled = f"$outcome.error = '{report.CANCELLED_ERROR}'"
    return audit_states.line(
        **OF_THE_EXECUTION,
        arguments=f"$request.{audit.ARGUMENTS}",
        # The event does not have it.
        approved_by=None,
        ended_at=f"$fromMillis({ENDED}.stopDate)",
        further={
            # ABORTED, TIMED_OUT and FAILED are aborted, timed_out and failed there.
            "outcome": f"{is_cancelled} ? '{audit.CANCELLED}' : $lowercase({ENDED}.status)",
            "error": "$outcome.error",
            # Who cancels it stands in the cause.
            "by": f"{is_cancelled} ? [$outcome.cause]",
        },
    )
