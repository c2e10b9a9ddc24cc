"""One lock for what changes the list of a queue's messages.

MiniStack replaces the list where messages go, in whichever thread it is, so a message that another thread adds at that
moment would be lost.
"""

from __future__ import annotations

import threading
from functools import wraps
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Callable

LOCK = threading.RLock()
"""Hold it while you change messages."""

_CHANGES = (
    private("services.sqs:_act_send_message", "data, qurl"),
    private("services.sqs:_act_send_message_batch", "data, qurl"),
    private("services.sqs:_act_delete_message", "data, qurl"),
    private("services.sqs:_act_delete_message_batch", "data, qurl"),
    private("services.sqs:_act_change_visibility", "data, qurl"),
    private("services.sqs:_act_purge_queue", "data, qurl"),
    private("services.sqs:_expire_retained", "q"),
    private("services.sqs:_dlq_sweep", "q"),
    private("services.sqs:_collect_msgs", "q, max_n, vis_timeout"),
    private("services.eventbridge:_dispatch_to_sqs", "spec, payload, sqs_parameters"),
)
_handlers = private("services.sqs:_HANDLERS")


def apply() -> None:
    """Let one thread at a time change messages."""
    for change in _CHANGES:
        change.wrap(_locked)
    _refresh_table_of_actions()


def _locked(original: Callable[..., Untyped]) -> Callable[..., Untyped]:
    @wraps(original)
    def locked(*arguments: Any, **options: Any) -> Untyped:  # noqa: ANN401 - whatever the original takes
        with LOCK:
            return original(*arguments, **options)

    return locked


def _refresh_table_of_actions() -> None:
    """MiniStack's table of actions holds the functions themselves, not their names."""
    present = {change.name: change.get() for change in _CHANGES}
    table = _handlers.get()
    for action, function in list(table.items()):
        table[action] = present.get(function.__name__, function)
