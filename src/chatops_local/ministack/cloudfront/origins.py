"""Origins that are APIs and function URLs of this cloud: reached as CloudFront reaches them.

For the origin the request comes from CloudFront, whose address is the source; the viewer's is in X-Forwarded-For.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
"""

from __future__ import annotations

import hashlib
import json
import re
from http.client import responses
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from chatops_local.ministack.permissions.invoke_permission import service_may_invoke_url
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_fetch_from_origin = private(
    "services.cloudfront:_fetch_from_origin",
    "origin, method, uri, query_string, headers, body, viewer_is_https, client_ip, viewer_xff, dist_arn",
)
_origin_request_headers = private(
    "services.cloudfront:_origin_request_headers", "origin, headers, client_ip, viewer_x_forwarded_for"
)
_multidict = private("services.cloudfront:_multidict_from_pairs", "pairs")
_OriginUnreachable = private("services.cloudfront:OriginUnreachable")
_access_controls = private("services.cloudfront:_oacs")
_handle_execute_api_request = private(
    "app:_handle_execute_api_request", "host, path, method, headers, body, query_params, raw_path, raw_query_string"
)
_handle_lambda_url_request = private(
    "app:_handle_lambda_url_request", "host, path, method, headers, body, query_params, source_ip"
)
_handle_function_url_request = private(
    "services.lambda_svc:handle_function_url_request",
    "url_id, method, path, headers, body, query_params, resolved, source_ip",
)
_resolve_function_url = private("services.lambda_svc:resolve_function_url", "url_id")
_client_ip = private("core.responses:_request_client_ip")

EDGE_ADDRESS = "130.176.0.7"
"""One of CloudFront's (https://ip-ranges.amazonaws.com/ip-ranges.json): what origins see as their client."""

_API = re.compile(r"[a-z0-9]+\.execute-api\.[a-z0-9-]+\.(?:amazonaws\.com|api\.aws)")
_FUNCTION_URL = re.compile(r"(?P<id>[a-z0-9]+)\.lambda-url\.[a-z0-9-]+\.on\.aws")
_WITH_BODY = ("POST", "PUT", "PATCH")
_PAYLOAD_HASH = "x-amz-content-sha256"


def apply() -> None:
    """Fetch from them without leaving the process."""
    _fetch_from_origin.wrap(_fetching_from_aws)


def _fetching_from_aws(original: Untyped) -> Untyped:
    async def fetch_from_origin(
        origin: Mapping[str, Any],
        method: str,
        uri: str,
        query_string: str,
        headers: Mapping[str, Any],
        body: bytes,
        viewer_is_https: bool,
        client_ip: str,
        viewer_xff: str,
        dist_arn: str,
    ) -> Untyped:
        host = origin["domain_name"].lower()
        if not (_API.fullmatch(host) or _FUNCTION_URL.fullmatch(host)):
            return await original(
                origin, method, uri, query_string, headers, body, viewer_is_https, client_ip, viewer_xff, dist_arn
            )
        if origin["protocol_policy"] == "http-only":
            raise _OriginUnreachable.get()(f"{host} does not answer HTTP")
        sent = _origin_request_headers.get()(origin, headers, client_ip, viewer_xff)
        request = _OriginRequest(
            host, method, origin["origin_path"] + uri, query_string, {k.lower(): v for k, v in sent.items()}, body
        )
        own = _client_ip.get()
        token = own.set(EDGE_ADDRESS)
        try:
            status, found, content = await request.send(_access_control(origin), dist_arn)
        finally:
            own.reset(token)
        pairs = [
            (name, each) for name, value in found.items() for each in (value if isinstance(value, list) else [value])
        ]
        return status, responses.get(status, ""), _multidict.get()(pairs), content

    return fetch_from_origin


class _OriginRequest:
    def __init__(self, host: str, method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> None:
        self._host = host
        self._method = method
        self._path = path
        self._query = query
        self._headers = headers
        self._body = body

    async def send(self, access_control: Mapping[str, Any] | None, distribution: str) -> Untyped:
        """Status, headers and body."""
        if self._headers.get("host", "").partition(":")[0].lower() != self._host:
            # As when a policy sends the viewer's Host on: neither an API nor a function URL knows that name.
            return 403, {"Content-Type": "application/json"}, b'{"message":"Forbidden"}'
        arguments = parse_qs(self._query, keep_blank_values=True)
        if _API.fullmatch(self._host):
            return await _handle_execute_api_request.get()(
                self._host, self._path, self._method, self._headers, self._body, arguments,
                raw_path=self._path, raw_query_string=self._query,
            )  # fmt: skip
        if access_control is None:
            return await _handle_lambda_url_request.get()(
                self._host, self._path, self._method, self._headers, self._body, arguments, source_ip=EDGE_ADDRESS
            )
        return await self._signed(distribution, arguments)

    async def _signed(self, distribution: str, arguments: Mapping[str, list[str]]) -> Untyped:
        """With an origin access control CloudFront signs, as a service that the function's policy has to let in.

        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
        """
        found = _FUNCTION_URL.fullmatch(self._host)
        resolved = _resolve_function_url.get()(found["id"]) if found else None
        if found is None or resolved is None:
            raise _OriginUnreachable.get()(f"{self._host} does not exist")
        refusal = self._refusal(resolved, distribution)
        if refusal is not None:
            return 403, {"Content-Type": "application/json"}, json.dumps({"Message": refusal}).encode()
        # The signature that CloudFront makes is not made here; that there is one is all that the handler looks at.
        headers = {**self._headers, "authorization": "AWS4-HMAC-SHA256 Credential=cloudfront"}
        return await _handle_function_url_request.get()(
            found["id"], self._method, self._path, headers, self._body, arguments,
            resolved=resolved, source_ip=EDGE_ADDRESS,
        )  # fmt: skip

    def _refusal(self, resolved: Untyped, distribution: str) -> str | None:
        account, region, name, qualifier, _ = resolved
        function = f"arn:aws:lambda:{region}:{account}:function:{name}{f':{qualifier}' if qualifier else ''}"
        if not service_may_invoke_url(function, "cloudfront.amazonaws.com", distribution):
            return "Forbidden"
        if self._method in _WITH_BODY and self._headers.get(_PAYLOAD_HASH) != hashlib.sha256(self._body).hexdigest():
            # "Lambda doesn't support unsigned payloads": the viewer has to send the hash of what it posts.
            return "The request signature we calculated does not match the signature you provided."
        return None


def _access_control(origin: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = _access_controls.get().get(origin.get("oac_id"))
    return found
