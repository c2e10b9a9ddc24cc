"""The log search function's entry point: `chatops_runtime.log_search.handler.handler`."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from chatops_runtime import log_line
from chatops_runtime.contracts import log_search as contract
from chatops_runtime.log_search.logs_client import logs_client
from chatops_runtime.log_search.patience import Patience
from chatops_runtime.log_search.search import Search
from chatops_runtime.log_search.term import Term
from chatops_runtime.log_search.window import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_runtime.contracts.log_search import LogSearchResult


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's context has no type
    """Search for as long as the event says: `chatops_runtime.contracts.log_search`.

    Raises:
        ValueError: The event is of another version than this code.
    """
    if event["version"] != contract.VERSION:
        raise ValueError(f"log search of version {event['version']}: this code reads version {contract.VERSION}")
    began = time.monotonic()
    answer = _answer(event)
    result = answer["result"]
    log_line.write(
        log_line.INFO,
        "log_search",
        id=event["id"],
        request_id=context.aws_request_id,
        over=answer["over"],
        groups=len(result["groups"]),
        unreadable=sum(bool(group["problem"]) for group in result["groups"]),
        found=sum(group["found"] for group in result["groups"]),
        milliseconds=round((time.monotonic() - began) * 1000),
    )
    return answer


def _answer(event: Mapping[str, Any]) -> dict[str, Any]:
    cursor = event.get("cursor")
    window = Window(cursor["since"], cursor["until"]) if cursor else _window(event)
    problem = _problem(event["arguments"][contract.TERM], window)
    if problem:
        return {"over": True, "result": _nothing(event, window, problem)}
    search = Search(event, logs_client(), Patience(event["seconds"]), window)
    if cursor:
        search.go_on(cursor)
    search.run()
    if search.is_over:
        return {"over": True, "result": search.result()}
    if not event["is_last"]:
        return {"over": False, "result": search.first_lines(), "cursor": search.cursor()}
    search.stop()
    return {"over": True, "result": search.result()}


def _window(event: Mapping[str, Any]) -> Window:
    return Window.typed(event["arguments"], event["started_at"], datetime.now(timezone.utc))


def _problem(text: str, window: Window) -> str:
    if not Term.typed(text).is_searchable:
        return "there is no letter and no digit in what was searched for"
    return "the time ends before it begins" if window.is_empty else ""


def _nothing(event: Mapping[str, Any], window: Window, problem: str) -> LogSearchResult:
    return {
        "kind": contract.KIND,
        "ok": False,
        "term": event["arguments"][contract.TERM],
        "keys": [],
        "since": window.since,
        "until": window.until,
        "over": True,
        "problem": problem,
        "lines": [],
        "left_out": 0,
        "groups": [],
        "beyond": 0,
        "link": "",
    }
