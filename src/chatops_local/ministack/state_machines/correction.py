"""All corrections of Step Functions, in the order in which they wrap one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.state_machines import (
    branches,
    children,
    data_limit,
    error_names,
    faults,
    history,
    jsonata,
    message_attributes,
    metering,
    reading,
    retries,
    revisions,
    running,
    start_execution,
    status_events,
    stopping,
    task_permissions,
    task_tokens,
    time_limits,
    time_stamps,
)

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator


def apply(emulator: Emulator) -> None:
    """Correct Step Functions."""
    time_stamps.apply(emulator.clock)
    jsonata.apply()
    branches.apply()
    error_names.apply()
    message_attributes.apply()
    data_limit.apply()
    status_events.apply()
    start_execution.apply()
    children.apply()
    reading.apply(emulator)
    revisions.apply()
    time_limits.apply(emulator)
    retries.apply()
    task_tokens.apply(emulator.names.callbacks)
    metering.apply(emulator)
    history.apply()
    faults.Faults().apply(emulator)
    # The check comes before the call is made, and knows the execution.
    task_permissions.apply(emulator.place)
    stopping.apply(emulator)
    running.apply()
