"""When a scheduled run is a success, on how many instances whatever."""

from __future__ import annotations

import math
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatops_constructs import SuccessIf
from tests.constructs.fake_aws import TASKS, FakeAws, task
from tests.constructs.fake_ssm import FakeInstance, FakeSsm
from tests.constructs.states_language import StateError, evaluate

# https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html: detailed statuses that are final.
BAD = [
    "Failed",
    "Execution Timed Out",
    "Delivery Timed Out",
    "Undeliverable",
    "Terminated",
    "Access Denied",
    "Cancelled",
]


def fleet(statuses: list[str], offline: int = 0) -> list[FakeInstance]:
    online = [
        FakeInstance(f"i-{number:08x}", name=f"web-{number:02}", details=details, exit_code=int(details != "Success"))
        for number, details in enumerate(statuses)
    ]
    return [*online, *(FakeInstance(f"i-off{number:05x}", ping="ConnectionLost") for number in range(offline))]


def notice_of(name: str, statuses: list[str], offline: int = 0, **options: Any) -> dict[str, Any]:
    aws = FakeAws(FakeSsm(fleet(statuses, offline), signal=1, **options))
    notice = aws.notice(task(name))
    if notice["outcome"] == "succeeded":
        assert aws.ending is None
    else:
        assert aws.ending is not None
        assert aws.ending.error == "ChatOps.RunFailed"
    return notice


@pytest.mark.parametrize(
    ("count", "offline", "failed"), [*product([0, 1, 2, 3], [0, 1, 2], [0, 1, 2]), (60, 1, 2), (300, 0, 2)]
)
def test_of_any_number_of_instances(count: int, offline: int, failed: int) -> None:
    """One is the number with which JSONata makes no array."""
    failed, offline = min(failed, count), min(offline, 300 - count)
    notice = notice_of("Plain", ["Failed"] * failed + ["Success"] * (count - failed), offline)
    result = notice["result"]
    assert notice["outcome"] == ("succeeded" if count and not failed else "failed")
    assert (result["succeeded"], result["online"]) == (count - failed, count)
    assert (result["ran"], result["failed"], result["offline_count"]) == (count, failed, offline)
    assert isinstance(result["instances"], list)
    assert isinstance(result["offline"], list)
    assert [one["status"] for one in result["instances"]][: failed + 1] == (["Failed"] * failed + ["Success"])[:count]
    assert len(result["offline"]) == offline
    plural = "instance" if count == 1 else "instances"
    said = (
        "ran nowhere: 0 of at least 1 instances online"
        if not count
        else f"failed on {failed} of {count} {plural}"
        if failed
        else f"succeeded on {count} of {count} {plural}"
    )
    assert notice["subject"] == f"Ops/Plain {said}"


@pytest.mark.parametrize("status", [*BAD, "Something New", "Pending Something"])
@pytest.mark.parametrize("others", [0, 1, 2])
def test_one_that_did_not_succeed_is_a_failure_and_is_named(status: str, others: int) -> None:
    notice = notice_of("Plain", [*["Success"] * others, status])
    assert notice["outcome"] == "failed"
    assert f"web-{others:02} (i-{others:08x}): {status.replace(' ', '')}" in notice["text"]
    assert f"failed on 1 of {others + 1}" in notice["subject"]


@pytest.mark.parametrize("status", ["Success", "Failed", "Something New"])
def test_a_commands_own_status_is_not_believed(status: str) -> None:
    for statuses, outcome in ((["Success"] * 2, "succeeded"), (["Success", "Undeliverable"], "failed")):
        assert notice_of("Plain", statuses, status=status)["outcome"] == outcome


