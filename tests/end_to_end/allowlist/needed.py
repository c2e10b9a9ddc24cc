"""Some permissions of the app, by what their loss leads to; all of an allow-list's are tried by `make iam`."""

from __future__ import annotations

from tests.end_to_end.lacking import Lack

ADMINISTRATION = "/allow-list"
EVERYBODYS = "/allow-me"

_REGISTRAR, _PROJECTION = "AllowlistRegistrarRoleDefaultPolicy", "AllowlistProjectionFunctionRoleDefaultPolicy"

# By what is typed and fails then.
TO_ANSWER = {
    Lack(_REGISTRAR, "dynamodb:PutItem", "link"): EVERYBODYS,
    Lack(_REGISTRAR, "dynamodb:GetItem", "projection"): f"{ADMINISTRATION} list",
}
# By the request that fails then, with the link's token or the shared secret.
TO_REGISTER = {
    Lack(_REGISTRAR, "dynamodb:GetItem", "link"): ("GET", "/link", "link"),
    Lack(_REGISTRAR, "dynamodb:PutItem", "entry"): ("POST", "/registrations", "secret"),
}
TO_KNOW_THE_SECRET = Lack(_REGISTRAR, "ssm:GetParameter", "shared-secret")
TO_SIGN = Lack("DeveloperDefaultPolicy", "execute-api:Invoke", "<AllowlistIpv4Api>/$default/POST/iam/registrations")
TO_ADMINISTER = Lack("AdministratorDefaultPolicy", "lambda:InvokeFunction")
# Nobody new gets in, and the projection says why.
TO_FOLLOW = Lack("AllowlistProjectionFunctionRoleUpdateIpSets", "wafv2:ListIPSets")
# Who registered gets in; the projection says what it could not do besides.
TO_TIDY_UP = Lack(_PROJECTION, "dynamodb:DeleteItem")
TO_HEAR_OF_ENTRIES = Lack(_PROJECTION, "dynamodb:GetRecords")
TO_TICK = Lack("AllowlistProjectionScheduleRoleDefaultPolicy", "lambda:InvokeFunction")
TO_HEAR_OF_UPDATES = Lack(
    "AllowlistProjectionStackUpdatedAllowEventRuleAllowlistHereAllowlistProjectionFunctionA32084E9",
    "lambda:InvokeFunction",
)
