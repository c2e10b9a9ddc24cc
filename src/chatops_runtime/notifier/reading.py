"""From messages of the queue to notices: what is not understood is still said, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime import log_line
from chatops_runtime.notifier.alarm_notice import AlarmNotice
from chatops_runtime.notifier.envelope import Envelope, parsed_object
from chatops_runtime.notifier.notice import LEAST_ROOM, Notice
from chatops_runtime.notifier.pipeline_notice import PipelineNotice
from chatops_runtime.notifier.run_notice import RunNotice
from chatops_runtime.notifier.text_notice import TextNotice

if TYPE_CHECKING:
    from collections.abc import Callable

    Kind = Callable[[dict[str, Any], Envelope], Notice | None]

KINDS: tuple[Kind, ...] = (RunNotice.of, PipelineNotice.of, AlarmNotice.of)
"""What is known of. Each takes the JSON object that was published and gives None if that is nothing of its kind."""


def read(record: dict[str, Any], *, in_full: bool = True) -> Notice:
    """The notice in a `record` of a Lambda event from SQS. Whatever it holds, something can be said of it.

    Args:
        record: The record.
        in_full: Whether all of it is to be said, or its line only.
    """
    envelope = Envelope.of(record)
    published = parsed_object(envelope.body)
    for kind in KINDS:
        notice = _understood(kind, published, envelope, in_full=in_full)
        if notice is not None:
            return notice
    return TextNotice.of(envelope)


def _understood(kind: Kind, published: dict[str, Any], envelope: Envelope, *, in_full: bool) -> Notice | None:
    """The notice, if it is of that kind and can say what it has to say."""
    try:
        notice = kind(published, envelope)
        if notice is None or not notice.line or (in_full and not notice.full(LEAST_ROOM)):
            return None
    except Exception as error:  # noqa: BLE001 - a notice of an odd shape must not be a notice that nobody hears of
        log_line.write(log_line.WARN, "notice_not_understood", **log_line.describe(error))
        return None
    return notice
