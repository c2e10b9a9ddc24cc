"""Executions that ask and wait, behind the calls of Step Functions and Systems Manager that decide makes.

What a command's machine does after an answer is done here as well: an approval that is not the last one begins the next
turn, with a token of its own.
"""

from __future__ import annotations

import json
import threading
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chatops_runtime.contracts import asking

if TYPE_CHECKING:
    from collections.abc import Iterator

MACHINE = "Ops-Restart"
EXECUTION = "0123456789abcdef" * 4
NONCE = "3b3e1a60-6ad9-4a9f-8a5c-2f9a0c9a9f11"
ACCOUNT = "eu-central-1:123456789012"
BEGAN = datetime(2026, 11, 22, 1, 3, 50, 123000, tzinfo=timezone.utc)
PAGE = 3
"""Events: small, so that every history has several."""


def execution_arn(machine: str = MACHINE, execution: str = EXECUTION) -> str:
    return f"arn:aws:states:{ACCOUNT}:execution:{machine}:{execution}"


def client_error(operation: str, code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "canary-message-of-aws"}}, operation)


class Execution:
    """One execution of a command's machine."""

    def __init__(self, request: dict[str, Any], *, nonce: str = NONCE, handle: str = "") -> None:
        self.request = request
        self.nonce = nonce
        self.handle = handle or f"v1:{MACHINE}:{EXECUTION}:{nonce}"
        self.events: list[dict[str, Any]] = []
        self.tokens: dict[str, bool] = {}
        """Whether each is still good."""
        self.waits: dict[str, dict[str, Any]] = {}
        self.answers: list[dict[str, Any]] = []
        self.late_turns = 0
        """How many times the next turn's history is read before the turn has begun."""
        self._owed: dict[str, Any] | None = None
        self.add("ExecutionStarted", input=json.dumps(request), roleArn="arn:aws:iam::123456789012:role/Ops")

    def add(self, event_type: str, **details: Any) -> None:
        name = f"{event_type[0].lower()}{event_type[1:]}EventDetails"
        self.events.append({"id": len(self.events) + 1, "timestamp": BEGAN, "type": event_type, name: details})

    def enter(self, event_type: str, state: str) -> None:
        """The entries of states have one kind of details for all types of states."""
        self.events.append(
            {
                "id": len(self.events) + 1,
                "timestamp": BEGAN,
                "type": event_type,
                "stateEnteredEventDetails": {"name": state},
            }
        )

    def task(self, resource: str, payload: dict[str, Any], *, resource_type: str = "lambda") -> None:
        parameters = json.dumps({"FunctionName": "Ops-Report", "Payload": payload})
        self.add("TaskScheduled", resourceType=resource_type, resource=resource, region="eu-central-1",
                 parameters=parameters)  # fmt: skip
        self.add("TaskStarted", resourceType=resource_type, resource=resource)

    def ask(self, question: dict[str, Any], *, posted: bool = True) -> None:
        self.task("invoke", {"version": 2, "event": "ask", "handle": self.handle, "question": question})
        if posted:
            self.add("TaskSucceeded", resourceType="lambda", resource="invoke", output="{}")

    def wait(self, question: dict[str, Any], *, approved_by: tuple[str, ...] = (), token: str = "") -> str:
        token = token or f"canary-token-{len(self.tokens)}".ljust(2048, "=")
        card = {"channel_id": "C0OPS", "message_ts": "1.2"} if question["kind"] == "approval" else {}
        payload = {
            "version": 2,
            "event": "wait",
            "handle": self.handle,
            "token": token,
            "nonce": self.nonce,
            "question": question,
            "request": self.request,
            "approved_by": list(approved_by),
            "card": card,
        }
        self.task("invoke.waitForTaskToken", payload)
        self.add("TaskSubmitted", resourceType="lambda", resource="invoke.waitForTaskToken", output='{"Payload": {}}')
        self.tokens[token] = True
        self.waits[token] = payload
        return token

    def ask_and_wait(self, question: dict[str, Any], **options: Any) -> str:
        self.ask(question)
        return self.wait(question, **options)

    def redeem(self, token: str, output: str) -> None:
        """As the machine takes it: a signal is no answer, an approval may have to have company."""
        self.tokens[token] = False
        answer = json.loads(output)
        self.answers.append(answer)
        self.add("TaskSucceeded", resourceType="lambda", resource="invoke.waitForTaskToken", output=output)
        wait = self.waits[token]
        question, approved_by = wait["question"], list(wait["approved_by"])
        if answer.get("decision") == "approved":
            approved_by += [answer["by"]]
        is_more_needed = answer.get("decision") == "approved" and len(approved_by) < question["quorum"]
        is_answer = answer.get("kind") == question["kind"] and answer.get("decision") in asking.ENDINGS
        if not is_answer or is_more_needed:
            self._owed = {"question": question, "approved_by": tuple(approved_by)}
            self.begin_owed_turn()

    def begin_owed_turn(self) -> None:
        """Unless it is late."""
        if self._owed is None:
            return
        if self.late_turns > 0:
            self.late_turns -= 1
            return
        owed, self._owed = self._owed, None
        self.wait(**owed)

    def expire(self) -> None:
        """The newest wait."""
        token = list(self.tokens)[-1]
        self.tokens[token] = False
        self.add("TaskTimedOut", resourceType="lambda", resource="invoke.waitForTaskToken", error="States.Timeout")


