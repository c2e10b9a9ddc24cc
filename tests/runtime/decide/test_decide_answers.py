"""Who may answer what: whoever may not leaves the question as it is."""

from __future__ import annotations

import threading
from base64 import b64decode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.decide import looks
from chatops_runtime.decide.looks import NotYetError
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable
from tests.runtime.decide.clicks import APPROVAL, CHOICE, CONFIRM, INSTANCES, NAME, REQUESTER, Desk, request
from tests.runtime.decide.step_functions_double import EXECUTION, MACHINE, NONCE, client_error


@pytest.fixture
def desk() -> Desk:
    return Desk()


def asked(desk: Desk, question: dict[str, Any], **options: Any) -> Any:
    """An execution that waits for an answer."""
    execution = desk.aws.execution(request())
    execution.ask_and_wait(question, **options)
    return execution


def quorum(count: int) -> dict[str, Any]:
    return {**APPROVAL, "quorum": count, "by": {"kind": "workspace"}}


def environment(answer: dict[str, Any]) -> dict[str, str]:
    lines = b64decode(answer["script_environment"]).decode().splitlines()
    return {name: b64decode(value).decode() for name, _, value in (line.partition("=") for line in lines)}


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


def test_a_wait_that_failed_is_begun_again(desk):
    execution = asked(desk, APPROVAL)
    execution.add("TaskFailed", resourceType="lambda", resource="invoke.waitForTaskToken", error="Lambda.Unknown")
    execution._owed, execution.late_turns = {"question": APPROVAL}, 1
    assert desk.outcome("approve", "U0ADA").name == "approved"


def test_a_signal_is_no_answer(desk):
    execution = asked(desk, APPROVAL)
    (token,) = execution.tokens
    execution.redeem(token, '{"kind": "signal"}')
    assert desk.outcome("approve", "U0ADA").name == "approved"


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


@pytest.mark.parametrize(("action", "decision"), [("confirm", "confirmed"), ("decline", "declined")])
def test_who_asked_for_it_confirms_it_and_the_message_gives_way(desk, action, decision):
    execution = asked(desk, CONFIRM)
    outcome = desk.outcome(action)
    assert (outcome.name, outcome.replaces) == (decision, True)
    assert f"<@{REQUESTER}>" in outcome.text
    assert execution.answers == [{"kind": "confirm", "decision": decision, "by": REQUESTER}]


@pytest.mark.parametrize(
    ("question", "action", "selected"),
    [(CONFIRM, "confirm", []), (CONFIRM, "decline", []), (CHOICE, "submit", ["nginx"]), (INSTANCES, "submit", ["i-1"])],
)
def test_nobody_else_confirms_or_chooses(desk, question, action, selected):
    execution = asked(desk, question)
    outcome = desk.outcome(action, "U0ADA", selected=selected)
    assert (outcome.name, outcome.replaces) == ("not_allowed", False)
    assert f"<@{REQUESTER}>" in outcome.text
    assert execution.answers == []


def test_a_choice_completes_the_arguments_and_the_environment_of_scripts(desk):
    execution = asked(desk, CHOICE)
    outcome = desk.outcome("submit", selected=["app"])
    assert (outcome.name, outcome.text, outcome.replaces) == (
        "chosen",
        f"{NAME}: <@{REQUESTER}> chose `the app`.",
        True,
    )
    (answer,) = execution.answers
    assert answer["arguments"] == {"service": "app", "force": False, "reason": "canary-argument"}
    assert {name: value for name, value in environment(answer).items() if not name.startswith("CHATOPS_")} == {
        "SERVICE": "app",
        "FORCE": "false",
        "REASON": "canary-argument",
    }
    assert environment(answer)["CHATOPS_REQUEST_ID"] == EXECUTION


def test_instances_are_chosen_from_several_menus(desk):
    execution = asked(desk, INSTANCES)
    selected = [f"i-{1:017x}", f"i-{140:017x}"]
    outcome = desk.outcome("submit", selected=selected)
    assert outcome.text == f"{NAME}: <@{REQUESTER}> chose `web-1`, `web-140`."
    assert execution.answers == [
        {"kind": "instances", "decision": "chosen", "by": REQUESTER, "values": selected},
    ]


