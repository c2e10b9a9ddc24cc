"""What the rules of a rule group or a web ACL have to satisfy before they are kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.edge.capacity import capacity_of
from chatops_local.edge.responses import BODY_KEY, custom_response
from chatops_local.edge.supported import problems_of_rules
from chatops_local.ministack.waf.errors import WafError, invalid_parameter, limit_exceeded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chatops_local.ministack.waf.entities import Entities

MAXIMUM_BODY_BYTES = 4 * 1024
MAXIMUM_BODIES = 50
MAXIMUM_BODIES_BYTES = 50 * 1024
MAXIMUM_HEADERS = 10
MAXIMUM_HEADERS_IN_ALL = 100
"""https://docs.aws.amazon.com/waf/latest/developerguide/limits.html"""

RESPONSE_CODES = frozenset(
    {
        *(200, 201, 202, 204, 206),
        *(300, 301, 302, 303, 304, 307, 308),
        *(400, 401, 403, 404, 405, 408, 409, 411, 412, 413, 414, 415, 416, 421, 429),
        *(500, 501, 502, 503, 504, 505),
    }
)
"""https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-status-codes.html"""


def check_rules(request: Mapping[str, Any], entities: Entities, scope: str) -> int:
    """Refuse rules that AWS WAF refuses, and what is not evaluated here.

    Args:
        request: with ``Rules``, ``CustomResponseBodies`` and, of a web ACL, ``DefaultAction``.
        entities: what rules can refer to.
        scope: that of the rule group or web ACL.

    Returns:
        The capacity that the rules take.

    Raises:
        WafError: with the first reason.
    """
    rules = request.get("Rules", [])
    # Those in a template have been looked at by the guard, with those that are to be left out.
    for problem in problems_of_rules(rules, ignored=_managed_groups(rules)):
        raise WafError("WAFInvalidOperationException", f"{problem} in the local cloud")
    _check_unique(rules)
    _check_bodies(request.get("CustomResponseBodies", {}))
    _check_responses([*(_actions(rules)), request.get("DefaultAction", {})], request.get("CustomResponseBodies", {}))
    for arn in referenced(rules):
        if entities.by_arn(arn).scope != scope:
            raise invalid_parameter("The scope of the entity is another one.", "ARN", arn)
    return capacity_of(rules, lambda arn: int(entities.by_arn(arn).content["Capacity"]))


def referenced(rules: Iterable[Mapping[str, Any]]) -> set[str]:
    """The ARNs of the IP sets and rule groups that rules refer to."""
    return {arn for rule in rules for arn in _arns(rule["Statement"])}


def _arns(value: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a statement
    if isinstance(value, dict):
        yield from (item for name, item in value.items() if name == "ARN")
        for item in value.values():
            yield from _arns(item)
    elif isinstance(value, list):
        for item in value:
            yield from _arns(item)


def _managed_groups(rules: Iterable[Mapping[str, Any]]) -> list[str]:
    groups = [rule["Statement"].get("ManagedRuleGroupStatement") for rule in rules]
    return [f"{group['VendorName']}/{group['Name']}" for group in groups if group]


def _actions(rules: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [rule["Action"] for rule in rules if "Action" in rule]


def _check_unique(rules: Iterable[Mapping[str, Any]]) -> None:
    for member, field in (("Name", "RULE_NAME"), ("Priority", "PRIORITY")):
        seen: set[Any] = set()
        for rule in rules:
            if rule[member] in seen:
                raise invalid_parameter(f"The {member.lower()} is used by another rule.", field, str(rule[member]))
            seen.add(rule[member])


def _check_bodies(bodies: Mapping[str, Mapping[str, str]]) -> None:
    sizes = {key: len(body["Content"].encode("utf-8")) for key, body in bodies.items()}
    for key, size in sizes.items():
        if size > MAXIMUM_BODY_BYTES:
            raise limit_exceeded(f"custom response body {key} has {size} bytes, at most {MAXIMUM_BODY_BYTES} allowed")
        if bodies[key]["ContentType"] == "APPLICATION_JSON" and not _is_json(bodies[key]["Content"]):
            raise invalid_parameter("The content is not valid JSON.", "CUSTOM_RESPONSE_BODY", key)
    if len(bodies) > MAXIMUM_BODIES or sum(sizes.values()) > MAXIMUM_BODIES_BYTES:
        raise limit_exceeded(f"{len(bodies)} custom response bodies with {sum(sizes.values())} bytes")


def _is_json(content: str) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


def _check_responses(actions: Iterable[Mapping[str, Any]], bodies: Mapping[str, Any]) -> None:
    responses = [response for response in map(custom_response, actions) if response is not None]
    if sum(len(response.get("ResponseHeaders", [])) for response in responses) > MAXIMUM_HEADERS_IN_ALL:
        raise limit_exceeded(f"more than {MAXIMUM_HEADERS_IN_ALL} custom headers")
    for response in responses:
        code = int(response["ResponseCode"])
        if code not in RESPONSE_CODES:
            raise invalid_parameter("The response code is not supported.", "CUSTOM_RESPONSE_STATUS_CODE", str(code))
        key = response.get(BODY_KEY)
        if key is not None and key not in bodies:
            raise invalid_parameter("There is no such custom response body.", "CUSTOM_RESPONSE_BODY_KEY", key)
        _check_headers([header["Name"].lower() for header in response.get("ResponseHeaders", [])])


def _check_headers(names: list[str]) -> None:
    if len(names) > MAXIMUM_HEADERS:
        raise limit_exceeded(f"{len(names)} headers in a custom response, at most {MAXIMUM_HEADERS} allowed")
    for name in names:
        if name == "content-type" or names.count(name) > 1:
            raise invalid_parameter("The header cannot be set, or is set twice.", "CUSTOM_RESPONSE_HEADER", name)
