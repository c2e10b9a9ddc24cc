"""The log search benchmark's own reasoning: what there is to find, what counts as missed, goals. Nothing is timed."""

from __future__ import annotations

import dataclasses

import pytest

from benchmarks.__main__ import BENCHMARKS
from benchmarks.log_search import corpus, results
from benchmarks.log_search.designs import DESIGNS, OURS, OURS_WITHOUT_KEYS, PRIOR, SEQUENTIAL, search
from benchmarks.log_search.double import Double
from benchmarks.log_search.measurement import GROUPS, Run, judged


class Client:
    """The double without a network and without waiting, as a boto3 client."""

    def __init__(self) -> None:
        self._double = Double()
        self.meta = type("Meta", (), {"region_name": "us-east-1"})

    def filter_log_events(self, **given: object) -> object:
        status = 400
        while status != 200:
            _, status, content = self._double.answer("FilterLogEvents", given)
        return content

    def describe_log_groups(self, **given: object) -> object:
        return self._double.answer("DescribeLogGroups", given)[2]


def run(design: str, groups: int, seconds: float, **changes: object) -> Run:
    made = Run(design=design, groups=groups, seconds=seconds, lines=100, missed=0, sorted=True)
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


TIMES = {OURS: 0.2, OURS_WITHOUT_KEYS: 0.1, PRIOR: 1.0, SEQUENTIAL: 2.0}
GOOD = [run(design, groups, TIMES[design]) for groups in GROUPS for design in DESIGNS]


def missed_goals(runs: list[Run]) -> list[str]:
    return [goal.name for goal in results.goals(runs, results.medians(runs)) if not goal.met]


def test_it_is_one_of_the_benchmarks():
    assert "log_search" in BENCHMARKS


def test_each_line_of_the_transaction_is_another_one():
    there = corpus.transaction(50)
    assert len({event.message for event in there}) == len(there)


def test_the_transaction_has_what_the_prior_system_cannot_find():
    there = corpus.transaction(50)
    assert any(event.stream.startswith(corpus.YESTERDAY) for event in there)
    assert any(corpus.REQUEST not in event.message for event in there)
    a_group = [event for event in corpus.events("/services/04") if corpus.REQUEST in event.message]
    assert len(a_group) > corpus.PAGE


@pytest.mark.parametrize(
    ("design", "misses", "in_order"),
    [(OURS, False, True), (OURS_WITHOUT_KEYS, True, True), (SEQUENTIAL, True, True), (PRIOR, True, False)],
)
def test_what_each_design_finds(design: str, misses: bool, in_order: bool):
    judgement = judged(design, 50, 1.0, search(design, Client(), corpus.names(50)))
    assert (judgement.missed > 0, judgement.sorted) == (misses, in_order)


def test_the_complete_loop_misses_only_what_has_no_request_id():
    without = sum(corpus.REQUEST not in event.message for event in corpus.transaction(50))
    assert judged(SEQUENTIAL, 50, 1.0, search(SEQUENTIAL, Client(), corpus.names(50))).missed == without


def test_ratios_are_ours_by_theirs():
    assert results.ratios(results.medians(GOOD))["50"] == {
        OURS: {PRIOR: 0.2, SEQUENTIAL: 0.1},
        OURS_WITHOUT_KEYS: {PRIOR: 0.1, SEQUENTIAL: 0.05},
    }


def test_all_goals_can_be_met_whatever_the_others_miss():
    assert missed_goals([*GOOD, run(PRIOR, 50, 1.0, missed=50, sorted=False)]) == []


@pytest.mark.parametrize(
    ("worse", "goal"),
    [
        (run(OURS, 1, 0.2, missed=1), "ours: lines missed"),
        (run(OURS, 10, 0.2, sorted=False), "ours: searches out of order"),
    ],
)
def test_one_bad_search_is_a_goal_missed(worse: Run, goal: str):
    assert missed_goals([*GOOD, worse]) == [goal]


def test_what_is_slow_is_a_goal_missed():
    slow = [dataclasses.replace(one, seconds=0.31) if one.design.startswith(OURS) else one for one in GOOD]
    assert len(missed_goals(slow)) == 2


def test_the_tables_have_every_design_and_number_of_groups():
    shown = results.text(results.medians(GOOD))
    assert all(f"{groups} log groups" in shown for groups in GROUPS)
    assert all(shown.count(f"\n{design} ") == len(GROUPS) for design in DESIGNS)
