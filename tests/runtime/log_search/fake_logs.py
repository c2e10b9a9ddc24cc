"""CloudWatch Logs in memory, as a boto3 client: its pages, its refusals, its queries."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

AT = 1_763_773_430_000


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "refused"}}, "Operation")


def events(*messages: str, at: int = AT, step: int = 1000) -> list[tuple[int, str]]:
    return [(at + number * step, message) for number, message in enumerate(messages)]


@dataclass
class FakeLogs:
    """Log groups with their events, in order of time.

    Attributes:
        groups: The events of each.
        page: How many events a page holds.
        empty_pages: Whether an empty page comes before each.
        refused: By operation or group, what the next calls are answered with.
        always_refused: By operation or group, with which code every call is.
        looks: At how many looks a query is running.
        stored: How many bytes are stored in a group.
        on_call: What happens at each call: time that passes, for instance.
        calls: The arguments of all calls, by operation.
        queries: The queries that were started, by id.
        stopped: Those that were stopped.
    """

    groups: dict[str, list[tuple[int, str]]]
    page: int = 100
    empty_pages: bool = False
    refused: dict[str, list[Exception]] = field(default_factory=dict)
    always_refused: dict[str, str] = field(default_factory=dict)
    looks: int = 0
    stored: dict[str, int] = field(default_factory=dict)
    on_call: Callable[[], None] = lambda: None
    calls: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    meta: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(region_name="eu-central-1"))
    queries: dict[str, dict[str, Any]] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    looked: Counter[str] = field(default_factory=Counter)

    def filter_log_events(self, **given: Any) -> dict[str, Any]:
        self._note("filter_log_events", given, [given["logGroupName"]])
        found = self._found(given["logGroupName"], given["startTime"], given["endTime"], given["filterPattern"])
        place, _, empty = given.get("nextToken", "0").partition(" ")
        first = int(place)
        if self.empty_pages and not empty:
            return {"events": [], "nextToken": f"{first} empty"}
        page = found[first : first + self.page]
        more = {"nextToken": str(first + self.page)} if first + self.page < len(found) else {}
        return {"events": [{"timestamp": at, "message": message} for at, message in page], **more}

    def start_query(self, **given: Any) -> dict[str, Any]:
        self._note("start_query", given, given["logGroupNames"])
        query_id = f"query-{len(self.queries)}"
        self.queries[query_id] = given
        return {"queryId": query_id}

    def get_query_results(self, **given: Any) -> dict[str, Any]:
        self._note("get_query_results", given, [])
        query = self.queries[given["queryId"]]
        self.looked[given["queryId"]] += 1
        rows = [
            (at, name, message)
            for name in query["logGroupNames"]
            for at, message in self._found(
                name, query["startTime"] * 1000, query["endTime"] * 1000 + 999, query["queryString"]
            )
        ]
        rows.sort(key=lambda row: row[0], reverse=True)
        running = self.looked[given["queryId"]] <= self.looks
        return {
            "status": "Running" if running else "Complete",
            "results": [self._row(*row) for row in rows[: 1 if running else query["limit"]]],
            "statistics": {"recordsMatched": float(len(rows))},
        }

    def stop_query(self, **given: Any) -> dict[str, Any]:
        self._note("stop_query", given, [])
        self.stopped.append(given["queryId"])
        return {"success": True}

    def describe_log_groups(self, **given: Any) -> dict[str, Any]:
        self._note("describe_log_groups", given, [])
        known = [name for name in given["logGroupIdentifiers"] if name in self.groups]
        return {
            "logGroups": [
                {"logGroupName": name, "creationTime": AT, "storedBytes": self.stored.get(name, 0)} for name in known
            ]
        }

    def _note(self, operation: str, given: dict[str, Any], names: list[str]) -> None:
        self.calls.setdefault(operation, []).append(given)
        self.on_call()
        for key in (operation, *names):
            if key in self.always_refused:
                raise refusal(self.always_refused[key])
            if self.refused.get(key):
                raise self.refused[key].pop(0)
        for name in names:
            if name not in self.groups:
                raise refusal("ResourceNotFoundException")

    def _found(self, name: str, since: int, until: int, pattern: str) -> list[tuple[int, str]]:
        phrases = re.findall(r'"([^"]*)"', pattern)
        enough = any if "?" in pattern or " or " in pattern else all
        return [
            (at, message)
            for at, message in self.groups[name]
            if since <= at <= until and enough(phrase in message for phrase in phrases)
        ]

    def _row(self, at: int, name: str, message: str) -> list[dict[str, str]]:
        moment = datetime.fromtimestamp(at / 1000, timezone.utc)
        timestamp = f"{moment:%Y-%m-%d %H:%M:%S}.{at % 1000:03}"
        cells = {"@timestamp": timestamp, "@log": f"123456789012:{name}", "@message": message, "@ptr": "x"}
        return [{"field": field, "value": value} for field, value in cells.items()]
