"""The rate: however many invocations want slots at once, no window has more than the rate allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.fan_out.slots import Slots
from tests.runtime.fan_out.fan_out_doubles import START, Clock, TableDouble

if TYPE_CHECKING:
    from collections.abc import Sequence

FAR = START + 1e6


def slots(table: TableDouble, clock: Clock, per_second: float) -> Slots:
    return Slots(table, "Table", per_second=per_second, now=clock)


def most_in_a_second(moments: Sequence[float]) -> int:
    return max(sum(first <= each < first + 1 for each in moments) for first in moments)


@given(
    st.floats(0.5, 200),
    st.lists(st.tuples(st.integers(0, 7), st.floats(0, 0.4)), min_size=2, max_size=80),
)
def test_no_window_has_more_than_the_rate_allows(per_second: float, asked: list[tuple[int, float]]) -> None:
    table, clock = TableDouble(), Clock()
    invocations = [slots(table, clock, per_second) for _ in range(8)]
    taken = []
    for invocation, pause in asked:
        clock.now += pause
        slot = invocations[invocation].take(FAR)
        assert slot is not None
        assert slot >= clock.now - 1e-5
        taken.append(slot)
    assert taken == sorted(set(taken))
    assert most_in_a_second(taken) <= max(1, per_second) + 1e-6 or most_in_a_second(taken) <= -(-per_second // 1)


@given(st.floats(1, 200), st.integers(20, 60))
def test_a_backlog_goes_at_the_rate_within_five_percent(per_second: float, count: int) -> None:
    table, clock = TableDouble(), Clock()
    several = [slots(table, clock, per_second) for _ in range(5)]
    taken = [several[number % 5].take(FAR) or 0.0 for number in range(count)]
    rate = (count - 1) / (taken[-1] - taken[0])
    assert 0.95 * per_second <= rate <= per_second


def test_whoever_comes_after_a_pause_begins_at_once_and_nothing_was_saved_up() -> None:
    table, clock = TableDouble(), Clock()
    rate = slots(table, clock, 2)
    rate.take(FAR)
    clock.now += 100
    first, second = rate.take(FAR), rate.take(FAR)
    assert first is not None
    assert second is not None
    assert abs(first - clock.now) < 1e-5
    assert second - first > 0.5


def test_a_slot_that_is_too_late_is_left_to_others() -> None:
    table, clock = TableDouble(), Clock()
    rate = slots(table, clock, 1)
    assert [rate.take(FAR) is not None for _ in range(3)] == [True] * 3
    before = dict(table.items["rate"])
    assert rate.take(clock.now + 2) is None
    assert slots(table, clock, 1).take(clock.now + 2) is None
    assert rate.take(clock.now - 1) is None
    assert table.items["rate"] == before


def test_a_slot_costs_one_write_while_nothing_changes() -> None:
    table, clock = TableDouble(), Clock()
    busy = slots(table, clock, 10)
    for _ in range(20):
        busy.take(FAR)
    # The second one had to learn that there are others.
    assert table.updates == 21
    idle, table.updates = slots(table, clock, 10), 0
    for _ in range(20):
        clock.now += 60
        idle.take(FAR)
    assert table.updates == 20
