"""Every permission that the example's templates give, in policies of roles and of what is reached, and taking one."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.end_to_end.every_endpoint import is_to_tell
from tests.end_to_end.guarded.guarded_site import EDGE, OPS, SITE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::S3::BucketPolicy")
HASH_LENGTH = 8
# Every statement has to have an action; this one helps nobody.
OF_NO_USE = "states:DescribeExecution"
CDKS_OWN = "CustomCDKBucketDeployment"
"""The role of BucketDeployment's function: its rights are CDK's to choose, and the local cloud does its work for it."""
ALLOW_LISTS = "Allowlist"
"""What the allow-list's own functions may do is tested beside their other tests, in tests/end_to_end/allowlist."""


class Permission(NamedTuple):
    """One action that one policy allows on one thing."""

    stack: str
    policy: str
    """The logical id of the policy, without its hash."""
    action: str
    resource: str
    """The logical id of what is reached, without its hash; empty if the template has none."""


def permissions_of(assembly: Path) -> list[Permission]:
    """All of them, but for CDK's own, the allow-list's, and those that every endpoint has to tell how commands end."""
    found = [
        Permission(stack, *permission)
        for stack in (EDGE, SITE, OPS)
        for permission in _permissions_in(json.loads((assembly / f"{stack}.template.json").read_text("utf-8")))
        if not is_to_tell(*permission)
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
            for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
                if taken.resource in _reached(statement) and statement["Effect"] == "Allow":
                    _take(statement, taken)
        _start_anew(resources, " ".join(taken))
        assert tuple(taken[1:]) not in set(_permissions_in(template))

    return edit


def _take(statement: dict[str, Any], taken: Permission) -> None:
    """Take the action, or, where it is allowed on several things, the one."""
    if len(_reached(statement)) > 1:
        statement["Resource"] = [one for one in statement["Resource"] if _name(one) != taken.resource]
        return
    left = [action for action in _list(statement["Action"]) if action != taken.action]
    statement["Action"] = left or [OF_NO_USE]


def _start_anew(resources: dict[str, Any], why: str) -> None:
    for resource in resources.values():
        if resource["Type"] == "AWS::Lambda::Function":
            environment = resource["Properties"].setdefault("Environment", {"Variables": {}})
            environment["Variables"]["STARTED_WITHOUT"] = why


def _permissions_in(template: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for logical_id, resource in template["Resources"].items():
        if logical_id.startswith((CDKS_OWN, ALLOW_LISTS)):
            continue
        name, properties = logical_id[:-HASH_LENGTH], resource["Properties"]
        if resource["Type"] == "AWS::Lambda::Permission":
            yield name, properties["Action"], _name(properties["FunctionName"])
        if resource["Type"] in POLICIES:
            for statement in properties["PolicyDocument"]["Statement"]:
                if statement["Effect"] == "Allow":
                    for action, reached in product(_list(statement["Action"]), _reached(statement)):
                        yield name, action, reached


def _reached(statement: Mapping[str, Any]) -> list[str]:
    resource = statement["Resource"]
    return list(dict.fromkeys(map(_name, resource if isinstance(resource, list) else [resource])))


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


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
