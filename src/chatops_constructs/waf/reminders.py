"""What has a function look whether the IP sets are right: a clock, and updates of the stack that the sets are in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import ArnFormat, Stack, Token
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler

from chatops_constructs._physical_name import described

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

EVERY_MINUTE = "rate(1 minute)"

# After these an IP set may have been updated in place.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-eventbridge.html
UPDATE_IS_OVER = (
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_FAILED",
)


def schedule_role(scope: Construct, function: lambda_.Function) -> iam.Role:
    """The role with which schedules invoke a function, and nothing else.

    Args:
        scope: The parent.
        function: The function.
    """
    # Against the confused deputy: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    role = iam.Role(
        scope,
        "ScheduleRole",
        assumed_by=iam.ServicePrincipal(
            "scheduler.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}}
        ),
        description=f"What the schedules of {described(scope)} may do",
    )
    # Not `grant_invoke`: that adds every version and alias of the function.
    iam.Grant.add_to_principal(grantee=role, actions=["lambda:InvokeFunction"], resource_arns=[function.function_arn])
    return role


def schedule(
    scope: Construct,
    id: str,
    *,
    function: lambda_.Function,
    role: iam.Role,
    told: Mapping[str, object],
    description: str,
    expression: str = EVERY_MINUTE,
    time_zone: str | None = None,
) -> scheduler.CfnSchedule:
    """A schedule that invokes a function.

    Args:
        scope: The parent.
        id: The id in `scope`.
        function: The function.
        role: From `schedule_role`.
        told: The event.
        description: What the schedule is good for.
        expression: When. Default: every minute.
        time_zone: Of the expression. Default: UTC.
    """
    return scheduler.CfnSchedule(
        scope,
        id,
        schedule_expression=expression,
        schedule_expression_timezone=time_zone,
        description=f"{description} of {described(scope)}",
        flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
        target=scheduler.CfnSchedule.TargetProperty(
            arn=function.function_arn,
            role_arn=role.role_arn,
            input=Stack.of(scope).to_json_string(dict(told)),
        ),
    )


def stack_updated_rule(
    scope: Construct, *, stack: Stack, function: lambda_.Function, told: Mapping[str, object]
) -> events.Rule:
    """A rule that invokes a function when an update of a stack of the same region is over.

    Args:
        scope: The parent.
        stack: The stack with the IP sets.
        function: The function.
        told: The event.
    """
    rule = events.Rule(
        scope,
        "StackUpdated",
        description=f"An update of the stack is over, which may have reset the IP sets of {described(scope)}",
        event_pattern=events.EventPattern(
            source=["aws.cloudformation"],
            detail_type=["CloudFormation Stack Status Change"],
            detail={"stack-id": _ids_of(stack, scope), "status-details": {"status": list(UPDATE_IS_OVER)}},
        ),
    )
    rule.add_target(targets.LambdaFunction(function, event=events.RuleTargetInput.from_object(dict(told))))
    return rule


def same_place(one: Stack, other: Stack) -> bool:
    """Whether two stacks of an account are in the same region, as far as that is known at synthesis."""
    return one.region == other.region or (Token.is_unresolved(one.region) and Token.is_unresolved(other.region))


def _ids_of(stack: Stack, scope: Construct) -> list[Any]:
    """Another stack by its name, so that neither holds the other one up; a nested one has its name later only."""
    if stack is Stack.of(scope) or Token.is_unresolved(stack.stack_name):
        return [stack.stack_id]
    beginning = Stack.of(scope).format_arn(
        service="cloudformation",
        resource="stack",
        resource_name=f"{stack.stack_name}/",
        arn_format=ArnFormat.SLASH_RESOURCE_NAME,
    )
    return [{"prefix": beginning}]
