"""When a command is over, and whether it went well: with a stand-in for Step Functions."""

import json
import time
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any

import pytest

from chatops_local.cloud.executions import Executions
from chatops_local.cloud.verdict import problems_of
from chatops_local.slack import Ack, SentCommand, SignedRequest, SlashCommand
from chatops_local.slack.content import Content
from chatops_local.slack.record import Record

URL = "https://hooks.slack.com/commands/T1/2/3"
ARN = "arn:aws:states:us-east-1:123456789012:execution:machine:abc"


class StepFunctions:
    """A server with the executions of one machine."""

    clock_shift = 0.0

    def __init__(self) -> None:
        self.known: dict[str, dict[str, Any]] = {}
        self.listed = 0

    def client(self, *_: str) -> "StepFunctions":
        return self

    def executions(self, _: str) -> list[SimpleNamespace]:
        self.listed += 1
        return [SimpleNamespace(arn=arn, input=one["input"]) for arn, one in self.known.items()]

    def describe_execution(self, **arguments: str) -> dict[str, Any]:
        return self.known[arguments["executionArn"]]


class Stack:
    def resources(self, _: str) -> list[str]:
        return ["arn:machine"]


def execution(status: str = "SUCCEEDED", *, ended: float | None = None, url: str = URL, **more: str) -> dict[str, Any]:
    stopped = datetime.fromtimestamp(ended or time.time(), timezone.utc)
    return {"status": status, "input": json.dumps({"response_url": url}), "stopDate": stopped, **more}


@pytest.fixture
def record():
    return Record()


@pytest.fixture
def step_functions():
    return StepFunctions()


@pytest.fixture
def executions(step_functions):
    executions = Executions(step_functions)
    stack: Any = Stack()
    executions.watch(stack)
    return executions


@pytest.fixture
def post(record):
    def post(via: Any) -> None:
        record.post(Content.read({"text": "x"}), via=via, channel="C1", user=None, app_id="A1", response_url=URL)

    return post


def sent(record: Record, ack: Ack | None = None) -> SentCommand:
    command = SlashCommand.typed("/ps")
    return SentCommand(
        command,
        "Ops/Slack",
        SignedRequest(b"", {}),
        URL,
        time.time(),
        ack or Ack(200, 5.0, None),
        record,
        lambda _: True,
    )


class TestOver:
    def test_a_refused_ack(self, executions, record):
        assert executions.are_over(sent(record, Ack(500, 5.0, "dispatch_failed")))

    def test_answered_at_once(self, executions, record, post):
        assert not executions.are_over(sent(record))
        post("ack")
        assert executions.are_over(sent(record))

    def test_an_execution_may_show_up_late(self, step_functions, record, post):
        post("ack")
        assert not Executions(step_functions, visibility_lag=60).are_over(sent(record))

    def test_a_running_execution(self, executions, step_functions, record, post):
        post("ack")
        step_functions.known[ARN] = execution("RUNNING")
        assert not executions.are_over(sent(record))
        post("response_url")
        assert not executions.are_over(sent(record))
        step_functions.known[ARN] = execution()
        assert executions.are_over(sent(record))

    def test_a_message_may_come_a_little_after_the_end(self, executions, step_functions, record):
        step_functions.known[ARN] = execution("FAILED")
        assert not executions.are_over(sent(record))
        step_functions.known[ARN] = execution("FAILED", ended=time.time() - 6)
        assert executions.are_over(sent(record))

    def test_executions_of_others(self, executions, step_functions, record):
        step_functions.known[ARN] = execution(url="https://hooks.slack.com/commands/T1/2/other")
        step_functions.known[ARN + "2"] = execution() | {"input": "[]"}
        assert executions.of(sent(record)) == []

    def test_lists_no_more_once_it_is_found(self, executions, step_functions, record):
        step_functions.known[ARN] = execution("RUNNING")
        executions.of(sent(record))
        executions.of(sent(record))
        assert step_functions.listed == 1


class TestVerdict:
    def verdict(self, executions: Executions, command: SentCommand, timed_out_after: float | None = None) -> list[str]:
        return problems_of(command, executions.of(command), timed_out_after=timed_out_after)

    def test_well(self, executions, step_functions, record, post):
        post("response_url")
        step_functions.known[ARN] = execution()
        assert self.verdict(executions, sent(record)) == []

    def test_refused_ack(self, executions, record):
        ack = Ack(None, 3_100.0, "operation_timeout", problem="the answer took 3,100 ms")
        assert self.verdict(executions, sent(record, ack)) == [
            "Slack shows operation_timeout: the answer took 3,100 ms"
        ]

    def test_failed(self, executions, step_functions, record, post):
        post("response_url")
        step_functions.known[ARN] = execution("FAILED", error="Ssm.AccessDenied", cause="not\nauthorized")
        assert self.verdict(executions, sent(record)) == ["execution abc is FAILED: Ssm.AccessDenied: not authorized"]

    def test_the_cause_of_a_functions_error_is_its_message(self, executions, step_functions, record, post):
        post("response_url")
        cause = json.dumps({"errorMessage": "boom", "stackTrace": ["x"]})
        step_functions.known[ARN] = execution("FAILED", error="ValueError", cause=cause)
        assert self.verdict(executions, sent(record)) == ["execution abc is FAILED: ValueError: boom"]

    def test_no_message(self, executions, step_functions, record):
        step_functions.known[ARN] = execution()
        assert self.verdict(executions, sent(record)) == ["no message came after the ack"]

    def test_given_up(self, executions, step_functions, record):
        nothing = ["no result after 3 s: no execution was started"]
        assert self.verdict(executions, sent(record), timed_out_after=3) == nothing
        step_functions.known[ARN] = execution("RUNNING")
        running = ["no result after 3 s: its execution is still running"]
        assert self.verdict(executions, sent(record), timed_out_after=3) == running
