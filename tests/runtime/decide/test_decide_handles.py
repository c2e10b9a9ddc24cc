"""What a control is worth: nothing without the nonce of a question in that very history."""

from __future__ import annotations

import pytest

from tests.runtime.decide.clicks import (
    APPROVAL,
    CHOICE,
    CONFIRM,
    REQUESTER,
    asked,
    request,
)
from tests.runtime.decide.step_functions_double import EXECUTION, MACHINE, NONCE


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
