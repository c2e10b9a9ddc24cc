"""A switch with all that can be said about it."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk.aws_scheduler import ScheduleExpression

from chatops_constructs import (
    IpSetAddresses,
    IpSetPair,
    MaintenancePage,
    MaintenanceWindow,
    SwitchedBy,
    WafMaintenanceSwitch,
    WafScope,
)

SUNDAY_NIGHT = MaintenanceWindow(
    name="SundayNight",
    schedule=ScheduleExpression.cron(week_day="SUN", hour="2", minute="0", time_zone=cdk.TimeZone.ASIA_TOKYO),
    duration=cdk.Duration.hours(1),
)

app = cdk.App()
stack = cdk.Stack(app, "Edge")
key = kms.Key(stack, "Key", enable_key_rotation=True)
developers = IpSetPair(stack, "Developers", waf_scope=WafScope.REGIONAL, addresses=IpSetAddresses.at_run_time())
maintenance = WafMaintenanceSwitch(
    stack,
    "Maintenance",
    waf_scope=WafScope.REGIONAL,
    pass_through=["192.0.2.0/24", "2001:db8:0:7::/64"],
    allow=[developers],
    switched_by=SwitchedBy.run_time(windows=[SUNDAY_NIGHT], alarm_if_on_longer_than=cdk.Duration.hours(2)),
    page=MaintenancePage.standard(service="Corner shop"),
    json_body={"error": "maintenance"},
    json_paths=["/api/"],
    retry_after=cdk.Duration.minutes(10),
    forwarded_ip_header="X-Forwarded-For",
    encryption_key=key,
    log_group=logs.LogGroup(stack, "Logs", retention=logs.RetentionDays.ONE_YEAR, encryption_key=key),
)
cdk.CfnOutput(stack, "WebAcl", value=maintenance.web_acl.attr_arn)
app.synth()
