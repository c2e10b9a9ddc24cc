"""The states around every action: run it, report what became of it, end accordingly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr, integration, retry
from chatops_runtime.contracts import report

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_

    from chatops_constructs.actions.action import BoundAction

FIRST = "Action"

# https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html: transient errors of Lambda.
LAMBDA_TRANSIENT = (
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
)
# What the report function raises when Slack is busy or broken for the moment.
SLACK_TRANSIENT = "SlackRetryable"

SCRIPT_FAILED = "ChatOps.ActionFailed"


def states(action: BoundAction, *, report_function: lambda_.IFunction, visible: str) -> States:
    """All states of a command.

    The action is the one branch of a Parallel state, so that any error in any of its states is caught at one place.
    An execution succeeds when the action did: what went wrong shows in the console and in the metrics of Step
    Functions too, not in Slack alone.
    """
    return {
        FIRST: {
            "Type": "Parallel",
            "Branches": [{"StartAt": action.start_at, "States": action.states}],
            "Assign": {"outcome": {"status": report.FINISHED, "result": expr("$states.result[0]")}},
            "Catch": [
                {
                    "ErrorEquals": ["States.ALL"],
                    "Assign": {
                        "outcome": {
                            "status": report.FAILED,
                            "error": expr("$states.errorOutput.Error"),
                            "cause": expr(
                                "$exists($states.errorOutput.Cause) ? $string($states.errorOutput.Cause) : ''"
                            ),
                        }
                    },
                    "Next": "Report",
                }
            ],
            "Next": "Report",
        },
        "Report": {
            "Type": "Task",
            "Resource": integration("lambda:invoke"),
            "Arguments": {"FunctionName": report_function.function_arn, "Payload": _report_payload(visible)},
            # Not an action: to say it twice is better than not at all. About 13 minutes of tries.
            "Retry": retry(*LAMBDA_TRANSIENT, SLACK_TRANSIENT, attempts=16, interval=2, most=60),
            "Next": "How did it end?",
        },
        "How did it end?": {
            "Type": "Choice",
            "Choices": [
                choice(f"$outcome.status = '{report.FAILED}'", then="Failed"),
                choice("$outcome.result.ok", then="Succeeded"),
            ],
            "Default": "Bad result",
        },
        "Succeeded": {"Type": "Succeed"},
        "Bad result": {
            "Type": "Fail",
            "Error": SCRIPT_FAILED,
            "Cause": "The action came to its end with a bad result, which was reported",
        },
        "Failed": {"Type": "Fail", "Error": expr("$outcome.error"), "Cause": expr("$outcome.cause")},
    }


def _report_payload(visible: str) -> dict[str, Any]:
    return {
        "version": report.VERSION,
        "id": expr(f"{EXECUTION}.Name"),
        "started_at": expr(f"{EXECUTION}.StartTime"),
        "visible": visible,
        "request": expr(f"{EXECUTION}.Input"),
        "outcome": expr("$outcome"),
    }
