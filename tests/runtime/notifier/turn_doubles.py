"""A table of turns in memory, with DynamoDB's conditions, and a Slack that minds its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.notifier.turn_table import Taken, TurnTable
from chatops_runtime.slack.web_client import SlackRetryable, WebClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class MemoryTable(TurnTable):
    """Every call takes the time that `latency` gives, half of it before the item is looked at."""

    def __init__(self, sleep: Callable[[float], None], latency: Callable[[], float] = lambda: 0.0) -> None:
        self._sleep = sleep
        self._latency = latency
        self.items: dict[str, tuple[int, str]] = {}

    def take(self, channel: str, holder: str, *, now_ms: int, until_ms: int) -> Taken | None:
        pause = self._latency()
        self._sleep(pause / 2)
        not_before, by = self.items.get(channel, (0, ""))
        free = not_before <= now_ms
        if free:
            self.items[channel] = (until_ms, holder)
        self._sleep(pause / 2)
        return None if free else Taken(not_before, being_posted=bool(by))

    def end(self, channel: str, holder: str, *, not_before_ms: int) -> None:
        pause = self._latency()
        self._sleep(pause / 2)
        not_before, by = self.items[channel]
        if by == holder or not_before < not_before_ms:
            self.items[channel] = (not_before_ms, "")
        self._sleep(pause / 2)


class StrictSlack(WebClient):
    """Takes a second to forget a post, notes who comes too early, and is busy when `moods` say so."""

    def __init__(
        self,
        now: Callable[[], float],
        sleep: Callable[[float], None],
        latency: Callable[[], float],
        moods: Iterator[int | None],
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._latency = latency
        self._moods = moods
        self._not_before: dict[str, float] = {}
        self.posted: list[tuple[float, str]] = []
        self.too_early: list[float] = []

    def post_message(self, api: str, token: str, message: dict[str, Any]) -> dict[str, Any]:
        channel = message["channel"]
        self._sleep(self._latency())
        now = self._now()
        not_before = self._not_before.get(channel, 0.0)
        if now < not_before:
            self.too_early.append(not_before - now)
        mood = next(self._moods, None)
        pause = 1.0 if mood is None else float(mood)
        self._not_before[channel] = now + pause
        self._sleep(self._latency())
        if mood is not None:
            raise SlackRetryable("HTTP 429", mood)
        self.posted.append((now, message["text"]))
        return {}
