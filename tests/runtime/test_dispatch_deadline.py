"""Until when dispatch has to answer, and what it repeats until then."""

import os
import time

import pytest

from chatops_runtime.dispatch.aws_client import AwsError, AwsUnreachableError
from chatops_runtime.dispatch.deadline import SECONDS, Deadline
from chatops_runtime.dispatch.retries import Attempts
from tests.runtime.slack_requests import Context

THROTTLED = AwsError("StartExecution", "ThrottlingException", 400)
SILENCE = AwsUnreachableError("StartExecution", TimeoutError())
REFUSED = AwsError("StartExecution", "AccessDeniedException", 400)


class Clock:
    def __init__(self, monkeypatch) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        monkeypatch.setattr(time, "sleep", self.sleep)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


class Client:
    """Answers with what it was given, the last one again and again; silence takes as long as it may."""

    def __init__(self, clock, *answers) -> None:
        self.clock = clock
        self.answers = list(answers)
        self.timeouts: list[float] = []

    def call(self, operation, payload, timeout):
        assert (operation, payload) == ("StartExecution", {"name": "n"})
        self.timeouts.append(timeout)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is SILENCE:
            self.clock.now += timeout
        if isinstance(answer, Exception):
            raise answer
        return answer


def attempts(client) -> Attempts:
    return Attempts(client, "StartExecution", {"name": "n"})


def test_lambdas_time_counts_when_it_is_shorter():
    assert Deadline.of_invocation(Context(remaining=60_000)).left() == pytest.approx(SECONDS, abs=0.2)
    assert Deadline.of_invocation(Context(remaining=1_200)).left() == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize(
    ("sent_before", "left"),
    [
        (0.0, 2.5),
        (0.99, 2.5),  # sent in the same second, for all that is known
        (1.0, 2.5),
        (1.7, 1.8),  # a cold start on the way
        (2.4, 1.1),
        (3.4, 1.0),  # at the last moment
        (9.0, 2.5),  # too late for Slack, which delivers it again: what was typed is started all the same
        (-30.0, 2.5),  # a clock that is behind
    ],
)
def test_what_the_request_took_on_its_way_counts(clock, sent_before, left):
    deadline = Deadline(SECONDS, clock)
    deadline.count_from(1_800_000_000, 1_800_000_000 + sent_before)
    assert deadline.left() == pytest.approx(left)


def test_the_way_never_lengthens_the_time(clock):
    deadline = Deadline(0.4, clock)
    deadline.count_from(1_800_000_000, 1_800_000_000.0)
    assert deadline.left() == pytest.approx(0.4)


def test_a_timeout_is_never_zero(clock):
    assert Deadline(-1, clock).at_most(1.0) > 0


def test_what_passes_is_tried_again(clock):
    client = Client(clock, THROTTLED, SILENCE, THROTTLED, {"executionArn": "x"})
    tried = attempts(client)
    assert tried.result(Deadline(2.5, clock), 0.5) == {"executionArn": "x"}
    assert tried.uncertain == 1
    assert len(client.timeouts) == 4


def test_pauses_double_with_a_part_by_chance(clock, monkeypatch):
    monkeypatch.setattr(os, "urandom", lambda count: b"\xff" * count)
    client = Client(clock, THROTTLED)
    with pytest.raises(AwsError, match="ThrottlingException"):
        attempts(client).result(Deadline(2.5, clock), 0.5)
    assert clock.slept == pytest.approx([0.05, 0.1, 0.2, 0.4, 0.8])
    clock.slept.clear()
    monkeypatch.setattr(os, "urandom", lambda count: b"\0" * count)
    with pytest.raises(AwsError, match="ThrottlingException"):
        attempts(client).result(Deadline(0.2, clock), 0.5)
    assert clock.slept == pytest.approx([0.025, 0.05])


@pytest.mark.parametrize("answer", [THROTTLED, SILENCE])
def test_the_deadline_is_kept(clock, answer):
    client = Client(clock, answer)
    began = clock.now
    with pytest.raises((AwsError, AwsUnreachableError)):
        attempts(client).result(Deadline(2.5, clock), 1.2)
    assert clock.now - began <= 2.5 + 0.05
    assert client.timeouts[0] == 1.2
    assert len(client.timeouts) >= 2


def test_what_does_not_pass_is_not_tried_again(clock):
    client = Client(clock, REFUSED)
    with pytest.raises(AwsError, match="AccessDenied"):
        attempts(client).result(Deadline(2.5, clock), 1.2)
    assert (len(client.timeouts), clock.slept) == (1, [])
