"""Closes and opens the site: the stored state first, then the IP sets that follow it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chatops_runtime.contracts.ip_ranges import EVERYONE, parse
from chatops_runtime.maintenance.state import Change, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.contracts.ip_ranges import Network
    from chatops_runtime.ip_sets.pair import IpSetPair
    from chatops_runtime.maintenance.store import Store

BY_ITSELF = "its planned end"
ALL = frozenset(map(parse, EVERYONE))
NOBODY: frozenset[Network] = frozenset()


@dataclass(frozen=True)
class Followed:
    """What the IP sets were brought to.

    Attributes:
        state: As stored.
        healed: Whether they had been changed by somebody else, such as a deployment, and were put right.
    """

    state: State
    healed: bool


class Switch:
    """The switch. Each method may be called again for the same request, and by several at once."""

    def __init__(self, store: Store, pair: IpSetPair, now: Callable[[], float]) -> None:
        """With a clock that says Unix time in seconds."""
        self._store = store
        self._pair = pair
        self._now = now

    def close(self, id: str, *, by: str, seconds: int | None, reason: str) -> State:
        """Note that the site is closed, for so many seconds or until somebody opens it."""

        def decide(state: State) -> State | None:
            if state.knows(id):
                return None
            now = int(self._now())
            until = None if seconds is None else now + seconds
            return state.with_change(Change(id, on=True, at=now, by=by, until=until, reason=reason), now)

        return self._store.change(decide)

    def open(self, id: str, *, by: str) -> State:
        """Note that the site is open; if it is, only that this was asked for.

        Otherwise the same request, delivered again after somebody has closed the site, would open it.
        """

        def decide(state: State) -> State | None:
            if state.knows(id):
                return None
            now = int(self._now())
            if not state.closed(now):
                return state.with_idle(id)
            return state.with_change(Change(id, on=False, at=now, by=by), now)

        return self._store.change(decide)

    def begin_window(self, name: str, *, scheduled_at: str, seconds: int) -> State:
        """Note that a planned window begins.

        It never shortens what was begun by hand. The beginning of a window is heeded once: if somebody opens the site
        within it, a second delivery does not close it again.
        """
        end = int(datetime.fromisoformat(scheduled_at.replace("Z", "+00:00")).timestamp()) + seconds

        def decide(state: State) -> State | None:
            now = int(self._now())
            if now >= end or scheduled_at <= state.windows.get(name, ""):
                return None
            heeded = dataclasses.replace(state, windows={**state.windows, name: scheduled_at})
            closing = state.closing(now)
            if closing is not None and (closing.until is None or closing.until >= end):
                return heeded
            change = Change(f"{name} {scheduled_at}", on=True, at=now, by=f"window {name}", until=end)
            return heeded.with_change(change, now)

        return self._store.change(decide)

    def follow(self, *, deadline: float) -> Followed:
        """Bring the IP sets in line with what is stored, whatever they hold.

        Raises:
            PairBehindError: AWS WAF did not take it in time. What is stored stays, and the timer tries again.
            Exception: AWS refused, because a permission is missing, for instance.
        """
        before = self._end_what_is_over()
        was_closed = before.closed(self._now())
        seen: list[tuple[Change | None, bool]] = []

        def truth() -> frozenset[Network]:
            state = self._store.read()
            closed = state.closed(self._now())
            seen.append((state.last, closed))
            return ALL if closed else NOBODY

        result = self._pair.reconcile(truth, deadline=deadline)
        steady = set(seen) == {(before.last, was_closed)}
        healed = steady and before.followed and result.changed

        def decide(state: State) -> State | None:
            if not steady or state.last != before.last or (state.followed and not healed):
                return None
            applied = state.last.id if state.last else ""
            healed_at = int(self._now()) if healed else state.healed_at
            return dataclasses.replace(state, applied=applied, healed_at=healed_at)

        return Followed(self._store.change(decide), healed)

    def state(self) -> State:
        """What is stored."""
        return self._store.read()

    def in_line(self, state: State, *, deadline: float) -> bool:
        """Whether the IP sets hold what `state` asks for.

        Raises:
            OutOfTimeError: AWS WAF did not answer in time.
            Exception: AWS refused.
        """
        return self._pair.read(deadline=deadline) == (ALL if state.closed(self._now()) else NOBODY)

    def _end_what_is_over(self) -> State:
        def decide(state: State) -> State | None:
            last, now = state.last, self._now()
            if last is None or not last.on or last.until is None or now < last.until:
                return None
            return state.with_change(Change(f"end of {last.id}", on=False, at=last.until, by=BY_ITSELF), now)

        return self._store.change(decide)