class TestSuccessIf:
    @settings(max_examples=60, deadline=None)
    @given(ran=st.integers(0, 10_000), count=st.integers(1, 400), percent=st.integers(1, 100))
    def test_needs_what_it_says(self, ran: int, count: int, percent: int) -> None:
        assert evaluate(SuccessIf.all().needed, {"ran": ran}) == ran
        assert evaluate(SuccessIf.at_least(count).needed, {"ran": ran}) == count
        assert evaluate(SuccessIf.percent(percent).needed, {"ran": ran}) == math.ceil(ran * percent / 100)

    @settings(max_examples=15, deadline=None)
    @given(statuses=st.lists(st.sampled_from(["Success", "Success", *BAD]), max_size=7), offline=st.integers(0, 2))
    @pytest.mark.parametrize("name", ["Plain", "AtLeastTwo", "Half", "MinThree"])
    def test_is_what_python_says(self, name: str, statuses: list[str], offline: int) -> None:
        good, ran = statuses.count("Success"), len(statuses)
        minimum = 3 if name == "MinThree" else 1
        needed = {"AtLeastTwo": 2, "Half": math.ceil(ran / 2)}.get(name, ran)
        notice = notice_of(name, statuses, offline)
        assert notice["outcome"] == ("succeeded" if ran >= minimum and good >= needed else "failed")
        assert notice["result"]["succeeded"] == (good if ran >= minimum else 0)

    def test_an_instance_that_is_missing_in_the_list_counts_as_one_that_it_ran_on(self) -> None:
        for name, outcome in (("Plain", "failed"), ("Half", "succeeded")):
            assert notice_of(name, ["Success"] * 3, missing=[1] * 20)["outcome"] == outcome

    def test_is_told_in_words(self) -> None:
        told = {name: notice_of(name, ["Success"])["result"]["success_if"] for name in ("Plain", "AtLeastTwo", "Half")}
        assert told == {"Plain": "all", "AtLeastTwo": "at least 2", "Half": "50 %"}


class TestTooFew:
    @pytest.mark.parametrize(("online", "offline"), [(0, 0), (0, 3), (1, 2), (2, 0)])
    def test_nothing_runs(self, online: int, offline: int) -> None:
        aws = FakeAws(FakeSsm(fleet(["Success"] * online, offline)))
        notice = aws.notice(task("MinThree"))
        assert aws.ssm.arguments("sendCommand") == []
        assert notice["outcome"] == "failed"
        assert notice["subject"] == f"Ops/MinThree ran nowhere: {online} of at least 3 instances online"
        assert "Role=web" in notice["text"]
        assert notice["result"]["command_id"] is None
        assert "log streams" not in notice["text"], "there are none"

    def test_so_many_are_enough(self) -> None:
        assert notice_of("MinThree", ["Success"] * 3)["outcome"] == "succeeded"


class TestNamedFailures:
    """Which of them it was is told by Systems Manager's own word."""

    def test_no_instance_has_the_tag_any_more(self) -> None:
        """A command without targets is over at once, and a success: its details say NoInstancesInTag."""
        found = [FakeInstance(f"i-{number:08x}", gone=True) for number in range(2)]
        aws = FakeAws(FakeSsm(found, signal=0))
        notice = aws.notice(task("Plain"))
        assert aws.ssm.arguments("sendCommand")[-1]["Targets"], "sent by tag, since by id it was refused"
        assert notice["outcome"] == "failed"
        assert "NoInstancesInTag" in notice["text"]
        assert notice["subject"] == "Ops/Plain ran on no instance that is listed: NoInstancesInTag"

    def test_access_denied(self) -> None:
        denied = StateError("Ssm.SsmException", "User: x is not authorized to perform: ssm:SendCommand on resource: y")
        aws = FakeAws(FakeSsm(fleet(["Success"]), failing={"sendCommand": denied}))
        notice = aws.notice(task("Plain"))
        assert (notice["outcome"], notice["error"], notice["cause"]) == ("error", denied.error, denied.cause)
        assert "is not authorized to perform: ssm:SendCommand" in notice["text"]
        assert notice["subject"] == "Ops/Plain came to no verdict: Ssm.SsmException"

    def test_too_many_instances(self) -> None:
        aws = FakeAws(FakeSsm(fleet(["Success"] * 301)))
        notice = aws.notice(task("Plain"))
        assert (notice["outcome"], notice["error"]) == ("error", "ChatOps.TooManyInstances")
        assert aws.ssm.arguments("sendCommand") == []
        assert aws.ending is not None
        assert aws.ending.error == "ChatOps.RunError"


@cache
def names() -> tuple[str, ...]:
    return tuple(TASKS)


def test_every_task_of_these_tests_can_succeed() -> None:
    for name in TASKS:
        notice = FakeAws(FakeSsm(fleet(["Success"] * 3), signal=1)).notice(task(name))
        assert (name, notice["outcome"]) == (name, "succeeded")
