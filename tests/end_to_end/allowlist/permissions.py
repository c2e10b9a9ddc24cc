"""Every permission that the app's templates give, as small as it can be taken away alone, and taking one."""

from __future__ import annotations

import copy
import json
import re
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.end_to_end.allowlist.allowlisted_site import HERE, OPS
from tests.end_to_end.every_endpoint import is_to_tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
HASH_LENGTH = 8
LEADING_KEYS = "dynamodb:LeadingKeys"
# Of an ARN that is put together: a route of an API, an IP set, a parameter.
TAIL = re.compile(r"(?:\$default/|ipset/|parameter)(.+?)(?:/\*)?$")


class Permission(NamedTuple):
    """One action that one policy allows on one thing."""

    stack: str
    policy: str
    """The logical id of the policy, without its hash."""
    action: str
    resource: str
    """The logical id of what is reached, without its hash; empty if the template has none."""
    only: str = ""
    """Which kind of items, route, IP set or parameter."""


def permissions_of(assembly: Path) -> list[Permission]:
    """Those of the allow-list's two stacks.

    What CloudFront reaches is the guarded site's to test, and what every endpoint has to tell how commands end is not
    the allow-list's.
    """
    found = [
        Permission(stack, *atom)
        for stack in (OPS, HERE)
        for atom in _permissions_in(json.loads((assembly / f"{stack}.template.json").read_text("utf-8")))
        if not is_to_tell(*atom[:3])
    ]
    assert len(set(found)) == len(found), "two statements allow the same"
    return found


def without(taken: Permission) -> Callable[[dict[str, Any]], None]:
    """What edits a template so that it lacks a permission, and starts functions anew that may have looked something up.

    A resource-based permission of a function goes as a whole, since it has one action.
    """

    def edit(template: dict[str, Any]) -> None:
        assert tuple(taken[1:]) in set(_permissions_in(template))
        resources = template["Resources"]
        for logical_id in [id for id in resources if id[:-HASH_LENGTH] == taken.policy]:
            resource = resources[logical_id]
            if resource["Type"] == "AWS::Lambda::Permission":
                del resources[logical_id]
                continue
            document = resource["Properties"]["PolicyDocument"]
            document["Statement"] = [
                one
                for statement in document["Statement"]
                for one, *what in _atoms(statement)
                if tuple(what) != taken[2:]
            ] or [{"Effect": "Allow", "Action": "states:DescribeExecution", "Resource": "*"}]
        for resource in resources.values():
            if resource["Type"] == "AWS::Lambda::Function":
                resource["Properties"]["Environment"]["Variables"]["STARTED_WITHOUT"] = " ".join(taken)
        assert tuple(taken[1:]) not in set(_permissions_in(template))

    return edit


def _permissions_in(template: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for logical_id, resource in template["Resources"].items():
        name, properties = logical_id[:-HASH_LENGTH], resource["Properties"]
        if resource["Type"] == "AWS::Lambda::Permission":
            yield name, properties["Action"], _name(properties["FunctionName"]), ""
        if resource["Type"] in POLICIES:
            for statement in properties["PolicyDocument"]["Statement"]:
                for _, action, reached, only in _atoms(statement):
                    yield name, action, reached, only


def _atoms(statement: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str, str, str]]:
    """Statements that allow the same together, one action on one thing each, with what each is about."""
    assert statement["Effect"] == "Allow"
    [(operator, condition)] = statement.get("Condition", {"": {}}).items()
    kinds = condition.get(LEADING_KEYS, [])
    for action, resource, kind in product(_list(statement["Action"]), _list(statement["Resource"]), kinds or [""]):
        atom = {**copy.deepcopy(dict(statement)), "Action": action, "Resource": resource}
        # What is named by its Sid would be there twice.
        atom.pop("Sid", None)
        if kind:
            atom["Condition"] = {operator: {LEADING_KEYS: [kind]}}
        yield atom, action, _name(resource), kind or _tail(resource)


def _name(reference: object) -> str:
    """The logical id in a reference, without its hash."""
    if not isinstance(reference, dict):
        return ""
    if "Fn::GetAtt" in reference:
        return str(reference["Fn::GetAtt"][0])[:-HASH_LENGTH]
    if "Ref" in reference:
        return "" if reference["Ref"].startswith("AWS::") else str(reference["Ref"])[:-HASH_LENGTH]
    if "Fn::Join" in reference:
        return next(filter(None, map(_name, reference["Fn::Join"][1][::-1])), "")
    return ""


def _tail(resource: object) -> str:
    """The end of an ARN that is put together."""
    if not isinstance(resource, dict) or "Fn::Join" not in resource:
        return ""
    found = TAIL.search(str(resource["Fn::Join"][1][-1]))
    return found[1] if found else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
