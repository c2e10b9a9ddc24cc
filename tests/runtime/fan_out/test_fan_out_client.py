"""Jobs are published in batches; what fails in part is tried again; what is left is in the error, never lost."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime import FanOut, Job, NotPublishedError
from chatops_runtime.contracts import fan_out as contract
from chatops_runtime.fan_out.entry import MOST_BYTES, MOST_ENTRIES, Entry, in_batches
from chatops_runtime.fan_out.publishing import Patience
from tests.runtime.fan_out.fan_out_doubles import SnsDouble, client_error

TOPIC = "arn:aws:sns:us-east-1:123456789012:calls"


def fan_out(sns: SnsDouble, waited: list[float] | None = None) -> FanOut:
    waited = [] if waited is None else waited
    return FanOut(TOPIC, client=sns, patience=Patience(sleep=waited.append, chance=lambda: 1.0))


def jobs(count: int) -> list[Job]:
    return [Job(number) for number in range(count)]


def test_in_batches_of_ten_each_with_its_key() -> None:
    sns = SnsDouble()
    assert fan_out(sns).publish(Job(number) for number in range(23)) == 23
    assert [len(entries) for entries in sns.requests] == [10, 10, 3]
    assert sns.taken == [str(number) for number in range(23)]
    keys = {entry["MessageAttributes"]["key"]["StringValue"] for entries in sns.requests for entry in entries}
    assert len(keys) == 23
    assert all(entry["MessageAttributes"]["key"]["DataType"] == "String" for entry in sns.requests[0])


@given(st.lists(st.integers(0, MOST_BYTES - 200), max_size=40))
def test_no_batch_is_too_large_and_nothing_is_left_out(sizes: list[int]) -> None:
    entries = [Entry.of(Job("x" * size, key=str(number)), "") for number, size in enumerate(sizes)]
    batches = list(in_batches(entries))
    assert [entry for batch in batches for entry in batch] == entries
    for batch in batches:
        assert 1 <= len(batch) <= MOST_ENTRIES
        assert sum(entry.size for entry in batch) <= MOST_BYTES
    # No batch is smaller than it has to be.
    for batch, following in pairwise(batches):
        assert len(batch) == MOST_ENTRIES or sum(one.size for one in [*batch, following[0]]) > MOST_BYTES


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists), st.text(max_size=5))
def test_a_size_is_what_sns_counts(body: Any, value: str) -> None:
    attributes = {"kind": value} if value.isprintable() and value and value.isascii() else {}
    request = (entry := Entry.of(Job(body, attributes=attributes), "")).to_request("0")
    counted = len(request["Message"].encode()) + sum(
        len((name + one["DataType"] + one["StringValue"]).encode())
        for name, one in request["MessageAttributes"].items()
    )
    assert entry.size == counted
    assert json.loads(request["Message"]) == body
    assert request["Message"].isascii()


def test_what_fails_in_part_is_tried_again_and_the_rest_is_not() -> None:
    sns, waited = SnsDouble({"1": "InternalError", "2": "Throttled!"}, {"2": "InternalError"}), list[float]()
    assert fan_out(sns, waited).publish(jobs(4)) == 4
    assert [[entry["Id"] for entry in entries] for entries in sns.requests] == [["0", "1", "2", "3"], ["1", "2"], ["2"]]
    assert sns.taken == ["0", "3", "1", "2"]
    assert waited == [0.3, 0.6]


@pytest.mark.parametrize(
    "trouble",
    [
        client_error("Throttling", "PublishBatch"),
        client_error("Whatever", "PublishBatch", 503),
        ConnectTimeoutError(endpoint_url="https://sns"),
    ],
)
def test_what_passes_is_waited_for(trouble: Exception) -> None:
    sns, waited = SnsDouble(trouble, trouble), list[float]()
    assert fan_out(sns, waited).publish(jobs(2)) == 2
    assert len(waited) == 2


def test_an_answer_that_leaves_one_out_has_not_taken_it() -> None:
    sns = SnsDouble({"1": ""})
    assert fan_out(sns).publish(jobs(2)) == 2
    assert [entry["Id"] for entry in sns.requests[1]] == ["1"]


def test_what_never_succeeds_is_raised_with_its_jobs_and_all_others_are_published() -> None:
    sns = SnsDouble({"0": "InvalidParameter!"}, *[{"0": "InternalError"}] * 6)
    with pytest.raises(NotPublishedError) as raised:
        fan_out(sns).publish(jobs(12))
    assert [job.body for job in raised.value.jobs] == [0, 10]
    assert raised.value.reasons == {"InvalidParameter": 1, "InternalError": 1}
    assert "2 of 12 jobs were not published" in str(raised.value)
    assert len(sns.taken) == 10
    again = SnsDouble()
    assert fan_out(again).publish(raised.value.jobs) == 2
    keys = [entry["MessageAttributes"]["key"]["StringValue"] for entry in again.requests[0]]
    assert keys == [job.key for job in raised.value.jobs]


def test_once_it_is_refused_as_a_whole_nobody_asks_again_and_no_job_is_lost() -> None:
    sns = SnsDouble(client_error("AuthorizationError", "PublishBatch", 403))
    with pytest.raises(NotPublishedError) as raised:
        fan_out(sns).publish(jobs(35))
    assert len(sns.requests) == 1
    assert [job.body for job in raised.value.jobs] == list(range(35))
    assert raised.value.reasons == {"AuthorizationError": 35}


@pytest.mark.parametrize(
    "job",
    [
        Job({"a set": {1}}),
        Job(float("nan")),
        Job("x" * MOST_BYTES),
        Job(1, key="k" * 257),
        Job(1, key="line\nbreak"),
        Job(1, key=17),  # type: ignore[arg-type]
        Job(1, attributes={"key": "mine"}),
        Job(1, attributes={"tries": "9"}),
        Job(1, attributes={"AWS.kind": "x"}),
        Job(1, attributes={"two words": "x"}),
        Job(1, attributes={"kind": ""}),
        Job(1, attributes={"kind": 1}),  # type: ignore[dict-item]
        Job(1, attributes={f"a{number}": "x" for number in range(contract.MOST_ATTRIBUTES + 1)}),
    ],
)
def test_a_job_that_does_not_fit_is_raised_and_all_others_are_published(job: Job) -> None:
    sns = SnsDouble()
    with pytest.raises(NotPublishedError, match="the job") as raised:
        fan_out(sns).publish([Job(1), job, Job(2)])
    assert raised.value.jobs == (job,)
    assert sns.taken == ["1", "2"]


def test_the_error_says_nothing_of_the_content() -> None:
    with pytest.raises(NotPublishedError) as raised:
        fan_out(SnsDouble()).publish([Job({"secret": {"xoxb-secret"}})])
    assert "xoxb" not in str(raised.value)


@given(st.dictionaries(st.text(), st.integers()), st.text(), st.text())
def test_the_same_content_in_the_same_run_is_the_same_job(body: dict[str, int], run: str, other: str) -> None:
    shuffled = dict(reversed(body.items()))
    assert Job(body).with_key(run).key == Job(shuffled).with_key(run).key
    assert (Job(body).with_key(run).key == Job(body).with_key(other).key) == (run == other)
    assert Job(body, key="mine").with_key(run).key == "mine"


def test_the_topic_is_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(contract.TOPIC, TOPIC)
    sns = SnsDouble()
    assert FanOut(client=sns).publish([Job(1)]) == 1
    monkeypatch.delenv(contract.TOPIC)
    with pytest.raises(ValueError, match=r"topic_arn is ''.*publish_from"):
        FanOut(client=sns)


def test_a_job_for_a_test_has_what_a_handler_reads() -> None:
    job = Job.for_test({"user": 1}, attempt=2)
    assert (job.body, job.attempt) == ({"user": 1}, 2)
    assert job.key == Job({"user": 1}).with_key().key
