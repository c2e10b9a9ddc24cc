"""What is written down of handlers: for dispatch in the commands table, and for the Slack app in the template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs.slack.handled import HandledEvent, HandledInteraction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_constructs.slack.handler import EndpointHandler
    from chatops_runtime.contracts.commands_table import EventEntry, HandlerEntry
    from chatops_runtime.contracts.template_metadata import EventMark, InteractionMark

    Handlers = Mapping[str, EndpointHandler]


def event_entries(handlers: Handlers) -> dict[str, EventEntry]:
    """Those of events in the commands table."""
    return {
        key: handler.handled.entry(handler.settings, handler.machine_name)
        for key, handler in handlers.items()
        if isinstance(handler.handled, HandledEvent)
    }


def interaction_entries(handlers: Handlers) -> dict[str, HandlerEntry]:
    """Those of interactions in the commands table."""
    return {
        key: handler.handled.entry(handler.settings, handler.machine_name)
        for key, handler in handlers.items()
        if isinstance(handler.handled, HandledInteraction)
    }


def event_marks(handlers: Handlers) -> dict[str, EventMark]:
    """Those of events in the template's mark."""
    return {
        key: handler.handled.mark(handler.settings)
        for key, handler in handlers.items()
        if isinstance(handler.handled, HandledEvent)
    }


def interaction_marks(handlers: Handlers) -> dict[str, InteractionMark]:
    """Those of interactions in the template's mark."""
    return {
        key: handler.handled.mark(handler.settings)
        for key, handler in handlers.items()
        if isinstance(handler.handled, HandledInteraction)
    }
