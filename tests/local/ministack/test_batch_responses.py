"""Which messages an answer leaves in the queue.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_local.ministack.messaging.event_sources.batch import (
    MAXIMUM_BYTES,
    PARTIAL,
    Outcome,
    failed_ids,
    fitting,
)

IDS = {"a", "b", "c"}
ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("batchItemFailures"), inner),
)


def left(body: Any, types: list[str] | None = None) -> set[str]:
    return failed_ids(Outcome(failed=False, body=body), IDS, [PARTIAL] if types is None else types)


@pytest.mark.parametrize("body", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}, {"other": 1}])
def test_a_complete_success(body: Any):
    assert left(body) == set()


@pytest.mark.parametrize(
    "body",
    [
        "an answer",
        7,
        [{"itemIdentifier": "a"}],
        {"batchItemFailures": "a"},
        {"batchItemFailures": ["a"]},
        {"batchItemFailures": [{"itemIdentifier": ""}]},
        {"batchItemFailures": [{"itemIdentifier": None}]},
        {"batchItemFailures": [{"item": "a"}]},
        {"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "of another batch"}]},
    ],
)
def test_a_complete_failure(body: Any):
    assert left(body) == IDS


def test_what_is_named_stays():
    assert left({"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "c"}]}) == {"a", "c"}


def test_answers_count_only_where_the_mapping_asks_for_them():
    assert left({"batchItemFailures": [{"itemIdentifier": "a"}]}, types=[]) == set()


def test_a_function_that_failed_leaves_everything():
    assert failed_ids(Outcome(failed=True, body={"batchItemFailures": []}), IDS, [PARTIAL]) == IDS


@given(ANSWERS)
def test_no_answer_is_an_error_and_none_invents_messages(body: Any):
    assert left(body) <= IDS


def test_a_returned_text_is_read_as_what_it_was():
    assert Outcome.of({"body": b'"text"'}) == Outcome(failed=False, body="text")


def test_a_batch_is_no_larger_than_an_event_may_be():
    large = {"body": "x" * (MAXIMUM_BYTES // 3)}
    assert fitting([large] * 10, 10) == 2
    assert fitting([{"body": "x" * (2 * MAXIMUM_BYTES)}], 10) == 1, "there is always one"
    assert fitting([{"body": "x"}] * 20, 10) == 10
    assert fitting([{"body": "x"}] * 3, 10_000) == 3
