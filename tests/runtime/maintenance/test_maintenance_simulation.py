"""Whatever happens in whatever order: a minute later the IP sets are as the last order said."""

from __future__ import annotations

import itertools

from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from chatops_runtime.log_line import LoggableError
from chatops_runtime.maintenance.invocation import Look
from chatops_runtime.order import Order
from tests.runtime.maintenance.switch_double import SwitchDouble

MINUTE = 60

TYPED = ["on", "off", "on for 1m", "on for 5m", "status", "nonsense"]
ORDERS = st.sampled_from(TYPED).map(lambda text: ("order", text))
EVENTS = st.sampled_from(["look", "reset", "minute", "lost"]).map(lambda name: (name, ""))
# With their ends, four later orders leave at most nine changes after one: the last ten are kept.
REDELIVERIES = st.integers(0, 4).map(lambda back: ("again", str(back)))
TROUBLES = st.sampled_from(
    ["AccessDeniedException", "WAFOptimisticLockException", "ThrottlingException", "lost answer", "no answer"]
).map(lambda name: ("trouble", name))


class Model:
    """What people expect: the last order that was given, and its end."""

    def __init__(self) -> None:
        self.closed_until: float | None = 0.0

    def order(self, text: str, now: float) -> None:
        if text in ("on", "off"):
            self.closed_until = None if text == "on" else 0.0
        elif text.startswith("on for"):
            self.closed_until = now + int(text[7:-1]) * MINUTE

    def is_closed(self, now: float) -> bool:
        return self.closed_until is None or now < self.closed_until


class World:
    """The switch, and what happens to it."""

    def __init__(self) -> None:
        self.double = SwitchDouble()
        self.model = Model()
        self._ids = itertools.count()
        self._given: list[Order] = []

    def order(self, text: str) -> None:
        self._given.append(Order(text, "taro (U1)", str(next(self._ids))))
        began = float(int(self.double.time))
        self.double.do(self._given[-1])
        self.model.order(text, began)

    def again(self, back: str) -> None:
        if len(self._given) > int(back):
            self.double.do(self._given[-1 - int(back)])

    def reset(self, _: str) -> None:
        self.double.waf.reset()

    def minute(self, _: str) -> None:
        self.double.time += MINUTE

    def lost(self, _: str) -> None:
        self.double.table.lost_answers = 1

    def trouble(self, name: str) -> None:
        self.double.waf.failures.setdefault("update_ip_set", []).append(name)

    def look(self, _: str = "") -> None:
        """As Lambda does: what fails is logged, and the next minute tries again."""
        try:
            self.double.do(Look("timer"))
        except (ClientError, LoggableError):
            assert self.double.service.record.followed is False


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(ORDERS, EVENTS, REDELIVERIES, TROUBLES), max_size=25))
def test_the_sets_follow(steps: list[tuple[str, str]]) -> None:
    world = World()
    for name, what in steps:
        getattr(world, name)(what)
    world.double.waf.failures.clear()
    world.double.time += MINUTE
    world.look()
    assert world.double.is_closed == world.model.is_closed(world.double.time)
    assert world.double.store.read().followed
