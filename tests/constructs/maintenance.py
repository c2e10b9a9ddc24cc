"""Stacks with a WafMaintenanceSwitch."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_scheduler as scheduler

from chatops_constructs.waf.maintenance_switch import WafMaintenanceSwitch
from chatops_constructs.waf.switched_by import MaintenanceWindow
from chatops_constructs.waf.waf_scope import WafScope
from tests.constructs.stacks import Synthesised

ACCOUNT = "123456789012"
US = cdk.Environment(account=ACCOUNT, region="us-east-1")
TOKYO = cdk.Environment(account=ACCOUNT, region="ap-northeast-1")

PASSING = ["203.0.113.0/24", "2001:db8:0:7::/64"]

WINDOW = MaintenanceWindow(
    name="SundayNight",
    schedule=scheduler.ScheduleExpression.cron(week_day="SUN", hour="2", minute="0", time_zone=cdk.TimeZone.ASIA_TOKYO),
    duration=cdk.Duration.hours(1),
)


def new_stack(env: cdk.Environment | None = US) -> tuple[cdk.App, cdk.Stack]:
    app = cdk.App(analytics_reporting=False)
    return app, cdk.Stack(app, "Edge", env=env)


def switch(stack: cdk.Stack, id: str = "Maintenance", **options: Any) -> WafMaintenanceSwitch:
    return WafMaintenanceSwitch(stack, id, **{"waf_scope": WafScope.CLOUDFRONT, **options})


def template(**options: Any) -> Synthesised:
    app, stack = new_stack()
    _ = switch(stack, **options).web_acl
    return Synthesised.of(app, stack)
