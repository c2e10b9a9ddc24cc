"""The load test knows the right answer to each request, and counts what was wrong, lost, done twice or astray."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.load.__main__ import main
from benchmarks.load.answers import EPHEMERAL, IN_CHANNEL, Expected, Plain, Said
from benchmarks.load.command import FUNCTION, Command
from benchmarks.load.memory import MemoryWatch
from benchmarks.load.refused import MALFORMED, RefusedRequests
from benchmarks.load.results import Run, report
from benchmarks.load.tally import MOST_STORIES, Tally, percentile
from chatops_local.slack import HttpAnswer, SlackApp, SlackDouble
from chatops_runtime.slack import signature, slash_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APP = SlackApp("A034CD5EF", "T012AB3CD")
FORBIDDEN = Expected(403, (Plain("Forbidden"),))
RUNS = Expected(200, (Said(IN_CHANNEL, ("Running `/note`", "0123456789")),))
REFUSED = HttpAnswer(403, 9.0, "text/plain", b"Forbidden")


def shown(ms: float = 9.0, **message: str) -> HttpAnswer:
    return HttpAnswer(200, ms, "application/json", json.dumps(message).encode())


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackDouble]:
    with SlackDouble() as double:
        double.set_request_url("App/Slack", APP, "http://127.0.0.1:9/slack/commands", "api.example.com")
        yield double


def typed(slack: SlackDouble, text: str = "something", kind: Any = FUNCTION) -> Command:
    return Command(kind, slack.sign(slack.form(f"{kind.command} {text}")), text)


class TestAnswers:
    def test_right_ones(self):
        assert FORBIDDEN.is_met_by(REFUSED)
        assert RUNS.is_met_by(shown(response_type=IN_CHANNEL, text="Running `/note` … (id `0123456789`)"))

    @pytest.mark.parametrize(
        "answer",
        [
            dataclasses.replace(REFUSED, status=401),
            dataclasses.replace(REFUSED, status=None),
            dataclasses.replace(REFUSED, body=b"Forbidden: another team"),
            dataclasses.replace(REFUSED, content_type="application/json"),
        ],
    )
    def test_wrong_plain_ones(self, answer: HttpAnswer):
        assert not FORBIDDEN.is_met_by(answer)

    @pytest.mark.parametrize(
        "answer",
        [
            shown(response_type=EPHEMERAL, text="Running `/note` … (id `0123456789`)"),
            shown(response_type=IN_CHANNEL, text="Running `/note` … (id `9876543210`)"),
            shown(response_type=IN_CHANNEL, text="`/note` could not be started (id `0123456789`)"),
            HttpAnswer(200, 9.0, "application/json", b"Running `/note` 0123456789"),
            HttpAnswer(200, 9.0, "application/json", b'["Running `/note` 0123456789"]'),
            HttpAnswer(200, 9.0),
        ],
    )
    def test_wrong_messages(self, answer: HttpAnswer):
        assert not RUNS.is_met_by(answer)

    def test_a_redelivery_is_told_apart(self, slack: SlackDouble):
        command = Command(FUNCTION, slack.sign(slack.form("/note something")), "something")
        name = hashlib.sha256(command.request.body).hexdigest()
        runs = shown(response_type=IN_CHANNEL, text=f"Running `/note` … (id `{name[:10]}`)")
        received = shown(response_type=EPHEMERAL, text=f"`/note` was already received (id `{name[:10]}`).")
        assert [command.acknowledged.is_met_by(each) for each in (runs, received)] == [True, False]
        assert [command.redelivered.is_met_by(each) for each in (runs, received)] == [False, True]
        assert [command.acknowledged_beside_another.is_met_by(each) for each in (runs, received)] == [True, True]


class TestRefusedRequests:
    """What a kind of request is named after is what is wrong with it, and all that is."""

    def test_none_is_like_another(self, slack: SlackDouble):
        made = RefusedRequests(slack)
        bodies = [make(number)[0].body for make in made.kinds.values() for number in range(1, 30)]
        empty = bodies.count(b"")
        assert empty == 3
        assert len(set(bodies)) == len(bodies) - empty + 1

    @pytest.mark.parametrize(
        ("kind", "refusal"),
        [
            ("wrong signature", signature.SIGNATURE_WRONG),
            ("changed body", signature.SIGNATURE_WRONG),
            ("no signature", signature.SIGNATURE_MISSING),
            ("stale or early", signature.TIMESTAMP_OUT_OF_RANGE),
            ("another team", None),
            ("not allowed", None),
            ("malformed form", None),
        ],
    )
    def test_signatures(self, slack: SlackDouble, kind: str, refusal: str | None):
        make = RefusedRequests(slack).kinds[kind]
        for number in range(10):
            request, expected = make(number)
            headers = {name.lower(): value for name, value in request.headers.items()}
            assert signature.refusal(headers, request.body, (APP.signing_secret,)) == refusal
            assert (expected.status == 401) == (refusal is not None)

    @pytest.mark.parametrize("number", range(9))
    def test_malformed_forms(self, slack: SlackDouble, number: int):
        request, expected = RefusedRequests(slack).kinds["malformed form"](number)
        assert expected is MALFORMED
        with pytest.raises(slash_command.MalformedCommandError):
            slash_command.parse(request.body)

    @pytest.mark.parametrize(
        ("kind", "field", "value"),
        [
            ("another team", "team_id", "T0ELSEWHERE"),
            ("another app", "app_id", "A0OTHER"),
            ("not allowed", "command", "/secret"),
            ("text too many", "command", "/census"),
        ],
    )
    def test_well_formed_ones(self, slack: SlackDouble, kind: str, field: str, value: str):
        request, _ = RefusedRequests(slack).kinds[kind](7)
        assert getattr(slash_command.parse(request.body), field) == value


class TestTally:
    def test_counts_by_kind(self):
        tally = Tally()
        assert tally.count("another team", FORBIDDEN, REFUSED)
        assert not tally.count("another team", FORBIDDEN, shown(ms=3_001, text="Running"))
        assert not tally.count("help", RUNS, HttpAnswer(None, 30_000, problem="TimeoutError: timed out"))
        assert (tally.requests, tally.wrong) == (3, 2)
        assert (tally.answers["another team"].count, tally.answers["another team"].wrong) == (2, 1)
        assert (tally.answers["another team"].late, tally.answers["help"].late) == (1, 1)
        assert tally.stories[-1] == "wrong: help: no answer after 30,000 ms: TimeoutError: timed out"

    def test_tells_some_stories_of_each_sort(self):
        tally = Tally()
        for _ in range(MOST_STORIES + 5):
            tally.count("help", FORBIDDEN, shown(text="?"))
        tally.astray("a message")
        assert (len(tally.stories), tally.wrong) == (MOST_STORIES + 1, MOST_STORIES + 5)

    @given(st.lists(st.floats(0, 60_000), min_size=1), st.integers(1, 100))
    def test_percentiles(self, values: list[float], percent: int):
        found = percentile(values, percent)
        assert found in values
        assert sum(each <= found for each in values) >= len(values) * percent / 100
        assert sum(each < found for each in values) < len(values) * percent / 100

    def test_percentile_of_nothing(self):
        assert percentile([], 99) == 0


class TestReport:
    def run_of(self, **accounts: int) -> Any:
        tally = Tally()
        tally.count("function", FORBIDDEN, REFUSED)
        tally.accounts.update({"commands": 1, **accounts})
        with MemoryWatch(every=60) as memory:
            """One look before and one after."""
        return report(Run(minutes=1, parallel=2, opened=2), tally, memory.looks)

    def test_is_met_if_nothing_went_wrong(self, tmp_path: Path):
        found = self.run_of()
        assert found.met
        written = json.loads(found.write(tmp_path).read_text())
        assert written["medians"]["all that start something"]["requests"] == 1
        assert len(written["memory_mib"]) == 2
        assert written["memory_mib"][0]["clients"] > 1
        assert "2 in parallel" in found.text

    @pytest.mark.parametrize("fault", [{"lost": 1}, {"doubled": 1}, {"astray": 1}, {"commands": 0}])
    def test_is_missed_otherwise(self, fault: dict[str, int]):
        assert not self.run_of(**fault).met


@pytest.mark.parametrize(
    "arguments",
    [
        ["--minutes", "0"],
        ["--minutes", "inf"],
        ["--minutes", "soon"],
        ["--parallel", "0"],
        ["--parallel", "1e3"],
        ["7"],
    ],
)
def test_what_cannot_be_run(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert arguments[-1] in capsys.readouterr().err
