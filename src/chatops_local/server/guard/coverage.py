"""What the local cloud does with everything that a stack uses, told from the lists by which the guard refuses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from chatops_local.server.guard import cdk_providers, messaging, pipelines, policies, state_machines, types
from chatops_local.server.guard.check import problems

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from chatops_local.server.guard.check import Problem

Kind = Literal["resource type", "integration", "action"]
Standing = Literal["emulated", "checked", "recorded", "refused"]

_FUNCTION, _SUBSCRIPTION = "AWS::Lambda::Function", "AWS::SNS::Subscription"


@dataclass(frozen=True)
class Item:
    """One thing that a stack uses.

    Args:
        kind: a resource type, an integration of a state machine, or an IAM action that a role is given.
        name: its name.
        standing: `emulated`: it is here and works. `checked`: it is judged by the policies of whoever does it.
            `recorded`: it can be deployed and seen, and does nothing. `refused`: the stack is not deployed.
        count: how often the stack has it.
        reasons: why it is refused or no more than recorded, or what of it does not run.
    """

    kind: Kind
    name: str
    standing: Standing
    count: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """What becomes of one stack."""

    stack: str
    region: str
    items: tuple[Item, ...]

    @property
    def refused(self) -> list[Item]:
        """What keeps the stack from being deployed."""
        return [item for item in self.items if item.standing == "refused"]


def coverage(stack: str, region: str, template: Mapping[str, Any], *, elsewhere: bool = False) -> Coverage:
    """What the local cloud does with a template.

    Args:
        stack: the name of the stack.
        region: where it is.
        template: as it will be deployed, with every definition of a state machine in it.
        elsewhere: whether the stack is in another region than the local cloud's own.
    """
    resources: Mapping[str, Mapping[str, Any]] = template.get("Resources", {})
    not_run = cdk_providers.resources_of_providers(resources) | pipelines.roles_and_policies(resources)
    looked_at = {name: resource for name, resource in resources.items() if name not in not_run}
    of_types = _types(resources, problems(template, elsewhere=elsewhere), not_run)
    items = (*of_types, *_integrations(looked_at), *_actions(looked_at.values()))
    return Coverage(stack, region, items)


def _types(
    resources: Mapping[str, Mapping[str, Any]], refused: Iterable[Problem], not_run: Container[str]
) -> list[Item]:
    items = []
    for name, count in sorted(Counter(resource["Type"] for resource in resources.values()).items()):
        reasons = tuple(f"{each.logical_id}: {each.text}" for each in refused if each.resource_type == name)
        of_type = {logical_id: resource for logical_id, resource in resources.items() if resource["Type"] == name}
        items.append(
            Item("resource type", name, "refused", count, reasons)
            if reasons
            else _accepted(name, count, of_type, not_run)
        )
    return items


def _accepted(name: str, count: int, of_type: Mapping[str, Mapping[str, Any]], not_run: Container[str]) -> Item:
    if name in types.RECORDED:
        return Item("resource type", name, "recorded", count, ("it changes nothing here",))
    if name == _FUNCTION:
        providers = [logical_id for logical_id in of_type if logical_id in not_run]
        reasons = tuple(f"{each}: CDK's own; it does not run, and what it would do is done" for each in providers)
        return Item("resource type", name, "emulated", count, reasons)
    recorded = tuple(
        f"{logical_id}: what is sent by {resource['Properties']['Protocol']} is recorded only"
        for logical_id, resource in of_type.items()
        if name == _SUBSCRIPTION and resource["Properties"]["Protocol"] in messaging.RECORDED_PROTOCOLS
    )
    return Item("resource type", name, "recorded" if len(recorded) == count else "emulated", count, recorded)


def _integrations(resources: Mapping[str, Mapping[str, Any]]) -> list[Item]:
    tasks = [task for resource in resources.values() for task in state_machines.tasks(resource, resources)]
    return [_judged("integration", name, problem, count) for (name, problem), count in _counted(tasks)]


def _actions(resources: Iterable[Mapping[str, Any]]) -> list[Item]:
    actions = [action for resource in resources for action in policies.actions(resource)]
    return [_judged("action", name, policies.problem_of_action(name), count) for name, count in _counted(actions)]


def _judged(kind: Kind, name: str, problem: str | None, count: int) -> Item:
    return Item(kind, name, "checked", count) if problem is None else Item(kind, name, "refused", count, (problem,))


def _counted(things: Iterable[Any]) -> list[tuple[Any, int]]:
    return sorted(Counter(things).items(), key=lambda each: str(each[0]))
