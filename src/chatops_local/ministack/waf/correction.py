"""Puts our AWS WAF in the place of MiniStack's."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from chatops_local.ministack.cloudfront.distributions import web_acls_in_use
from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.waf import resources, rest_apis
from chatops_local.ministack.waf.errors import STATUS_OF_SERVER_ERRORS, WafError
from chatops_local.ministack.waf.faults import Faults
from chatops_local.ministack.waf.service import Waf
from chatops_local.ministack.waf.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_handle_request = private("services.waf:handle_request", "method, path, headers, body, query_params")
_get_region = private("core.responses:get_region", "")
_json_response = private("core.responses:json_response", "data, status, content_type")
_error_response = private(
    "core.responses:error_response_json", "code, message, status, extra, message_key, content_type"
)
_sdk_services = private("services.stepfunctions:_AWS_SDK_SERVICE_MAP")
_error_prefixes = private("services.stepfunctions:_AWS_SDK_ERROR_PREFIX")

_TARGET = "AWSWAF_20190729"


def apply(emulator: Emulator) -> None:
    """Start AWS WAF, let templates have its types, and let state machines call it."""
    faults = Faults(emulator.settings.time_scale)
    faults.apply(emulator)
    waf = Waf(emulator.account, faults, web_acls_in_use)
    traffic = Traffic(waf.entities, emulator.settings.time_scale)
    traffic.apply(emulator)
    emulator.waf, emulator.traffic = waf, traffic
    resources.apply(waf)
    rest_apis.apply(waf.associations, traffic)
    _handle_request.wrap(lambda _original: _answering(waf))
    _sdk_services.get()["wafv2"] = {"target_prefix": _TARGET, "protocol": "json"}
    _error_prefixes.get()["wafv2"] = "Wafv2"


def _answering(waf: Waf) -> Untyped:
    async def handle_request(
        method: str,  # noqa: ARG001 - the signature is MiniStack's
        path: str,  # noqa: ARG001
        headers: Mapping[str, str],
        body: bytes,
        query_params: object,  # noqa: ARG001
    ) -> Untyped:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        return await asyncio.to_thread(_answer, waf, operation, body, _get_region.get()())

    return handle_request


def _answer(waf: Waf, operation: str, body: bytes, region: str) -> Untyped:
    try:
        return _json_response.get()(waf.call(operation, json.loads(body or b"{}"), region))
    except WafError as error:
        status = STATUS_OF_SERVER_ERRORS.get(error.code, 400)
        return _error_response.get()(error.code, error.message, status)
