"""The soak counts what was lost and what was done twice, and is content with nothing else."""

from __future__ import annotations

import dataclasses

import pytest

from benchmarks.soak.__main__ import main
from benchmarks.soak.tally import Fate, Tally

RUN = Fate("/ps", first=False, runs=True, ack_error="", statuses=("SUCCEEDED",), results=1, told=True)
ANSWERED = Fate("/ps help", first=False, runs=False, ack_error="", statuses=(), results=0, told=True)


def tally_of(*fates: Fate) -> Tally:
    tally = Tally(clouds=1)
    for fate in fates:
        tally.add(fate)
    return tally


def test_all_went_well():
    tally = tally_of(RUN, ANSWERED)
    assert tally.ok
    assert (tally.sent, tally.acked, tally.executions, tally.results) == (2, 2, 1, 1)
    assert "none lost: with 95 % confidence fewer than 100.00% of commands" in tally.lines()[-1]


@pytest.mark.parametrize(
    ("fate", "story"),
    [
        (dataclasses.replace(RUN, ack_error="operation_timeout: late"), "Slack showed operation_timeout: late"),
        (dataclasses.replace(RUN, statuses=(), results=0), "it was acked and nothing was started"),
        (dataclasses.replace(RUN, statuses=("RUNNING",), results=0), "its execution is RUNNING"),
        (dataclasses.replace(RUN, statuses=("FAILED",)), "its execution is FAILED"),
        (dataclasses.replace(RUN, results=0), "its result was not told"),
        (dataclasses.replace(RUN, worked=0), "its work was not done"),
        (dataclasses.replace(ANSWERED, told=False), "its answer is missing"),
    ],
)
def test_what_was_lost_is_told(fate: Fate, story: str):
    tally = tally_of(RUN, fate)
    assert not tally.ok
    assert (tally.lost, tally.doubled) == (1, 0)
    assert tally.lines()[-1] == f"lost: {fate.name}: {story}"


@pytest.mark.parametrize(
    ("fate", "story"),
    [
        (dataclasses.replace(RUN, statuses=("SUCCEEDED", "SUCCEEDED")), "it started 2 executions"),
        (dataclasses.replace(RUN, results=2), "2 results were told"),
        (dataclasses.replace(RUN, worked=2), "its work was done 2 times"),
        (dataclasses.replace(ANSWERED, statuses=("SUCCEEDED",)), "it started 1 executions"),
    ],
)
def test_what_was_done_twice_is_told(fate: Fate, story: str):
    tally = tally_of(fate)
    assert not tally.ok
    assert (tally.lost, tally.doubled) == (0, 1)
    assert tally.lines()[-1] == f"doubled: {fate.name}: {story}"


def test_the_first_of_a_cloud_is_counted_apart():
    lost = dataclasses.replace(RUN, statuses=())
    assert tally_of(lost, dataclasses.replace(lost, first=True)).lost_firsts == 1


def test_nothing_sent_is_no_success():
    assert not tally_of().ok


@pytest.mark.parametrize("given", [["0"], ["-1"], ["soon"], ["inf"], ["1", "2"], ["nan"]])
def test_minutes_that_are_none(given: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(given) == 2
    assert "one number greater than 0 is expected" in capsys.readouterr().err
