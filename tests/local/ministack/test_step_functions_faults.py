"""Calls of Step Functions that go wrong when a test says so."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.stacks import deploy, finish, machine, role, start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

# A stack of the same name would have the executions of the one before.
NUMBERS = itertools.count(1)


@pytest.fixture
def stack(server: Server, tmp_path: Path) -> Iterator[DeployedStack]:
    resources = {"Role": role("states"), "Idle": machine("Role", {"Done": {"Type": "Succeed"}})}
    waiting = {"Wait": {"Type": "Wait", "Seconds": 9_000, "End": True}}
    resources["Waiting"] = machine("Role", waiting, TimeoutSeconds=9_999)
    stack = deploy(server, tmp_path, f"StepFunctionsFaults{next(NUMBERS)}", resources)
    yield stack
    server.destroy(stack)


@pytest.fixture
def idle(stack: DeployedStack) -> str:
    return stack.resource("Idle")


def test_throttled(server: Server, idle: str):
    server.step_functions.throttle("StartExecution", times=2)
    for _ in range(2):
        with pytest.raises(ClientError, match="ThrottlingException"):
            start(server, idle)
    start(server, idle)
    assert len(server.executions(idle)) == 1


def test_throttled_until_further_notice(server: Server, idle: str):
    server.step_functions.throttle("StartExecution", times=1_000_000)
    with pytest.raises(ClientError, match="ThrottlingException"):
        start(server, idle)
    server.step_functions.throttle("StartExecution", times=0)
    start(server, idle)


def test_a_server_error_carries_nothing_out(server: Server, idle: str):
    server.step_functions.fail("StartExecution")
    with pytest.raises(ClientError, match="InternalFailure") as refused:
        start(server, idle)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert server.executions(idle) == []


def test_a_lost_answer_is_of_what_was_carried_out(server: Server, idle: str):
    server.step_functions.lose_answer("StartExecution")
    with pytest.raises(ClientError, match="InternalFailure"):
        start(server, idle, name="lost")
    assert [execution.name for execution in server.executions(idle)] == ["lost"]


def test_a_late_answer(server: Server, idle: str):
    server.step_functions.be_silent("StartExecution", 0.5)
    before = time.monotonic()
    start(server, idle)
    assert time.monotonic() - before >= 0.5
    assert len(server.executions(idle)) == 1


def test_a_time_limit_that_is_reached_now(server: Server, stack: DeployedStack):
    execution = start(server, stack.resource("Waiting"))
    server.step_functions.time_out(execution)
    described = finish(server, execution)
    assert (described["status"], described["error"]) == ("TIMED_OUT", "States.Timeout")
