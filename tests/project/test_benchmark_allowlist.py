"""The reasoning of the benchmark of the allow-list: who is missing, medians, goals, tables. Nothing here is timed."""

from __future__ import annotations

import dataclasses
from ipaddress import ip_address

import pytest

from benchmarks.__main__ import BENCHMARKS
from benchmarks.allowlist import results
from benchmarks.allowlist.rush import NETWORKS, PEOPLE, Rush, missing_in, people
from benchmarks.allowlist.stacks import OURS, PRIOR

GOOD = Rush(
    design=OURS,
    acknowledged=200,
    refused=0,
    lost=0,
    doubled=0,
    lost_by_reset=0,
    updates=10,
    reads=10,
    seconds=3.0,
    settled=8.0,
)
RUNS = [
    *(dataclasses.replace(GOOD, updates=updates) for updates in (8, 12, 10)),
    *(
        dataclasses.replace(GOOD, design=PRIOR, acknowledged=20, refused=180, lost_by_reset=20, updates=updates)
        for updates in (800, 1000, 900)
    ),
]


def missed(runs: list[Rush]) -> list[str]:
    return [goal.name for goal in results.goals(runs) if not goal.met]


def test_it_is_one_of_the_benchmarks():
    assert "allowlist" in BENCHMARKS


def test_people_come_from_addresses_of_their_own():
    everybody = [one for number in range(len(NETWORKS) + 1) for one in people(number)]
    assert len(set(everybody)) == (len(NETWORKS) + 1) * PEOPLE
    assert [ip_address(one).version for one in everybody].count(6) == len(everybody) / 2
    networks = {one.rpartition("::")[0] for one in everybody if ":" in one}
    assert len(networks) == len(everybody) / 2


def test_who_is_missing_is_whose_address_is_in_no_range():
    ranges = ["198.51.100.7/32", "2001:db8::/64"]
    assert missing_in(ranges, ["198.51.100.7", "2001:db8::9"]) == []
    assert missing_in(ranges, ["198.51.100.8", "2001:db8:1::9"]) == ["198.51.100.8", "2001:db8:1::9"]


def test_medians_and_ratios():
    found = results.medians(RUNS)
    assert (found[OURS]["updates"], found[PRIOR]["updates"], found[PRIOR]["lost_by_reset"]) == (10, 900, 20)
    assert results.ratios(found)["updates"] == round(10 / 900, 3)
    assert results.ratios(found)["acknowledged"] == 10.0


def test_all_goals_can_be_met_whatever_the_prior_design_does():
    assert missed(RUNS) == []


@pytest.mark.parametrize(
    ("worse", "goal"),
    [
        ({"refused": 1}, "ours: refused"),
        ({"lost": 1}, "ours: lost"),
        ({"doubled": 1}, "ours: doubled"),
        ({"lost_by_reset": 1}, "ours: lost by reset"),
        ({"updates": 21}, "ours: UpdateIPSet calls"),
        ({"settled": 30.1}, "ours: everybody in the IP sets after the last answer"),
    ],
)
def test_each_can_be_missed(worse: dict[str, float], goal: str):
    assert missed([*RUNS, dataclasses.replace(GOOD, **worse)]) == [goal]  # type: ignore[arg-type]


def test_the_tables_have_every_round_of_both():
    shown = results.text(RUNS, results.medians(RUNS), dataclasses.replace(GOOD, settled=1.5, updates=4))
    assert "1.5 s after the last answer, with 4 updates" in shown
    assert (shown.count(OURS), shown.count(PRIOR)) == (4, 4)
    assert "lost by reset" in shown
