"""The states that list how a command went on every one of its instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs.run_command.command_statuses import UNFINISHED
from chatops_constructs.workflow.asl import choice, expr, integration, or_empty, reading_retry

if TYPE_CHECKING:
    from chatops_constructs.workflow.asl import States

FIRST = "List the invocations"

# Some people write the statuses with blanks, as the documentation does.
_PAGE = (
    "$append($invocations, [$states.result.CommandInvocations.{"
    "'instance_id': InstanceId, 'status': $replace(StatusDetails, ' ', '')}])"
)

# How often the list may be incomplete, two seconds apart.
MOST_LISTINGS = 10


def list_invocations(*, then: str) -> States:
    """The states from `FIRST` on, which fill `invocations`: `{"instance_id", "status"}`.

    Args:
        then: The state that follows.
    """
    listing = {
        "Type": "Task",
        "Resource": integration("aws-sdk:ssm:listCommandInvocations"),
        "Assign": {
            "invocations": expr(_PAGE),
            "next": expr(or_empty("$states.result.NextToken")),
            "listings": expr("$listings + 1"),
        },
        "Retry": reading_retry(),
        "Next": "All invocations listed?",
    }
    arguments = {"CommandId": expr("$command_id"), "MaxResults": 50}
    # The list too is eventually consistent; the command knows how many there should be. What was cancelled takes a
    # moment to be over.
    incomplete = f"$count($invocations) < $expected or $count($invocations[status in {UNFINISHED}]) > 0"
    return {
        FIRST: {**listing, "Arguments": arguments},
        "List more invocations": {**listing, "Arguments": {**arguments, "NextToken": expr("$next")}},
        "All invocations listed?": {
            "Type": "Choice",
            "Choices": [
                choice("$boolean($next)", then="List more invocations"),
                choice(f"({incomplete}) and $listings < {MOST_LISTINGS}", then="Let the list become complete"),
            ],
            "Default": then,
        },
        "Let the list become complete": {
            "Type": "Wait",
            "Seconds": 2,
            "Assign": {"invocations": []},
            "Next": FIRST,
        },
    }
