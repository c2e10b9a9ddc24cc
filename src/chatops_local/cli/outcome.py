"""What came of one typed command, as text and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.cli.style import Style, indented, with_emoji

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_local.cloud import Execution
    from chatops_local.slack import Message, SentCommand

_INDENT = "    "


@dataclass(frozen=True)
class Outcome:
    """One command and what came of it."""

    typed: str
    sent: SentCommand
    messages: Sequence[Message]
    """Everything posted since it was typed."""
    executions: Sequence[Execution]
    problems: Sequence[str]

    @property
    def ok(self) -> bool:
        """Whether it went well."""
        return not self.problems

    def as_text(self, style: Style) -> str:
        """For people."""
        head = f"{style.mark(ok=self.ok)} {style.strong(self.typed)}  {style.faint(self._who())}"
        parts = [head, f"  {self._ack(style)}"]
        parts += [self._message(message, style) for message in self.messages]
        parts += [style.bad(indented(f"✘ {problem}", "  ")) for problem in self.problems]
        return "\n".join(parts) + "\n"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        ack = self.sent.ack
        return {
            "command": self.typed,
            "user": self.sent.command.user_id,
            "channel": self.sent.command.channel_id,
            "ok": self.ok,
            "ack": {"status": ack.status, "ms": round(ack.ms, 1), "error": ack.error, "text": ack.text},
            "messages": [self._message_as_json(message) for message in self.messages],
            "executions": [{"arn": each.arn, "status": each.status, "error": each.error} for each in self.executions],
            "problems": list(self.problems),
        }

    def _who(self) -> str:
        return f"typed by {self.sent.command.user_id} in {self.sent.command.channel_id}"

    def _ack(self, style: Style) -> str:
        ack = self.sent.ack
        if ack.error:
            return style.bad(f"ack {ack.ms:,.0f} ms: Slack shows {ack.error}")
        says = "" if any(message.via == "ack" for message in self.messages) else ", says nothing"
        return f"ack {ack.ms:,.0f} ms{says}"

    def _message(self, message: Message, style: Style) -> str:
        audience = f"everybody in {message.channel}" if message.user is None else f"only {message.user}"
        head = f"  +{self._after(message):.1f} s to {audience}, by {message.via}"
        extras = [f"would notify {mention}" for mention in message.notifies] + [
            "truncated by Slack"
        ] * message.truncated
        return style.faint("; ".join([head, *extras])) + "\n" + indented(with_emoji(message.shown), _INDENT)

    def _message_as_json(self, message: Message) -> dict[str, Any]:
        return {
            "via": message.via,
            "channel": message.channel,
            "user": message.user,
            "after_seconds": round(self._after(message), 3),
            "shown": message.shown,
            "text": message.text,
            "blocks": list(message.blocks),
            "notifies": list(message.notifies),
            "unfurls": list(message.unfurls),
            "truncated": message.truncated,
        }

    def _after(self, message: Message) -> float:
        return message.at - self.sent.sent_at
