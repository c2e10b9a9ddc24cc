"""A question that a command asks, from the events that are about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatops_runtime.contracts.control import Handle
from chatops_runtime.report.command import Command, instant


@dataclass(frozen=True)
class Asked(Command):
    """A question.

    Attributes:
        question: As the contract has it.
        handle: For the controls that answer it; empty of one that is over.
        approved_by: Who approved so far.
        card: What `ask` answered, as long as there is a message that can be changed; else empty.
    """

    question: dict[str, Any]
    handle: str
    approved_by: tuple[str, ...] = ()
    card: tuple[str, str] | None = None

    @classmethod
    def from_event(cls, event: dict[str, Any]) -> Asked:
        """The question in the function's `event`.

        Raises:
            ValueError: The event is of another version than this code.
        """
        card = event.get("card") or {}
        return cls(
            **cls.fields(event),
            question=event["question"],
            handle=event.get("handle", ""),
            approved_by=tuple(event.get("approved_by", ())),
            card=(card["channel_id"], card["message_ts"]) if "message_ts" in card else None,
        )

    @property
    def kind(self) -> str:
        """The question's kind."""
        return str(self.question["kind"])

    @property
    def until(self) -> int:
        """The deadline in Unix time."""
        return int(instant(self.question["until"]).timestamp())

    @property
    def line(self) -> str:
        """What was typed, on one line and unescaped."""
        return f"{self.request['command']} {self.request['text']}".strip()

    @property
    def cancel_handle(self) -> str:
        """For a control that cancels the command: it answers no question, and so has no nonce."""
        handle = Handle.parse(self.handle)
        return "" if handle is None else str(Handle(handle.machine, handle.execution))
