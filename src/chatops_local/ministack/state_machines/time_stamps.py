"""The time stamps of executions and states, which state machines reckon with and hand to functions."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from chatops_local.ministack.functions.clock import Clock

_now_iso = private("services.stepfunctions:now_iso", "")


def apply(clock: Clock) -> None:
    """Take them from the clock of functions, who compare them with it."""

    def shifted(_original: Untyped) -> Untyped:
        def now_iso() -> str:
            now = datetime.fromtimestamp(clock.now(), timezone.utc)
            return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")

        return now_iso

    _now_iso.wrap(shifted)
