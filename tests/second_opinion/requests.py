"""Requests that a statement is about: one that it matches, and others that miss it by one thing each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.second_opinion.permissions import as_list
from tests.second_opinion.templates import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.second_opinion.permissions import Statement

Arns = dict[str, list[str]]
"""The ARNs of an action, with placeholders, as AWS's service authorization reference has them; none if it has none."""

_FILLINGS = ("any", "log-stream:any")
_OTHER_REGION = "us-west-2"


@dataclass(frozen=True)
class Request:
    """Something that is asked of AWS."""

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)
    about: str = ""


def requests(statement: Statement, arns: Arns, *, resources: list[str] | None = None) -> Iterator[Request]:
    """What a statement matches and what it just misses.

    Args:
        statement: one of a policy.
        arns: of every action there is.
        resources: instead of those that the statement names.
    """
    context = _context(statement)
    for action in _actions(statement, arns):
        for resource in _resources(resources or as_list(statement["Resource"]), arns[action]):
            yield Request(action, resource, context, "as it is written")
            for other in _neighbours(action, resource, arns):
                yield Request(other, resource, context, "another action")
            for other in _others(resource):
                yield Request(action, other, context, "another resource")
            for key, value in context.items():
                rest = {name: each for name, each in context.items() if name != key}
                yield Request(action, resource, rest, f"without {key}")
                for different in (f"{value}-other", value.swapcase()):
                    yield Request(action, resource, {**rest, key: different}, f"another {key}")


def _actions(statement: Statement, arns: Arns) -> list[str]:
    patterns = [re.compile(_pattern(action), re.IGNORECASE) for action in as_list(statement["Action"])]
    return [action for action in arns if any(pattern.fullmatch(action) for pattern in patterns)]


def _pattern(text: str) -> str:
    return re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")


def _context(statement: Statement) -> dict[str, str]:
    """One value for each condition key, such that the condition is met."""
    return {
        key: str(as_list(values)[0]).replace("*", "any")
        for conditions in statement.get("Condition", {}).values()
        for key, values in conditions.items()
    }


def _resources(patterns: list[str], formats: list[str]) -> list[str]:
    """Those that the action takes; all if it takes none of them, for such a statement is never of use on AWS."""
    found = [_concrete(pattern, formats) for pattern in patterns]
    return [each for each in found if _fits(each, formats)] or found


def _concrete(pattern: str, formats: list[str]) -> str:
    """A resource that a pattern matches and that the action takes, if there is one."""
    if pattern == "*":
        return _example(formats[0]) if formats else "*"
    filled = [pattern.replace("*", filling).replace("?", "x") for filling in _FILLINGS]
    return next((each for each in filled if _fits(each, formats)), filled[0])


def _example(arn_format: str) -> str:
    known: dict[str, Any] = {"Partition": "aws", "Region": REGION, "Account": ACCOUNT}
    return re.sub(r"\$\{(\w+)\}", lambda found: str(known.get(found[1], "any")), arn_format)


def _fits(resource: str, formats: list[str]) -> bool:
    return any(
        re.fullmatch(re.sub(r"\\\$\\\{\w+\\\}", lambda _: "[^:]+", re.escape(each)), resource) for each in formats
    )


def _neighbours(action: str, resource: str, arns: Arns) -> list[str]:
    """The next action of the service that takes the same resource."""
    service = action.partition(":")[0]
    same = [other for other in arns if other.startswith(f"{service}:") and other != action]
    fitting = [other for other in same if (_fits(resource, arns[other]) if resource != "*" else not arns[other])]
    return (sorted(other for other in fitting if other > action) or fitting)[:1]


def _others(resource: str) -> list[str]:
    if resource == "*":
        return []
    return [f"{resource}-other", resource[:-1], resource.replace(f":{REGION}:", f":{_OTHER_REGION}:")]