@pytest.mark.parametrize(
    ("question", "selected", "words"),
    [
        (CHOICE, [], "Choose something"),
        (CHOICE, ["nginx", "app"], "choose one"),
        (CHOICE, ["; rm -rf /"], "not offered"),
        (INSTANCES, [], "Choose something"),
        (INSTANCES, [f"i-{each:017x}" for each in range(3)], "2 at most"),
        (INSTANCES, ["i-0fffffffffffffff0"], "not offered"),
    ],
)
def test_what_is_no_choice_leaves_the_question_open(desk, question, selected, words):
    execution = asked(desk, question)
    outcome = desk.outcome("submit", selected=selected)
    assert (outcome.name, outcome.replaces) == ("unfit", False)
    assert words in outcome.text
    assert execution.answers == []


def test_menus_that_are_no_longer_open_give_way(desk):
    execution = asked(desk, CHOICE)
    execution.expire()
    outcome = desk.outcome("submit", selected=["nginx"])
    assert (outcome.name, outcome.replaces) == ("expired", True)
    assert not desk.outcome("submit", "U0ADA", selected=["nginx"]).replaces, "for nobody but whose they are"


@pytest.mark.parametrize(
    ("question", "action", "goes_on"),
    [
        (APPROVAL, "approve", False),
        (APPROVAL, "deny", True),
        (CONFIRM, "confirm", False),
        (CONFIRM, "decline", True),
        (CHOICE, "submit", False),
        (INSTANCES, "submit", False),
    ],
)
def test_while_commands_are_switched_off_nothing_is_let_go_on(desk, question, action, goes_on):
    execution = asked(desk, question)
    user_id = "U0ADA" if question is APPROVAL else REQUESTER
    outcome = desk.outcome(action, user_id, selected=["nginx"], switched_off="Commands are switched off: fire.")
    assert bool(execution.answers) is goes_on
    if not goes_on:
        assert (outcome.name, outcome.text) == ("switched_off", "Commands are switched off: fire.")


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


@pytest.mark.parametrize(
    ("machine", "execution", "nonce"),
    [
        (MACHINE, EXECUTION, "00000000-0000-0000-0000-000000000000"),
        (MACHINE, EXECUTION, ""),
        (MACHINE, EXECUTION, NONCE[:-1]),
        (MACHINE, EXECUTION, NONCE.upper()),
        (MACHINE, "f" * 64, NONCE),
        ("Ops-Ps", EXECUTION, NONCE),
        ("Ops-Ps", "e" * 64, NONCE),
    ],
)
def test_a_handle_is_nothing_without_its_nonce_in_that_very_history(desk, machine, execution, nonce):
    waiting = asked(desk, APPROVAL)
    desk.aws.execution(request(), machine="Ops-Ps", name="e" * 64)
    outcome = desk.outcome("approve", "U0ADA", value=f"v1:{machine}:{execution}:{nonce}")
    assert outcome.name == "unknown"
    assert waiting.answers == []


def test_an_empty_nonce_is_nobodys_even_if_the_history_has_one(desk):
    execution = desk.aws.execution(request())
    execution.nonce = ""
    execution.handle = f"v1:{MACHINE}:{EXECUTION}:"
    execution.ask_and_wait(APPROVAL)
    assert desk.outcome("approve", "U0ADA", value=execution.handle).name == "unknown"
    assert execution.answers == []


@pytest.mark.parametrize(
    ("question", "action"), [(APPROVAL, "submit"), (APPROVAL, "confirm"), (CONFIRM, "approve"), (CHOICE, "confirm")]
)
def test_a_control_answers_questions_of_its_own_kind_only(desk, question, action):
    execution = asked(desk, question)
    assert desk.outcome(action, REQUESTER, selected=["nginx"]).name == "unknown"
    assert execution.answers == []


def test_of_several_questions_the_one_with_the_nonce_is_answered(desk):
    execution = desk.aws.execution(request())
    execution.nonce = "11111111-2222-3333-4444-555555555555"
    execution.handle = f"v1:{MACHINE}:{EXECUTION}:{execution.nonce}"
    token = execution.ask_and_wait(CHOICE)
    execution.redeem(token, '{"kind": "choice", "decision": "chosen", "by": "U0TARO", "arguments": {"service": "app"}}')
    execution.nonce = NONCE
    execution.handle = f"v1:{MACHINE}:{EXECUTION}:{NONCE}"
    execution.ask_and_wait(APPROVAL)
    assert desk.outcome("submit", "U0ADA", value=f"v1:{MACHINE}:{EXECUTION}:{NONCE}").name == "unknown"
    assert desk.outcome("approve", "U0ADA").name == "approved"


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
