"""All corrections of Step Functions, in the order in which they wrap one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.state_machines import (
    data_limit,
    error_names,
    jsonata,
    running,
    start_execution,
    task_permissions,
    time_limits,
)

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator


def apply(emulator: Emulator) -> None:
    """Correct Step Functions."""
    jsonata.apply()
    error_names.apply()
    data_limit.apply()
    start_execution.apply(emulator)
    time_limits.apply(emulator)
    emulator.names.task_tokens.apply()
    # The check comes before the call is made, and knows the execution.
    task_permissions.apply(emulator.place)
    running.apply(emulator)
