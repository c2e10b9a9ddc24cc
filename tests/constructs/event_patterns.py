"""Whether an event matches a rule's pattern, as far as our patterns go.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html. Anything else in a pattern is
an error here, so that no test passes by what is not understood.
"""

from __future__ import annotations

from typing import Any

Json = Any
ABSENT = object()


def matches(pattern: dict[str, Json], event: dict[str, Json]) -> bool:
    """Every field of the pattern matches; of `$or` one alternative does."""
    return all(
        any(matches(alternative, event) for alternative in wanted) if field == "$or" else _field(wanted, event, field)
        for field, wanted in pattern.items()
    )


def _field(wanted: Json, event: dict[str, Json], field: str) -> bool:
    value = event.get(field, ABSENT)
    if isinstance(wanted, dict):
        return isinstance(value, dict) and matches(wanted, value)
    values = value if isinstance(value, list) else [value]
    return any(_one(rule, each) for rule in wanted for each in values)


def _one(rule: Json, value: Json) -> bool:
    if not isinstance(rule, dict):
        return bool(value == rule)
    ((operator, operand),) = rule.items()
    # None of ours matches a field that is not there.
    if operator == "prefix":
        return isinstance(value, str) and value.startswith(operand)
    if operator == "anything-but":
        if value is ABSENT:
            return False
        return not _one(operand, value) if isinstance(operand, dict) else value not in operand
    raise AssertionError(f"{operator} is not known here")
