"""FilterLogEvents page by page: MiniStack hands out one page and no token, whatever is left.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html: a page holds up to 1 MB
or 10,000 events, or fewer, or none at all; it is the last one if it comes without a token.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.logs.answers import RefusedError, changed
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_filter_log_events = private("services.cloudwatch_logs:_filter_log_events", "data")

MOST_EVENTS = 10_000
MOST_BYTES = 1024 * 1024


class Pages:
    """How much a page holds: without being told, as much as it may."""

    def __init__(self) -> None:
        """As AWS says."""
        self._most = MOST_EVENTS
        self._with_empty = False

    def apply(self, emulator: Emulator) -> None:
        """Let the controller set it."""
        emulator.calls.update(log_pages=self._set)
        _filter_log_events.wrap(self._paged)

    def _set(self, most: int | None, *, with_empty: bool) -> None:
        self._most = most or MOST_EVENTS
        self._with_empty = with_empty

    def _paged(self, original: Untyped) -> Untyped:
        def filter_log_events(data: Mapping[str, Any]) -> Untyped:
            try:
                place = _Place.of(data)
                answer = original({**data, "startTime": place.since, "limit": MOST_EVENTS})
            except RefusedError as refused:
                return refused.answer
            if answer[0] != 200:
                return answer
            found = json.loads(answer[2])["events"]
            if self._with_empty and not place.was_empty:
                return changed(answer, events=[], nextToken=replace(place, was_empty=True).token)
            events = found[place.skip :]
            page = _page(events, min(data.get("limit", MOST_EVENTS), self._most))
            is_last = len(page) == len(events) and len(found) < MOST_EVENTS
            return changed(answer, events=page, nextToken=None if is_last else place.after(page).token)

        return filter_log_events


@dataclass(frozen=True)
class _Place:
    """Where a page begins: behind so many events of a millisecond."""

    since: int
    skip: int
    was_empty: bool

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> _Place:
        token = data.get("nextToken")
        if token is None:
            return cls(data.get("startTime", 0), 0, was_empty=False)
        try:
            return cls(*json.loads(base64.b64decode(token, validate=True)))
        except (ValueError, TypeError):
            raise RefusedError("InvalidParameterException", "The specified nextToken is invalid.") from None

    @property
    def token(self) -> str:
        return base64.b64encode(json.dumps([self.since, self.skip, self.was_empty]).encode()).decode()

    def after(self, page: list[dict[str, Any]]) -> _Place:
        last = page[-1]["timestamp"] if page else self.since
        same = sum(event["timestamp"] == last for event in page)
        return _Place(last, same + (self.skip if last == self.since else 0), was_empty=False)


def _page(events: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    page: list[dict[str, Any]] = []
    size = 0
    for event in events[:most]:
        size += len(event["message"].encode())
        if page and size > MOST_BYTES:
            break
        page.append(event)
    return page
