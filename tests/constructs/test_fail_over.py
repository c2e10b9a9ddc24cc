"""`RunOn.ANY_ONE`: the next instance gets the script when it could not be delivered, and for no other reason."""

from __future__ import annotations

from typing import Any

import pytest

from tests.constructs.fake_aws import FakeAws, task
from tests.constructs.fake_ssm import NEVER, FakeInstance, FakeSsm
from tests.constructs.states_language import StateError

BOTH = pytest.mark.parametrize("name", ["AnyOne", "AnyOneNoSignal"])


def instance(number: int, **details: Any) -> FakeInstance:
    return FakeInstance(f"i-{number:08x}", name=f"batch-{number}", **details)


def undeliverable(number: int) -> FakeInstance:
    return instance(number, details="Undeliverable", exit_code=-1, began=False)


def sent_to(aws: FakeAws) -> list[str]:
    return [one for arguments in aws.ssm.arguments("sendCommand") for one in arguments["InstanceIds"]]


def told(notice: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["name"], one["status"]) for one in notice["result"]["instances"]]


@BOTH
def test_runs_on_the_first_by_name(name: str) -> None:
    # `batch-10` comes before `batch-2`.
    aws = FakeAws(FakeSsm([instance(2), instance(10), instance(3, ping="ConnectionLost")], signal=1))
    notice = aws.notice(task(name))
    assert sent_to(aws) == ["i-0000000a"]
    assert notice["subject"] == f"Ops/{name} succeeded on batch-10"
    assert [one["name"] for one in notice["result"]["offline"]] == ["batch-3"]
    (sent,) = aws.ssm.arguments("sendCommand")
    assert "Targets" not in sent
    assert sent["TimeoutSeconds"] == 90, "we are the first to give up"


@BOTH
def test_the_first_two_are_undeliverable(name: str) -> None:
    aws = FakeAws(FakeSsm([undeliverable(1), undeliverable(2), instance(3, takes=50)], signal=1))
    notice = aws.notice(task(name))
    assert notice["outcome"] == "succeeded"
    assert sent_to(aws) == ["i-00000001", "i-00000002", "i-00000003"]
    assert [one["Comment"] for one in aws.ssm.arguments("sendCommand")] == ["a1b2c3 0", "a1b2c3 1", "a1b2c3 2"]
    assert sorted(told(notice)) == [
        ("batch-1", "Undeliverable"),
        ("batch-2", "Undeliverable"),
        ("batch-3", "Success"),
    ]
    assert notice["subject"] == f"Ops/{name} succeeded on batch-3, after 2 that could not be reached"
    assert notice["result"]["command_id"] == "c0ffee2"


@BOTH
@pytest.mark.parametrize("signal", [1, NEVER])
def test_what_is_not_delivered_in_time_is_cancelled_and_given_to_the_next(name: str, signal: float) -> None:
    aws = FakeAws(FakeSsm([instance(1, delivered=NEVER, began=False), instance(2, takes=20)], signal=signal))
    notice = aws.notice(task(name))
    assert aws.ssm.arguments("cancelCommand") == [{"CommandId": "c0ffee"}]
    assert aws.ssm.commands[0].cancelled_at == 60, "at the delivery timeout, before Systems Manager gives up at 90"
    assert notice["outcome"] == "succeeded"
    assert sorted(told(notice)) == [("batch-1", "Undeliverable"), ("batch-2", "Success")]


@BOTH
def test_what_had_begun_although_it_was_cancelled_is_begun_nowhere_else(name: str) -> None:
    """It was delivered at the last moment, which the list did not say yet."""
    aws = FakeAws(FakeSsm([instance(1, delivered=58, takes=NEVER), instance(2)], lag=4))
    notice = aws.notice(task(name))
    assert sent_to(aws) == ["i-00000001"]
    assert aws.ssm.arguments("getCommandInvocation")
    assert (notice["outcome"], told(notice)) == ("failed", [("batch-1", "Cancelled")])


@BOTH
@pytest.mark.parametrize(
    ("details", "exit_code"),
    [
        ("Failed", 1),
        ("Execution Timed Out", -1),
        ("Delivery Timed Out", -1),
        ("Terminated", -1),
        ("Access Denied", -1),
        ("Something New", -1),
    ],
)
def test_whatever_may_have_begun_is_begun_nowhere_else(name: str, details: str, exit_code: int) -> None:
    """Systems Manager says "DeliveryTimedOut" too of an instance that took the script and was not heard of again."""
    aws = FakeAws(FakeSsm([instance(1, takes=5, details=details, exit_code=exit_code), instance(2)], signal=1))
    notice = aws.notice(task(name))
    assert sent_to(aws) == ["i-00000001"]
    assert (notice["outcome"], told(notice)) == ("failed", [("batch-1", details.replace(" ", ""))])
    assert notice["subject"] == f"Ops/{name} failed on 1 of 1 instance"


