"""The states that wait for a command to be over: they look at it again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_constructs.run_command.command_statuses import NOT_DELIVERED, UNFINISHED
from chatops_constructs.run_command.run_on import RunOn
from chatops_constructs.workflow.asl import States, choice, expr, integration, or_empty, reading_retry

if TYPE_CHECKING:
    from chatops_constructs.run_command.looks import Looks

WAIT = "Wait"
POLL = "Poll"
OVER_STATE = "Over?"
CANCEL = "Cancel"
CANCEL_UNDELIVERED = "Cancel what was not delivered"

# Some people write the statuses with blanks, as the documentation does.
DETAILS_IN_ANSWER = f"$replace({or_empty('$states.result.Commands[0].StatusDetails')}, ' ', '')"

# What is known of the command and its invocations before they are listed.
UNLISTED = {
    "command_status": "",
    "expected": 0,
    "invocations": [],
    "listings": 0,
    "given_up": False,
    "undelivered": False,
}


def look(run_on: RunOn, command_id: str) -> dict[str, Any]:
    """The call that says how a command is doing.

    Args:
        run_on: One instance is asked for by itself, since a command that is not delivered looks like one that runs.
        command_id: A JSONata expression.
    """
    asked = "listCommandInvocations" if run_on is RunOn.ANY_ONE else "listCommands"
    return {
        "Type": "Task",
        "Resource": integration(f"aws-sdk:ssm:{asked}"),
        "Arguments": {"CommandId": expr(command_id)},
        "Retry": reading_retry(),
    }


def status_in_answer(run_on: RunOn) -> str:
    """A JSONata expression for the status in the answer to `look`.

    The lists are empty for a moment after the send: they are eventually consistent.
    """
    answers = "$states.result.CommandInvocations" if run_on is RunOn.ANY_ONE else "$states.result.Commands"
    return f"$count({answers}) > 0 ? {answers}[0].Status : 'Pending'"


def undelivered(status: str, elapsed: str, looks: Looks) -> str:
    """A JSONata condition: the instance had its time to take the command, and has not."""
    return f"{elapsed} >= {looks.delivery} and {status} in {NOT_DELIVERED}"


def watch(looks: Looks, *, run_on: RunOn, unlisted: list[dict[str, Any]], then: str) -> States:
    """The states from `WAIT` or `POLL` on; the states before have to assign `command_id`, `elapsed` and `pause`.

    They assign `command_status`, which is empty for a command to one instance: there the invocation says more.

    Args:
        looks: When to look.
        run_on: On how many instances the command runs.
        unlisted: Rules for a command that is not found yet.
        then: The state that follows, `given_up` and `undelivered` assigned; with them the command was cancelled.
    """
    expected = (
        "1"
        if run_on is RunOn.ANY_ONE
        else "$count($states.result.Commands) > 0 ? $states.result.Commands[0].TargetCount : 0"
    )
    command_status = "" if run_on is RunOn.ANY_ONE else expr(DETAILS_IN_ANSWER)
    choices = [
        *unlisted,
        choice(f"$not($status in {UNFINISHED})", then=then),
        choice(f"$elapsed > {looks.deadline}", then=CANCEL),
    ]
    if run_on is RunOn.ANY_ONE:
        choices.append(choice(undelivered("$status", "$elapsed", looks), then=CANCEL_UNDELIVERED))
    return {
        WAIT: {
            "Type": "Wait",
            "Seconds": expr("$pause"),
            "Assign": {"elapsed": expr("$elapsed + $pause")},
            "Next": POLL,
        },
        POLL: {
            **look(run_on, "$command_id"),
            "Assign": {
                **UNLISTED,
                "status": expr(status_in_answer(run_on)),
                "command_status": command_status,
                "expected": expr(expected),
                "pause": expr(looks.next_pause("$elapsed")),
            },
            "Next": OVER_STATE,
        },
        OVER_STATE: {"Type": "Choice", "Choices": choices, "Default": WAIT},
        CANCEL: _cancel({"given_up": True}, then),
        **({CANCEL_UNDELIVERED: _cancel({"undelivered": True}, then)} if run_on is RunOn.ANY_ONE else {}),
    }


def _cancel(assign: dict[str, bool], then: str) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": integration("aws-sdk:ssm:cancelCommand"),
        "Arguments": {"CommandId": expr("$command_id")},
        "Assign": assign,
        "Retry": reading_retry(),
        "Next": then,
    }
