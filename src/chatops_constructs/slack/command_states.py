"""The states around every action: run it, report what became of it, end accordingly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr, integration, or_empty, retry
from chatops_runtime.contracts import report

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_

    from chatops_constructs.actions.action import BoundAction

FIRST = "Action"

# While Slack takes nothing, a result is brought there again and again for so long.
REPORTING_MINUTES = 30

# Errors of ours, so that a rule on executions that failed can tell what was told already.
ACTION_FAILED = "ChatOps.ActionFailed"
COMMAND_FAILED = "ChatOps.CommandFailed"
UNDELIVERED = "ChatOps.Undelivered"

# https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html: transient errors of Lambda.
LAMBDA_TRANSIENT = (
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
)

# Of any cause: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ExecutionFailedEventDetails.html
LONGEST_CAUSE = 32_768

NOTHING_SAID_YET = {"said": 0, "tries": 0, "reporting_since": 0}


def states(action: BoundAction, *, report_function: lambda_.IFunction) -> States:
    """All states of a command.

    The action is the one branch of a Parallel state, so that any error in any of its states is caught at one place.
    An execution succeeds when the action did: what went wrong shows in the console and in the metrics of Step
    Functions too, not in Slack alone.
    """
    return {
        FIRST: {
            "Type": "Parallel",
            "Branches": [{"StartAt": action.start_at, "States": action.states}],
            "Assign": {"outcome": {"status": report.FINISHED, "result": expr("$states.result[0]")}, **NOTHING_SAID_YET},
            "Catch": [
                {
                    "ErrorEquals": ["States.ALL"],
                    "Assign": {
                        "outcome": {
                            "status": report.FAILED,
                            "error": expr("$states.errorOutput.Error"),
                            "cause": expr(f"$string({or_empty('$states.errorOutput.Cause')})"),
                        },
                        **NOTHING_SAID_YET,
                    },
                    "Next": "Report",
                }
            ],
            "Next": "Report",
        },
        **_reporting(report_function.function_arn),
        "How did it end?": {
            "Type": "Choice",
            "Choices": [
                choice(
                    f"$not($told.done) and {_now()} + $told.retry_after < {_END_OF_REPORTING}", then="Wait for Slack"
                ),
                choice("$not($told.done)", then="Undelivered"),
                choice(f"$outcome.status = '{report.FAILED}'", then="Failed"),
                choice("$outcome.result.ok", then="Succeeded"),
            ],
            "Default": "Bad result",
        },
        "Succeeded": {"Type": "Succeed"},
        "Bad result": {
            "Type": "Fail",
            "Error": ACTION_FAILED,
            "Cause": "The action came to its end with a bad result, which was reported",
        },
        "Failed": {
            "Type": "Fail",
            "Error": COMMAND_FAILED,
            "Cause": expr(f"$substring($outcome.error & ': ' & $outcome.cause, 0, {LONGEST_CAUSE})"),
        },
        "Undelivered": {
            "Type": "Fail",
            "Error": UNDELIVERED,
            "Cause": expr(f"'Slack took nothing for {REPORTING_MINUTES} minutes: ' & $told.detail"),
        },
    }


_END_OF_REPORTING = f"$reporting_since + {REPORTING_MINUTES * 60}"


def _now() -> str:
    """When the state was entered, in seconds."""
    return "$floor($toMillis($states.context.State.EnteredTime) / 1000)"


def _reporting(report_function_arn: str) -> States:
    """Tell Slack, and the rest of it later as often as Slack asks for a pause: the function says for how long."""
    return {
        "Report": {
            "Type": "Task",
            "Resource": integration("lambda:invoke"),
            "Arguments": {"FunctionName": report_function_arn, "Payload": _report_event()},
            # Not an action: to say it twice is better than not at all.
            "Retry": retry(*LAMBDA_TRANSIENT, attempts=16, interval=2, most=60),
            "Assign": {
                "told": expr("$states.result.Payload"),
                "said": expr("$states.result.Payload.said"),
                "tries": expr("$tries + 1"),
                "reporting_since": expr(f"$tries = 0 ? {_now()} : $reporting_since"),
            },
            "Next": "How did it end?",
        },
        "Wait for Slack": {"Type": "Wait", "Seconds": expr("$told.retry_after"), "Next": "Report"},
    }


def _report_event() -> dict[str, Any]:
    return {
        "version": report.VERSION,
        "id": expr(f"{EXECUTION}.Name"),
        "execution_arn": expr(f"{EXECUTION}.Id"),
        "started_at": expr(f"{EXECUTION}.StartTime"),
        "request": expr(f"{EXECUTION}.Input"),
        "outcome": expr("$outcome"),
        "said": expr("$said"),
        "tries": expr("$tries"),
    }
