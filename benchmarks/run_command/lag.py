"""How late a run told of its end, read from the history of its execution.

Time is compressed: a day passes in minutes. What waits, waits that much shorter; what computes does not. So the two are
told apart: waiting counts in AWS's time, computing in real time. Otherwise a tenth of a second of computing would look
like a minute of lag in a day that passes in three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.run_command.run import Lag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

Event = dict[str, Any]
Interval = tuple[float, float]

# Left at once: the signal has come, whatever the looks beside it are waiting for.
SIGNALLED = "Signalled"


def lag_of(history: Sequence[Event], ended: datetime, *, time_scale: float, event_delay: float | None) -> Lag | None:
    """The lag of one run, or None if it was told before the script had ended.

    Args:
        history: Of the execution.
        ended: When the script ended.
        time_scale: Real seconds in one second of AWS.
        event_delay: The events' delay in AWS's seconds, or None if none come.
    """
    end, told = ended.timestamp(), published_at(history)
    if told is None or told < end:
        return None
    signal = _entered_at(history, SIGNALLED)
    waits = [(begin, over) for begin, over in _waits(history) if signal is None or begin >= signal]
    if signal is not None and event_delay is not None:
        waits.append((end, end + event_delay * time_scale))
    waited = _length(waits, end, told)
    # The history is in milliseconds.
    return Lag(round(waited / time_scale, 3), round(told - end - waited, 3))


def looks_late(history: Sequence[Event], sent: datetime, ended: datetime) -> float:
    """By how many real seconds the looks at a command came later, for what was computed between its send and its end.

    On AWS that is as much. Here it is much in AWS's time.
    """
    waits = list(_waits(history))
    if not waits:
        return 0.0
    first, end = min(waits)[0], ended.timestamp()
    return max(0.0, first - sent.timestamp()) + (end - first - _length(waits, first, end))


def published_at(history: Iterable[Event]) -> float | None:
    """When a topic had taken the notice."""
    published = [
        event["timestamp"].timestamp()
        for event in history
        if event["type"] == "TaskSucceeded" and event["taskSucceededEventDetails"]["resource"] == "publish"
    ]
    return published[-1] if published else None


def _entered_at(history: Iterable[Event], state: str) -> float | None:
    for event in history:
        if event["type"].endswith("StateEntered") and event["stateEnteredEventDetails"]["name"] == state:
            entered: float = event["timestamp"].timestamp()
            return entered
    return None


def _waits(history: Iterable[Event]) -> Iterator[Interval]:
    """When a Wait state or the pause before a retry was going on, to its end."""
    begun: dict[str, float] = {}
    for event in history:
        moment = event["timestamp"].timestamp()
        match event["type"]:
            case "WaitStateEntered":
                begun[event["stateEnteredEventDetails"]["name"]] = moment
            case "WaitStateExited":
                yield begun.pop(event["stateExitedEventDetails"]["name"]), moment
            case "TaskFailed":
                begun[event["taskFailedEventDetails"]["resource"]] = moment
            case "TaskScheduled":
                resource = event["taskScheduledEventDetails"]["resource"]
                if resource in begun:
                    yield begun.pop(resource), moment


def _length(intervals: Iterable[Interval], first: float, last: float) -> float:
    """How much of the time between two moments lies in any of the intervals."""
    length, covered = 0.0, first
    for begin, over in sorted(intervals):
        length += max(0.0, min(over, last) - max(begin, covered))
        covered = max(covered, over)
    return length
