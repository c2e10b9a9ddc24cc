"""The reasoning of the benchmark of maintenance: medians, ratios, goals, tables. Nothing here is timed."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import BENCHMARKS
from benchmarks.maintenance import results
from benchmarks.maintenance.run import OURS, PRIOR, Run

CALLS = {"wafv2:UpdateIPSet": 2, "dynamodb:GetItem": 7}
RUNS = [
    *(Run(OURS, seconds, CALLS) for seconds in (0.1, 0.3, 0.2)),
    *(Run(PRIOR, seconds, {"cloudformation:CreateChangeSet": 1}) for seconds in (3.0, 8.0, 4.0)),
]


def missed(runs: list[Run]) -> list[str]:
    return [goal.name for goal in results.goals(runs, results.medians(runs)) if not goal.met]


def test_it_is_one_of_the_benchmarks():
    assert "maintenance" in BENCHMARKS


def test_medians_and_ratios():
    found = results.medians(RUNS)
    assert found == {
        OURS: {"seconds": 0.2, "longest": 0.3, "calls": 9},
        PRIOR: {"seconds": 4.0, "longest": 8.0, "calls": 1},
    }
    assert results.ratios(found) == {"seconds": 0.05, "calls": 9.0}


def test_all_goals_can_be_met():
    assert missed(RUNS) == []


@pytest.mark.parametrize(
    ("worse", "goal"),
    [
        (Run(OURS, 4.0, CALLS), "switch: the slowest run"),
        (
            Run(OURS, 0.1, {**CALLS, "wafv2:UpdateWebACL": 1}),
            "switch: changes of stacks, web ACLs and distributions",
        ),
        (Run(OURS, 0.1, {**CALLS, "wafv2:UpdateIPSet": 3}), "switch: UpdateIPSet calls"),
        (Run(OURS, 0.1, {}), "switch: UpdateIPSet calls"),
    ],
)
def test_each_can_be_missed(worse: Run, goal: str):
    assert missed([*RUNS, worse]) == [goal]


def test_the_tables_have_both_designs_and_every_call():
    shown = results.text(RUNS, results.medians(RUNS))
    for part in (OURS, PRIOR, "5.0%", "UpdateIPSet", "CreateChangeSet", "seconds to minutes"):
        assert part in shown
