"""A notice of which nothing is known: its subject and its text, made fit to be shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_runtime.notifier.envelope import parsed_object
from chatops_runtime.notifier.notice import LONGEST_LINE, Notice, Severity
from chatops_runtime.notifier.short_text import bold, short
from chatops_runtime.slack import mrkdwn, text_budget
from chatops_runtime.slack.plain_text import clean

if TYPE_CHECKING:
    from chatops_runtime.notifier.envelope import Envelope

_MARK = ":speech_balloon:"
_LONGEST_TITLE = 250
_FOR_FENCE_AND_NOTE = 120


@dataclass(frozen=True)
class TextNotice(Notice):
    """Subject and body as they came; JSON is laid out.

    Attributes:
        about: See `Notice`.
        title: The subject, or the `detail-type` of an event of EventBridge, or empty.
        body: The text, or JSON laid out.
        is_json: Which of the two.
        at: See `Notice`.
    """

    about: tuple[str, str]
    title: str
    body: str
    is_json: bool
    at: float

    severity = Severity.UNKNOWN
    state = "other"

    @classmethod
    def of(cls, envelope: Envelope) -> TextNotice:
        """Whatever the envelope holds."""
        parsed = parsed_object(envelope.body)
        title, body = envelope.subject, envelope.body
        if parsed:
            detail_type = parsed.get("detail-type")
            title = title or (detail_type if isinstance(detail_type, str) else "")
            body = _laid_out(parsed) or body
        # A subject is sent again with every text; without one, what is said is all that there is.
        return cls(("text", title or body[:_LONGEST_TITLE]), title, body, bool(parsed), envelope.sent_at)

    @property
    def line(self) -> str:
        """The subject and the beginning of the text."""
        if not self.title:
            return f"{_MARK} {self._beginning(LONGEST_LINE - 20)}"
        heading = f"{_MARK} {bold(self.title, _LONGEST_TITLE)}"
        # The beginning of JSON says nothing.
        return heading if self.is_json else f"{heading} {self._beginning(LONGEST_LINE - _LONGEST_TITLE - 20)}"

    def full(self, room: int) -> str:
        """The subject as a bold line, the text below it."""
        heading = f"{_MARK} {bold(self.title, _LONGEST_TITLE)}\n" if self.title else ""
        left = room - text_budget.units(heading) - _FOR_FENCE_AND_NOTE
        whole = clean(self.body).strip()
        part = text_budget.cut(whole, left)
        shown = mrkdwn.preformatted(part) if self.is_json else mrkdwn.escape(part)
        cut = f"\n_This notice was cut: the first {len(part):,} of {len(whole):,} characters._"
        return heading + (shown if whole else "_(an empty notice)_") + ("" if part == whole else cut)

    def _beginning(self, limit: int) -> str:
        return short(self.body, limit) or "_(an empty notice)_"


def _laid_out(parsed: dict[str, Any]) -> str | None:
    try:
        return json.dumps(parsed, indent=2, ensure_ascii=False)
    except RecursionError:  # nested so deeply that only reading it worked
        return None
