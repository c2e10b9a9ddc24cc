"""Which room an event of `chatops_runtime.contracts.asking` is for, and what may fail there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from chatops_runtime import log_line
from chatops_runtime.contracts import asking as contract
from chatops_runtime.report.asking import ask, card_update, words
from chatops_runtime.report.asking.card_update import CardLeftError
from chatops_runtime.report.asking.words import LeftUnsaidError

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.report.delivery import Delivery

    Room = Callable[[dict[str, Any], Delivery], None]

_ROOMS: dict[str, Room] = {
    contract.WAIT: card_update.wait,
    contract.CLOSE: card_update.close,
    contract.PROGRESS: words.progress,
    contract.SAY: words.say,
}
_NEVER_FAIL = frozenset({contract.WAIT, contract.PROGRESS})
"""Their failure would end what they only accompany."""


def answer(event: dict[str, Any], request_id: str, delivery: Delivery) -> dict[str, Any]:
    """Do what `event` says.

    Args:
        event: The function's.
        request_id: Of the invocation.
        delivery: The way to Slack.

    Raises:
        Exception: `RETRYABLE`, `LASTING`, or what nobody expects.
    """
    began = time.monotonic()
    level, facts = log_line.ERROR, dict[str, object]()
    try:
        given = _answer(event, delivery)
        level = log_line.INFO
    except (CardLeftError, LeftUnsaidError) as error:
        level, facts, given = log_line.WARN, {"left": str(error)}, _unchanged(event)
    except Exception as error:
        facts = log_line.describe(error)
        if event["event"] not in _NEVER_FAIL:
            raise
        given = _unchanged(event)
    finally:
        log_line.write(
            level,
            f"report_{event['event']}",
            id=event.get("id"),
            command=event.get("request", {}).get("command"),
            kind=event.get("question", event.get("result", {})).get("kind"),
            request_id=request_id,
            milliseconds=round((time.monotonic() - began) * 1000),
            **facts,
        )
    return given


def _answer(event: dict[str, Any], delivery: Delivery) -> dict[str, Any]:
    if event["event"] == contract.ASK:
        return ask.ask(event, delivery)
    _ROOMS[event["event"]](event, delivery)
    return {"used": event.get("used", 0) + 1} if event["event"] == contract.PROGRESS else {}


def _unchanged(event: dict[str, Any]) -> dict[str, Any]:
    return {"used": event.get("used", 0)} if event["event"] == contract.PROGRESS else {}
