"""What people type for a delivery."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.contracts.delivery import LONGEST_REASON
from chatops_runtime.delivery.orders import Answer, OrderError, Status, parse
from tests.runtime.delivery.code_pipeline_double import FIRST

STAGES = ("staging", "production")


@pytest.mark.parametrize("text", ["", "  ", "status", "STATUS"])
def test_asks_for_the_status(text: str) -> None:
    assert parse(text, STAGES) == Status()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("approve production", Answer(True, "production", "", "")),
        ("Approve Production", Answer(True, "production", "", "")),
        ("reject staging too early today", Answer(False, "staging", "", "too early today")),
        (f"approve production/{FIRST}", Answer(True, "production", FIRST, "")),
        (f"approve production/{FIRST.upper()} looked at", Answer(True, "production", FIRST, "looked at")),
        # As a button says it.
        (f"production/{FIRST} approve", Answer(True, "production", FIRST, "")),
        (f"production/{FIRST} reject", Answer(False, "production", FIRST, "")),
    ],
)
def test_is_an_answer(text: str, expected: Answer) -> None:
    assert parse(text, STAGES) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("approve", "comes the stage: staging or production"),
        ("approve nowhere", "comes the stage: staging or production"),
        ("production", "none of approve, reject and status"),
        ("deploy production", "none of approve, reject and status"),
        ("status now", "nothing is expected after status"),
        ("approve production/", "no id of an execution"),
        ("approve production/8f3c", "no id of an execution"),
        (f"approve production/{FIRST}0", "no id of an execution"),
        (f"reject production {'x' * (LONGEST_REASON + 1)}", "the reason has 301 characters"),
    ],
)
def test_is_no_order(text: str, why: str) -> None:
    with pytest.raises(OrderError, match=why):
        parse(text, STAGES)


@given(st.text())
def test_whatever_is_typed_is_an_order_or_an_error_in_plain_words(text: str) -> None:
    said = ""
    order: Answer | Status = Status()
    try:
        order = parse(text, STAGES)
    except OrderError as error:
        said = str(error)
    assert said.isprintable()
    assert isinstance(order, Status) or order.stage in STAGES


@given(st.text(max_size=LONGEST_REASON))
def test_a_reason_is_one_line(reason: str) -> None:
    order = parse(f"reject staging {reason}", STAGES)
    assert isinstance(order, Answer)
    assert "\n" not in order.reason
    assert len(order.reason) <= LONGEST_REASON
