"""One turn of a question: a state that waits for an answer, or has waited.

A question that several people have to answer has several turns, one after the other, with the same nonce and a token
each.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import asking

if TYPE_CHECKING:
    from collections.abc import Mapping

_DECISIONS = frozenset(
    {
        asking.APPROVED,
        asking.DENIED,
        asking.CONFIRMED,
        asking.DECLINED,
        asking.CHOSEN,
        asking.CANCELLED,
    }
)


@dataclass(frozen=True)
class Ending:
    """How a question ended: with a decision or `asking.EXPIRED`, and by whom."""

    state: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turn:
    """What the execution's history says of it.

    Attributes:
        token: What its answer is sent with.
        question: What is asked: `chatops_runtime.contracts.asking`.
        request: The command's, as it stands at this question.
        approved_by: Who has approved in earlier turns.
        is_card: Whether the message says itself how the question ended, since the report function can change it.
        closed_by: The event that ended it; None while it waits.
    """

    token: str = field(repr=False)
    question: Mapping[str, Any] = field(repr=False)
    request: Mapping[str, Any] = field(repr=False)
    approved_by: tuple[str, ...]
    is_card: bool
    closed_by: Mapping[str, Any] | None = field(repr=False)

    @classmethod
    def of(cls, payload: Mapping[str, Any], closed_by: Mapping[str, Any] | None) -> Turn:
        """The turn whose state has called the report function with `payload`."""
        return cls(
            token=payload["token"],
            question=payload["question"],
            request=payload["request"],
            approved_by=tuple(payload["approved_by"]),
            is_card=payload["question"]["kind"] == asking.APPROVAL or "message_ts" in payload["card"],
            closed_by=closed_by,
        )

    @property
    def kind(self) -> str:
        """The question's kind."""
        return str(self.question["kind"])

    @property
    def ending(self) -> Ending | None:
        """How the question ended with this turn; None if it goes on, now or in a moment."""
        if self.closed_by is None:
            return None
        if self.closed_by["type"] == "TaskTimedOut":
            return Ending(asking.EXPIRED)
        answer = self.answer
        if answer.get("kind") != self.kind or answer.get("decision") not in _DECISIONS:
            return None  # the machine takes it for no answer and waits on
        if answer["decision"] != asking.APPROVED:
            return Ending(answer["decision"], (answer["by"],))
        by = tuple(dict.fromkeys([*self.approved_by, answer["by"]]))
        return Ending(asking.APPROVED, by) if len(by) >= self.question["quorum"] else None

    @property
    def answer(self) -> dict[str, Any]:
        """What the token was redeemed with; empty if the state failed, as it is tried again then."""
        closed_by = self.closed_by or {}
        if closed_by.get("type") != "TaskSucceeded":
            return {}
        answer = json.loads(closed_by["taskSucceededEventDetails"]["output"])
        return answer if isinstance(answer, dict) else {}
