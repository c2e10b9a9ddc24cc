"""The send that waits for a signal, and the looks beside it: whichever comes first, the verdict is the same."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.constructs.fake_aws import FakeAws, task
from tests.constructs.fake_ssm import NEVER, FakeInstance, FakeSsm
from tests.constructs.states_language import StateError

UNANSWERED = StateError("Ssm.SdkClientException", "connection reset")
THROTTLED = StateError("Ssm.SsmException", "Rate exceeded")
LISTED = ("listCommands", "listCommandInvocations")


def one(takes: float = 0, **details: object) -> list[FakeInstance]:
    return [FakeInstance("i-01234567", name="web-1", takes=takes, **details)]  # type: ignore[arg-type]


def lists(ssm: FakeSsm) -> int:
    return sum(called in LISTED for called, _ in ssm.calls)


class TestSignal:
    @pytest.mark.parametrize("delay", [0, 0.4, 2, 5])
    def test_ends_the_wait_when_it_comes(self, delay: float) -> None:
        aws = FakeAws(FakeSsm(one(takes=1_000), signal=delay))
        assert aws.notice(task("Hinted"))["outcome"] == "succeeded"
        assert aws.ssm.clock.now == 1_000 + delay
        # Sent, an early look, and two calls once it is over: however long it took.
        assert lists(aws.ssm) == 3

    def test_is_believed_as_little_as_a_look(self) -> None:
        aws = FakeAws(FakeSsm(one(takes=100, details="Failed", exit_code=3), signal=1))
        notice = aws.notice(task("Plain"))
        assert notice["outcome"] == "failed"
        assert notice["result"]["instances"][0]["exit_code"] == 3

    @pytest.mark.parametrize("name", ["Plain", "Hinted", "AnyOne"])
    @pytest.mark.parametrize("lag", [1, 3, 20])
    def test_that_is_ahead_of_the_lists(self, name: str, lag: float) -> None:
        """The lists are believed, and looked at again soon: not when the run is usually over."""
        aws = FakeAws(FakeSsm(one(takes=3), signal=0, lag=lag))
        assert aws.notice(task(name))["outcome"] == "succeeded"
        assert 3 + lag <= aws.ssm.clock.now <= 3 + lag + max(2, lag / 4 + 1)

    def test_for_a_command_that_is_not_listed_yet(self) -> None:
        aws = FakeAws(FakeSsm(one(takes=0.2), signal=0.3, lag=5))
        notice = aws.notice(task("Plain"))
        assert (notice["outcome"], notice["result"]["command_id"]) == ("succeeded", "c0ffee")

    def test_that_comes_although_the_command_is_under_way(self) -> None:
        aws = FakeAws(FakeSsm(one(takes=500), false_signal=100))
        assert aws.notice(task("Plain"))["outcome"] == "succeeded"
        assert 500 <= aws.ssm.clock.now <= 625

    @pytest.mark.parametrize("name", ["Plain", "AnyOne"])
    def test_of_a_command_that_somebody_repeats(self, name: str) -> None:
        """It has the same comment and brings the same token back. What counts is the first one's end."""
        aws = FakeAws(FakeSsm(one(takes=500, details="Failed", exit_code=3), false_signal=100, repeated=True))
        notice = aws.notice(task(name))
        assert notice["outcome"] == "failed"
        assert notice["result"]["command_id"] == "c0ffee"
        assert 500 <= aws.ssm.clock.now <= 625

    @pytest.mark.parametrize("takes", [0.5, 7, 59, 61, 900, 3_599])
    def test_that_gets_lost(self, takes: float) -> None:
        aws = FakeAws(FakeSsm(one(takes=takes)))
        assert aws.notice(task("Plain"))["outcome"] == "succeeded"
        assert takes <= aws.ssm.clock.now <= takes + min(60, max(1, takes / 4)) + 1

    def test_that_gets_lost_with_a_hint(self) -> None:
        aws = FakeAws(FakeSsm(one(takes=2_390)))
        assert aws.notice(task("Hinted"))["outcome"] == "succeeded"
        assert aws.ssm.clock.now == 2_460, "a minute after the usual end"

    def test_a_token_is_asked_back_by_the_send_and_by_nothing_else(self) -> None:
        assert ".waitForTaskToken" in str(task("Plain"))
        assert ".waitForTaskToken" not in str(task("NoSignal"))
        assert "TaskToken" not in str(task("NoSignal"))


