"""Clicks that come too early, at once, or again: a token is spent once, and nobody counts twice."""

from __future__ import annotations

import json
import threading

import pytest

from chatops_runtime.decide import looks
from chatops_runtime.decide.looks import NotYetError
from chatops_runtime.decide.turn import Turn
from tests.runtime.decide.clicks import (
    APPROVAL,
    CHOICE,
    CONFIRM,
    INSTANCES,
    NAME,
    REQUESTER,
    asked,
    quorum,
    request,
)
from tests.runtime.decide.step_functions_double import client_error


def test_a_click_may_be_faster_than_the_wait(desk):
    execution = desk.aws.execution(request())
    execution.ask(APPROVAL, posted=False)
    execution._owed, execution.late_turns = {"question": APPROVAL}, 3
    assert desk.outcome("approve", "U0ADA").name == "approved"
    assert len(desk.pauses) == 3


def test_a_wait_that_does_not_come_is_for_the_machine_to_try_again(desk):
    desk.aws.execution(request()).ask(APPROVAL)
    with pytest.raises(NotYetError):
        desk.outcome("approve", "U0ADA")
    assert desk.pauses == list(looks.PAUSES_SECONDS)


def test_a_wait_whose_card_is_still_being_counted_on_is_not_answered_yet(desk):
    execution = asked(desk, quorum(2))
    submitted = execution.events.pop()
    assert submitted["type"] == "TaskSubmitted"
    with pytest.raises(NotYetError):
        desk.outcome("approve", "U0ADA")
    assert execution.answers == []
    execution.events.append(submitted)
    assert desk.outcome("approve", "U0ADA").name == "approved"


def test_a_wait_that_failed_is_begun_again(desk):
    execution = asked(desk, APPROVAL)
    execution.add("TaskFailed", resourceType="lambda", resource="invoke.waitForTaskToken", error="Lambda.Unknown")
    execution._owed, execution.late_turns = {"question": APPROVAL}, 1
    assert desk.outcome("approve", "U0ADA").name == "approved"


@pytest.mark.parametrize(
    "output",
    [
        '{"kind": "signal"}',
        '{"kind": "confirm", "decision": "denied", "by": "U0BEN"}',
        '{"kind": "approval", "decision": "sure", "by": "U0BEN"}',
    ],
)
def test_what_comes_from_elsewhere_is_no_answer(desk, output):
    execution = asked(desk, APPROVAL)
    (token,) = execution.tokens
    execution.redeem(token, output)
    assert desk.outcome("approve", "U0ADA").name == "approved"


@pytest.mark.parametrize(("by", "approvers"), [("U0ADA", None), ("U0BEN", ("U0ADA", "U0BEN"))])
def test_the_same_user_twice_is_no_quorum_however_they_did_it(desk, by, approvers):
    execution = asked(desk, quorum(2), approved_by=("U0ADA",))
    (token,) = execution.tokens
    output = json.dumps({"kind": "approval", "decision": "approved", "by": by})
    closed_by = {"type": "TaskSucceeded", "taskSucceededEventDetails": {"output": output}}
    ending = Turn.of(execution.waits[token], closed_by).ending
    assert (ending.by if ending else None) == approvers


def test_the_loser_of_a_race_answers_the_next_turn(desk):
    execution = asked(desk, quorum(2))
    execution.late_turns = 2
    desk.aws.before_redeeming = [lambda: desk.outcome("approve", "U0BEN")]
    assert desk.outcome("approve", "U0ADA").name == "approved"
    assert [answer["by"] for answer in execution.answers] == ["U0BEN", "U0ADA"]


def test_the_loser_of_a_race_is_told_what_the_winner_decided(desk):
    execution = asked(desk, quorum(1))
    desk.aws.before_redeeming = [lambda: desk.outcome("deny", "U0BEN")]
    outcome = desk.outcome("approve", "U0ADA")
    assert (outcome.name, outcome.text) == ("decided_already", f"{NAME} was denied by <@U0BEN>.")
    assert len(execution.answers) == 1


def test_many_at_once_are_as_many_as_they_are(desk):
    """Threads: each of ten approves twice at the same time, five are needed."""
    execution = asked(desk, quorum(5))
    users = [f"U{each}" for each in range(10)]
    names: list[str] = []
    gate = threading.Barrier(20)

    def approve(user_id: str) -> None:
        gate.wait()
        names.append(desk.outcome("approve", user_id).name)

    threads = [threading.Thread(target=approve, args=(user_id,)) for user_id in users * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    by = [answer["by"] for answer in execution.answers]
    assert len(by) == 5
    assert len(set(by)) == 5
    assert len(names) == 20
    assert set(names) <= {"approved", "counted_already", "decided_already"}


@pytest.mark.parametrize(
    ("question", "action", "user_id", "selected"),
    [
        (APPROVAL, "approve", "U0ADA", []),
        (APPROVAL, "deny", "U0ADA", []),
        (APPROVAL, "deny", REQUESTER, []),
        (CONFIRM, "confirm", REQUESTER, []),
        (CHOICE, "submit", REQUESTER, ["app"]),
        (INSTANCES, "submit", REQUESTER, [f"i-{7:017x}"]),
    ],
)
def test_a_click_that_is_tried_again_finds_its_own_answer(desk, question, action, user_id, selected):
    execution = asked(desk, question)
    desk.aws.failures = [client_error("SendTaskSuccess", "InternalFailure")]
    with pytest.raises(Exception, match="InternalFailure"):
        desk.outcome(action, user_id, selected=selected)
    retried = desk.outcome(action, user_id, selected=selected)
    assert len(execution.answers) == 1
    assert retried.name == execution.answers[0]["decision"]
    assert retried.replaces is (question is not APPROVAL)


def test_a_click_that_is_tried_again_does_not_count_twice(desk):
    execution = asked(desk, quorum(2))
    desk.aws.failures = [client_error("SendTaskSuccess", "InternalFailure")]
    with pytest.raises(Exception, match="InternalFailure"):
        desk.outcome("approve", "U0ADA")
    assert desk.outcome("approve", "U0ADA").name == "counted_already"
    assert len(execution.answers) == 1
