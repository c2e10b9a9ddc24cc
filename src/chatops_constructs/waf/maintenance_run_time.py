"""What switches at run time: a stored state, the function that keeps the IP sets in line with it, and its clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import ArnFormat, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from chatops_constructs._physical_name import described, physical_name
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_constructs.run_command.run_overlap import USE_OF_KEY
from chatops_runtime.contracts import maintenance as contract

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs

    from chatops_constructs.waf.ip_set_pair import IpSetPair
    from chatops_constructs.waf.switched_by import MaintenanceWindow, SwitchedBy

# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
LONGEST_FUNCTION_NAME = 64
TIMEOUT = Duration.minutes(1)
EVERY_MINUTE = "rate(1 minute)"
# A minute late, and twice more: the site may open within a minute of its planned end.
OVERDUE_MINUTES = 3

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


class MaintenanceRunTime(Construct):
    """The function and what it needs; made by `WafMaintenanceSwitch`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pair: IpSetPair,
        switched_by: SwitchedBy,
        encryption_key: kms.IKey | None,
        log_group: logs.ILogGroup | None,
    ) -> None:
        """Create the table, the function, its clock and its alarm.

        Args:
            scope: The switch.
            id: The id in `scope`.
            pair: The IP sets that the function keeps.
            switched_by: The plans.
            encryption_key: Encrypts the table and the own log group. None: keys that AWS owns.
            log_group: For the function. None: an own one.
        """
        super().__init__(scope, id)
        self._pair = pair
        self._name = physical_name(scope, longest=LONGEST_FUNCTION_NAME)
        self._encryption_key = encryption_key
        self.table = self._create_table()
        self.function = self._create_function(switched_by, log_group)
        self._schedule_role = self._create_schedule_role()
        self.timer = self._schedule("Timer", EVERY_MINUTE, None, {"kind": contract.TIMER}, "Keeps the switch")
        self.window_schedules = {window.name: self._window(window) for window in switched_by.windows}
        self.stack_rule = self._create_stack_rule()
        self.on_metric = self._metric(contract.METRIC_ON)
        self.overdue_alarm = self._create_overdue_alarm()

    @property
    def function_arn(self) -> str:
        """The function's ARN in plain words, for other stacks and regions."""
        return Stack.of(self).format_arn(
            service="lambda", resource="function", resource_name=self._name, arn_format=ArnFormat.COLON_RESOURCE_NAME
        )

    def _create_table(self) -> dynamodb.Table:
        return dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name=contract.KEY, type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            # It belongs to the IP sets, and goes with them.
            removal_policy=RemovalPolicy.DESTROY,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED if self._encryption_key else None,
            encryption_key=self._encryption_key,
        )

    def _create_function(self, switched_by: SwitchedBy, log_group: logs.ILogGroup | None) -> lambda_.Function:
        function = RuntimeFunction(
            self,
            "Function",
            handler="chatops_runtime.maintenance.handler.handler",
            description="closes and opens a site for maintenance",
            memory_size=256,
            timeout=TIMEOUT,
            environment={
                contract.SWITCH_NAME: self._name,
                contract.TABLE: self.table.table_name,
                contract.IP_SETS: self._pair.names_for(self),
                contract.LONGEST_PLANNED_SECONDS: f"{switched_by.longest_without_end.to_seconds():.0f}",
            },
            log_group=log_group,
            encryption_key=self._encryption_key,
        )
        # A name that other regions know without a reference.
        cast("lambda_.CfnFunction", function.node.default_child).function_name = self._name
        self._pair.grant_update(cast("iam.Role", function.role))
        self._allow(function, "KeepState", ["dynamodb:GetItem", "dynamodb:PutItem"], self.table.table_arn)
        if self._encryption_key is not None:
            via = {"StringEquals": {"kms:ViaService": f"dynamodb.{Stack.of(self).region}.amazonaws.com"}}
            self._allow(function, "UseKeyOfTable", list(USE_OF_KEY), self._encryption_key.key_arn, via)
        return function

    @staticmethod
    def _allow(
        function: lambda_.Function,
        sid: str,
        actions: list[str],
        resource: str,
        conditions: Mapping[str, object] | None = None,
    ) -> None:
        function.add_to_role_policy(
            iam.PolicyStatement(sid=sid, actions=actions, resources=[resource], conditions=conditions)
        )

    def _create_schedule_role(self) -> iam.Role:
        # Against the confused deputy: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
        role = iam.Role(
            self,
            "ScheduleRole",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
            ),
            description=f"What the schedules of {described(self)} may do",
        )
        # Not `grant_invoke`: that adds every version and alias of the function.
        iam.Grant.add_to_principal(
            grantee=role, actions=["lambda:InvokeFunction"], resource_arns=[self.function.function_arn]
        )
        return role

    def _window(self, window: MaintenanceWindow) -> scheduler.CfnSchedule:
        told = {
            "kind": contract.WINDOW,
            "window": window.name,
            "scheduled_at": scheduler.ContextAttribute.scheduled_time,
            "seconds": int(window.duration.to_seconds()),
        }
        zone = window.schedule.time_zone
        return self._schedule(
            f"Window{window.name}",
            window.schedule.expression_string,
            zone.timezone_name if zone else None,
            told,
            f"Begins the maintenance window {window.name}",
        )

    def _schedule(
        self, id: str, expression: str, time_zone: str | None, told: dict[str, object], description: str
    ) -> scheduler.CfnSchedule:
        return scheduler.CfnSchedule(
            self,
            id,
            schedule_expression=expression,
            schedule_expression_timezone=time_zone,
            description=f"{description} of {described(self)}",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=self.function.function_arn,
                role_arn=self._schedule_role.role_arn,
                input=Stack.of(self).to_json_string({"version": contract.VERSION, **told}),
            ),
        )

    def _create_stack_rule(self) -> events.Rule:
        stack = Stack.of(self)
        rule = events.Rule(
            self,
            "StackUpdated",
            description=f"An update of the stack is over, which may have reset the IP sets of {described(self)}",
            event_pattern=events.EventPattern(
                source=["aws.cloudformation"],
                detail_type=["CloudFormation Stack Status Change"],
                detail={"stack-id": [stack.stack_id], "status-details": {"status": list(UPDATE_IS_OVER)}},
            ),
        )
        told = {"version": contract.VERSION, "kind": contract.STACK}
        rule.add_target(targets.LambdaFunction(self.function, event=events.RuleTargetInput.from_object(told)))
        return rule

    def _metric(self, name: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=contract.NAMESPACE,
            metric_name=name,
            dimensions_map={contract.DIMENSION: self._name},
            period=Duration.minutes(1),
            statistic=cloudwatch.Stats.MAXIMUM,
        )

    def _create_overdue_alarm(self) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            "OverdueAlarm",
            metric=self._metric(contract.METRIC_OVERDUE),
            threshold=1,
            evaluation_periods=OVERDUE_MINUTES,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            # Without data the function does not run: neither good nor, right after the deployment, bad.
            treat_missing_data=cloudwatch.TreatMissingData.MISSING,
            alarm_description=(
                f"The maintenance of {self.node.path} takes longer than planned, or its end has not reached AWS WAF. "
                "The status and the log of the function say more"
            ),
        )