@settings(max_examples=25, deadline=None)
@given(
    takes=st.floats(0, 3_000),
    signal=st.one_of(st.just(NEVER), st.floats(0, 60)),
    false_signal=st.one_of(st.none(), st.floats(0, 100)),
    lag=st.floats(0, 15),
    name=st.sampled_from(["Plain", "NoSignal", "AnyOne", "AnyOneNoSignal"]),
    details=st.sampled_from(["Success", "Failed"]),
)
def test_the_verdict_does_not_depend_on_the_signal(
    takes: float, signal: float, false_signal: float | None, lag: float, name: str, details: str
) -> None:
    ssm = FakeSsm(one(takes=takes, details=details), signal=signal, false_signal=false_signal, lag=lag)
    aws = FakeAws(ssm)
    notice = aws.notice(task(name))
    assert notice["outcome"] == ("succeeded" if details == "Success" else "failed")
    assert len(aws.ssm.arguments("sendCommand")) == 1
    seen = takes + lag
    assert takes <= aws.ssm.clock.now
    # The second list has to become complete too.
    assert aws.ssm.clock.now <= seen + max(1, min(60, seen / 4)) + 3


class TestDeadline:
    @pytest.mark.parametrize("name", ["Plain", "NoSignal", "Hinted", "HintedNoSignal", "AnyOne", "AnyOneNoSignal"])
    def test_cancels_and_asks_what_became_of_it(self, name: str) -> None:
        aws = FakeAws(FakeSsm(one(takes=NEVER)))
        notice = aws.notice(task(name))
        assert aws.ssm.arguments("cancelCommand") == [{"CommandId": "c0ffee"}]
        assert (notice["outcome"], notice["result"]["given_up"]) == ("failed", True)
        assert notice["result"]["instances"][0]["status"] == "Cancelled"
        assert notice["subject"] == f"Ops/{name} was not over in time and was cancelled"
        # 60 s to deliver, an hour to run, a minute of margin, and the longest pause.
        assert 3_720 < aws.ssm.clock.now <= 3_790

    def test_comes_after_a_signal_that_was_too_soon_as_well(self) -> None:
        aws = FakeAws(FakeSsm(one(takes=NEVER), false_signal=600))
        notice = aws.notice(task("Plain"))
        assert notice["outcome"] == "failed"
        assert aws.ending is not None
        assert aws.ending.error == "ChatOps.RunFailed", "and not by the machine's own limit"

    def test_of_a_command_that_is_never_listed(self) -> None:
        aws = FakeAws(FakeSsm(one(takes=5), lag=math.inf))
        notice = aws.notice(task("Plain"))
        assert notice["outcome"] == "error"
        assert notice["error"] == "ChatOps.CommandNotListed"
        assert aws.ssm.arguments("cancelCommand") == [], "there is no id to cancel"


