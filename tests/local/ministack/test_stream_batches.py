"""What comes after a batch of a stream has failed, without a cloud.

https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_local.ministack.messaging.event_sources.batch import Outcome
from chatops_local.ministack.streams.batch import Batch, Policy, fitting, judge

FAILED = Outcome(failed=True, body=None)
PARTIAL = Policy(is_partial=True)


def batch(size: int, failures: int = 0) -> Batch:
    return Batch(tuple({"dynamodb": {"SequenceNumber": f"{index:03}"}} for index in range(size)), failures)


def reporting(*numbers: Any) -> Outcome:
    return Outcome(failed=False, body={"batchItemFailures": [{"itemIdentifier": number} for number in numbers]})


def left(found: Any) -> list[list[str]]:
    return [[record["dynamodb"]["SequenceNumber"] for record in each.records] for each in found.left]


@pytest.mark.parametrize("body", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}, ""])
def test_an_empty_report_is_a_success(body: Any):
    assert judge(batch(2), Outcome(failed=False, body=body), PARTIAL, expired=0).left == ()


@pytest.mark.parametrize("body", ["text", [1], {"batchItemFailures": "all"}, {"batchItemFailures": ["000"]}])
def test_a_report_that_is_none_is_a_failure(body: Any):
    assert left(judge(batch(2), Outcome(failed=False, body=body), PARTIAL, expired=0)) == [["000", "001"]]


def test_the_first_failure_counts_and_a_stranger_is_a_complete_failure():
    assert left(judge(batch(4), reporting("003", "002"), PARTIAL, expired=0)) == [["002", "003"]]
    assert left(judge(batch(4), reporting("003", "999"), PARTIAL, expired=0)) == [["000", "001", "002", "003"]]


def test_without_the_response_type_a_report_is_nothing():
    assert judge(batch(2), reporting("000"), Policy(), expired=0).left == ()


def test_what_is_too_old_is_given_up_and_the_rest_is_not():
    found = judge(batch(3), FAILED, Policy(age=60), expired=2)
    assert (left(found), found.discarded, found.reason) == ([["002"]], 2, "MaxRecordAgeExceeded")


@given(st.integers(1, 40), st.integers(-1, 3), st.booleans(), st.sets(st.integers(0, 39)), st.integers(0, 10))
def test_records_keep_their_order_and_none_is_lost_in_silence(
    size: int, retries: int, bisects: bool, bad: set[int], heals_after: int
):
    """Runs a batch to its end: what is bad fails until it has failed often enough."""
    waiting, done, discarded, tries = [batch(size)], [], 0, 0
    while waiting:
        tries += 1
        assert tries < 200
        current = waiting[0]
        numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in current.records]
        fails = bool(bad & set(numbers)) and tries <= heals_after
        outcome = FAILED if fails else Outcome(failed=False, body=None)
        found = judge(current, outcome, Policy(retries=retries, bisects=bisects), expired=0)
        assert [r for each in found.left for r in each.records] in ([], list(current.records))
        done += [] if found.left or found.discarded else numbers
        discarded += found.discarded
        waiting[:1] = found.left
    assert done == sorted(done)
    assert len(done) + discarded == size
    if retries == -1:
        assert discarded == 0


@given(st.lists(st.integers(0, 3_000_000), min_size=1, max_size=10), st.integers(1, 10))
def test_a_batch_has_no_more_than_six_megabytes_but_one_record(sizes: list[int], limit: int):
    records = [{"dynamodb": {"text": "x" * size}} for size in sizes]
    taken = fitting(records, limit)
    assert 1 <= taken <= min(len(records), limit)
    assert taken == 1 or sum(sizes[:taken]) <= 6 * 1024 * 1024
