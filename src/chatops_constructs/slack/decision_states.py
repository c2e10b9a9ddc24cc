"""The states that handle a click: have it decided, and say so if that fails; or say what dispatch has to say."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration

from chatops_constructs.slack.report_states import LAMBDA_CRASHED, LAMBDA_TRANSIENT, LONGEST_CAUSE, UNDELIVERED
from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr, integration, literal, or_empty, retry
from chatops_runtime.contracts import asking, click, report

FIRST = "Is it a click?"
NOT_DECIDED = "ChatOps.NotDecided"

LONGEST = Duration.minutes(30)

_GIVEN = f"{EXECUTION}.Input"
_SORRY = (
    "Your click could not be handled, and nothing was decided by it as far as is known. Please click again in a minute."
    " If that does not help either, an administrator finds the reason under this id: "
)


def states(*, decide_arn: str, report_arn: str) -> States:
    """All states of the machine; its input is of `chatops_runtime.contracts.click`.

    Args:
        decide_arn: The function that decides, which may be invoked twice for a click.
        report_arn: The function that says something.
    """
    return {
        FIRST: {
            "Type": "Choice",
            "Choices": [choice(f"{_GIVEN}.kind = '{click.CLICK}'", then="Decide")],
            "Default": "Say it",
        },
        "Decide": {
            "Type": "Task",
            "Resource": integration("lambda:invoke"),
            "Arguments": {"FunctionName": decide_arn, "Payload": expr(_GIVEN)},
            # Whatever it failed with, a second try finds what the first one did.
            "Retry": retry("States.TaskFailed", "States.Timeout", attempts=8, most=60),
            "Output": expr("$states.result.Payload"),
            "Catch": [
                {
                    "ErrorEquals": ["States.ALL"],
                    "Assign": {
                        "why": expr(f"$states.errorOutput.Error & ': ' & {or_empty('$states.errorOutput.Cause')}")
                    },
                    "Next": "Say that it failed",
                }
            ],
            "Next": "Decided",
        },
        "Decided": {"Type": "Succeed"},
        "Say that it failed": {
            **_say(report_arn, expr(f"{literal(_SORRY)} & '`' & $substring({EXECUTION}.Name, 0, 10) & '`'")),
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Not decided"}],
            "Next": "Not decided",
        },
        "Not decided": {"Type": "Fail", "Error": NOT_DECIDED, "Cause": expr(f"$substring($why, 0, {LONGEST_CAUSE})")},
        "Say it": {
            **_say(report_arn, expr(f"{_GIVEN}.text"), cancel=expr(f"{_GIVEN}.cancel")),
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Not said"}],
            "Next": "Said",
        },
        "Said": {"Type": "Succeed"},
        "Not said": {"Type": "Fail", "Error": UNDELIVERED, "Cause": "Slack did not take what was to be said"},
    }


def _say(report_arn: str, text: str, *, cancel: str = "") -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": integration("lambda:invoke"),
        "Arguments": {
            "FunctionName": report_arn,
            "Payload": {
                "version": report.VERSION,
                "event": asking.SAY,
                "id": expr(f"{_GIVEN}.id"),
                "team_id": expr(f"{_GIVEN}.team_id"),
                "response_url": expr(f"{_GIVEN}.response_url"),
                "text": text,
                "visible": click.VISIBLE_TO_USER,
                "cancel": cancel,
            },
        },
        "Retry": retry(asking.RETRYABLE, *LAMBDA_TRANSIENT, *LAMBDA_CRASHED, attempts=12, interval=2, most=60),
    }
