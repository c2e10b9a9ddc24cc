"""Custom responses to blocked requests, and headers that rules insert into the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONTENT_TYPES = {"TEXT_PLAIN": "text/plain", "TEXT_HTML": "text/html", "APPLICATION_JSON": "application/json"}
_INSERTED_PREFIX = "x-amzn-waf-"
BODY_KEY = "CustomResponseBodyKey"


@dataclass(frozen=True)
class BlockResponse:
    """What a blocked viewer gets instead of the answer of CloudFront or API Gateway.

    https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-for-blocked-requests.html

    Args:
        status: the code.
        headers: names and values, the type of the content among them if there is a body.
        body: the content; empty if the response has none.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def custom_response(action: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The settings of the custom response of an action, if it blocks with one."""
    settings: Mapping[str, Any] | None = (action.get("Block") or {}).get("CustomResponse")
    return settings


def block_response(action: Mapping[str, Any], bodies: Mapping[str, Any]) -> BlockResponse | None:
    """What an action that blocks answers with.

    Args:
        action: the action, ``{"Block": …}``.
        bodies: the custom response bodies of the web ACL or rule group that the rule is in.

    Returns:
        ``None`` if the action has none: then the protected resource answers with 403.
    """
    settings = custom_response(action)
    if settings is None:
        return None
    headers = [(header["Name"], header["Value"]) for header in settings.get("ResponseHeaders", [])]
    key = settings.get(BODY_KEY)
    if key is None:
        return BlockResponse(int(settings["ResponseCode"]), tuple(headers), b"")
    body = bodies[key]
    # Without a charset: a page has to say itself that it is UTF-8.
    headers.append(("Content-Type", _CONTENT_TYPES[body["ContentType"]]))
    return BlockResponse(int(settings["ResponseCode"]), tuple(headers), body["Content"].encode("utf-8"))


def inserted_headers(action: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The headers that an Allow or Count action adds to the request, under WAF's prefix.

    https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-incoming-request.html
    """
    handling = action.get("CustomRequestHandling") or {}
    return [(_INSERTED_PREFIX + header["Name"], header["Value"]) for header in handling.get("InsertHeaders", [])]
