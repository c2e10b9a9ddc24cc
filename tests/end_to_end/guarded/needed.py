"""Every permission in the example's templates, by what its loss leads to."""

from __future__ import annotations

from tests.end_to_end.guarded.guarded_site import EDGE, OPS, SITE
from tests.end_to_end.guarded.permissions import Permission
from tests.end_to_end.telemetry import DELIVER_LOGS, DELIVER_TRACES

_SWITCH, _RUN_TIME = "MaintenanceRunTimeFunctionRoleUpdateIpSets", "MaintenanceRunTimeFunctionRoleDefaultPolicy"
_FUNCTION, _TABLE = "MaintenanceRunTimeFunction", "MaintenanceRunTimeTable"
_MACHINE, _RELAY = "SlackCommandsMaintenanceMachineRoleDefaultPolicy", "SlackCommandsMaintenanceRelay"
_DISPATCH = "SlackDispatchRoleDefaultPolicy"
_FROM_CLOUDFRONT = "SiteDistributionOrigin2Invoke{}ForGuardedSiteDistributionOrigin20FB8D346"

# Stored or looked up by no one: who typed the command is told, by the name of the permission.
TO_OBEY = [
    Permission(EDGE, _RUN_TIME, "dynamodb:GetItem", _TABLE),
    Permission(EDGE, _RUN_TIME, "dynamodb:PutItem", _TABLE),
    Permission(OPS, f"{_RELAY}RoleDefaultPolicy", "lambda:InvokeFunction", ""),
    Permission(OPS, _MACHINE, "lambda:InvokeFunction", _RELAY),
]
# Stored, and not followed: who typed the command is told so, the timer's failure has the name.
TO_FOLLOW = [
    Permission(EDGE, _SWITCH, "wafv2:ListIPSets", ""),
    Permission(EDGE, _SWITCH, "wafv2:GetIPSet", ""),
    Permission(EDGE, _SWITCH, "wafv2:UpdateIPSet", ""),
]
TO_TICK = Permission(EDGE, "MaintenanceRunTimeScheduleRoleDefaultPolicy", "lambda:InvokeFunction", _FUNCTION)
TO_HEAR_OF_UPDATES = Permission(
    EDGE,
    "MaintenanceRunTimeStackUpdatedAllowEventRuleGuardedSiteEdgeMaintenanceRunTimeFunctionF608D359",
    "lambda:InvokeFunction",
    _FUNCTION,
)
TO_LOG = [
    Permission(stack, policy, f"logs:{action}", log_group)
    for stack, policy, log_group in (
        (EDGE, _RUN_TIME, "MaintenanceRunTimeFunctionLogs"),
        (OPS, f"{_RELAY}RoleDefaultPolicy", f"{_RELAY}Logs"),
        (OPS, _DISPATCH, "SlackDispatchLogs"),
        (OPS, "SlackReportRoleDefaultPolicy", "SlackReportLogs"),
        (SITE, "HoursRoleDefaultPolicy", "HoursLogs"),
    )
    for action in ("CreateLogStream", "PutLogEvents")
]
TO_START = {
    f"/{command}": Permission(OPS, _DISPATCH, "states:StartExecution", f"SlackCommands{machine}Machine")
    for command, machine in (("maintenance on", "Maintenance"), ("allow-me", "AllowMe"))
}
# What the allow-list's own functions may do is tested in tests/end_to_end/allowlist.
TO_LET_IN = [
    Permission(OPS, "SlackCommandsAllowMeMachineRoleDefaultPolicy", "lambda:InvokeFunction", "AllowlistRegistrar")
]
TO_VERIFY = Permission(OPS, _DISPATCH, "ssm:GetParameters", "")
TO_KNOW_THE_OFF_SWITCH = Permission(OPS, _DISPATCH, "ssm:GetParameters", "SlackOffSwitch")
TO_REPORT = Permission(OPS, "SlackTellingPolicy", "lambda:InvokeFunction", "SlackReport")
TO_BE_REACHED = Permission(OPS, "SlackRouteIntegrationPermission", "lambda:InvokeFunction", "SlackDispatch")
# By the path of what viewers get 403 for then.
OF_CLOUDFRONT = {
    Permission(SITE, "SiteBucketPolicy", "s3:GetObject", "SiteBucket"): "/",
    # Without it S3 says of what is not there that it is forbidden.
    Permission(SITE, "SiteBucketPolicy", "s3:ListBucket", "SiteBucket"): "/nothing/",
    Permission(SITE, _FROM_CLOUDFRONT.format("FromApi"), "lambda:InvokeFunctionUrl", "HoursFunctionUrl"): "/api/hours",
    Permission(
        SITE, _FROM_CLOUDFRONT.format("FunctionFromCloudFront"), "lambda:InvokeFunction", "HoursFunctionUrl"
    ): "/api/hours",
}
AT_CREATION = [Permission(OPS, "ChatOpsTelemetryPolicy", action, "") for action in (*DELIVER_LOGS, *DELIVER_TRACES)]
TESTED = [
    *TO_OBEY,
    *TO_FOLLOW,
    TO_TICK,
    TO_HEAR_OF_UPDATES,
    *TO_LOG,
    *TO_START.values(),
    *TO_LET_IN,
    TO_VERIFY,
    TO_KNOW_THE_OFF_SWITCH,
    TO_REPORT,
    TO_BE_REACHED,
    *OF_CLOUDFRONT,
    *AT_CREATION,
]


def label(value: object) -> str:
    """A parameter in a test's name."""
    return f"{value.policy}.{value.action}" if isinstance(value, Permission) else str(value)
