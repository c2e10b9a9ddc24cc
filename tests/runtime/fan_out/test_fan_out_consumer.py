"""Each job is done once, or comes again: whatever fails, whoever crashes, however often it is delivered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.contracts import fan_out as contract
from chatops_runtime.fan_out.claims import CLOCKS_DIFFER_SECONDS, Claims, Standing
from chatops_runtime.fan_out.consumer import Consumer, Outcome
from chatops_runtime.fan_out.queue import Queue
from chatops_runtime.fan_out.slots import Slots
from tests.runtime.fan_out.fan_out_doubles import START, Clock, SqsDouble, TableDouble, record

if TYPE_CHECKING:
    from chatops_runtime import Job

REMEMBERED = 900.0
LONGEST = 5.0
TIMEOUT = 60.0


class CrashError(BaseException):
    """The invocation ends here."""


class Line:
    """A consumer with doubles around it; its jobs take a second each unless they say otherwise."""

    def __init__(self, *, per_second: float | None = None, idempotent: bool = True) -> None:
        self.clock, self.table, self.sqs = Clock(), TableDouble(), SqsDouble()
        self.ran: list[Job] = []
        claims = Claims(self.table, "Table", remembered_seconds=REMEMBERED, now=self.clock)
        self.consumer = Consumer(
            run=self.run,
            queue=Queue(self.sqs, "https://queue", retry_seconds=30, longest_retry_seconds=360),
            longest_job_seconds=LONGEST,
            claims=claims if idempotent else None,
            slots=Slots(self.table, "Table", per_second=per_second, now=self.clock) if per_second else None,
            now=self.clock,
            sleep=self.clock.sleep,
        )

    def run(self, job: Job) -> None:
        self.ran.append(job)
        self.clock.now += job.body.get("takes", 1)
        if "raises" in job.body:
            raise {"error": RuntimeError, "crash": CrashError}[job.body["raises"]]("xoxb-secret")

    def consume(self, *records: dict[str, Any], seconds: float = TIMEOUT) -> Outcome:
        return self.consumer.consume(records, self.clock.now + seconds)


def job(id: str, *, received: int = 1, **body: Any) -> dict[str, Any]:
    return record(json.dumps(body), id=id, key=f"key-{id}", received=received)


def test_all_jobs_of_a_batch_are_done() -> None:
    line = Line()
    outcome = line.consume(job("a"), job("b"), job("c"))
    assert (outcome.done, outcome.coming_again) == (3, [])
    assert [one.key for one in line.ran] == ["key-a", "key-b", "key-c"]


def test_one_that_fails_comes_again_alone_and_later_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    line = Line()
    outcome = line.consume(job("a"), job("b", raises="error"), job("c"))
    assert (outcome.done, outcome.failed, outcome.coming_again) == (2, 1, ["b"])
    for received in (2, 3, 4, 5, 6):
        line.consume(job("b", received=received, raises="error"))
        assert line.sqs.later["handle-b"] == min(30 * 2 ** (received - 1), 360)
    assert len(line.ran) == 8
    assert "xoxb-secret" not in capsys.readouterr().out


def test_what_is_done_is_skipped_until_it_is_forgotten() -> None:
    line = Line()
    line.consume(job("a"))
    again = line.consume(job("a"), record("{}", id="copy", key="key-a"))
    assert (again.done, again.duplicates, again.coming_again) == (0, 2, [])
    line.clock.now += REMEMBERED + 5
    # DynamoDB deletes what has expired days later.
    assert line.consume(job("a")).done == 1


def test_a_crash_leaves_a_claim_that_ends_with_the_invocation() -> None:
    line = Line()
    with pytest.raises(CrashError):
        line.consume(job("a"), job("b", raises="crash"), job("c"))
    line.clock.now = START + TIMEOUT
    outcome = line.consume(job("a", received=2), job("b", received=2), job("c", received=2))
    assert (outcome.done, outcome.duplicates, outcome.given_back) == (1, 1, 1)
    (sent,) = line.sqs.sent
    assert sent["MessageAttributes"][contract.KEY_ATTRIBUTE]["StringValue"] == "key-b"
    assert 0 < sent["DelaySeconds"] <= CLOCKS_DIFFER_SECONDS + 1
    line.clock.now += sent["DelaySeconds"]
    assert line.consume(job("b")).done == 1


def test_what_somebody_else_is_at_is_put_into_the_queue_anew_with_its_tries() -> None:
    line = Line()
    claims = Claims(line.table, "Table", remembered_seconds=REMEMBERED, now=line.clock)
    assert claims.claim("key-a", "other", START + 2_000).standing is Standing.MINE
    outcome = line.consume(record('{"x": 1}', id="a", key="key-a", received=3, tries="4", kind="user"))
    assert (outcome.done, outcome.given_back, outcome.coming_again) == (0, 1, [])
    (sent,) = line.sqs.sent
    assert sent["MessageBody"] == '{"x": 1}'
    assert sent["DelaySeconds"] == 900
    texts = {name: one["StringValue"] for name, one in sent["MessageAttributes"].items()}
    # Four tries before it came anew, two after that; this is no try.
    assert texts == {"key": "key-a", "kind": "user", "tries": "6"}


def test_none_is_begun_that_cannot_end_in_time() -> None:
    line = Line()
    outcome = line.consume(job("a", takes=4), job("b", takes=4), job("c"), seconds=LONGEST + 2)
    assert (outcome.done, outcome.given_back) == (1, 2)
    assert [one.key for one in line.ran] == ["key-a"]
    assert [sent["MessageAttributes"]["key"]["StringValue"] for sent in line.sqs.sent] == ["key-b", "key-c"]
    assert "job:key-b" not in line.table.items


def test_what_cannot_be_given_back_comes_again_by_itself() -> None:
    line = Line()
    line.sqs.fails = True
    outcome = line.consume(job("a", raises="error"), job("b"), seconds=LONGEST + 1.5)
    assert outcome.coming_again == ["a", "b"]


def test_a_table_that_cannot_be_reached_is_not_the_jobs_fault() -> None:
    line = Line()
    line.table.failures = 2
    outcome = line.consume(job("a"), job("b"))
    assert (outcome.done, outcome.given_back, outcome.failed) == (1, 1, 0)
    assert line.sqs.sent[0]["DelaySeconds"] == contract.TROUBLE_SECONDS


def test_what_is_done_is_done_though_nobody_can_note_it() -> None:
    line = Line()

    def run(_: Job) -> None:
        line.table.failures = 1

    outcome = Consumer(**{**vars(line.consumer), "run": run}).consume([job("a")], START + TIMEOUT)
    assert (outcome.done, outcome.coming_again) == (1, [])


def test_without_idempotency_what_comes_twice_is_done_twice() -> None:
    line = Line(idempotent=False)
    line.consume(job("a"))
    assert line.consume(job("a")).done == 1
    assert line.table.items == {}


def test_jobs_wait_for_their_slots_and_the_wait_is_counted() -> None:
    line = Line(per_second=0.5)
    outcome = line.consume(job("a"), job("b"), job("c"))
    assert outcome.done == 3
    # Two seconds, and two percent, from one beginning to the next; a job takes one of them.
    assert outcome.waited == pytest.approx(2 * 1.04, abs=0.01)


def test_a_job_whose_slot_is_too_late_leaves_its_claim_and_its_slot_to_others() -> None:
    line = Line(per_second=0.1)
    outcome = line.consume(job("a"), job("b"), seconds=12)
    assert (outcome.done, outcome.given_back) == (1, 1)
    line.clock.now += 10
    assert line.consume(job("b"), seconds=12).done == 1


@pytest.mark.parametrize("body", ["", "not JSON", '{"Type": "Notification"', "\x00"])
def test_what_is_no_job_comes_again_and_to_the_dead_letters_in_the_end(body: str) -> None:
    line = Line()
    outcome = line.consume(record(body, id="bad"), job("b"))
    assert (outcome.done, outcome.failed, outcome.coming_again) == (1, 1, ["bad"])


def test_a_message_without_a_key_has_its_contents() -> None:
    line = Line()
    line.consume(record('{"x": 1}', id="one"))
    assert line.consume(record('{"x": 1}', id="two")).duplicates == 1


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(["", "error", "crash"]), st.floats(0, 34)),
        min_size=1,
        max_size=25,
    )
)
def test_however_it_goes_each_job_succeeds_once_and_none_is_dropped(steps: list[tuple[int, str, float]]) -> None:
    """Deliveries of five jobs, with failures and crashes in between and any time in between."""
    line = Line()
    succeeded: list[int] = []
    for number, goes, later in steps:
        body: dict[str, Any] = {"raises": goes} if goes else {}
        before = len(line.sqs.sent)
        line.clock.now += later
        try:
            outcome = line.consume(job(str(number), **body))
        except CrashError:
            continue
        succeeded += [number] * outcome.done
        # A message is deleted only if its job is done, was done, or is in the queue anew.
        deleted = str(number) not in outcome.coming_again
        assert deleted == (number in succeeded or len(line.sqs.sent) > before)
    # All within the time for which what is done is known.
    assert len(succeeded) == len(set(succeeded))
