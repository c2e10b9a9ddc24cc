"""Topics, queues and alarms as a test sees them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chatops_local.server.observations import AsynchronousInvocation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_local.server.emulator_process import EmulatorProcess

_STATES = ("OK", "ALARM", "INSUFFICIENT_DATA")


@dataclass(frozen=True)
class Delivery:
    """What one subscription of a topic got.

    Args:
        protocol: the subscription's protocol.
        endpoint: the ARN or the address.
        text: the message for this protocol.
        outcome: ``delivered``; ``recorded`` for what is not sent from this machine, such as an e-mail; ``refused``, or
            ``dead-lettered`` where there is a queue for that.
        reason: why it was not delivered; empty if it was.
    """

    protocol: str
    endpoint: str
    text: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class Publication:
    """A message that was published to a topic, whether somebody has subscribed or not.

    Args:
        topic_arn: the topic.
        message_id: its id.
        subject: its subject; empty if it has none.
        message: what was published: with ``MessageStructure`` ``json`` the texts of all protocols.
        texts: the text by protocol, with ``default`` for those that have none of their own.
        attributes: the values of its message attributes.
        deliveries: one for each subscription whose filter policy lets it pass.
    """

    topic_arn: str
    message_id: str
    subject: str
    message: str
    texts: dict[str, str]
    attributes: dict[str, str]
    deliveries: list[Delivery]

    def text(self, protocol: str = "default") -> str:
        """What a subscription with a protocol, such as ``email``, gets."""
        return self.texts.get(protocol, self.texts["default"])


@dataclass(frozen=True)
class Refusal:
    """What a service of AWS tried and was not let: a delivery, a poll, an action of an alarm; or what it gave up.

    Args:
        service: who, such as ``sns.amazonaws.com``.
        source: on whose behalf: the ARN of a topic, a rule, an alarm, a queue or a stream.
        target: the ARN of what was not reached.
        reason: why, in AWS's words where there are any.
    """

    service: str
    source: str
    target: str
    reason: str


@dataclass(frozen=True)
class QueueMessage:
    """A message in a queue, seen without receiving it."""

    message_id: str
    body: str
    receive_count: int
    visible: bool
    attributes: dict[str, str]


class Messaging(ABC):
    """What a local cloud offers for its topics, queues and alarms."""

    _process: EmulatorProcess

    @abstractmethod
    def client(self, service: str, region: str | None = None) -> Any:  # noqa: ANN401 - depends on the service
        """A boto3 client of the local cloud."""

    def published(self, topic: str | None = None) -> list[Publication]:
        """What was published, the earliest first, also where nobody has subscribed.

        Args:
            topic: the ARN of a topic. Default: all topics.
        """
        return [_publication(found) for found in self._process.call("published", topic_arn=topic)]

    def refusals(self) -> list[Refusal]:
        """What services of AWS tried and were not let, the earliest first. What is polled in vain counts once."""
        return [Refusal(**refusal) for refusal in self._process.call("refusals")]

    def asynchronous_invocations(self, function: str | None = None) -> list[AsynchronousInvocation]:
        """What schedules, rules and topics have invoked, in all regions, as it is now; the earliest first.

        Args:
            function: the name or the ARN of a function. Default: all functions.
        """
        found = [AsynchronousInvocation(**invocation) for invocation in self._process.call("asynchronous_invocations")]
        return [each for each in found if function in (None, each.function, each.function_arn)]

    def is_quiet(self) -> bool:
        """Whether nothing is under way that services started: every event has reached the rules, every function ended.

        Functions of streams count too, unless they wait to be tried again or for a long batching window; those of
        queues do not.

        An event is published a moment after what it tells of, so that a deployment is over before its rules know of it.
        """
        return (
            not self._process.call("pending_events")
            and bool(self._process.call("streams_are_quiet"))
            and all(each.is_over for each in self.asynchronous_invocations())
        )

    def messages(self, queue: str) -> list[QueueMessage]:
        """What is in a queue, without receiving it.

        Args:
            queue: its ARN; or its URL or name, if it is in the local cloud's own region.
        """
        return [QueueMessage(**message) for message in self._process.call("queue_messages", queue=queue)]

    def set_alarm_state(
        self, alarm: str, state: str, reason: str = "set by a test", *, region: str | None = None
    ) -> None:
        """Put an alarm into a state; if that is another one, it acts.

        Args:
            alarm: its name, or its logical id in a stack.
            state: ``OK``, ``ALARM`` or ``INSUFFICIENT_DATA``.
            reason: the reason that its messages give.
            region: where it is. Default: the local cloud's own region.

        Raises:
            ValueError: if there is no such alarm, or no such state.
        """
        if state not in _STATES:
            raise ValueError(f"state must be one of {', '.join(_STATES)}, not {state!r}")
        cloudwatch, cloudformation = self.client("cloudwatch", region), self.client("cloudformation", region)
        name = _alarm_name(alarm, cloudwatch, cloudformation)
        cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason=reason)

    def evaluate_alarms(self, *, later: timedelta = timedelta()) -> dict[str, str]:
        """Evaluate every alarm of every region; one that changes its state acts. Nothing else evaluates alarms.

        Args:
            later: time that is taken to have passed since now, for an alarm on what does not happen. In time of AWS,
                whatever the time scale is.

        Returns:
            The state of each alarm by its name; by its ARN if alarms of several regions have the same name.
        """
        states: dict[str, str] = self._process.call("evaluate_alarms", later=later.total_seconds())
        return states


def _publication(found: dict[str, Any]) -> Publication:
    return Publication(**{**found, "deliveries": [Delivery(**each) for each in found["deliveries"]]})


def _alarm_name(name: str, cloudwatch: Any, cloudformation: Any) -> str:  # noqa: ANN401 - boto3 clients
    if cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]:
        return name
    found = _physical_ids(name, cloudformation)
    if len(found) != 1:
        known = [alarm["AlarmName"] for alarm in cloudwatch.describe_alarms()["MetricAlarms"]]
        raise ValueError(f"name {name!r} means {len(found)} alarms; there are {', '.join(known) or 'none'}")
    return found[0]


def _physical_ids(logical_id: str, cloudformation: Any) -> Sequence[str]:  # noqa: ANN401 - a boto3 client
    stacks = [stack["StackName"] for stack in cloudformation.describe_stacks()["Stacks"]]
    return [
        resource["PhysicalResourceId"]
        for stack in stacks
        for resource in cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
        if resource["LogicalResourceId"] == logical_id and resource["ResourceType"] == "AWS::CloudWatch::Alarm"
    ]
