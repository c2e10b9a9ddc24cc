"""What an execution's own history says: what it asks, with which token it waits, how it was answered, how it ended.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html, read from its newest event
on. A question is asked by two states that call the report function, `ask` and `wait`
(`chatops_runtime.contracts.asking`); what they call it with stands in their TaskScheduled events. No other state of a
command's machine does anything meanwhile: until a wait is closed, its events are the newest.

A wait is open once it is submitted, which is when the report function has answered. Until then that one may still be
about to show the count of approvals on the card, and would overwrite what came of them.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chatops_runtime.contracts.asking import ASK, WAIT
from chatops_runtime.contracts.decision import AUDIT_STATE, REPORT_STATE
from chatops_runtime.decide.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from chatops_runtime.decide.target import Target

_ENDS = frozenset({"ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"})
_CLOSINGS = frozenset({"TaskSucceeded", "TaskFailed", "TaskTimedOut", "TaskSubmitFailed", "TaskStartFailed"})

_TELLING = frozenset({AUDIT_STATE, REPORT_STATE})

_LARGEST_PAGE = 1_000
_NEWEST = 100
"""Events: more than there are behind the wait of a question that is open."""


@dataclass(frozen=True)
class End:
    """How an execution ended."""

    type: str
    error: str = ""
    cause: str = ""


@dataclass(frozen=True)
class Standing:
    """How a question stands.

    Attributes:
        asked: Whether it was asked at all.
        turn: Its newest turn; None before the first one.
        end: How the execution ended; None while it goes on.
        is_told: Whether its result is being told, or has been.
    """

    asked: bool = False
    turn: Turn | None = None
    end: End | None = None
    is_told: bool = False

    @property
    def open_turn(self) -> Turn | None:
        """The turn that waits for an answer."""
        return self.turn if self.turn is not None and self.turn.closed_by is None and self.end is None else None

    @property
    def is_about_to_wait(self) -> bool:
        """Whether a turn is to follow in a moment: the first one, or the next."""
        if not self.asked or self.end is not None:
            return False
        return self.turn is None or (self.turn.closed_by is not None and self.turn.ending is None)


@dataclass(frozen=True)
class Beginning:
    """How an execution began.

    Attributes:
        request: What was asked for.
        at: When.
    """

    request: Mapping[str, Any]
    at: datetime


class Histories:
    """The histories of executions."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - boto3's clients have no type
        """With boto3's Step Functions client."""
        self._client = client

    def question(self, target: Target) -> Standing:
        """How the question stands that the target's nonce belongs to."""

        def is_it(event: str, payload: Mapping[str, Any]) -> bool:
            told = payload["nonce"] if event == WAIT else str(payload["handle"]).rpartition(":")[2]
            # An empty nonce is nobody's. How long the comparison takes says nothing about the right one.
            return bool(told) and hmac.compare_digest(told.encode(), target.nonce.encode())

        return _standing(self._newest_first(target, _LARGEST_PAGE), is_it)

    def newest_question(self, target: Target) -> Standing:
        """How the newest question stands, whichever that is, if nothing much has happened since."""
        return _standing(islice(self._newest_first(target, _NEWEST), _NEWEST), lambda _event, _payload: True)

    def beginning(self, target: Target) -> Beginning | None:
        """How the execution began; None if there is none."""
        answer = self._page(executionArn=target.execution_arn, maxResults=1)
        if answer is None:
            return None
        (first,) = answer["events"]
        return Beginning(json.loads(first["executionStartedEventDetails"]["input"]), first["timestamp"])

    def _newest_first(self, target: Target, size: int) -> Iterator[Mapping[str, Any]]:
        """Page after page, as they are needed; AWS may give fewer events than fit on one."""
        token: dict[str, str] = {}
        while True:
            answer = self._page(executionArn=target.execution_arn, reverseOrder=True, maxResults=size, **token)
            if answer is None:
                return
            yield from answer["events"]
            if not answer.get("nextToken"):
                return
            token = {"nextToken": answer["nextToken"]}

    def _page(self, **arguments: object) -> dict[str, Any] | None:
        """One page; None of an execution that there is not, or whose history AWS has thrown away after 90 days."""
        try:
            page: dict[str, Any] = self._client.get_execution_history(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ExecutionDoesNotExist":
                return None
            raise
        return page


def _standing(events: Iterator[Mapping[str, Any]], is_it: Callable[[str, Mapping[str, Any]], bool]) -> Standing:
    end = closed_by = None
    is_told = is_submitted = False
    for number, event in enumerate(events):
        # The end is the newest event, unless the execution was redriven after it.
        if event["type"] in _ENDS and number == 0:
            end = _end(event)
        elif event["type"] == "TaskStateEntered":
            is_told = is_told or event["stateEnteredEventDetails"]["name"] in _TELLING
        elif event["type"] in _CLOSINGS:
            closed_by = event
        elif event["type"] == "TaskSubmitted":
            is_submitted = True
        elif event["type"] == "TaskScheduled":
            name, payload = _called_with(event["taskScheduledEventDetails"])
            if name and is_it(name, payload):
                is_turn = name == WAIT and (is_submitted or closed_by is not None)
                turn = Turn.of(payload, closed_by) if is_turn else None
                return Standing(asked=True, turn=turn, end=end, is_told=is_told)
            closed_by, is_submitted = None, False
    return Standing(end=end, is_told=is_told)


def _called_with(scheduled: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """`ASK` or `WAIT` and the payload, if this is what the task has called the report function with."""
    name = {"invoke": ASK, "invoke.waitForTaskToken": WAIT}.get(scheduled["resource"])
    if scheduled["resourceType"] != "lambda" or name is None:
        return "", {}
    payload = json.loads(scheduled["parameters"]).get("Payload")
    return (name, payload) if isinstance(payload, dict) and payload.get("event") == name else ("", {})


def _end(event: Mapping[str, Any]) -> End:
    details = event.get(f"{event['type'][:1].lower()}{event['type'][1:]}EventDetails", {})
    return End(event["type"], str(details.get("error", "")), str(details.get("cause", "")))
