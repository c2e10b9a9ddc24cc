"""The permissions in a template, one by one, and a template without some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
HASH_LENGTH = 8
# Every statement has to have an action; this one helps nobody.
OF_NO_USE = "states:DescribeExecution"


class Permission(NamedTuple):
    """One action of one statement."""

    policy: str
    """The logical id of the policy, without its hash."""
    statement: str
    """The Sid; without one, the logical id of the resource, without its hash."""
    action: str


def permissions_in(template: Mapping[str, Any]) -> list[Permission]:
    """All of them; each is there once."""
    found = [
        Permission(policy, _name(statement), action)
        for policy, statement in _statements(template)
        for action in _list(statement["Action"])
    ]
    assert len(set(found)) == len(found), "two statements have the same name"
    return found


def actions_in(template: Mapping[str, Any], *, ignoring: tuple[str, ...]) -> set[str]:
    """All actions, but for those of policies whose logical ids begin with one of these."""
    return {
        action
        for policy, statement in _statements(template)
        if not policy.startswith(ignoring)
        for action in _list(statement["Action"])
    }


def without(taken: Collection[Permission]) -> Callable[[dict[str, Any]], None]:
    """What takes them out of a template."""

    def edit(template: dict[str, Any]) -> None:
        left = set(taken)
        for policy, statement in _statements(template):
            gone = {one for one in left if (one.policy, one.statement) == (policy, _name(statement))}
            actions = [action for action in _list(statement["Action"]) if action not in {one.action for one in gone}]
            statement["Action"] = actions or [OF_NO_USE]
            left -= gone
        assert not left, f"the template does not have {left}"

    return edit


def _statements(template: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] in POLICIES:
            for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
                yield logical_id[:-HASH_LENGTH], statement


def _name(statement: Mapping[str, Any]) -> str:
    if "Sid" in statement:
        return str(statement["Sid"])
    resource = statement["Resource"]
    logical_id = resource["Ref"] if "Ref" in resource else resource["Fn::GetAtt"][0]
    return str(logical_id[:-HASH_LENGTH])


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
