"""DynamoDB's expressions, as many as the allow-list uses; anything else is refused.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

from __future__ import annotations

import re
from typing import Any

Item = dict[str, Any]
_CLAUSES = re.compile(r"\b(SET|ADD)\b")
_COMPARISONS = {
    "=": lambda one, other: one == other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
}


class Expression:
    """The names and values that an expression uses."""

    def __init__(self, names: dict[str, str], values: Item) -> None:
        self.names = names
        self.values = values

    def check_all_are_used(self, text: str) -> None:
        """DynamoDB refuses names and values that no expression uses, and those that are not defined."""
        assert set(re.findall(r"#\w+", text)) == set(self.names)
        assert set(re.findall(r":\w+", text)) == set(self.values)

    def path(self, text: str) -> list[str]:
        return [self.names[part] for part in text.split(".")]


def holds(text: str, item: Item, expression: Expression) -> bool:
    """Whether a condition holds. There is either AND or OR in it, and no brackets but those of functions."""
    assert not (" AND " in text and " OR " in text)
    if " OR " in text:
        return any(_term(term, item, expression) for term in text.split(" OR "))
    return all(_term(term, item, expression) for term in text.split(" AND "))


def updated(text: str, item: Item, expression: Expression) -> Item:
    """The item after an update."""
    _, *parts = _CLAUSES.split(text)
    for clause, assignments in zip(parts[::2], parts[1::2], strict=True):
        for assignment in re.split(r",\s*(?![^(]*\))", assignments.strip()):
            if clause == "SET":
                target, _, value = assignment.partition(" = ")
                _set(item, expression.path(target.strip()), _value(value.strip(), item, expression))
            else:
                target, value = assignment.split()
                path = expression.path(target)
                before = int((_found(item, path) or {"N": "0"})["N"])
                _set(item, path, {"N": str(before + int(expression.values[value]["N"]))})
    return item


def _term(term: str, item: Item, expression: Expression) -> bool:
    function = re.fullmatch(r"(attribute_not_exists|attribute_exists)\((\S+)\)", term)
    if function:
        return (_found(item, expression.path(function[2])) is None) == (function[1] == "attribute_not_exists")
    path, comparison, value = term.split()
    found = _found(item, expression.path(path))
    return found is not None and bool(_COMPARISONS[comparison](_plain(found), _plain(expression.values[value])))


def _value(text: str, item: Item, expression: Expression) -> Any:
    function = re.fullmatch(r"if_not_exists\((\S+), (\S+)\)", text)
    if function:
        found = _found(item, expression.path(function[1]))
        return found if found is not None else expression.values[function[2]]
    return expression.values[text]


def _found(item: Item, path: list[str]) -> Any:
    found: Any = {"M": item}
    for name in path:
        found = found["M"].get(name)
        if found is None:
            return None
    return found


def _set(item: Item, path: list[str], value: Any) -> None:
    *parents, name = path
    within = item
    for parent in parents:
        # The path has to be there: DynamoDB refuses "an invalid document path" otherwise.
        within = within[parent]["M"]
    within[name] = value


def _plain(value: Item) -> Any:
    ((kind, plain),) = value.items()
    return int(plain) if kind == "N" else plain
