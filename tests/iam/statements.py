"""A statement of a policy in its smallest parts."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KINDS = ("dynamodb:LeadingKeys",)
"""Condition keys each of whose values is a permission of its own: an item of one kind says nothing of another's."""


@dataclass(frozen=True)
class Atom:
    """A statement that allows one action on one thing."""

    statement: dict[str, Any]
    action: str
    resource: Any
    """As the template has it; ``*`` if the policy is a resource's own and does not say."""
    kind: str


def atoms_of(statement: Mapping[str, Any]) -> Iterator[Atom]:
    """What together allows the same as a statement. One that denies is left whole."""
    if statement["Effect"] != "Allow":
        yield Atom(dict(statement), "", "", "")
        return
    operator, key, kinds = _kinds_in(statement.get("Condition", {}))
    # What does not know NotAction and NotResource must not take them for nothing.
    resources = as_list(statement.get("Resource", "*"))
    for action, resource, kind in product(as_list(statement["Action"]), resources, kinds or [""]):
        atom = {**copy.deepcopy(dict(statement)), "Action": action, "Resource": resource}
        # What is named by its Sid would be there twice.
        atom.pop("Sid", None)
        if kind:
            atom["Condition"][operator][key] = [kind]
        yield Atom(atom, action, resource, kind)


def as_list(value: Any) -> list[Any]:
    """What a policy names, as a list."""
    return value if isinstance(value, list) else [value]


def _kinds_in(condition: Mapping[str, Mapping[str, Any]]) -> tuple[str, str, list[str]]:
    for operator, keys in condition.items():
        for key, values in keys.items():
            if key in KINDS:
                return operator, key, as_list(values)
    return "", "", []
