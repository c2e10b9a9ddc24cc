"""What came of one typed command or mention, as text and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.cli.message import click_as_text, message_as_json, message_as_text
from chatops_local.cli.style import Style, indented
from chatops_local.slack import EventAck

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_local.cloud import Execution
    from chatops_local.slack import Message, SentClick, SentCommand, SentEvent


@dataclass(frozen=True)
class Outcome:
    """One command or mention, and what came of it."""

    typed: str
    sent: SentCommand | SentEvent
    messages: Sequence[Message]
    """Everything posted or changed since it was typed."""
    executions: Sequence[Execution]
    problems: Sequence[str]
    clicks: Sequence[SentClick] = ()

    @property
    def ok(self) -> bool:
        """Whether it went well."""
        return not self.problems

    def as_text(self, style: Style) -> str:
        """For people."""
        head = f"{style.mark(ok=self.ok)} {style.strong(self.typed)}  {style.faint(self._who())}"
        parts = [head, f"  {self._ack(style)}"]
        said = [(each.shown_at, message_as_text(each, self.sent.sent_at, style)) for each in self.messages]
        done = [(each.sent_at, click_as_text(each, self.sent.sent_at, style)) for each in self.clicks]
        parts += [text for _, text in sorted(said + done)]
        parts += [style.bad(indented(f"✘ {problem}", "  ")) for problem in self.problems]
        return "\n".join(parts) + "\n"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        ack = self.sent.ack
        return {
            "command": self.typed,
            "user": self.sent.user_id,
            "channel": self.sent.channel_id,
            "ok": self.ok,
            "ack": {"status": ack.status, "ms": round(ack.ms, 1), "error": ack.error, "text": ack.text},
            "messages": [message_as_json(message, self.sent.sent_at) for message in self.messages],
            "clicks": [
                {
                    "label": each.label,
                    "action_id": each.action_id,
                    "chosen": list(each.chosen),
                    "user": each.user_id,
                    "after_seconds": round(each.sent_at - self.sent.sent_at, 3),
                    "ack": {"status": each.ack.status, "ms": round(each.ack.ms, 1), "error": each.ack.error},
                }
                for each in self.clicks
            ],
            "executions": [{"arn": each.arn, "status": each.status, "error": each.error} for each in self.executions],
            "problems": list(self.problems),
        }

    def _who(self) -> str:
        return f"typed by {self.sent.user_id} in {self.sent.channel_id}"

    def _ack(self, style: Style) -> str:
        ack = self.sent.ack
        if ack.error:
            does = "delivers it again:" if isinstance(ack, EventAck) else "shows"
            return style.bad(f"ack {ack.ms:,.0f} ms: Slack {does} {ack.error}")
        says = "" if any(message.via == "ack" for message in self.messages) else ", says nothing"
        return f"ack {ack.ms:,.0f} ms{says}"
