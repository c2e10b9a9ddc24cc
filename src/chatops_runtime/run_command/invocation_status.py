"""What Run Command's status of one instance means, for people.

The statuses are StatusDetails of an invocation:
https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.slack import mrkdwn, text_budget
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

SUCCESS = "Success"

_LONGEST_STATUS = 60
_WORDS = {
    "ExecutionTimedOut": "ran longer than {timeout_seconds} s and was stopped",
    "DeliveryTimedOut": "the instance did not take the command within {delivery_timeout_seconds} s; or it did, and was "
    "not heard of again: the script may have run",
    "Undeliverable": "Systems Manager could not deliver the command: the instance is gone, stopped or does not answer",
    "AccessDenied": "the command's role may not run it on this instance",
    "InvalidPlatform": "the command is not for this instance's operating system",
    "Cancelled": "the command was cancelled",
    "Terminated": "not run, since the command had failed on too many other instances",
}
_UNFINISHED = frozenset({"Pending", "InProgress", "Delayed", "Cancelling"})


def words(instance: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    """The status of `instance`, one of the run_command `result`'s instances: its name, and what it means."""
    # AWS writes it "In Progress" in some places and InProgress in others.
    status = one_line(str(instance["status"]), _LONGEST_STATUS).replace(" ", "")
    exit_code = instance.get("exit_code")
    if status == SUCCESS:
        return SUCCESS
    if status == "Failed":
        return f"Failed with exit code {exit_code}" if exit_code is not None else "Failed"
    if status in _UNFINISHED:
        return f"{status}: not over at the deadline"
    if status in _WORDS:
        return f"{status}: {_WORDS[status].format_map(result)}"
    return f"{mrkdwn.literal(text_budget.cut(status, _LONGEST_STATUS))}: a status that this version does not know"


def is_success(instance: Mapping[str, Any]) -> bool:
    """Whether the script ran on `instance` and exited with 0."""
    return bool(instance["status"] == SUCCESS)
