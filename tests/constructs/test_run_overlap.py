"""What a run does when another one of its task is under way."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.constructs.fake_aws import NOW, FakeAws, task
from tests.constructs.fake_ssm import FakeInstance, FakeSsm
from tests.constructs.states_language import STARTED, StateError

HERE = "2026-11-22T01:03:50.123Z"
EARLIER, LATER = "2026-11-22T01:03:50.122Z", "2026-11-22T01:03:50.124Z"
BY_A_RULE = "0f0f0f0f-1111-2222-3333-444455556666_9e9e9e9e-1111-2222-3333-444455556666"


def run(name: str, start: str) -> dict[str, str]:
    return {"Name": name, "StartDate": start, "Status": "RUNNING"}


ITSELF = run("a1b2c3", HERE)


def aws_with(*listings: list[dict[str, str]], **options: Any) -> FakeAws:
    return FakeAws(FakeSsm([FakeInstance("i-01234567")], signal=1), listings=list(listings) or [[]], **options)


class TestSkip:
    @pytest.mark.parametrize(
        "listed",
        [
            [],
            [ITSELF],
            [ITSELF, run("at-2026-11-22T020000Z", LATER)],
            [run("z", HERE), ITSELF],
            [run("later", LATER), run("z", HERE)],
        ],
    )
    def test_goes_on_when_no_other_run_is_older(self, listed: list[dict[str, str]]) -> None:
        aws = aws_with(listed)
        assert aws.notice(task("Skip"))["outcome"] == "succeeded"
        assert len(aws.calls) == 2, "listed once, and told"

    @pytest.mark.parametrize(
        "listed",
        [[run("z", EARLIER)], [ITSELF, run("z", EARLIER)], [run("a", HERE)], [run("b", EARLIER), run("a", EARLIER)]],
    )
    def test_yields_to_an_older_one(self, listed: list[dict[str, str]]) -> None:
        aws = aws_with(listed)
        notice = aws.notice(task("Skip"))
        assert notice["outcome"] == "skipped"
        assert notice["other"] in {each["Name"] for each in listed}
        assert aws.ssm.calls == []
        assert aws.ssm.clock.now == 5, "it looked twice"

    def test_one_that_ended_and_is_still_listed_is_looked_for_once_more(self) -> None:
        aws = aws_with([ITSELF, run("a", EARLIER)], [ITSELF])
        assert aws.notice(task("Skip"))["outcome"] == "succeeded"
        assert [name for name, _ in aws.calls] == ["listExecutions", "listExecutions", "publish"]

    def test_executions_that_tell_of_an_ending_are_no_runs(self) -> None:
        assert aws_with([run(BY_A_RULE, EARLIER)]).notice(task("Skip"))["outcome"] == "succeeded"

    def test_times_are_compared_as_times(self) -> None:
        """ListExecutions may write them with another number of digits, or another zone."""
        listed = [run("older", "2026-11-22T10:03:50.1+09:00")]
        assert aws_with(listed).notice(task("Skip"))["outcome"] == "skipped"
        assert aws_with([run("younger", "2026-11-22T01:03:50.5Z")]).notice(task("Skip"))["outcome"] == "succeeded"

    @settings(max_examples=25, deadline=None)
    @given(names=st.lists(st.sampled_from("abcdefg"), unique=True, min_size=2, max_size=3), data=st.data())
    def test_of_runs_that_see_each_other_exactly_one_goes_on(self, names: list[str], data: st.DataObject) -> None:
        offsets = {name: data.draw(st.sampled_from([0, 1, 1_000])) for name in names}
        listed = [run(name, stamp(offset)) for name, offset in offsets.items()]
        outcomes = {}
        for name in names:
            aws = aws_with(listed)
            aws.ssm.clock.started = offsets[name] / 1_000
            outcomes[name] = aws.notice(task("Skip"), name=name)["outcome"]
        first = min(names, key=lambda name: (offsets[name], name))
        assert outcomes == {name: "succeeded" if name == first else "skipped" for name in names}

    def test_a_list_that_cannot_be_read_is_an_error_and_not_a_run(self) -> None:
        aws = aws_with()
        aws.failing["listExecutions"] = StateError(
            "Sfn.SfnException", "not authorized to perform: states:ListExecutions"
        )
        notice = aws.notice(task("Skip"))
        assert aws.ssm.calls == []
        assert (notice["outcome"], notice["error"]) == ("error", "Sfn.SfnException")
        assert "states:ListExecutions" in notice["cause"]


def stamp(milliseconds: int) -> str:
    return FakeSsm().clock.timestamp(milliseconds / 1_000)


class TestLock:
    def test_is_taken_and_released(self) -> None:
        aws = aws_with()
        assert aws.notice(task("Lock"))["outcome"] == "succeeded"
        assert [name for name, _ in aws.calls] == ["putItem", "deleteItem", "publish"]
        assert aws.lock is None
        (put,) = (arguments for name, arguments in aws.calls if name == "putItem")
        assert put["Item"]["run"] == {"S": "a1b2c3"}
        assert put["Item"]["task"]["S"].startswith("Ops_Lock_Machine_")
        expires = int(put["Item"]["expires"]["N"])
        assert expires == NOW + task("Lock")["TimeoutSeconds"], "when no run of it can be under way any more"

    @pytest.mark.parametrize("details", ["Failed", "Success"])
    def test_is_released_before_anybody_is_told(self, details: str) -> None:
        aws = aws_with()
        aws.ssm.instances[0].details = details
        aws.run(task("Lock"))
        names = [name for name, _ in aws.calls]
        assert names.index("deleteItem") < names.index("publish")
        assert aws.lock is None

    def test_is_released_after_an_error(self) -> None:
        aws = aws_with()
        aws.ssm.failing["sendCommand"] = StateError("Ssm.InvalidDocumentException", "x")
        assert aws.notice(task("Lock"))["outcome"] == "error"
        assert aws.lock is None

    def test_of_another_run_is_respected_and_left(self) -> None:
        held = {"task": "x", "run": "other", "expires": str(NOW + 10)}
        aws = aws_with(lock=held)
        notice = aws.notice(task("Lock"))
        assert (notice["outcome"], notice["other"]) == ("skipped", "")
        assert aws.ssm.calls == []
        assert aws.lock == held
        assert aws.ssm.clock.now == 0, "that is no error to try again after"

    def test_that_is_void_is_taken(self) -> None:
        aws = aws_with(lock={"task": "x", "run": "other", "expires": str(NOW - 1)})
        assert aws.notice(task("Lock"))["outcome"] == "succeeded"

    def test_is_its_own_when_the_answer_got_lost(self) -> None:
        aws = aws_with(lost=2)
        assert aws.notice(task("Lock"))["outcome"] == "succeeded"
        assert [name for name, _ in aws.calls].count("putItem") == 3

    def test_that_was_taken_over_is_not_released(self) -> None:
        aws = aws_with()
        aws.ssm.instances[0].takes = 100
        other = {"task": "x", "run": "other", "expires": str(NOW + 9_999)}

        def take_over(arguments: Any, release: Any = aws._deleteItem) -> Any:
            aws.lock = other
            return release(arguments)

        aws._deleteItem = take_over  # type: ignore[method-assign]
        assert aws.notice(task("Lock"))["outcome"] == "succeeded"
        assert aws.lock == other

    @pytest.mark.parametrize("error", ["DynamoDb.DynamoDbException", "States.Timeout"])
    def test_that_cannot_be_released_changes_no_verdict(self, error: str) -> None:
        aws = aws_with()
        aws.failing["deleteItem"] = StateError(error, None)
        assert aws.notice(task("Lock"))["outcome"] == "succeeded"
        assert aws.lock is not None, "it becomes void by itself"


def test_allow_asks_nobody() -> None:
    aws = aws_with([run("older", EARLIER)])
    assert aws.notice(task("Plain"))["outcome"] == "succeeded"
    assert [name for name, _ in aws.calls] == ["publish"]


def test_the_order_of_the_list_is_of_no_matter() -> None:
    listed = [ITSELF, run("a", EARLIER), run("b", LATER)]
    assert {aws_with(list(order)).notice(task("Skip"))["other"] for order in permutations(listed)} == {"a"}


def test_the_clock_of_these_tests() -> None:
    assert int(STARTED.timestamp()) == NOW
