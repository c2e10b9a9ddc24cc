"""Who may approve and deny: whoever may not leaves the question as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable
from tests.runtime.decide.clicks import (
    APPROVAL,
    NAME,
    REQUESTER,
    Desk,
    asked,
    quorum,
    request,
)


@pytest.mark.parametrize(("action", "decision"), [("approve", "approved"), ("deny", "denied")])
def test_an_approver_decides(desk, action, decision):
    execution = asked(desk, APPROVAL)
    outcome = desk.outcome(action, "U0ADA")
    assert (outcome.name, outcome.text) == (decision, ""), "the card says it"
    assert execution.answers == [{"kind": "approval", "decision": decision, "by": "U0ADA"}]


def test_tokens_may_have_2048_characters(desk):
    execution = asked(desk, APPROVAL, token="t" * 2048)
    assert desk.outcome("approve", "U0ADA").name == "approved"
    assert execution.tokens == {"t" * 2048: False}


def test_who_asked_for_it_does_not_approve_it_even_as_an_approver(desk):
    execution = asked(desk, {**APPROVAL, "by": {"kind": "user", "ids": [REQUESTER]}})
    outcome = desk.outcome("approve")
    assert (outcome.name, outcome.replaces) == ("not_allowed", False)
    assert "yourself" in outcome.text
    assert execution.answers == []


def test_who_asked_for_it_withdraws_it_by_denying(desk):
    execution = asked(desk, APPROVAL)
    assert desk.outcome("deny").name == "cancelled"
    assert execution.answers == [{"kind": "approval", "decision": "cancelled", "by": REQUESTER}]


@pytest.mark.parametrize("action", ["approve", "deny"])
def test_a_stranger_decides_nothing_and_the_wait_goes_on(desk, action):
    execution = asked(desk, APPROVAL)
    outcome = desk.outcome(action, "U0EVE")
    assert (outcome.name, outcome.replaces) == ("not_allowed", False)
    assert "members of <!subteam^S0ADMINS>" in outcome.text
    assert execution.answers == []
    assert desk.outcome("approve", "U0ADA").name == "approved"


@pytest.mark.parametrize("failure", [SlackRetryable("HTTP 503"), SlackRefusedError("missing_scope", 200)])
def test_whom_slack_does_not_vouch_for_decides_nothing(desk, failure):
    execution = asked(desk, APPROVAL)
    desk.slack.failures["S0ADMINS"] = failure
    outcome = desk.outcome("approve", "U0ADA")
    assert outcome.name == "not_allowed"
    assert str(failure) in outcome.detail
    assert str(failure) in outcome.text
    assert execution.answers == []


def test_the_approvers_may_be_those_of_the_channel_in_which_the_card_is(desk):
    asked(desk, {**APPROVAL, "by": {"kind": "channel", "ids": ["C0OPS"]}})
    assert desk.outcome("approve", "U0EVE", channel_id="C0OTHER").name == "not_allowed"
    assert desk.outcome("approve", "U0EVE", channel_id="C0OPS").name == "approved"


def test_the_approvers_may_depend_on_an_argument(desk):
    prod = {"kind": "argument", "name": "stage", "values": ["prod"]}
    execution = desk.aws.execution(request(arguments={"stage": "prod"}))
    execution.ask_and_wait({**APPROVAL, "by": {"kind": "all", "of": [{"kind": "workspace"}, prod]}})
    assert desk.outcome("approve", "U0ADA").name == "approved"


def test_two_have_to_approve_and_nobody_counts_twice(desk):
    execution = asked(desk, quorum(2))
    assert desk.outcome("approve", "U0ADA").name == "approved"
    again = desk.outcome("approve", "U0ADA")
    assert (again.name, again.replaces) == ("counted_already", False)
    assert "1 of 2" in again.text
    assert desk.outcome("approve", "U0BEN").name == "approved"
    assert [answer["by"] for answer in execution.answers] == ["U0ADA", "U0BEN"]


def test_who_has_approved_can_still_deny(desk):
    execution = asked(desk, quorum(2))
    desk.outcome("approve", "U0ADA")
    assert desk.outcome("deny", "U0ADA").name == "denied"
    assert execution.answers[-1] == {"kind": "approval", "decision": "denied", "by": "U0ADA"}


def test_one_denial_ends_it(desk):
    asked(desk, quorum(3))
    desk.outcome("approve", "U0ADA")
    desk.outcome("deny", "U0BEN")
    outcome = desk.outcome("approve", "U0EVE")
    assert (outcome.name, outcome.text) == ("decided_already", f"{NAME} was denied by <@U0BEN>.")


def test_who_comes_too_late_is_told_what_was_decided(desk):
    execution = asked(desk, quorum(2))
    desk.outcome("approve", "U0ADA")
    desk.outcome("approve", "U0BEN")
    execution.add("TaskScheduled", resourceType="aws-sdk:ssm", resource="sendCommand", parameters="{}")
    outcome = desk.outcome("deny", "U0EVE")
    assert (outcome.name, outcome.replaces) == ("decided_already", False)
    assert outcome.text == f"{NAME} was approved by <@U0ADA>, <@U0BEN>."
    assert len(execution.answers) == 2


def test_after_the_deadline_nothing_can_be_decided(desk):
    execution = asked(desk, APPROVAL)
    execution.expire()
    outcome = desk.outcome("approve", "U0ADA")
    assert (outcome.name, outcome.text) == ("expired", f"{NAME} is off: nobody answered in time.")
    assert execution.answers == []


@pytest.mark.parametrize("event_type", ["ExecutionAborted", "ExecutionFailed", "ExecutionTimedOut"])
def test_a_command_that_was_ended_while_it_waited_is_over(desk, event_type):
    execution = asked(desk, APPROVAL)
    execution.add(event_type, error="", cause="")
    assert desk.outcome("approve", "U0ADA").name == "over"
    assert execution.answers == []


def test_the_deadline_may_pass_between_looking_and_answering(desk):
    execution = asked(desk, APPROVAL)
    desk.aws.before_redeeming = [execution.expire]
    assert desk.outcome("approve", "U0ADA").name == "expired"


STEPS = st.lists(
    st.tuples(st.sampled_from(["approve", "deny"]), st.sampled_from([REQUESTER, "U0ADA", "U0BEN", "U0CEM", "U0EVE"])),
    max_size=12,
)


@given(steps=STEPS, needed=st.integers(1, 3))
def test_whatever_is_clicked_the_last_word_is_the_rules(steps, needed):
    """Approved by exactly so many distinct approvers, or denied by an approver, or withdrawn, or still open."""
    desk = Desk()
    approvers = ["U0ADA", "U0BEN", "U0CEM"]
    rule = {"kind": "user", "ids": [*approvers, REQUESTER]}
    execution = asked(desk, {**APPROVAL, "by": rule, "quorum": needed})
    expected: list[tuple[str, str]] = []

    def is_open() -> bool:
        return not any(what != "approved" for what, _ in expected) and len(expected) < needed

    for action, user_id in steps:
        desk.outcome(action, user_id)
        if not is_open():
            continue
        if user_id == REQUESTER and action == "deny":
            expected.append(("cancelled", user_id))
        elif user_id in approvers and action == "deny":
            expected.append(("denied", user_id))
        elif user_id in approvers and ("approved", user_id) not in expected:
            expected.append(("approved", user_id))
    assert [(answer["decision"], answer["by"]) for answer in execution.answers] == expected
