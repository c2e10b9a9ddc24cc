"""What switches at run time: a stored state, the function that keeps the IP sets in line with it, and its clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from chatops_constructs._own_table import allow_use_of_key, own_table
from chatops_constructs._physical_name import physical_name
from chatops_constructs.actions.function_elsewhere import FunctionElsewhere
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_constructs.waf.keeper import Keeper
from chatops_constructs.waf.minute_metric import alarm_if_one, minute_metric
from chatops_constructs.waf.reminders import schedule, schedule_role, stack_updated_rule
from chatops_runtime.contracts import maintenance as contract

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs

    from chatops_constructs.actions.action import Action
    from chatops_constructs.waf.ip_set_pair import IpSetPair
    from chatops_constructs.waf.switched_by import MaintenanceWindow, SwitchedBy

# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
LONGEST_FUNCTION_NAME = 64
TIMEOUT = Duration.minutes(1)
# A minute late, and twice more: the site may open within a minute of its planned end.
OVERDUE_MINUTES = 3


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
        Keeper(pair, self)
        self._pair = pair
        self._name = physical_name(scope, longest=LONGEST_FUNCTION_NAME)
        self._encryption_key = encryption_key
        self.table = own_table(self, "Table", partition_key=contract.KEY, encryption_key=encryption_key)
        self.function = self._create_function(switched_by, log_group)
        self._schedule_role = schedule_role(self, self.function)
        self.timer = schedule(
            self,
            "Timer",
            function=self.function,
            role=self._schedule_role,
            told={"version": contract.VERSION, "kind": contract.TIMER},
            description="Keeps the switch",
        )
        self.window_schedules = {window.name: self._window(window) for window in switched_by.windows}
        self.stack_rule = stack_updated_rule(
            self,
            stack=Stack.of(self),
            function=self.function,
            told={"version": contract.VERSION, "kind": contract.STACK},
        )
        self.on_metric = self._metric(contract.METRIC_ON)
        self.overdue_alarm = self._create_overdue_alarm()

    def slack_action(self) -> Action:
        """Usage: `on [for 30m] [reason…] | off | status`."""
        return FunctionElsewhere(self.function, name=self._name, purpose="the maintenance switch", sid="InvokeSwitch")

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
        function.add_to_role_policy(
            iam.PolicyStatement(
                sid="KeepState", actions=["dynamodb:GetItem", "dynamodb:PutItem"], resources=[self.table.table_arn]
            )
        )
        allow_use_of_key(function, self._encryption_key)
        return function

    def _window(self, window: MaintenanceWindow) -> scheduler.CfnSchedule:
        zone = window.schedule.time_zone
        return schedule(
            self,
            f"Window{window.name}",
            function=self.function,
            role=self._schedule_role,
            told={
                "version": contract.VERSION,
                "kind": contract.WINDOW,
                "window": window.name,
                "scheduled_at": scheduler.ContextAttribute.scheduled_time,
                "seconds": int(window.duration.to_seconds()),
            },
            description=f"Begins the maintenance window {window.name}",
            expression=window.schedule.expression_string,
            time_zone=zone.timezone_name if zone else None,
        )

    def _metric(self, name: str) -> cloudwatch.Metric:
        return minute_metric(namespace=contract.NAMESPACE, name=name, dimension=contract.DIMENSION, of=self._name)

    def _create_overdue_alarm(self) -> cloudwatch.Alarm:
        return alarm_if_one(
            self,
            "OverdueAlarm",
            metric=self._metric(contract.METRIC_OVERDUE),
            minutes=OVERDUE_MINUTES,
            why=(
                f"The maintenance of {self.node.path} takes longer than planned, or its end has not reached AWS WAF. "
                "The status and the log of the function say more"
            ),
        )
