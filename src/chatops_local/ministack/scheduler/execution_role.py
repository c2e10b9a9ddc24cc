"""The role that Scheduler acts in.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
"""

from __future__ import annotations

from chatops_local.ministack.private import private

_roles = private("services.iam:_roles")
_EvalContext = private("core.iam_evaluator:EvalContext")
_evaluate_resource_policy = private(
    "core.iam_evaluator:evaluate_resource_policy", "doc, ctx, service, named_only, direct_only"
)

_SCHEDULER = "scheduler.amazonaws.com"


def can_be_assumed(role_arn: str, schedule_arn: str) -> bool:
    """Whether the role trusts Scheduler on behalf of a schedule.

    The source is the schedule's group, not the schedule:
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    """
    role = _roles.get().get(role_arn.rpartition("/")[2])
    if role is None:
        return False
    _, _, _, region, account, resource = schedule_arn.split(":")
    group = f"arn:aws:scheduler:{region}:{account}:schedule-group/{resource.split('/')[1]}"
    request = _EvalContext.get()(
        principal_arn=_SCHEDULER,
        principal_type="Service",
        principal_account=account,
        action="sts:AssumeRole",
        resource_arn="*",
        region=region,
        service_context={"aws:sourcearn": group, "aws:sourceaccount": account},
    )
    trust = role["AssumeRolePolicyDocument"]
    decision: str = _evaluate_resource_policy.get()(trust, request, service=_SCHEDULER).decision
    return decision == "Allow"
