"""What rules and schedules start: with the rights of their roles, or by the permission of the function."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.authorization import Access, Principal, first_denial
from chatops_local.ministack.permissions.invoke_permission import service_may_invoke
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_invoke_target = private("services.eventbridge:_invoke_target", "target, event, rule, view")

_log = logging.getLogger(__name__)

TARGET_ACTIONS = {
    "lambda": "lambda:InvokeFunction",
    "states": "states:StartExecution",
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
    "events": "events:PutEvents",
}
"""What starting a target takes, by the service in its ARN."""


def apply() -> None:
    """Start only what may be started; the rest is logged, as AWS would only count it."""

    def permitted(original: Untyped) -> Untyped:
        def invoke_target(
            target: Mapping[str, Any], event: object, rule: Mapping[str, Any], view: object = None
        ) -> None:
            refusal = _refusal(target, rule)
            if refusal is None:
                original(target, event, rule, view)
            else:
                _log.warning("target %s was not started: %s", target.get("Arn"), refusal)

        return invoke_target

    _invoke_target.wrap(permitted)


def _refusal(target: Mapping[str, Any], rule: Mapping[str, Any]) -> str | None:
    arn = str(target.get("Arn", ""))
    _, _, service, region, *_ = arn.split(":")
    is_schedule = "Target" in rule
    if service == "lambda" and not is_schedule:
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
        source = f"{rule.get('Arn')}"
        return (
            None if service_may_invoke(arn, "events.amazonaws.com", source) else f"the function does not let {source}"
        )
    if service not in TARGET_ACTIONS:
        return f"targets of {service} are not emulated"
    role = target.get("RoleArn")
    if not role:
        return "it has no RoleArn"
    principal = Principal(role, "scheduler" if is_schedule else "events", region)
    return first_denial(principal, [Access(TARGET_ACTIONS[service], arn)])
