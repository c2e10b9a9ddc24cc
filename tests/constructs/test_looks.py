"""When a command is looked at: soon enough after its end, and not too often."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatops_constructs.run_command.looks import Looks
from tests.constructs.states_language import evaluate

# What the time limits of a script allow: five seconds to 48 hours, and 30 days to deliver it.
DEADLINES = st.one_of(st.integers(95, 1_000), st.integers(1_000, 2_764_860))


def looks_at(looks: Looks, *, until: float) -> list[int]:
    """The seconds of all looks, up to the first that is not before `until`."""
    times = [looks.first_pause]
    while times[-1] < until:
        pause = evaluate(looks.next_pause("$elapsed"), {"elapsed": times[-1]})
        assert isinstance(pause, int), "Wait takes whole seconds"
        assert pause >= 1
        times.append(times[-1] + pause)
    return times


@settings(max_examples=60, deadline=None)
@given(deadline=DEADLINES, data=st.data())
def test_without_a_hint_the_end_is_seen_after_a_quarter_of_the_run_and_a_minute_at_most(
    deadline: int, data: st.DataObject
) -> None:
    length = data.draw(st.floats(0, min(deadline, 20_000)))
    seen = looks_at(Looks(deadline=deadline), until=length)[-1]
    late = seen - length
    assert late <= max(1, length / 4)
    # Of days so many minutes more that the history has room for all looks.
    assert late <= max(60, deadline // 2_200)


@pytest.mark.parametrize("hours", [1, 8, 48, 48 + 30 * 24])
@pytest.mark.parametrize("expected", [0, 600])
def test_the_number_of_looks_is_bounded(hours: int, expected: int) -> None:
    deadline = hours * 3_600
    assert len(looks_at(Looks(deadline=deadline, expected=expected), until=deadline)) <= 2_250


@settings(max_examples=60, deadline=None)
@given(expected=st.integers(1, 172_800), data=st.data())
def test_with_a_hint_the_first_looks_are_early_and_when_it_is_expected_to_be_over(
    expected: int, data: st.DataObject
) -> None:
    deadline = data.draw(st.integers(expected + 95, 2_764_860))
    times = looks_at(Looks(deadline=deadline, expected=expected), until=expected)
    assert times == ([5, expected] if expected > 5 else [expected])
    # What takes longer is looked at as if there were no hint.
    length = data.draw(st.floats(expected, min(deadline, expected + 10_000)))
    late = looks_at(Looks(deadline=deadline, expected=expected), until=length)[-1] - length
    assert late <= max(1, length / 4)
    assert late <= max(60, deadline // 2_200)


@pytest.mark.parametrize(
    ("expected", "times"), [(1, [1]), (4, [5]), (10, [5, 12]), (60, [5, 75]), (240, [5, 300]), (3_600, [5, 3_660])]
)
def test_with_a_signal_the_look_waits_for_the_signal_to_come(expected: int, times: list[int]) -> None:
    """A quarter of the run later, and a minute at most."""
    looks = Looks(deadline=10_000, expected=expected, with_signal=True)
    assert looks_at(looks, until=times[-1]) == times


@settings(max_examples=60, deadline=None)
@given(
    delivery=st.integers(30, 4_000),
    expected=st.one_of(st.just(0), st.integers(1, 172_800)),
    with_signal=st.booleans(),
)
def test_there_is_a_look_when_the_script_has_to_be_delivered(delivery: int, expected: int, with_signal: bool) -> None:
    looks = Looks(deadline=delivery + 172_860, expected=expected, with_signal=with_signal, delivery=delivery)
    assert delivery in looks_at(looks, until=delivery)


def test_looks_with_nothing_known() -> None:
    assert looks_at(Looks(deadline=720), until=30) == [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 22, 27, 33]
    assert math.isclose(looks_at(Looks(deadline=720), until=700)[-1], 720, rel_tol=0.1)
