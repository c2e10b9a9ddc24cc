"""All corrections of topics, queues, event source mappings and alarms, in the order in which they wrap one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.messaging import (
    deletions,
    publishing,
    queue_lock,
    queue_time,
    queues,
    subscriptions,
)
from chatops_local.ministack.messaging.alarms import configuration, evaluation
from chatops_local.ministack.messaging.alarms.actions import AlarmActions
from chatops_local.ministack.messaging.alarms.metrics import Clocks
from chatops_local.ministack.messaging.event_sources import rules
from chatops_local.ministack.messaging.event_sources.poller import Poller
from chatops_local.ministack.messaging.fan_out import FanOut
from chatops_local.ministack.messaging.message_moves import MessageMoves
from chatops_local.ministack.messaging.publications import Publications
from chatops_local.ministack.messaging.publish_batch import PublishBatch

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator


def apply(emulator: Emulator) -> None:
    """Correct messaging, and let the controller see it."""
    scale = emulator.settings.time_scale
    publications = Publications()
    MessageMoves().apply()
    queue_time.apply(scale)
    deletions.apply()
    # Last of what wraps the actions of queues: it refreshes MiniStack's table of them.
    queue_lock.apply()
    subscriptions.apply()
    publishing.apply()
    PublishBatch().apply(emulator)
    FanOut(publications, emulator.refusals).apply()
    rules.apply()
    Poller(scale, emulator.refusals).apply()
    configuration.apply()
    evaluation.apply()
    AlarmActions(emulator.refusals).apply()

    def clocks() -> Clocks:
        return Clocks(scale, emulator.clock.shift if emulator.clock.was_shifted else None)

    emulator.calls.update(
        published=publications.listed,
        refusals=emulator.refusals.listed,
        queue_messages=queues.messages,
        evaluate_alarms=lambda later: evaluation.evaluate_all(clocks(), later),
    )
