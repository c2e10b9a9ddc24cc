"""Some permissions of the example, by what their loss leads to; all of them are tried by `make iam`."""

from __future__ import annotations

from tests.end_to_end.guarded.guarded_site import EDGE
from tests.end_to_end.lacking import Lack

_RELAY = "SlackCommandsMaintenanceRelay"

# Stored or looked up by no one: who typed the command is told, by the name of the permission. With the stack.
TO_OBEY = [
    (EDGE, Lack("MaintenanceRunTimeFunctionRoleDefaultPolicy", "dynamodb:PutItem")),
    ("GuardedSiteOps", Lack(f"{_RELAY}RoleDefaultPolicy", "lambda:InvokeFunction")),
]
# Stored, and not followed: who typed the command is told so, the timer's failure has the name.
TO_FOLLOW = Lack("MaintenanceRunTimeFunctionRoleUpdateIpSets", "wafv2:ListIPSets")
TO_TICK = Lack("MaintenanceRunTimeScheduleRoleDefaultPolicy", "lambda:InvokeFunction")
TO_HEAR_OF_UPDATES = Lack(
    "MaintenanceRunTimeStackUpdatedAllowEventRuleGuardedSiteEdgeMaintenanceRunTimeFunctionF608D359",
    "lambda:InvokeFunction",
)
# Without it S3 says of what is not there that it is forbidden.
TO_TELL_WHAT_IS_NOT_THERE = Lack("SiteBucketPolicy", "s3:ListBucket")
