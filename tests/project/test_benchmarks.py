"""The benchmarks' own reasoning: prices, lags read from histories, goals, results. Nothing here is timed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import __main__ as command_line
from benchmarks.goal import Goal
from benchmarks.report import Report
from benchmarks.run_command import prices
from benchmarks.run_command.designs import CONFIGURATIONS, PRIOR
from benchmarks.run_command.goals import evaluate, limit_without_signal, resolution
from benchmarks.run_command.jobs import JOBS, Job
from benchmarks.run_command.lag import lag_of
from benchmarks.run_command.run import Lag, Run, Usage
from benchmarks.run_command.summary import GIVES_UP, NOT_ALWAYS, RIGHT, Summary, ratios, summarise
from benchmarks.run_command.tables import text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCALE = 0.5
PUBLISH = "arn:aws:states:::sns:publish"
LOOK = "arn:aws:lambda:us-east-1:123456789012:function:look"

SIGNAL_HINT, SIGNAL, POLL_HINT, POLL, LOST = (one.name for one in CONFIGURATIONS)
DAY = Job("24 h", 86_400, 0.002)
HOUR = Job("1 h", 3600, 0.02)
FIVE_MINUTES = Job("5 min", 300, 0.1)
MINUTE = Job("1 min", 60, 0.5)


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(1_000_000 + seconds, tz=timezone.utc)


def entered(at: float, kind: str, name: str) -> dict[str, Any]:
    return {"timestamp": moment(at), "type": f"{kind}StateEntered", "stateEnteredEventDetails": {"name": name}}


def exited(at: float, kind: str, name: str) -> dict[str, Any]:
    return {"timestamp": moment(at), "type": f"{kind}StateExited", "stateExitedEventDetails": {"name": name}}


def task(at: float, what: str, resource: str) -> dict[str, Any]:
    details = f"task{what}EventDetails"
    return {"timestamp": moment(at), "type": f"Task{what}", details: {"resource": resource}}


def lag(*history: dict[str, Any], ended: float = 10.0, event_delay: float | None = None) -> Lag | None:
    found = lag_of(history, moment(ended), time_scale=SCALE, event_delay=event_delay)
    return found and Lag(round(found.waited, 6), round(found.processed, 6))


class TestLag:
    def test_a_wait_counts_in_time_of_aws_and_what_comes_after_it_in_real_time(self):
        waits = entered(8, "Wait", "Wait"), exited(12, "Wait", "Wait")
        assert lag(*waits, task(12.3, "Succeeded", PUBLISH)) == Lag(2 / SCALE, 0.3)

    def test_the_pause_before_a_retry_is_a_wait(self):
        tries = task(9, "Scheduled", LOOK), task(9.1, "Failed", LOOK), task(14.1, "Scheduled", LOOK)
        assert lag(*tries, task(14.2, "Succeeded", LOOK), task(14.3, "Succeeded", PUBLISH)) == Lag(4.1 / SCALE, 0.2)

    def test_a_signal_counts_with_its_delay_and_leaves_the_look_beside_it(self):
        watch = entered(8, "Wait", "Watch"), entered(11.1, "Fail", "Signalled")
        assert lag(*watch, task(11.2, "Succeeded", PUBLISH), event_delay=2.0) == Lag(2.0, 0.2)

    def test_waiting_after_the_signal_counts_too(self):
        signalled = entered(11, "Fail", "Signalled")
        more = entered(11.1, "Wait", "Let the list"), exited(12.1, "Wait", "Let the list")
        assert lag(signalled, *more, task(12.2, "Succeeded", PUBLISH), event_delay=0.0) == Lag(1 / SCALE, 1.2)

    def test_waits_side_by_side_count_once(self):
        waits = (entered(10, "Wait", "A"), entered(11, "Wait", "B"), exited(13, "Wait", "A"), exited(14, "Wait", "B"))
        assert lag(*waits, task(14, "Succeeded", PUBLISH)) == Lag(4 / SCALE, 0.0)

    def test_what_is_told_before_the_end_has_none(self):
        assert lag(task(9, "Succeeded", PUBLISH)) is None

    def test_what_is_not_told_has_none(self):
        assert lag(entered(8, "Wait", "Wait"), exited(12, "Wait", "Wait")) is None


class TestPrices:
    def test_a_run_of_the_prior_design(self):
        """7 transitions at $0.025 a thousand, 5 invocations at $0.20 a million and 0.0125 GB-s each, a publication."""
        dollars = prices.cost(Usage(transitions=7, invocations=5))
        assert dollars == pytest.approx(0.000175 + 5 * (0.0000002 + 0.0125 * 0.0000166667) + 0.0000005)

    def test_a_run_of_ours(self):
        """27 transitions, 2 Express requests at $1 a million and 0.0625 GB-s each, a schedule, 3 traces at $5."""
        dollars = prices.cost(Usage(transitions=27, express=2, schedules=1, traces=3))
        express = 0.000001 + 0.0625 * 0.00001667
        assert dollars == pytest.approx(0.000675 + 2 * express + 0.000001 + 0.0000005 + 0.000015)

    def test_the_list_names_region_date_and_a_source_for_each(self):
        listed = prices.to_json()
        assert "us-east-1" in prices.AS_OF
        assert listed["as_of"] == prices.AS_OF
        assert all(price.source.startswith("https://aws.amazon.com/") for price in prices.PRICES)
        assert all(price.unit for price in prices.PRICES)


def run(design: str, job: Job, lag_seconds: float | None = 1.0, **changes: Any) -> Run:
    usage = Usage(transitions=1000, invocations=900) if design == PRIOR else Usage(transitions=27, express=2)
    made = Run(
        design=design,
        job=job.name,
        length=float(job.seconds),
        told_success=True,
        lag=None if lag_seconds is None else Lag(lag_seconds, 0.0),
        event_delay=1.0,
        timer_error=0.0,
        usage=usage,
        api_calls=10,
    )
    return replace(made, **changes)


def all_designs(*jobs: Job) -> list[Run]:
    return [run(design, job) for job in jobs for design in (PRIOR, *(one.name for one in CONFIGURATIONS))]


def judged(runs: list[Run], *jobs: Job, delayed: tuple[Run, ...] = ()) -> dict[str, Goal]:
    return {goal.name: goal for goal in evaluate(jobs, runs, delayed, summarise(runs))}


def missed(runs: list[Run], *jobs: Job, delayed: tuple[Run, ...] = ()) -> list[str]:
    return [name for name, goal in judged(runs, *jobs, delayed=delayed).items() if not goal.met]


def changed(runs: list[Run], which: Callable[[Run], bool], **changes: Any) -> list[Run]:
    return [replace(one, **changes) if which(one) else one for one in runs]


class TestGoals:
    def test_all_can_be_met(self):
        assert missed(all_designs(MINUTE, DAY), MINUTE, DAY) == []

    @pytest.mark.parametrize(("seconds", "goal_is_missed"), [(2.0, False), (2.01, True)])
    def test_with_the_signal_the_delay_and_a_second(self, seconds: float, goal_is_missed: bool):
        runs = changed(all_designs(MINUTE), lambda one: one.design == SIGNAL, lag=Lag(seconds, 0.0))
        assert missed(runs, MINUTE) == ["signal: lag"] * goal_is_missed

    def test_the_runs_with_delayed_events_count(self):
        late = run(SIGNAL_HINT, MINUTE, 7.0, event_delay=5.0)
        assert missed(all_designs(MINUTE), MINUTE, delayed=(late,)) == ["signal: lag"]

    @pytest.mark.parametrize("design", [POLL, POLL_HINT, LOST])
    @pytest.mark.parametrize(
        ("job", "seconds", "goal_is_missed"), [(MINUTE, 15.0, False), (MINUTE, 15.1, True), (DAY, 60.1, True)]
    )
    def test_without_a_quarter_of_the_run_or_a_minute(
        self, design: str, job: Job, seconds: float, goal_is_missed: bool
    ):
        runs = changed(all_designs(job), lambda one: one.design == design, lag=Lag(seconds, 0.0))
        assert missed(runs, job) == [f"{design}: lag"] * goal_is_missed

    def test_the_shortest_runs_are_noticed_by_one_look(self):
        assert limit_without_signal(1) == limit_without_signal(3.9) == 2.0
        assert limit_without_signal(4) == 1.0

    def test_how_exactly_the_emulator_keeps_time_is_allowed_for(self):
        runs = changed(all_designs(DAY), lambda one: one.design == POLL, lag=Lag(62.0, 0.0))
        assert missed(runs, DAY) == [f"{POLL}: lag"]
        assert missed(changed(runs, lambda one: one.design == PRIOR, timer_error=0.004), DAY) == []

    def test_resolution_is_the_worst_timer_in_time_of_aws(self):
        runs = [run(POLL, DAY, timer_error=-0.001), run(POLL, DAY, timer_error=0.003), run(POLL, MINUTE, timer_error=1)]
        assert resolution(DAY, runs) == pytest.approx(1.5)
        assert resolution(HOUR, runs) == 0.0

    def test_another_number_of_transitions(self):
        runs = changed(
            all_designs(MINUTE, DAY),
            lambda one: one.design == SIGNAL_HINT and one.job == DAY.name,
            usage=Usage(transitions=30),
        )
        assert missed(runs, MINUTE, DAY) == [f"{SIGNAL_HINT}: transitions"]

    def test_a_function(self):
        runs = changed(all_designs(MINUTE), lambda one: one.design == LOST, usage=Usage(transitions=27, invocations=1))
        assert missed(runs, MINUTE) == ["ours: functions invoked"]

    @pytest.mark.parametrize("change", [{"told_success": False}, {"lag": None}])
    def test_a_wrong_verdict(self, change: dict[str, Any]):
        runs = [*all_designs(MINUTE), replace(run(POLL, MINUTE), **change)]
        assert "ours: right verdict" in missed(runs, MINUTE)

    def test_dearer_from_five_minutes_on(self):
        dear = {"usage": Usage(transitions=1200)}
        runs = changed(all_designs(MINUTE, FIVE_MINUTES), lambda one: one.design == SIGNAL, **dear)
        assert missed(runs, MINUTE, FIVE_MINUTES) == [f"{SIGNAL}: cost"]
        assert missed([one for one in runs if one.job == MINUTE.name], MINUTE) == []

    def test_costs_are_not_held_against_a_design_that_gave_up(self):
        runs = changed(all_designs(DAY), lambda one: one.design == POLL, usage=Usage(transitions=4000))
        assert missed(runs, DAY) == [f"{POLL}: cost"]
        given_up = changed(runs, lambda one: one.design == PRIOR, told_success=False, lag=None)
        assert missed(given_up, DAY) == []


class TestSummary:
    def test_medians_and_the_longest(self):
        found = Summary.of([run(POLL, MINUTE, 1.0), run(POLL, MINUTE, 5.0), run(POLL, MINUTE, 2.0)])
        assert (found.runs, found.lag, found.longest_lag, found.transitions) == (3, 2.0, 5.0, 27)

    def test_verdicts(self):
        gave_up = run(PRIOR, DAY, None, told_success=False)
        assert Summary.of([run(PRIOR, DAY)]).verdict == RIGHT
        assert Summary.of([gave_up]).verdict == GIVES_UP
        assert Summary.of([gave_up, run(PRIOR, DAY)]).verdict == NOT_ALWAYS
        assert Summary.of([gave_up]).lag is None

    def test_ratios_are_ours_by_the_prior_design(self):
        runs = [run(PRIOR, DAY, None, told_success=False), run(POLL, DAY), run(PRIOR, HOUR, 8.0), run(POLL, HOUR, 2.0)]
        found = ratios(summarise(runs))
        assert found["1 h"][POLL]["lag"] == 0.25
        assert found["1 h"][POLL]["transitions"] == 0.027
        assert found["24 h"][POLL]["lag"] is None
        assert PRIOR not in found["1 h"]


class TestReport:
    def test_results(self, tmp_path: Path):
        goals = [Goal("lag", "1 s", "2 s", met=False)]
        report = Report("some", {"a": 1}, {"a": 0.5}, {"circumstances": {"cpus": 2}}, goals, "a table")
        path = report.write(tmp_path / "results")
        assert path.name == "some.json"
        assert json.loads(path.read_text()) == {
            "benchmark": "some",
            "met": False,
            "goals": [{"name": "lag", "limit": "1 s", "found": "2 s", "met": False}],
            "medians": {"a": 1},
            "ratios": {"a": 0.5},
            "circumstances": {"cpus": 2},
        }

    def test_the_tables_have_every_design_and_every_delay(self):
        runs = changed(all_designs(DAY), lambda one: one.design == PRIOR, told_success=False, lag=None)
        shown = text(summarise(runs), [run(SIGNAL_HINT, MINUTE, 4.5, event_delay=4.0)], {DAY.name: 0.5})
        for design in (PRIOR, *(one.name for one in CONFIGURATIONS)):
            assert f"\n{design} " in shown
        assert GIVES_UP in shown
        assert "±0.50 s" in shown
        assert "4.50" in shown
        assert prices.AS_OF in shown

    @pytest.mark.parametrize(("met", "code"), [(True, 0), (False, 1)])
    def test_a_missed_goal_fails_the_command(
        self, met: bool, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ):
        report = Report("some", {}, {}, {}, [Goal("lag", "1 s", "2 s", met=met)], "a table")
        monkeypatch.setattr(Report, "write", lambda _: tmp_path / "some.json")
        monkeypatch.setattr(command_line, "BENCHMARKS", {"some": lambda: report})
        assert command_line.main([]) == code
        printed = capsys.readouterr().out
        assert "a table" in printed
        assert ("MISSED" in printed) is not met

    def test_an_unknown_name(self, capsys: pytest.CaptureFixture[str]):
        assert command_line.main(["nothing"]) == 2
        assert "there are run_command" in capsys.readouterr().err


def test_a_job_for_each_length_that_is_claimed():
    assert [job.seconds for job in JOBS] == [1, 30, 60, 300, 900, 3600, 86_400]
    assert all(max(job.lengths) < job.timeout for job in JOBS)
