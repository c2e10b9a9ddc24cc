"""Calls that functions make themselves: judged by the table where MiniStack does not know the resources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from chatops_local.ministack.permissions.table import UncheckableError, accesses_of, is_checkable
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator
    from chatops_local.ministack.permissions.authorization import Access
    from chatops_local.ministack.permissions.place import Place

_extract_resource_arn = private(
    "core.iam_actions:extract_resource_arn",
    "service, method, path, headers, body, query_params, region, account_id",
)
_access_denied_response = private(
    "core.iam_actions:access_denied_response",
    "service, action, principal_arn, request_id, error_code, message, headers, resource_arn, explicit_deny, "
    "resource_policy_arn",
)
_enforce = private(
    "core.iam_evaluator:enforce", "access_key_id, iam_action, service, region, resource_arn, service_context"
)
_AuthError = private("core.iam_evaluator:AuthError")
_credential_failure = private("app:_credential_failure", "service, iam_action, request_id, denied, headers")
_dispatch_service_request = private(
    "app:_dispatch_service_request", "method, path, headers, body, query_params, request_id"
)
_extract_region = private("core.router:extract_region", "headers, query_params")
_extract_access_key_id = private("core.router:extract_access_key_id", "headers, query_params")

_SERVICES = {
    "AmazonSSM": "ssm",
    "AWSStepFunctions": "states",
    "AWSWAF_20190729": "wafv2",
    "AmazonSQS": "sqs",
    "secretsmanager": "secretsmanager",
    "Logs_20140328": "logs",
    "CodePipeline_20150709": "codepipeline",
    "DynamoDB_20120810": "dynamodb",
}
"""The services whose resources MiniStack does not know well, by the prefix of their target header."""

_KEY_DENIED = {"sns": "KMSAccessDenied", "sqs": "KMS.AccessDeniedException"}
"""How services say that a key is closed: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors"""


def apply(emulator: Emulator) -> None:
    """Use the table for calls over HTTP."""
    place = emulator.place
    _extract_resource_arn.wrap(lambda original: _by_table(original, place))
    _dispatch_service_request.wrap(lambda original: _checking_every_access(original, place))


def _by_table(original: Untyped, place: Place) -> Untyped:
    def extract_resource_arn(
        service: str,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        query_params: Mapping[str, Any],
        region: str,
        account_id: str,
    ) -> str:
        _, accesses = _accesses(headers, body, place.at(region))
        if accesses:
            return accesses[0].resource
        arn: str = original(service, method, path, headers, body, query_params, region, account_id)
        qualifier = query_params.get("Qualifier") if service == "lambda" and path.endswith("/invocations") else None
        return f"{arn}:{qualifier[0]}" if qualifier else arn

    return extract_resource_arn


def _checking_every_access(original: Untyped, place: Place) -> Untyped:
    """MiniStack checks one resource; a request may need several, such as a document and instances with their tags."""

    async def dispatch_service_request(
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        query_params: Mapping[str, Any],
        request_id: str,
    ) -> Untyped:
        access_key_id = _extract_access_key_id.get()(headers, query_params)
        region = _extract_region.get()(headers, query_params)
        called, accesses = _accesses(headers, body, place.at(region))
        for access in accesses:
            service = access.action.partition(":")[0]
            denied = _enforce.get()(
                access_key_id,
                access.action,
                service,
                region,
                resource_arn=access.resource,
                service_context=dict(access.context),
            )
            if isinstance(denied, _AuthError.get()):
                # The signature is looked at once, so that this is the only place to refuse it.
                return _credential_failure.get()(service, access.action, request_id, denied, headers)
            if denied:
                return _access_denied_response.get()(
                    called,
                    access.action,
                    denied.principal_arn,
                    request_id,
                    error_code=_KEY_DENIED.get(called, "") if service == "kms" else "",
                    headers=headers,
                    resource_arn=access.resource,
                    explicit_deny=denied.decision == "Deny",
                )
        return await original(method, path, headers, body, query_params, request_id)

    return dispatch_service_request


def _accesses(headers: Mapping[str, str], body: bytes, place: Place) -> tuple[str, list[Access]]:
    """The service that is called, and what the request needs, if the table knows it."""
    prefix, _, operation = headers.get("x-amz-target", "").rpartition(".")
    service = _SERVICES.get(prefix)
    try:
        if service is None:
            service, operation, request = _query(headers, body)
        else:
            request = json.loads(body or b"{}")
        return service, accesses_of(service, operation, request, place) if is_checkable(service, operation) else []
    except (AttributeError, KeyError, TypeError, ValueError, UncheckableError):
        # The service refuses a malformed request by itself, and a role without a `*` has no right to it.
        return "", []


def _query(headers: Mapping[str, str], body: bytes) -> tuple[str, str, dict[str, str]]:
    """The request of a service that is not asked in JSON: of these, SNS and STS are in the table."""
    signed_for = headers.get("authorization", "")
    service = next((one for one in ("sns", "sts") if f"/{one}/aws4_request" in signed_for), None)
    if service is None:
        return "", "", {}
    request = dict(parse_qsl(body.decode(errors="replace")))
    return service, request.get("Action", ""), request
