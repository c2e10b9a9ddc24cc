"""Statuses of plugins, invocations and commands.

https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html and the StatusDetails of Command and
CommandInvocation in the API reference. The prose writes "Execution Timed Out", the API `ExecutionTimedOut`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Status(NamedTuple):
    """`Status` and `StatusDetails`."""

    status: str
    details: str

    @property
    def is_terminal(self) -> bool:
        """Whether it is the last one."""
        return self.status not in {"Pending", "InProgress", "Delayed", "Cancelling"}


PENDING = Status("Pending", "Pending")
IN_PROGRESS = Status("InProgress", "InProgress")
CANCELLING = Status("Cancelling", "Cancelling")
SUCCESS = Status("Success", "Success")
FAILED = Status("Failed", "Failed")
CANCELLED = Status("Cancelled", "Cancelled")
EXECUTION_TIMED_OUT = Status("TimedOut", "ExecutionTimedOut")
DELIVERY_TIMED_OUT = Status("TimedOut", "DeliveryTimedOut")
UNDELIVERABLE = Status("Failed", "Undeliverable")
TERMINATED = Status("Cancelled", "Terminated")
"""The system cancels what is left once MaxErrors is exceeded."""

INCOMPLETE = Status("Failed", "Incomplete")
NO_INSTANCES_IN_TAG = Status("Success", "NoInstancesInTag")
"""A tag that nothing carries is reported as Success: aws-ssm-invoke and others show "Success (NoInstancesInTag)"."""

ERRORS = frozenset({FAILED, EXECUTION_TIMED_OUT})
"""What `ErrorCount` counts, and MaxErrors limits."""


def of_invocation(plugins: Iterable[Status]) -> Status:
    """An invocation's status from its plugins': the worst (amazon-ssm-agent: `DocumentResultAggregator`)."""
    found = set(plugins)
    return next((status for status in (FAILED, EXECUTION_TIMED_OUT, CANCELLED) if status in found), SUCCESS)


def of_command(invocations: Iterable[Status], *, max_errors: int, cancelled: bool) -> Status:
    """A command's status once all its invocations are terminal.

    Undeliverable invocations count for nothing: four of them and one Success make Success.
    """
    counts = Counter(invocations)
    if cancelled:
        return CANCELLED
    if counts[FAILED] + counts[EXECUTION_TIMED_OUT] > max_errors:
        return FAILED if counts[FAILED] else EXECUTION_TIMED_OUT
    if counts[DELIVERY_TIMED_OUT] > max_errors:
        return DELIVERY_TIMED_OUT
    return INCOMPLETE if set(counts) - {SUCCESS, UNDELIVERABLE} else SUCCESS
