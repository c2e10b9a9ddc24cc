"""The parts of a request that a statement can look at.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-fields-list.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.edge.oversize import Oversize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops_local.edge.web_request import WebRequest

BODY_BYTES = 16 * 1024
"""What WAF inspects of a body in front of CloudFront and API Gateway, unless the web ACL is set otherwise.

https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-setting-body-inspection-limit.html
"""


def values_of(field: Mapping[str, Any], request: WebRequest) -> list[bytes]:
    """The values of a field to match: none if the request does not have it.

    Raises:
        Oversize: if there is more than WAF inspects, and the field says what that means.
    """
    kind, settings = next(iter(field.items()))
    return FIELDS[kind](settings or {}, request)


def _header(settings: Mapping[str, Any], request: WebRequest) -> list[bytes]:
    value = request.header(settings["Name"])
    return [] if value is None else [value.encode("utf-8")]


def _query_argument(settings: Mapping[str, Any], request: WebRequest) -> list[bytes]:
    wanted = settings["Name"].lower()
    return [value.encode("utf-8") for name, value in request.query_arguments() if name.lower() == wanted]


def _all_query_arguments(_settings: Mapping[str, Any], request: WebRequest) -> list[bytes]:
    return [part.encode("utf-8") for argument in request.query_arguments() for part in argument]


def _body(settings: Mapping[str, Any], request: WebRequest) -> list[bytes]:
    handling = settings.get("OversizeHandling", "CONTINUE")
    if len(request.body) > BODY_BYTES and handling != "CONTINUE":
        raise Oversize(matches=handling == "MATCH")
    return [request.body[:BODY_BYTES]]


FIELDS: dict[str, Callable[[Mapping[str, Any], WebRequest], list[bytes]]] = {
    "SingleHeader": _header,
    "SingleQueryArgument": _query_argument,
    "AllQueryArguments": _all_query_arguments,
    "UriPath": lambda _settings, request: [request.path.encode("utf-8")],
    "QueryString": lambda _settings, request: [request.query.encode("utf-8")],
    "Method": lambda _settings, request: [request.method.encode("utf-8")],
    "Body": _body,
}
"""By the name that statements use. What is not here is refused."""
