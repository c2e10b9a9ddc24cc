"""The log search function over a fake of CloudWatch Logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chatops_runtime.log_search import handler as module
from chatops_runtime.log_search.patience import Patience
from tests.runtime.log_search.fake_logs import FakeLogs

if TYPE_CHECKING:
    from collections.abc import Callable

SINCE, UNTIL = "2025-11-22T01:00:00Z", "2025-11-22T03:00:00Z"


class Clock:
    """Time that passes only when somebody waits, or makes a call that takes some."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Context:
    """What Lambda hands to a function."""

    aws_request_id = "11111111-2222-3333-4444-555555555555"


class Scene:
    """A search function, its logs and its clock."""

    def __init__(self, logs: FakeLogs, clock: Clock) -> None:
        self.logs = logs
        self.clock = clock

    def event(self, text: str = "abc-1", **changes: Any) -> dict[str, Any]:
        arguments = {"text": text, "since": SINCE, "until": UNTIL, **changes.pop("arguments", {})}
        return {
            "version": 1,
            "id": "0123456789abcdef" * 4,
            "groups": [{"name": name, "label": name.rpartition("/")[2]} for name in self.logs.groups],
            "arguments": arguments,
            "started_at": "2025-11-22T02:00:00.123Z",
            "correlation": [],
            "insights_above": {"groups": 50, "bytes": 1_000_000},
            "seconds": 60,
            "is_last": False,
            **changes,
        }

    def answer(self, text: str = "abc-1", **changes: Any) -> dict[str, Any]:
        return module.handler(self.event(text, **changes), Context())

    def result(self, text: str = "abc-1", **changes: Any) -> dict[str, Any]:
        answer = self.answer(text, **changes)
        assert answer["over"]
        result: dict[str, Any] = answer["result"]
        return result

    def lines(self, text: str = "abc-1", **changes: Any) -> list[str]:
        return [line["text"] for line in self.result(text, **changes)["lines"]]


@pytest.fixture
def scene_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Scene]:
    """Makes a scene of log groups."""

    def make(groups: dict[str, list[tuple[int, str]]], **fields: Any) -> Scene:
        logs, clock = FakeLogs(groups, **fields), Clock()

        def patience(seconds: float) -> Patience:
            return Patience(seconds, clock=lambda: clock.now, sleep=clock.sleep, chance=lambda: 1.0)

        monkeypatch.setattr(module, "logs_client", lambda: logs)
        monkeypatch.setattr(module, "Patience", patience)
        return Scene(logs, clock)

    return make
