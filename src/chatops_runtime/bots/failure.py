"""What is said when a bot failed: the notice of it, as a notifier says it."""

from __future__ import annotations

import time
from typing import Any

from chatops_runtime.notifier.envelope import Envelope
from chatops_runtime.notifier.run_notice import RunNotice
from chatops_runtime.slack import text_budget
from chatops_runtime.slack.message import Message


def render(notice: dict[str, Any]) -> Message:
    """The notice, with the id by which the execution is found.

    Args:
        notice: `chatops_runtime.contracts.run_notice`.

    Raises:
        ValueError: It is of a version or an outcome that this code does not know.
    """
    told = RunNotice.of(notice, Envelope(subject="", body="", sent_at=time.time()))
    if told is None:
        raise ValueError(
            f"notice of the kind {notice.get('kind')!r}, version {notice.get('version')!r} and outcome "
            f"{notice.get('outcome')!r}: this code knows none such"
        )
    return Message(told.full(text_budget.MESSAGE))
