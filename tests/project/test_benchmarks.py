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
from benchmarks.run_command.goals import evaluate, limit_without_signal
from benchmarks.run_command.jobs import JOBS, Job
from benchmarks.run_command.lag import lag_of, looks_late
from benchmarks.run_command.run import Lag, Run, Usage
from benchmarks.run_command.summary import GIVES_UP, NOT_ALWAYS, RIGHT, Summary, ratios, summarise
from benchmarks.run_command.tables import text

if TYPE_CHECKING:
    from pathlib import Path

SCALE = 0.5
PUBLISH = "arn:aws:states:::sns:publish"
LOOK = "arn:aws:lambda:us-east-1:123456789012:function:look"

SIGNAL_HINT, SIGNAL, POLL_HINT, POLL, LOST = (one.name for one in CONFIGURATIONS)
DAY = Job("24 h", 86_400, 0.002)
HOUR = Job("1 h", 3600, 0.02)
FIVE_MINUTES = Job("5 min", 300, 0.1)
MINUTE = Job("1 min", 60, 0.5)
COMPARED = (MINUTE, FIVE_MINUTES, DAY)


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(1_000_000 + seconds, tz=timezone.utc)


def entered(at: float, kind: str, name: str) -> dict[str, Any]:
    return {"timestamp": moment(at), "type": f"{kind}StateEntered", "stateEnteredEventDetails": {"name": name}}


def exited(at: float, kind: str, name: str) -> dict[str, Any]:
    return {"timestamp": moment(at), "type": f"{kind}StateExited", "stateExitedEventDetails": {"name": name}}


def task(at: float, what: str, resource: str) -> dict[str, Any]:
    # A history has the service apart: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
    details = f"task{what}EventDetails"
    return {"timestamp": moment(at), "type": f"Task{what}", details: {"resource": resource.rpartition(":")[2]}}


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


def test_looks_are_late_by_what_is_computed_between_them():
    looks = entered(1.5, "Wait", "A"), exited(3, "Wait", "A"), entered(3.25, "Wait", "A"), exited(12, "Wait", "A")
    assert looks_late(looks, moment(1), moment(10)) == pytest.approx(0.75)
    assert looks_late([], moment(1), moment(10)) == 0.0


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
        resolution=0.0,
        usage=usage,
        api_calls=10,
    )
    return replace(made, **changes)


GOOD = [run(design, job) for job in COMPARED for design in (PRIOR, *(one.name for one in CONFIGURATIONS))]


def missed(runs: list[Run], delayed: tuple[Run, ...] = ()) -> list[str]:
    return [goal.name for goal in evaluate(COMPARED, runs, delayed, summarise(runs)) if not goal.met]


def but(design: str, job: Job, **changes: Any) -> list[Run]:
    """`GOOD`, with something else for one design and job."""
    return [replace(one, **changes) if (one.design, one.job) == (design, job.name) else one for one in GOOD]


class TestGoals:
    def test_all_can_be_met(self):
        assert missed(GOOD) == []

    @pytest.mark.parametrize(("seconds", "is_missed"), [(2.0, False), (2.01, True)])
    def test_with_the_signal_the_delay_and_a_second(self, seconds: float, is_missed: bool):
        assert missed(but(SIGNAL, MINUTE, lag=Lag(seconds, 0.0))) == ["signal: lag"] * is_missed

    def test_the_runs_with_delayed_events_count(self):
        assert missed(GOOD, (run(SIGNAL_HINT, MINUTE, 6.0, event_delay=5.0),)) == []
        assert missed(GOOD, (run(SIGNAL_HINT, MINUTE, 7.0, event_delay=5.0),)) == ["signal: lag"]

    @pytest.mark.parametrize("design", [POLL, POLL_HINT, LOST])
    @pytest.mark.parametrize(
        ("job", "seconds", "is_missed"),
        [(MINUTE, 15.2, False), (MINUTE, 15.3, True), (DAY, 60.0, False), (DAY, 60.1, True)],
    )
    def test_without_a_quarter_of_the_run_or_a_minute(self, design: str, job: Job, seconds: float, is_missed: bool):
        assert missed(but(design, job, lag=Lag(seconds, 0.0))) == [f"{design}: lag"] * is_missed

    def test_the_shortest_runs_are_noticed_by_one_look(self):
        assert limit_without_signal(1) == limit_without_signal(3.9) == 2.0
        assert limit_without_signal(4) == 1.25

    def test_how_exactly_the_emulator_keeps_time_is_allowed_for(self):
        late = Lag(62.0, 0.0)
        assert missed(but(POLL, DAY, lag=late, resolution=1.9)) == [f"{POLL}: lag"]
        assert missed(but(POLL, DAY, lag=late, resolution=2.0)) == []

    def test_another_number_of_transitions(self):
        runs = but(SIGNAL_HINT, DAY, usage=Usage(transitions=30))
        assert missed(runs) == [f"{SIGNAL_HINT}: transitions"]

    def test_a_function(self):
        assert missed(but(LOST, MINUTE, usage=Usage(transitions=27, invocations=1))) == ["ours: functions invoked"]

    @pytest.mark.parametrize("change", [{"told_success": False}, {"lag": None}])
    def test_a_wrong_verdict(self, change: dict[str, Any]):
        assert missed([*GOOD, replace(run(POLL, MINUTE), **change)]) == ["ours: right verdict"]

    def test_dearer_from_five_minutes_on(self):
        dear = Usage(transitions=1200)
        assert missed(but(LOST, FIVE_MINUTES, usage=dear)) == [f"{LOST}: cost"]
        assert missed(but(LOST, MINUTE, usage=dear)) == []

    def test_dearer_without_a_hint(self):
        assert missed(but(SIGNAL, FIVE_MINUTES, usage=Usage(transitions=1200))) == []

    def test_costs_are_not_held_against_a_design_that_gave_up(self):
        gave_up: dict[str, Any] = {"told_success": False, "lag": None}
        dear = but(LOST, DAY, usage=Usage(transitions=4000))
        assert missed(dear) == [f"{LOST}: cost"]
        of_the_day = [replace(one, **gave_up) if (one.design, one.job) == (PRIOR, DAY.name) else one for one in dear]
        assert missed(of_the_day) == []

    def test_a_cost_that_is_held_against_nothing_is_not_a_goal_met(self):
        gave_up = [replace(one, told_success=False, lag=None) if one.design == PRIOR else one for one in GOOD]
        assert missed(gave_up) == [f"{one.name}: cost" for one in CONFIGURATIONS if one.hint]


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
        runs = but(PRIOR, DAY, told_success=False, lag=None)
        shown = text(summarise(runs), [run(SIGNAL_HINT, MINUTE, 4.5, event_delay=4.0)])
        for design in (PRIOR, *(one.name for one in CONFIGURATIONS)):
            assert f"\n{design} " in shown
        assert GIVES_UP in shown
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