@BOTH
@pytest.mark.parametrize("count", [1, 2, 9])
def test_all_are_undeliverable(name: str, count: int) -> None:
    aws = FakeAws(FakeSsm([undeliverable(number) for number in range(count)], signal=1))
    notice = aws.notice(task(name))
    assert notice["outcome"] == "failed"
    assert sent_to(aws) == [f"i-{number:08x}" for number in range(count)]
    assert {status for _, status in told(notice)} == {"Undeliverable"}
    assert len(told(notice)) == count
    assert "Undeliverable" in notice["text"]


@BOTH
def test_after_ten_instances_it_is_not_the_instances_that_are_at_fault(name: str) -> None:
    aws = FakeAws(FakeSsm([undeliverable(number) for number in range(16)], signal=1))
    notice = aws.notice(task(name))
    assert notice["outcome"] == "failed"
    assert len(sent_to(aws)) == len(told(notice)) == 10


@BOTH
def test_all_ten_may_take_their_whole_delivery_timeout(name: str) -> None:
    nothing = [instance(number, delivered=NEVER, began=False) for number in range(12)]
    aws = FakeAws(FakeSsm(nothing))
    notice = aws.notice(task(name))
    assert (notice["outcome"], len(told(notice))) == ("failed", 10)
    assert len(aws.ssm.arguments("cancelCommand")) == 10
    assert aws.ssm.clock.now < task(name)["TimeoutSeconds"]


@BOTH
def test_the_last_of_ten_may_run_for_its_whole_timeout(name: str) -> None:
    nothing = [instance(number, delivered=NEVER, began=False) for number in range(9)]
    last = instance(9, delivered=50, takes=3_590)
    aws = FakeAws(FakeSsm([*nothing, last]))
    assert aws.notice(task(name))["outcome"] == "succeeded"
    assert aws.ssm.clock.now < task(name)["TimeoutSeconds"]


@BOTH
@pytest.mark.parametrize("others", [0, 1])
def test_an_instance_that_is_gone_is_passed_over(name: str, others: int) -> None:
    found = [instance(1, gone=True), *(instance(2) for _ in range(others))]
    aws = FakeAws(FakeSsm(found, signal=1))
    notice = aws.notice(task(name))
    assert notice["outcome"] == ("succeeded" if others else "failed")
    assert ("batch-1", "InvalidInstanceId") in told(notice)
    assert aws.ssm.arguments("cancelCommand") == []
    assert "batch-1 (i-00000001): InvalidInstanceId" in notice["text"] or others


@BOTH
def test_a_command_of_an_earlier_attempt_is_not_taken_for_this_one(name: str) -> None:
    aws = FakeAws(FakeSsm([undeliverable(1), instance(2, takes=40)], signal=1, unanswered=True))
    notice = aws.notice(task(name))
    assert (notice["outcome"], notice["result"]["command_id"]) == ("succeeded", "c0ffee1")


@BOTH
def test_one_that_cannot_be_asked_whether_it_had_begun_is_no_reason_to_go_on(name: str) -> None:
    denied = StateError("Ssm.SsmException", "not authorized to perform: ssm:GetCommandInvocation")
    aws = FakeAws(FakeSsm([undeliverable(1), instance(2)], signal=1, failing={"getCommandInvocation": denied}))
    notice = aws.notice(task(name))
    assert (notice["outcome"], notice["cause"]) == ("error", denied.cause)
    assert sent_to(aws) == ["i-00000001"]


def test_at_least_so_many_have_to_be_online_before_it_runs_on_one() -> None:
    aws = FakeAws(FakeSsm([instance(1), instance(2, ping="ConnectionLost")]))
    notice = aws.notice(task("AnyOneOfTwo"))
    assert (notice["outcome"], sent_to(aws)) == ("failed", [])
    aws = FakeAws(FakeSsm([instance(1), instance(2)], signal=1))
    assert aws.notice(task("AnyOneOfTwo"))["outcome"] == "succeeded"
