"""Whether the policy of a queue, a topic, a function or a key lets a service of AWS in, on behalf of a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.permissions.decisions import decided, deciding
from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.permissions.authorization import Access

_EvalContext = private("core.iam_evaluator:EvalContext")
_evaluate_resource_policy = private(
    "core.iam_evaluator:evaluate_resource_policy", "doc, ctx, service, named_only, direct_only"
)
_resource_policy = private("core.iam_evaluator:_resource_policy", "service, resource_arn")

SNS = "sns.amazonaws.com"
EVENTBRIDGE = "events.amazonaws.com"
CLOUDWATCH_ALARMS = "cloudwatch.amazonaws.com"
LAMBDA = "lambda.amazonaws.com"

_WITH_SOURCE_OWNER = frozenset({CLOUDWATCH_ALARMS})
"""Services that the default policy of a topic admits, since they say whose alarm it is.

An alarm of the same account needs no policy of the topic:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
EventBridge has to be admitted by name:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
"""


def service_denial(service: str, access: Access, source_arn: str) -> str | None:
    """Why the resource's own policy does not let a service in; None if it does.

    A service has no identity-based policy: a resource without a statement for it is closed to it.

    Args:
        service: the principal, such as ``sns.amazonaws.com``.
        access: what it does.
        source_arn: on whose behalf, such as a topic.
    """
    prefix = access.action.partition(":")[0]
    found = _resource_policy.get()(prefix, access.resource)
    if found is None:
        return f"{access.resource} does not exist"
    policy, _owner = found
    account = source_arn.split(":")[4]
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": account, **_lower(access.context)}
    if service in _WITH_SOURCE_OWNER:
        context["aws:sourceowner"] = account
    request = _EvalContext.get()(
        principal_arn=service,
        principal_type="Service",
        principal_account="",
        action=access.action,
        resource_arn=access.resource,
        region=access.resource.split(":")[3],
        secure_transport=True,
        service_context=context,
    )
    with deciding():
        decision: str = _evaluate_resource_policy.get()(policy, request, service=service).decision
        decided(allowed=decision == "Allow")
    if decision == "Allow":
        return None
    because = "with an explicit deny in" if decision == "Deny" else "because no statement allows it in"
    return (
        f"{service} is not authorized to perform: {access.action} on resource: {access.resource} {because} "
        f"its resource-based policy (aws:SourceArn {source_arn})"
    )


def _lower(context: Mapping[str, str]) -> dict[str, str]:
    return {key.lower(): value for key, value in context.items()}
