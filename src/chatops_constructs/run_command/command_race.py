"""The states that send a script and wait for its end in two ways at once: for a signal, and by looking.

A task token exists only inside the state that waits for it, so that the send itself has to wait for the signal, and
looking has to happen beside it. Whichever comes first ends the other by failing, which is how a Parallel state is left
early. Both lead to the same place, where the command is looked at: a signal says that it is time to, and nothing more.
Which command that is, it does not say: a command that somebody repeats by hand brings the same token back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_constructs.run_command.command_send import SEND, UNANSWERED, CommandSend
from chatops_constructs.run_command.command_statuses import UNFINISHED
from chatops_constructs.run_command.command_watch import (
    CANCEL,
    CANCEL_UNDELIVERED,
    OVER_STATE,
    POLL,
    UNLISTED,
    look,
    status_in_answer,
    undelivered,
)
from chatops_constructs.run_command.looks import SHORTEST_PAUSE
from chatops_constructs.run_command.run_on import RunOn
from chatops_constructs.workflow.asl import States, choice, expr, integration, reading_retry
from chatops_runtime.contracts import completion_signal

if TYPE_CHECKING:
    from chatops_constructs.run_command.looks import Looks

RACE = "Send the script and wait"
FIND = "Find the command that was sent"
LISTING = "Let the command be listed"
NEVER_LISTED = "Not listed after all"

SIGNALLED = "ChatOps.Signalled"
OVER = "ChatOps.CommandOver"
OUT_OF_TIME = "ChatOps.OutOfTime"
UNDELIVERED = "ChatOps.Undelivered"
# Told as it is: there is no id by which to ask any further.
NOT_LISTED = "ChatOps.CommandNotListed"

# A send is repeated when it is refused, for less than this many milliseconds after its first try.
LONGEST_SEND = 300_000
# How long after the signal the command may be missing in the lists, in seconds.
LONGEST_UNLISTED = 60


def race(send: CommandSend, looks: Looks, *, gone: dict[str, Any] | None) -> States:
    """The states from `RACE` on. They go on with the states of `command_watch`, to which `unlisted` belongs.

    Args:
        send: What is sent.
        looks: When to look.
        gone: The Catch for an instance that is gone, if there is another way then.
    """
    return {
        RACE: {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": SEND, "States": _send_and_await_signal(send, looks)},
                {"StartAt": "Watch", "States": _look(send, looks)},
            ],
            # Never taken, since the second branch always fails; but a state needs it.
            "Next": POLL,
            "Catch": [
                _leave(SIGNALLED, then=FIND, sent_by=True),
                _leave(OVER, then=POLL),
                _leave(OUT_OF_TIME, then=CANCEL),
                *([_leave(UNDELIVERED, then=CANCEL_UNDELIVERED)] if send.run_on is RunOn.ANY_ONE else []),
                *([gone] if gone else []),
            ],
        },
        **_find(send, looks),
    }


def unlisted() -> list[dict[str, Any]]:
    """The rules of the state that looks whether the command is over, while it is not found."""
    return [
        choice(f"$command_id = '' and $elapsed > {LONGEST_UNLISTED}", then=NEVER_LISTED),
        choice("$command_id = ''", then=LISTING),
    ]


def _find(send: CommandSend, looks: Looks) -> States:
    """Which command is ours, and how it is doing, in one look."""
    status, target_count = send.own_command("Status"), send.own_command("TargetCount")
    one_instance = send.run_on is RunOn.ANY_ONE
    details = f"$replace({send.own_command('StatusDetails')}, ' ', '')"
    return {
        FIND: {
            "Type": "Task",
            "Resource": integration("aws-sdk:ssm:listCommands"),
            "Arguments": send.own_commands(before="$sent_by"),
            "Assign": {
                "command_id": expr(send.own_command("CommandId")),
                "status": expr(f"{status} = '' ? 'Pending' : {status}"),
                "command_status": "" if one_instance else expr(details),
                "expected": 1 if one_instance else expr(f"{target_count} = '' ? 0 : {target_count}"),
                "pause": expr(looks.once_over().next_pause("$elapsed")),
            },
            "Retry": reading_retry(),
            "Next": OVER_STATE,
        },
        # A signal may be a moment ahead of the lists.
        LISTING: {"Type": "Wait", "Seconds": 2, "Assign": {"elapsed": expr("$elapsed + 2")}, "Next": FIND},
        NEVER_LISTED: {
            "Type": "Fail",
            "Error": NOT_LISTED,
            "Cause": f"The command is over, and Systems Manager has not listed it within {LONGEST_UNLISTED} seconds."
            " How the script went is not known.",
        },
    }


def _send_and_await_signal(send: CommandSend, looks: Looks) -> States:
    arguments = send.arguments
    entered = "$toMillis($states.context.State.EnteredTime)"
    with_token = {
        **arguments,
        "Parameters": {
            **arguments["Parameters"],
            completion_signal.PARAMETER: [expr("$states.context.Task.Token")],
        },
    }
    states = send.states(
        sent={
            "Resource": integration("aws-sdk:ssm:sendCommand.waitForTaskToken"),
            "Arguments": with_token,
            "TimeoutSeconds": looks.deadline,
            "Assign": {
                # Up to when it was sent; the filter takes whole seconds only.
                "latest": expr(f"$substring($fromMillis({entered} + {LONGEST_SEND}), 0, 19) & 'Z'"),
            },
            "Next": "Signalled",
            # No signal: the other branch has the last word.
            "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Left to the watch"}],
        },
        unanswered=UNANSWERED,
        found={},
        then="Left to the watch",
    )
    return {
        **states,
        "Signalled": {"Type": "Fail", "Error": SIGNALLED, "Cause": expr("$latest")},
        "Left to the watch": {"Type": "Succeed"},
    }


def _look(send: CommandSend, looks: Looks) -> States:
    found = send.own_command("Status")
    wait = {
        "Type": "Wait",
        "Seconds": expr("$watch_pause"),
        "Assign": {"watched_for": expr("$watched_for + $watch_pause")},
    }
    choices = [
        choice(f"$not($watched in {UNFINISHED})", then="Seen to be over"),
        choice(f"$watched_for > {looks.deadline} and $watched_id = ''", then="Never listed"),
        choice(f"$watched_for > {looks.deadline}", then="Out of time"),
        choice("$watched_id = ''", then="Wait to find it"),
    ]
    undelivered_state: States = {}
    if send.run_on is RunOn.ANY_ONE:
        choices.append(choice(undelivered("$watched", "$watched_for", looks), then="Not delivered"))
        undelivered_state = {"Not delivered": _fail(UNDELIVERED)}
    return {
        "Watch": {
            "Type": "Wait",
            "Seconds": looks.first_pause,
            "Assign": {"watched_for": looks.first_pause, "watched_id": ""},
            "Next": "Find the command",
        },
        "Find the command": {
            "Type": "Task",
            "Resource": integration("aws-sdk:ssm:listCommands"),
            "Arguments": send.own_commands(),
            "Assign": {
                "watched_id": expr(send.own_command("CommandId")),
                "watched": expr(f"{found} = '' ? 'Pending' : {found}"),
                "watch_pause": expr(looks.next_pause("$watched_for")),
            },
            "Retry": reading_retry(),
            "Next": "Seen to be over?",
        },
        "Seen to be over?": {"Type": "Choice", "Choices": choices, "Default": "Wait to look again"},
        "Wait to find it": {**wait, "Next": "Find the command"},
        "Wait to look again": {**wait, "Next": "Look at the command"},
        "Look at the command": {
            **look(send.run_on, "$watched_id"),
            "Assign": {
                "watched": expr(status_in_answer(send.run_on)),
                "watch_pause": expr(looks.next_pause("$watched_for")),
            },
            "Next": "Seen to be over?",
        },
        "Seen to be over": _fail(OVER),
        "Never listed": {
            "Type": "Fail",
            "Error": NOT_LISTED,
            "Cause": f"Systems Manager took the command, and has not listed it within {looks.deadline} seconds. "
            "Whether the script has run is not known.",
        },
        "Out of time": _fail(OUT_OF_TIME),
        **undelivered_state,
    }


def _fail(error: str) -> dict[str, Any]:
    return {"Type": "Fail", "Error": error, "Cause": expr("$watched_id")}


def _leave(error: str, *, then: str, sent_by: bool = False) -> dict[str, Any]:
    cause = expr("$states.errorOutput.Cause")
    return {
        "ErrorEquals": [error],
        "Assign": {
            **({"command_id": "", "sent_by": cause} if sent_by else {"command_id": cause, "sent_by": ""}),
            "elapsed": 0,
            "pause": SHORTEST_PAUSE,
            **UNLISTED,
        },
        "Next": then,
    }