class TestUnanswered:
    @pytest.mark.parametrize("name", ["Plain", "NoSignal", "AnyOne", "AnyOneNoSignal"])
    @pytest.mark.parametrize("takes", [0.5, 30, 300])
    def test_but_carried_out(self, name: str, takes: float) -> None:
        aws = FakeAws(FakeSsm(one(takes=takes), unanswered=True))
        notice = aws.notice(task(name))
        assert (notice["outcome"], notice["result"]["command_id"]) == ("succeeded", "c0ffee"), "found by its comment"
        assert len(aws.ssm.commands) == 1

    @pytest.mark.parametrize("name", ["Plain", "NoSignal", "AnyOne", "AnyOneNoSignal"])
    def test_nor_carried_out(self, name: str) -> None:
        aws = FakeAws(FakeSsm(one(), unanswered=True, sent=False))
        notice = aws.notice(task(name))
        assert (notice["outcome"], notice["error"]) == ("error", "Ssm.SdkClientException")
        assert notice["cause"] == (
            "Systems Manager did not answer SendCommand and lists no such command: it was probably not sent. "
            "connection reset"
        )
        assert len(aws.ssm.arguments("sendCommand")) == 1, "never sent a second time"

    def test_without_a_signal_a_timeout_is_as_good_as_no_answer(self) -> None:
        aws = FakeAws(FakeSsm(one(takes=30), failing={"sendCommand": StateError("States.Timeout", None)}))
        assert aws.notice(task("NoSignal"))["error"] == "States.Timeout"
        assert aws.ssm.clock.now >= 10, "after it was looked for"


class TestThrottled:
    @pytest.mark.parametrize("name", ["Plain", "NoSignal", "AnyOne"])
    @pytest.mark.parametrize("times", [1, 3])
    def test_for_a_while(self, name: str, times: int) -> None:
        aws = FakeAws(FakeSsm(one(takes=100), signal=1, failing={"sendCommand": [THROTTLED] * times}))
        assert aws.notice(task(name))["outcome"] == "succeeded"
        assert len(aws.ssm.commands) == 1

    @pytest.mark.parametrize("name", ["Plain", "NoSignal", "AnyOne"])
    def test_for_good(self, name: str) -> None:
        aws = FakeAws(FakeSsm(one(), failing={"sendCommand": THROTTLED}))
        notice = aws.notice(task(name))
        assert (notice["outcome"], notice["error"], notice["cause"]) == ("error", "Ssm.SsmException", "Rate exceeded")
        assert len(aws.ssm.arguments("sendCommand")) == 4

    @pytest.mark.parametrize("call", ["listCommands", "listCommandInvocations", "describeInstanceInformation"])
    def test_while_reading(self, call: str) -> None:
        aws = FakeAws(FakeSsm(one(takes=100), failing={call: [THROTTLED] * 4}))
        assert aws.notice(task("Plain"))["outcome"] == "succeeded"


class TestGone:
    """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html: InvalidInstanceId."""

    @pytest.mark.parametrize("name", ["Plain", "NoSignal"])
    def test_by_tag_it_is_sent_by_the_tag(self, name: str) -> None:
        gone = FakeInstance("i-2", gone=True)
        aws = FakeAws(FakeSsm([*one(takes=10), gone], signal=1))
        notice = aws.notice(task(name))
        first, second = aws.ssm.arguments("sendCommand")
        assert (first["InstanceIds"], first["Targets"]) == (["i-2", "i-01234567"], [])
        assert (second["InstanceIds"], second["Targets"]) == ([], [{"Key": "tag:Role", "Values": ["web"]}])
        assert notice["outcome"] == "succeeded"
        assert [each["instance_id"] for each in notice["result"]["instances"]] == ["i-01234567"]

    @pytest.mark.parametrize("name", ["Plain", "NoSignal"])
    def test_by_tag_only_once(self, name: str) -> None:
        invalid = StateError("Ssm.InvalidInstanceIdException", "not valid")
        aws = FakeAws(FakeSsm(one(), failing={"sendCommand": invalid}))
        notice = aws.notice(task(name))
        assert (notice["outcome"], notice["error"], notice["cause"]) == ("error", invalid.error, "not valid")
        assert len(aws.ssm.arguments("sendCommand")) == 2

    def test_by_ids_there_is_no_other_way(self) -> None:
        aws = FakeAws(FakeSsm([*one(), FakeInstance("i-89abcdef", gone=True)]))
        notice = aws.notice(task("ById"))
        assert (notice["outcome"], notice["error"]) == ("error", "Ssm.InvalidInstanceIdException")
        assert len(aws.ssm.arguments("sendCommand")) == 1
