"""Resources of topics, queues, alarms and the functions that queues feed, and waiting for what they do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.local.ministack.stacks import WRITE_LOGS, allow, function, role

if TYPE_CHECKING:
    from collections.abc import Callable

POLL = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def topic(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": properties}


def arn_of(logical_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def subscription(topic_id: str, protocol: str, endpoint: Any, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::SNS::Subscription",
        "Properties": {"TopicArn": {"Ref": topic_id}, "Protocol": protocol, "Endpoint": endpoint, **properties},
    }


def letting_in(service: str, action: str, resource: Any, source: Any = None) -> dict[str, Any]:
    """A statement as CDK writes it."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": action,
        "Resource": resource,
    }
    return {**statement, "Condition": {"ArnEquals": {"aws:SourceArn": source}}} if source else statement


def queue_policy(queue_id: str, *statements: dict[str, Any]) -> dict[str, Any]:
    return {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [{"Ref": queue_id}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)},
        },
    }


def topic_policy(topic_id: str, *statements: dict[str, Any]) -> dict[str, Any]:
    return {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {
            "Topics": [{"Ref": topic_id}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)},
        },
    }


def from_topic(topic_id: str, queue_id: str) -> dict[str, Any]:
    """The policy that CDK's SqsSubscription writes."""
    return queue_policy(queue_id, letting_in("sns", "sqs:SendMessage", arn_of(queue_id), {"Ref": topic_id}))


def deny_insecure(actions: str, resource: Any) -> dict[str, Any]:
    """The statement that CDK's `enforce_ssl` writes."""
    return {
        "Effect": "Deny",
        "Principal": "*" if actions.startswith("sns") else {"AWS": "*"},
        "Action": actions,
        "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def mapping(queue_id: str, function_id: str, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {"EventSourceArn": arn_of(queue_id), "FunctionName": {"Ref": function_id}, **properties},
    }


def fed_by(queue_id: str, code: str, *, granted: tuple[str, ...] = POLL, **options: Any) -> dict[str, Any]:
    """A function with its role, its queue's mapping, and no more rights than it needs."""
    function_properties = options.pop("function", {})
    statements = [allow(list(granted), arn_of(queue_id))] if granted else []
    return {
        "Role": role("lambda", WRITE_LOGS, *statements),
        "Function": function(code, "Role", **function_properties),
        "Mapping": mapping(queue_id, "Function", **options),
    }


def until(condition: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Wait until the condition holds; its value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it does not become true"
        time.sleep(0.02)
    return value
