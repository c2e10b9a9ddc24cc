"""What the states of a command that is admitted call, beside Systems Manager: people in Slack, turns, functions."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.constructs.fake_ssm import FakeSsm
from tests.constructs.states_language import MACHINE_ARN, Clock, Execution, Signal, StateError

if TYPE_CHECKING:
    from collections.abc import Callable

REQUEST: dict[str, Any] = {
    "version": 1,
    "command": "/ops restart",
    "text": "",
    "arguments": {},
    "source": "typed",
    "team_id": "T012AB3CD",
    "channel_id": "C0123OPS",
    "channel_name": "ops",
    "user_id": "U0REQUESTER",
    "user_name": "taro",
    "response_url": "https://hooks.slack.com/commands/T012AB3CD/1/a",
    "visible": "user",
    "script_environment": "QQ==",
}
CLICK: dict[str, Any] = {
    "version": 1,
    "kind": "click",
    "id": "a1b2c3",
    "team_id": "T012AB3CD",
    "user_id": "U0ONE",
    "user_name": "taro",
    "user_team_id": "T012AB3CD",
    "channel_id": "C0123OPS",
    "message_ts": "1763773430.000100",
    "is_ephemeral": False,
    "response_url": "https://hooks.slack.com/actions/T012AB3CD/1/a",
    "action_id": "chatops.approve",
    "value": "v1:Machine:execution:nonce",
    "selected": [],
    "switched_off": "",
}
CARD = {"channel_id": "C0123OPS", "message_ts": "1763773430.000100"}
BUSY = StateError("SlackRetryable", "Slack is busy")
LOCKED = StateError("DynamoDb.ConditionalCheckFailedException", "The conditional request failed")


@dataclass
class Answer:
    """What brings a token back: `after` so many seconds."""

    output: Any
    after: float = 5


@dataclass
class AdmissionDouble:
    """Answers all calls of a command.

    Attributes:
        answers: To the waits, one after the other; then nobody answers.
        card: What `ask` answers.
        failing: Errors by event of the report function, one for each call until there are none left.
        authorized: What the authorize function answers.
        function: The configurations of the function that the command invokes, one for each look; the last one stays.
        item: The item in the table of turns.
        executions: The status of other executions by ARN; of others nothing is known.
        ssm: Systems Manager.
        events: The payloads of the report function's events, and of its reports under "report".
        calls: The names of all other calls.
    """

    answers: list[Answer] = field(default_factory=list)
    card: dict[str, str] = field(default_factory=lambda: dict(CARD))
    failing: dict[str, list[StateError]] = field(default_factory=dict)
    authorized: dict[str, Any] = field(default_factory=lambda: {"allowed": True, "who_may": "", "why": ""})
    function: list[dict[str, str]] = field(default_factory=lambda: [configuration()])
    item: dict[str, Any] | None = None
    executions: dict[str, str] = field(default_factory=dict)
    ssm: FakeSsm = field(default_factory=FakeSsm)
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        return self.ssm.clock

    def run(self, definition: dict[str, Any], **request: Any) -> str | None:
        """Run a command; the error with which it ended, if it did."""
        execution = Execution(self, {**REQUEST, **request}, self.clock, visited=self.visited)
        try:
            execution.run(definition)
        except StateError as error:
            return error.error
        return None

    def of(self, event: str) -> list[dict[str, Any]]:
        """The payloads of an event."""
        return [payload for name, payload in self.events if name == event]

    @property
    def reported(self) -> dict[str, Any]:
        (payload,) = self.of("report")
        return payload

    @property
    def result(self) -> dict[str, Any]:
        """Of the report."""
        assert self.reported["outcome"]["status"] == "finished", self.reported["outcome"]
        result: dict[str, Any] = self.reported["outcome"]["result"]
        return result

    @property
    def audited(self) -> dict[str, Any]:
        (line,) = self.ssm.audited
        return line  # type: ignore[no-any-return]

    def __call__(self, resource: str, arguments: Any) -> Any:
        if resource.startswith("lambda:invoke"):
            return self._invoked(resource, arguments["FunctionName"], arguments["Payload"])
        name = resource.rpartition(":")[2]
        self.calls.append(name)
        own: Callable[[Any], Any] | None = getattr(self, f"_{name}", None)
        return own(arguments) if own else self.ssm(resource, arguments)

    def _invoked(self, resource: str, function: str, payload: dict[str, Any]) -> Any:
        if "Report" not in function:
            self.calls.append(function)
            return {"Payload": self.authorized if "Authorize" in function else {"text": "done"}}
        event = payload.get("event", "report")
        # As Step Functions hands it over: as JSON.
        self.events.append((event, json.loads(json.dumps(payload))))
        if self.failing.get(event):
            raise self.failing[event].pop(0)
        if resource.endswith(".waitForTaskToken"):
            if not self.answers:
                return Signal(math.inf)
            answer = self.answers.pop(0)
            return Signal(self.clock.now + answer.after, answer.output)
        answers = {"ask": self.card, "close": {}, "report": {"done": True, "said": 1, "delivered_by": "x"}}
        return {"Payload": answers[event]}

    def _getFunctionConfiguration(self, _: Any) -> Any:  # noqa: N802 - the name of the action
        return self.function.pop(0) if len(self.function) > 1 else self.function[0]

    def _putItem(self, arguments: Any) -> Any:  # noqa: N802
        values, item = arguments["ExpressionAttributeValues"], arguments["Item"]
        if self.item is not None:
            run = self.item["run"]
            void = ":now" in values and int(self.item["expires"]["N"]) < int(values[":now"]["N"])
            if run not in (values[":own"], values.get(":other")) and not void:
                raise LOCKED
        elif ":other" in values:
            raise LOCKED
        self.item = item
        return {}

    def _getItem(self, _: Any) -> Any:  # noqa: N802
        return {} if self.item is None else {"Item": self.item}

    def _deleteItem(self, arguments: Any) -> Any:  # noqa: N802
        if self.item is None or self.item["run"] != arguments["ExpressionAttributeValues"][":own"]:
            raise LOCKED
        self.item = None
        return {}

    def _describeExecution(self, arguments: Any) -> Any:  # noqa: N802
        if arguments["ExecutionArn"] not in self.executions:
            raise StateError("Sfn.ExecutionDoesNotExistException", "")
        return {"Status": self.executions[arguments["ExecutionArn"]]}


def configuration(**changed: str) -> dict[str, str]:
    """What Lambda says about a function."""
    return {
        "FunctionName": "seed",
        "CodeSha256": "c0de",
        "Version": "$LATEST",
        "RevisionId": "r1",
        "LastModified": "2026-11-20T10:00:00.000+0000",
        **changed,
    }


def turn_of(name: str, *, expires: int = 4_000_000_000) -> dict[str, Any]:
    """The item of another execution that has its turn."""
    return {
        "task": {"S": "Machine"},
        "run": {"S": name},
        "execution_arn": {"S": execution(name)},
        "user_id": {"S": "U0OTHER"},
        "since": {"S": "2026-11-22T01:00:00Z"},
        "expires": {"N": str(expires)},
    }


def execution(name: str) -> str:
    return f"{MACHINE_ARN.replace(':stateMachine:', ':execution:')}:{name}"
