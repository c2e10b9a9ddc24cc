"""The time stamps of executions and states, which state machines reckon with and hand to functions."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from chatops_local.ministack.functions.clock import Clock

_now_iso = private("services.stepfunctions:now_iso", "")
_register_functions = private("services.stepfunctions:_register_sfn_jsonata_functions", "expr")
_jsonata = private("services.stepfunctions:jsonata")


def apply(clock: Clock) -> None:
    """Take them from the clock of functions, who compare them with it."""

    def shifted(_original: Untyped) -> Untyped:
        def now_iso() -> str:
            now = datetime.fromtimestamp(clock.now(), timezone.utc)
            return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")

        return now_iso

    _now_iso.wrap(shifted)
    _register_functions.wrap(lambda original: _with_time_of(clock, original))


def _with_time_of(clock: Clock, original: Untyped) -> Untyped:
    """`$now` and `$millis`: one moment for all that one evaluation asks, as JSONata has it.

    https://docs.jsonata.org/2.0.0/date-time-functions
    """

    def register_functions(expr: Untyped) -> None:
        original(expr)
        now = int(clock.now() * 1000)
        written = _jsonata.get().functions.Functions.datetime_from_millis
        expr.register_lambda("millis", lambda: now)
        expr.register_lambda("now", lambda picture=None, timezone=None: written(now, picture, timezone))

    return register_functions
