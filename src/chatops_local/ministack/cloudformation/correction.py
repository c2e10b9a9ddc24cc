"""Lets CloudFormation tell EventBridge of its stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.cloudformation import stack_events
from chatops_local.ministack.service_events import ServiceEvents

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator


def apply(emulator: Emulator) -> None:
    """Publish what MiniStack only keeps in its list of events."""
    stack_events.apply()
    emulator.calls["pending_events"] = ServiceEvents.pending
