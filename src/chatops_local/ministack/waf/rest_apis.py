"""AWS WAF in front of stages of REST APIs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.edge.rule_set import Decision
    from chatops_local.ministack.waf.associations import Associations
    from chatops_local.ministack.waf.traffic import Traffic

_handle_execute_api_request = private(
    "app:_handle_execute_api_request", "host, path, method, headers, body, query_params, raw_path, raw_query_string"
)
_get_client_ip = private("core.responses:get_request_client_ip", "")

_HOST = re.compile(r"(?P<api>[a-z0-9]+)\.execute-api\.(?P<region>[a-z0-9-]+)\..+")


def apply(associations: Associations, traffic: Traffic) -> None:
    """Let the web ACL of a stage look at its requests first."""

    def protected(original: Untyped) -> Untyped:
        async def handle_execute_api_request(
            host: str,
            path: str,
            method: str,
            headers: Mapping[str, str],
            body: bytes,
            query_params: Any,  # noqa: ANN401 - MiniStack's
            raw_path: str | None = None,
            raw_query_string: str | None = None,
        ) -> Untyped:
            web_acl = _web_acl(host, path, associations)
            if web_acl is not None:
                source = str(_get_client_ip.get()())
                query = raw_query_string or ""
                decision = traffic.decide(web_acl, source, method, raw_path or path, query, headers, body)
                if not decision.allowed:
                    return _answer(decision)
                headers = {**headers, **dict(decision.inserted)}
            return await original(
                host, path, method, headers, body, query_params, raw_path=raw_path, raw_query_string=raw_query_string
            )

        return handle_execute_api_request

    _handle_execute_api_request.wrap(protected)


def _web_acl(host: str, path: str, associations: Associations) -> str | None:
    found = _HOST.fullmatch(host.partition(":")[0].lower())
    if found is None:
        return None
    stage = path.lstrip("/").partition("/")[0]
    return associations.arn_of(f"arn:aws:apigateway:{found['region']}::/restapis/{found['api']}/stages/{stage}")


def _answer(decision: Decision) -> Untyped:
    """The custom response, or that of the gateway response WAF_FILTERED.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
    """
    if decision.response is None:
        headers = {"Content-Type": "application/json", "x-amzn-ErrorType": "ForbiddenException"}
        return 403, headers, json.dumps({"message": "Forbidden"}).encode()
    return decision.response.status, dict(decision.response.headers), decision.response.body
