"""The states that post to Slack, as often as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_constructs.slack.report_states import LAMBDA_CRASHED, LAMBDA_TRANSIENT
from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr, integration, one_line, or_empty, retry
from chatops_runtime.contracts import bot_post

if TYPE_CHECKING:
    from collections.abc import Mapping

UNAVAILABLE = "SlackUnavailable"

# While Slack takes nothing, a message is brought there again and again for so long.
POSTING_MINUTES = 30
# A try that begins when that time is nearly over has its own time, Retry included.
LONGEST_SECONDS = (POSTING_MINUTES + 15) * 60

NOTHING_SAID_YET = {"said": 0, "tries": 0, "posting_since": 0}
"""To be assigned before the first of these states."""

_END_OF_POSTING = f"$posting_since + {POSTING_MINUTES * 60}"
# When the state was entered, in seconds.
_NOW = "$floor($toMillis($states.context.State.EnteredTime) / 1000)"

# The cause of a function's exception is JSON with a stack that helps nobody here:
# https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html. It is not parsed as a whole, since a cause may be
# cut, and what cannot be parsed would end the execution; what matches this is a text in JSON.
# A backslash is \x5c in it, since JSONata takes the bracket behind one for a part of the text.
_TEXT = r'"(?:[^"\x5c\x00-\x1f]|\x5c["\x5c\/bfnrt]|\x5cu[0-9a-fA-F]{4})*"'
MESSAGE = one_line(rf"""(
  $cause := $string({or_empty("$states.errorOutput.Cause")});
  $told := $match($cause, /"errorMessage": ?({_TEXT})/, 1).groups[0];
  $exists($told) ? $parse($told) : $cause
)""")
"""An expression for what a function said of its error, else for its whole cause."""


def posting(name: str, *, bot: str, poster_arn: str, message: Mapping[str, str], then: str, not_posted: str) -> States:
    """The states; the function says when Slack wants the rest.

    Args:
        name: Of the first state; the others' begin with it.
        bot: The bot's construct path.
        poster_arn: The function that posts.
        message: What is posted and where to, each value an expression: members of `chatops_runtime.contracts.bot_post`.
        then: The state that follows once it is posted.
        not_posted: The state that follows when it never will be, with `$outcome` assigned.
    """
    check, wait, gave_up = f"{name}: done?", f"{name}: wait for Slack", f"{name}: not in time"
    never = f"{name}: never"
    return {
        name: {
            "Type": "Task",
            "Resource": integration("lambda:invoke"),
            "Arguments": {
                "FunctionName": poster_arn,
                "Payload": {
                    "version": bot_post.VERSION,
                    "bot": bot,
                    "id": expr(f"{EXECUTION}.Name"),
                    **{member: expr(value) for member, value in message.items()},
                    "said": expr("$said"),
                    "tries": expr("$tries"),
                },
            },
            # To say it twice is better than not at all.
            "Retry": [
                *retry(*LAMBDA_TRANSIENT, attempts=16, interval=2, most=60),
                *retry(*LAMBDA_CRASHED, attempts=3, interval=2),
            ],
            "Assign": {
                "told": expr("$states.result.Payload"),
                "said": expr("$states.result.Payload.said"),
                "tries": expr("$tries + 1"),
                "posting_since": expr(f"$tries = 0 ? {_NOW} : $posting_since"),
            },
            "Catch": [failed(then=not_posted)],
            "Next": check,
        },
        check: {
            "Type": "Choice",
            "Choices": [
                choice("$told.done and $exists($told.error)", then=never),
                choice("$told.done", then=then),
                choice(f"{_NOW} + $told.retry_after < {_END_OF_POSTING}", then=wait),
            ],
            "Default": gave_up,
        },
        wait: {"Type": "Wait", "Seconds": expr("$told.retry_after"), "Next": name},
        never: _outcome(error=expr("$told.error"), cause=expr("$told.cause"), then=not_posted),
        gave_up: _outcome(
            error=UNAVAILABLE,
            cause=expr(f"'Slack took nothing for {POSTING_MINUTES} minutes: ' & {or_empty('$told.detail')}"),
            then=not_posted,
        ),
    }


def failed(*, then: str) -> dict[str, Any]:
    """The Catch for all errors of a function, with what the function itself said of it.

    Args:
        then: The state that follows, with `$outcome` assigned.
    """
    return {
        "ErrorEquals": ["States.ALL"],
        "Assign": {"outcome": {"error": expr("$states.errorOutput.Error"), "cause": expr(MESSAGE)}},
        "Next": then,
    }


def _outcome(*, error: str, cause: str, then: str) -> dict[str, Any]:
    return {"Type": "Pass", "Assign": {"outcome": {"error": error, "cause": cause}}, "Next": then}
