"""Routes of HTTP APIs with IAM authorization: the signature, and ``execute-api:Invoke`` on the route.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_enforce_execute_api = private(
    "app:_enforce_execute_api", "api_id, stage, method, execute_path, headers, query_params, iam_action"
)
_find_api_scope = private("services.apigateway:find_api_scope", "api_id")
_route_authorization_type = private("services.apigateway:route_authorization_type", "api_id, stage, method, path")
_iam_caller_identity = private("services.apigateway:_iam_caller_identity_v2", "headers, query_params")
_execute_api_arn = private("core.arn:execute_api_arn", "region, account_id, api_id, stage, method, path")
_extract_access_key_id = private("core.router:extract_access_key_id", "headers, query_params")
_enforce = private(
    "core.iam_evaluator:enforce", "access_key_id, iam_action, service, region, resource_arn, service_context"
)

_FORBIDDEN = 403, {"Content-Type": "application/json"}, b'{"message":"Forbidden"}'
"""Whatever is wrong, a signature or a policy, is not told."""

INVOKE = "execute-api:Invoke"

_SCOPE = re.compile(r"^AWS4-HMAC-SHA256 .*Credential=[^/]+/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request\b")


def apply(_emulator: Emulator) -> None:
    """Take the place of MiniStack's check for HTTP APIs."""
    _enforce_execute_api.wrap(_for_http_apis)
    _iam_caller_identity.wrap(_as_in_payloads)


def _for_http_apis(original: Untyped) -> Untyped:
    def enforce_execute_api(
        api_id: str,
        stage: str,
        method: str,
        execute_path: str,
        headers: Mapping[str, str],
        query_params: Mapping[str, Any],
        iam_action: str = INVOKE,
    ) -> Untyped:
        scope = _find_api_scope.get()(api_id)
        if scope is None or iam_action != INVOKE:
            return original(api_id, stage, method, execute_path, headers, query_params, iam_action=iam_action)
        if _route_authorization_type.get()(api_id, stage, method, execute_path) != "AWS_IAM":
            # Who signs a request to an open route is not looked at; a path without a route is not found by anybody.
            return None
        account, region = scope
        signed = _SCOPE.match(headers.get("authorization", ""))
        if signed is None or (signed["region"], signed["service"]) != (region, "execute-api"):
            return _FORBIDDEN
        arn = _execute_api_arn.get()(region, account, api_id, stage, method, execute_path)
        key = _extract_access_key_id.get()(headers, query_params)
        denied = _enforce.get()(key, INVOKE, "apigateway", region, resource_arn=arn, service_context=None)
        return _FORBIDDEN if denied else None

    return enforce_execute_api


def _as_in_payloads(original: Untyped) -> Untyped:
    """With ``cognitoIdentity``, which is null for callers without one, and without an organisation, which there is not.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """

    def iam_caller_identity(headers: Mapping[str, str], query_params: Mapping[str, Any]) -> dict[str, Any] | None:
        found: dict[str, Any] | None = original(headers, query_params)
        return found and {"cognitoIdentity": None, **found}

    return iam_caller_identity
