"""The states that tell Slack of a command, as often as it takes, and keep what Slack never took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Duration

from chatops_constructs.slack.dead_letters import REPORT, keeping
from chatops_constructs.workflow.asl import States, choice, expr, integration, or_empty, retry
from chatops_runtime.contracts import decision, report

if TYPE_CHECKING:
    from chatops_constructs.slack.telling import Telling

FIRST = decision.REPORT_STATE

UNDELIVERED = "ChatOps.Undelivered"

# While Slack takes nothing, a result is brought there again and again for so long.
REPORTING_MINUTES = 30
# A try that begins when the time for reporting is nearly over has its own time, Retry included.
LONGEST = Duration.minutes(REPORTING_MINUTES + 15)

# https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html: transient errors of Lambda.
LAMBDA_TRANSIENT = (
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
)
# What a function ends with whose process was killed or ran out of time; `Lambda.Unknown` with older runtimes:
# https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
LAMBDA_CRASHED = ("Lambda.Unknown", "Runtime.ExitError", "Sandbox.Timedout")

# Of any cause: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ExecutionFailedEventDetails.html
LONGEST_CAUSE = 32_768

NOTHING_SAID_YET = {"said": 0, "tries": 0, "reporting_since": 0}
"""To be assigned, with `outcome`, before the first of these states."""

_END_OF_REPORTING = f"$reporting_since + {REPORTING_MINUTES * 60}"
# When the state was entered, in seconds.
_NOW = "$floor($toMillis($states.context.State.EnteredTime) / 1000)"


def event(*, id: str, execution_arn: str, started_at: str, request: str) -> dict[str, Any]:
    """The report function's event, of `$outcome`, `$said` and `$tries`; every argument is an expression.

    Args:
        id: The execution's name.
        execution_arn: Its ARN.
        started_at: When it began.
        request: What was typed.
    """
    return {
        "version": report.VERSION,
        "id": expr(id),
        "execution_arn": expr(execution_arn),
        "started_at": expr(started_at),
        "request": expr(request),
        "outcome": expr("$outcome"),
        "said": expr("$said"),
        "tries": expr("$tries"),
    }


def states(event: dict[str, Any], *, telling: Telling, then: str) -> States:
    """The states; the function says when Slack wants the rest.

    Args:
        event: The report function's event.
        telling: What the endpoint shares with its machines.
        then: The state behind a report, a Choice that begins with `not_told`.
    """
    return {
        FIRST: {
            "Type": "Task",
            "Resource": integration("lambda:invoke"),
            "Arguments": {"FunctionName": telling.report_arn, "Payload": event},
            # Not an action: to say it twice is better than not at all.
            "Retry": [
                *retry(*LAMBDA_TRANSIENT, attempts=16, interval=2, most=60),
                *retry(*LAMBDA_CRASHED, attempts=3, interval=2),
            ],
            "Assign": {
                "told": expr("$states.result.Payload"),
                "said": expr("$states.result.Payload.said"),
                "tries": expr("$tries + 1"),
                "reporting_since": expr(f"$tries = 0 ? {_NOW} : $reporting_since"),
                "why_untold": expr(
                    f"'Slack took nothing for {REPORTING_MINUTES} minutes: '"
                    f" & {or_empty('$states.result.Payload.detail')}"
                ),
            },
            "Catch": [
                {
                    "ErrorEquals": ["States.ALL"],
                    "Assign": {
                        "why_untold": expr(
                            "'It can never be delivered: ' & $states.errorOutput.Error & ': '"
                            f" & {or_empty('$states.errorOutput.Cause')}"
                        )
                    },
                    "Next": "Keep the report",
                }
            ],
            "Next": then,
        },
        "Wait for Slack": {"Type": "Wait", "Seconds": expr("$told.retry_after"), "Next": FIRST},
        "Keep the report": {
            **keeping(event, kind=REPORT, dead_letters=telling.dead_letters, attempts=8),
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Undelivered"}],
            "Next": "Undelivered",
        },
        "Undelivered": {
            "Type": "Fail",
            "Error": UNDELIVERED,
            "Cause": expr(f"$substring($why_untold, 0, {LONGEST_CAUSE})"),
        },
    }


def not_told() -> list[dict[str, Any]]:
    """The first rules of the Choice behind a report: later, or never."""
    return [
        choice(f"$not($told.done) and {_NOW} + $told.retry_after < {_END_OF_REPORTING}", then="Wait for Slack"),
        choice("$not($told.done)", then="Keep the report"),
    ]
