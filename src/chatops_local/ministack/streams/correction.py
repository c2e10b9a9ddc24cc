"""All corrections of streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.streams import rules, table_streams
from chatops_local.ministack.streams.poller import StreamPoller

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator


def apply(emulator: Emulator) -> None:
    """Name streams, refuse mappings and poll as AWS does."""
    table_streams.apply()
    rules.apply(emulator.names)
    poller = StreamPoller(emulator.settings.time_scale, emulator.names, emulator.refusals)
    poller.apply()
    emulator.calls["streams_are_quiet"] = poller.is_quiet
