"""The services that a scheduled task's states call, in simulated time."""

from __future__ import annotations

import json
import string
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_sns as sns

from chatops_constructs import Ec2Targets, Overlap, RunOn, SuccessIf
from tests.constructs.stacks import Synthesised, new_stack, scheduled
from tests.constructs.states_language import MOST_PAYLOAD, Execution, StateError, bytes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.constructs.fake_ssm import FakeSsm

SCHEDULED_AT = "2026-11-22T01:00:00Z"
NOW = 1_795_309_430
"""When executions start, in seconds of Unix time."""

LOCKED = StateError("DynamoDb.ConditionalCheckFailedException", "The conditional request failed")

# One task for each thing that it can be made to do. Every one tells `Succeeded`, or `Failed` and then `AlsoFailed`.
TASKS: dict[str, dict[str, Any]] = {
    "Plain": {"overlap": Overlap.ALLOW},
    "NoSignal": {"overlap": Overlap.ALLOW, "completion_signal": False},
    "Hinted": {"overlap": Overlap.ALLOW, "expected_duration": cdk.Duration.minutes(40)},
    "HintedNoSignal": {
        "overlap": Overlap.ALLOW,
        "expected_duration": cdk.Duration.minutes(40),
        "completion_signal": False,
    },
    "AnyOne": {"overlap": Overlap.ALLOW, "run_on": RunOn.ANY_ONE},
    "AnyOneNoSignal": {"overlap": Overlap.ALLOW, "run_on": RunOn.ANY_ONE, "completion_signal": False},
    "AnyOneOfTwo": {"overlap": Overlap.ALLOW, "run_on": RunOn.ANY_ONE, "min_targets": 2},
    "ById": {"overlap": Overlap.ALLOW, "targets": Ec2Targets.by_ids("i-01234567", "i-89abcdef")},
    "AtLeastTwo": {"overlap": Overlap.ALLOW, "success_if": SuccessIf.at_least(2)},
    "Half": {"overlap": Overlap.ALLOW, "success_if": SuccessIf.percent(50)},
    "MinThree": {"overlap": Overlap.ALLOW, "min_targets": 3},
    "Skip": {"overlap": Overlap.SKIP},
    "Lock": {"overlap": Overlap.LOCK},
}


@cache
def tasks() -> Synthesised:
    """A stack with all of `TASKS`."""
    app, stack = new_stack()
    succeeded, failed, also_failed = (sns.Topic(stack, id) for id in ("Succeeded", "Failed", "AlsoFailed"))
    for id, options in TASKS.items():
        scheduled(
            stack,
            id,
            **{"timeout": cdk.Duration.hours(1), **options},
            on_success=[succeeded],
            on_failure=[failed, also_failed],
        )
    return Synthesised.of(app, stack)


@cache
def task(id: str) -> dict[str, Any]:
    """The definition of one of `TASKS`."""
    return tasks().definition(f"Ops_{id}_Machine_")


@dataclass
class FakeAws:
    """Answers the calls of a task's states.

    Attributes:
        ssm: Systems Manager.
        listings: The answers of ListExecutions, of which the last one stays.
        lock: The item of the task in the table of locks, if there is one.
        lost: How many answers of PutItem get lost, after it has put the item.
        untold: Parts of the ARNs of topics that cannot be published to, and the error.
        failing: Errors by the name of the call.
        published: What was published, decoded.
        calls: The calls but those of `ssm`.
    """

    ssm: FakeSsm
    listings: list[list[dict[str, str]]] = field(default_factory=lambda: [[]])
    lock: dict[str, Any] | None = None
    lost: int = 0
    untold: Mapping[str, StateError] = field(default_factory=dict)
    failing: dict[str, StateError] = field(default_factory=dict)
    published: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    execution: Execution | None = None
    ending: StateError | None = None

    def __call__(self, resource: str, arguments: Any) -> Any:
        _, service, name = resource.split(":")
        if service == "ssm":
            return self.ssm(resource, arguments)
        self.calls.append((name, arguments))
        if name in self.failing:
            raise self.failing[name]
        return getattr(self, f"_{name}")(arguments)

    def run(self, definition: dict[str, Any], started_with: Any = None, **options: Any) -> list[dict[str, Any]]:
        """Run a task to its end, be that a bad one; the notices of it, one for each topic that was told."""
        given = {"scheduled_at": SCHEDULED_AT} if started_with is None else started_with
        self.execution = Execution(self, given, self.ssm.clock, **options)
        with suppress(StateError):
            try:
                self.execution.run(definition)
            except StateError as error:
                self.ending = error
        return [json.loads(one["Message"]["sqs"]) for one in self.published]

    def notice(self, definition: dict[str, Any], started_with: Any = None, **options: Any) -> dict[str, Any]:
        """Run a task; what all of its targets were told, which has to be the same."""
        first, *others = self.run(definition, started_with, **options)
        assert all(other == first for other in others)
        assert "QueryEvaluationError" not in json.dumps(first)
        return first

    def _listExecutions(self, arguments: Any) -> Any:  # noqa: N802 - the name of the action
        assert arguments["StatusFilter"] == "RUNNING"
        return {"Executions": self.listings.pop(0) if len(self.listings) > 1 else self.listings[0]}

    def _putItem(self, arguments: Any) -> Any:  # noqa: N802
        # The condition as the states have it; anything else has to be looked at here.
        assert arguments["ConditionExpression"] == "attribute_not_exists(#task) OR #expires < :now OR #run = :run"
        item = {name: next(iter(value.values())) for name, value in arguments["Item"].items()}
        values = arguments["ExpressionAttributeValues"]
        held = self.lock
        free = held is None or int(held["expires"]) < int(values[":now"]["N"]) or held["run"] == values[":run"]["S"]
        if not free:
            raise LOCKED
        self.lock = item
        if self.lost:
            self.lost -= 1
            raise StateError("DynamoDb.SdkClientException", "connection reset")
        return {}

    def _deleteItem(self, arguments: Any) -> Any:  # noqa: N802
        assert arguments["ConditionExpression"] == "#run = :run"
        if self.lock is None or self.lock["run"] != arguments["ExpressionAttributeValues"][":run"]["S"]:
            raise LOCKED
        self.lock = None
        return {}

    def _publish(self, arguments: Any) -> Any:
        """https://docs.aws.amazon.com/sns/latest/api/API_Publish.html."""
        for part, error in self.untold.items():
            if part in arguments["TopicArn"]:
                raise error
        subject, message = arguments["Subject"], arguments["Message"]
        assert 0 < len(subject) < 100
        assert subject.isascii()
        assert subject.isprintable()
        assert subject[0] in string.ascii_letters + string.digits + string.punctuation
        assert len(message.encode()) <= MOST_PAYLOAD
        assert bytes_of(arguments) <= MOST_PAYLOAD
        assert arguments["MessageStructure"] == "json"
        decoded = json.loads(message)
        assert "default" in decoded
        assert all(isinstance(one, str) for one in decoded.values())
        self.published.append({"TopicArn": arguments["TopicArn"], "Subject": subject, "Message": decoded})
        return {"MessageId": "1"}

    def _sendMessage(self, arguments: Any) -> Any:  # noqa: N802
        del arguments
        return {"MessageId": "1"}
