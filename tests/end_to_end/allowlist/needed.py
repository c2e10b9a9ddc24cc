"""Every permission in the app's templates, by what its loss leads to."""

from __future__ import annotations

from tests.end_to_end.allowlist.allowlisted_site import HERE, OPS
from tests.end_to_end.allowlist.permissions import Permission
from tests.end_to_end.telemetry import DELIVER_LOGS, DELIVER_TRACES

ADMINISTRATION = "/allow-list"
EVERYBODYS = "/allow-me"

_TABLE, _REGISTRAR, _PROJECTION = "AllowlistTable", "AllowlistRegistrar", "AllowlistProjectionFunction"
_MACHINE = "SlackCommands{}MachineRoleDefaultPolicy"
_DISPATCH = "SlackDispatchRoleDefaultPolicy"
_SETS = [f"AllowlistEdge_Registered_9F2FA681_Ipv{version}" for version in (4, 6)]
_API_PERMISSION = (
    "Allowlist{0}OpenRoutesGetPageApiPermissionApiScopedAllowlistOpsAllowlistRegistrarD045CA3BAllowlistOpsAllowlist{1}"
)


def _of_registrar(action: str, kind: str) -> Permission:
    return Permission(OPS, f"{_REGISTRAR}RoleDefaultPolicy", f"dynamodb:{action}", _TABLE, kind)


def _of_projection(action: str, kind: str = "") -> Permission:
    return Permission(OPS, f"{_PROJECTION}RoleDefaultPolicy", f"dynamodb:{action}", _TABLE, kind)


# By what is typed and fails then.
TO_ANSWER = {
    _of_registrar("GetItem", "entry"): f"{EVERYBODYS} list",
    _of_registrar("PutItem", "link"): EVERYBODYS,
    _of_registrar("GetItem", "projection"): f"{ADMINISTRATION} list",
    _of_registrar("Query", "entry"): f"{ADMINISTRATION} list",
    _of_registrar("Query", "link"): f"{ADMINISTRATION} revoke slack:U012ALICE",
    Permission(OPS, _MACHINE.format("AllowMe"), "lambda:InvokeFunction", _REGISTRAR): EVERYBODYS,
    Permission(OPS, _MACHINE.format("AllowList"), "lambda:InvokeFunction", _REGISTRAR): ADMINISTRATION,
}
# By the request that fails then, with the link's token or the shared secret.
TO_REGISTER = {
    _of_registrar("GetItem", "link"): ("GET", "/link", "link"),
    _of_registrar("UpdateItem", "link"): ("POST", "/seen", "link"),
    _of_registrar("PutItem", "entry"): ("POST", "/registrations", "secret"),
    _of_registrar("UpdateItem", "count"): ("POST", "/registrations", "secret"),
}
TO_KNOW_THE_SECRET = Permission(
    OPS, f"{_REGISTRAR}RoleDefaultPolicy", "ssm:GetParameter", "", "/allowlist-end-to-end/shared-secret"
)
# By the family of the host that answers nobody then.
TO_BE_REACHED_OVER = {
    6: Permission(
        OPS, _API_PERMISSION.format("DualStack", "DualStackApi4E592699"), "lambda:InvokeFunction", _REGISTRAR
    ),
    4: Permission(OPS, _API_PERMISSION.format("Ipv4", "Ipv4Api01317121"), "lambda:InvokeFunction", _REGISTRAR),
}
TO_SIGN = [
    Permission(OPS, "DeveloperDefaultPolicy", "execute-api:Invoke", api, f"{method}/iam/registrations")
    for api in ("AllowlistDualStackApi", "AllowlistIpv4Api")
    for method in ("GET", "POST", "DELETE")
]
TO_ADMINISTER = Permission(OPS, "AdministratorDefaultPolicy", "lambda:InvokeFunction", "")
# Nobody new gets in, and the projection says why.
TO_FOLLOW = [
    _of_projection("Query", "entry"),
    _of_projection("GetItem", "count"),
    _of_projection("GetItem", "projection"),
    Permission(OPS, f"{_PROJECTION}RoleUpdateIpSets", "wafv2:ListIPSets", ""),
    *(
        Permission(OPS, f"{_PROJECTION}RoleUpdateIpSets", f"wafv2:{action}IPSet", "", ip_set)
        for action in ("Get", "Update")
        for ip_set in _SETS
    ),
]
# Who registered gets in; the projection says what it could not do besides.
TO_TIDY_UP = [
    _of_projection("UpdateItem", "projection"),
    _of_projection("UpdateItem", "count"),
    _of_projection("DeleteItem", "entry"),
]
TO_HEAR_OF_ENTRIES = [
    _of_projection(action) for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
]
TO_TICK = Permission(OPS, "AllowlistProjectionScheduleRoleDefaultPolicy", "lambda:InvokeFunction", _PROJECTION)
TO_HEAR_OF_UPDATES = Permission(
    HERE,
    "AllowlistProjectionStackUpdatedAllowEventRuleAllowlistHereAllowlistProjectionFunctionA32084E9",
    "lambda:InvokeFunction",
    _PROJECTION,
)
TO_LOG = [
    Permission(OPS, policy, f"logs:{action}", log_group)
    for policy, log_group in (
        (f"{_REGISTRAR}RoleDefaultPolicy", f"{_REGISTRAR}Logs"),
        (f"{_PROJECTION}RoleDefaultPolicy", f"{_PROJECTION}Logs"),
        (_DISPATCH, "SlackDispatchLogs"),
        ("SlackReportRoleDefaultPolicy", "SlackReportLogs"),
    )
    for action in ("CreateLogStream", "PutLogEvents")
]
# By the command that cannot be started, or be answered, then.
TO_START = {
    EVERYBODYS: Permission(OPS, _DISPATCH, "states:StartExecution", "SlackCommandsAllowMeMachine"),
    ADMINISTRATION: Permission(OPS, _DISPATCH, "states:StartExecution", "SlackCommandsAllowListMachine"),
}
TO_REPORT = Permission(OPS, "SlackTellingPolicy", "lambda:InvokeFunction", "SlackReport")
TO_VERIFY = Permission(OPS, _DISPATCH, "ssm:GetParameters", "", "/allowlist-end-to-end/slack-signing-secret")
TO_KNOW_THE_OFF_SWITCH = Permission(OPS, _DISPATCH, "ssm:GetParameters", "SlackOffSwitch")
TO_BE_TYPED = Permission(OPS, "SlackRouteIntegrationPermission", "lambda:InvokeFunction", "SlackDispatch")
AT_CREATION = [Permission(OPS, "ChatOpsTelemetryPolicy", action, "") for action in (*DELIVER_LOGS, *DELIVER_TRACES)]
TESTED = [
    *TO_ANSWER,
    *TO_REGISTER,
    TO_KNOW_THE_SECRET,
    *TO_BE_REACHED_OVER.values(),
    *TO_SIGN,
    TO_ADMINISTER,
    *TO_FOLLOW,
    *TO_TIDY_UP,
    *TO_HEAR_OF_ENTRIES,
    TO_TICK,
    TO_HEAR_OF_UPDATES,
    *TO_LOG,
    *TO_START.values(),
    TO_REPORT,
    TO_VERIFY,
    TO_KNOW_THE_OFF_SWITCH,
    TO_BE_TYPED,
    *AT_CREATION,
]


def label(value: object) -> str:
    """A parameter in a test's name."""
    if not isinstance(value, Permission):
        return str(value)
    return ".".join(filter(None, (value.policy[:40], value.action, value.resource, value.only.rpartition("_")[2])))
