"""What the local cloud does not do with topics, queues and alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.alarms import metric_math
from chatops_local.server.template_text import type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

RECORDED_PROTOCOLS = ("email", "email-json", "http", "https")
"""Subscriptions whose messages are recorded and not sent."""

_PROTOCOLS = (*RECORDED_PROTOCOLS, "lambda", "sqs")
_COMPARISONS = (
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
)
_POLICY_CONDITIONS = (
    "aws:securetransport",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceowner",
    # Not aws:PrincipalArn: AWS has the role's ARN there, MiniStack the session's.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    "aws:principalaccount",
)


def problems(resource: Mapping[str, Any], resources: Mapping[str, Any]) -> Iterator[str]:
    """Of messaging: everything that would be there and do nothing."""
    rule = _RULES.get(resource["Type"])
    if rule is not None:
        yield from rule(resource.get("Properties", {}), resources)


def _topic_problems(properties: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    if properties.get("FifoTopic"):
        yield "a FIFO topic is not emulated; use a standard one"
    if properties.get("Subscription"):
        yield "property Subscription is not emulated; use AWS::SNS::Subscription"


def _subscription_problems(properties: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    if properties.get("Protocol") not in _PROTOCOLS:
        yield f"protocol {properties.get('Protocol')} is not emulated; there are {', '.join(_PROTOCOLS)}"


def _queue_problems(properties: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    if "RedriveAllowPolicy" in properties:
        yield "property RedriveAllowPolicy is not emulated; leave it out of what is run locally"


def _alarm_problems(properties: Mapping[str, Any], resources: Mapping[str, Any]) -> Iterator[str]:
    for name in ("EvaluationCriteria", "EvaluateLowSampleCountPercentile"):
        if name in properties:
            yield f"property {name} is not emulated; leave it out of what is run locally"
    metrics = properties.get("Metrics", [])
    # What refers to something is known, and refused, when it is deployed.
    if metrics and all(map(_is_literal, metrics)):
        yield from metric_math.problems(metrics)
    if properties.get("ComparisonOperator") not in _COMPARISONS:
        yield f"comparison {properties.get('ComparisonOperator')} is not emulated; there are {', '.join(_COMPARISONS)}"
    for kind in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        for action in properties.get(kind, []):
            target = type_of(action, resources)
            if target not in (None, "AWS::SNS::Topic"):
                yield f"an action on {target} is not emulated; publish to a topic"


def _is_literal(query: Mapping[str, Any]) -> bool:
    return not isinstance(query.get("Expression"), dict) and not isinstance(
        query.get("MetricStat", {}).get("Period"), dict
    )


def _policy_problems(properties: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    statements = properties["PolicyDocument"].get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        for element in ("NotPrincipal", "NotAction", "NotResource"):
            if element in statement:
                yield f"{element} is not emulated in the policy of a topic or a queue"
        for operator, keys in statement.get("Condition", {}).items():
            for key in keys:
                if key.lower() not in _POLICY_CONDITIONS:
                    yield f"condition {operator} on {key} is not emulated: the local cloud does not know its value"


_RULES: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[str]]] = {
    "AWS::CloudWatch::Alarm": _alarm_problems,
    "AWS::SNS::Subscription": _subscription_problems,
    "AWS::SNS::Topic": _topic_problems,
    "AWS::SNS::TopicPolicy": _policy_problems,
    "AWS::SQS::Queue": _queue_problems,
    "AWS::SQS::QueuePolicy": _policy_problems,
}