class StepFunctionsDouble:
    """boto3's client, and SSM's in `ssm`."""

    def __init__(self) -> None:
        self.executions: dict[str, Execution] = {}
        self.calls: list[str] = []
        self.failures: list[Exception] = []
        """For the next calls of send_task_success and stop_execution: after what they do."""
        self.before_redeeming: list[Any] = []
        """What happens just before the next tokens are redeemed."""
        self.ssm = SystemsManagerDouble(self)
        self._lock = threading.RLock()

    def execution(self, request: dict[str, Any], *, machine: str = MACHINE, name: str = EXECUTION) -> Execution:
        execution = Execution(request, handle=f"v1:{machine}:{name}:{NONCE}")
        self.executions[execution_arn(machine, name)] = execution
        return execution

    def get_execution_history(self, **arguments: Any) -> dict[str, Any]:
        with self._lock:
            self.calls.append("GetExecutionHistory")
            execution = self.executions.get(arguments["executionArn"])
            if execution is None:
                raise client_error("GetExecutionHistory", "ExecutionDoesNotExist")
            begin = int(arguments.get("nextToken", "0"))
            if not begin:
                execution.begin_owed_turn()
            events = execution.events[::-1] if arguments.get("reverseOrder") else execution.events
            end = begin + min(PAGE, arguments["maxResults"])
            page: dict[str, Any] = {"events": [dict(event) for event in events[begin:end]]}
            return {**page, "nextToken": str(end)} if end < len(events) else page

    def send_task_success(self, *, taskToken: str, output: str) -> None:  # noqa: N803 - boto3's own name
        if self.before_redeeming:
            self.before_redeeming.pop(0)()
        with self._lock:
            self.calls.append("SendTaskSuccess")
            execution = next((each for each in self.executions.values() if taskToken in each.tokens), None)
            if execution is None:
                raise client_error("SendTaskSuccess", "InvalidToken")
            if not execution.tokens[taskToken]:
                raise client_error("SendTaskSuccess", "TaskTimedOut")
            execution.redeem(taskToken, output)
            self._fail()

    def stop_execution(self, *, executionArn: str, error: str, cause: str) -> None:  # noqa: N803
        with self._lock:
            self.calls.append("StopExecution")
            execution = self.executions[executionArn]
            execution.add("ExecutionAborted", error=error, cause=cause)
            self._fail()

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)


class SystemsManagerDouble:
    """Commands that run, and are cancelled."""

    def __init__(self, step_functions: StepFunctionsDouble) -> None:
        self._step_functions = step_functions
        self.commands: list[dict[str, Any]] = []
        self.asked: list[dict[str, str]] = []
        self.cancelled: list[str] = []
        self.lag = 0
        """How many lists are still without what was sent."""

    def get_paginator(self, operation: str) -> SystemsManagerDouble:
        assert operation == "list_commands"
        return self

    def paginate(self, *, Filters: list[dict[str, str]]) -> Iterator[dict[str, Any]]:  # noqa: N803
        filters = {each["key"]: each["value"] for each in Filters}
        self._step_functions.calls.append("ListCommands")
        self.asked.append(filters)
        if self.lag > 0:
            self.lag -= 1
            return
        for command in list(self.commands):
            is_over = command["CommandId"] in self.cancelled
            if command["DocumentName"] == filters["DocumentName"] and not is_over:
                yield {"Commands": [command]}

    def cancel_command(self, *, CommandId: str) -> None:  # noqa: N803
        self._step_functions.calls.append("CancelCommand")
        self.cancelled.append(CommandId)
