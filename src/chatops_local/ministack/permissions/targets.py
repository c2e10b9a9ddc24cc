"""What rules start and send to: with the rights of the target's role, or as far as the target's own policy lets them.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.encryption import encryption_key_of, service_write_denial, to_write
from chatops_local.ministack.messaging.queues import deliver_as_service
from chatops_local.ministack.permissions.authorization import Access, Principal, first_denial
from chatops_local.ministack.permissions.service_principals import EVENTBRIDGE, service_denial
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.messaging.refusals import Refusals

_invoke_target = private("services.eventbridge:_invoke_target", "target, event, rule, view")
_pattern_event_view = private("services.eventbridge:_pattern_event_view", "event")

TARGET_ACTIONS = {
    "lambda": "lambda:InvokeFunction",
    "states": "states:StartExecution",
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
    "events": "events:PutEvents",
}
"""What starting a target takes, by the service in its ARN."""

_WITH_POLICIES = ("lambda", "sns", "sqs")


def apply(refusals: Refusals) -> None:
    """Start only what may be started; the rest is noted, as AWS would only count it.

    Args:
        refusals: gets what was not started.
    """

    def permitted(original: Untyped) -> Untyped:
        def invoke_target(
            target: Mapping[str, Any], event: Mapping[str, Any], rule: Mapping[str, Any], view: Untyped = None
        ) -> None:
            refusal = _refusal(target, rule)
            if refusal is None:
                original(target, event, rule, view)
                return
            refusals.note(EVENTBRIDGE, rule["Arn"], target["Arn"], refusal)
            queue = target.get("DeadLetterConfig", {}).get("Arn")
            if queue:
                payload = (view or _pattern_event_view.get()(event)).event_with_detail()
                lost = _dead_letter(queue, payload, rule["Arn"], target["Arn"], refusal)
                if lost is not None:
                    refusals.note(EVENTBRIDGE, rule["Arn"], queue, lost)

        return invoke_target

    _invoke_target.wrap(permitted)


def _refusal(target: Mapping[str, Any], rule: Mapping[str, Any]) -> str | None:
    arn = str(target["Arn"])
    _, _, service, region, *_ = arn.split(":")
    if service not in TARGET_ACTIONS:
        return f"targets of {service} are not emulated"
    access = Access(TARGET_ACTIONS[service], arn)
    role = target.get("RoleArn")
    if role and service != "lambda":
        return first_denial(Principal(role, "events", region), [access, *to_write(arn, encryption_key_of(arn))])
    if service not in _WITH_POLICIES:
        return "it has no RoleArn"
    return service_denial(EVENTBRIDGE, access, rule["Arn"]) or service_write_denial(EVENTBRIDGE, arn, rule["Arn"])


def _dead_letter(queue: str, event: object, rule_arn: str, target_arn: str, reason: str) -> str | None:
    """Keep an event that a target did not get.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """
    values = {
        "RULE_ARN": rule_arn,
        "TARGET_ARN": target_arn,
        "ERROR_CODE": "NO_PERMISSIONS",
        "ERROR_MESSAGE": reason,
    }
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in values.items()}
    return deliver_as_service(EVENTBRIDGE, queue, json.dumps(event), source_arn=rule_arn, attributes=attributes)
