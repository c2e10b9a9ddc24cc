"""The guard itself: every rule over every resource of a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.server.guard import functions, messaging, policies, state_machines, targets, types, waf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_RULES: tuple[Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[str]], ...] = (
    types.problems,
    functions.problems,
    policies.problems,
    state_machines.problems,
    messaging.problems,
    targets.problems,
    waf.problems,
)


class UnsupportedError(ValueError):
    """The template uses something that the local cloud does not emulate or cannot check. Lists every such use."""


def check(stack_name: str, template: Mapping[str, Any]) -> None:
    """Refuse a template that uses what is not emulated.

    Args:
        stack_name: for the message.
        template: as it will be deployed.

    Raises:
        UnsupportedError: listing every problem with the logical id of its resource.
    """
    resources: Mapping[str, Mapping[str, Any]] = template.get("Resources", {})
    found = [
        f"  {logical_id} ({resource['Type']}): {problem}"
        for logical_id, resource in resources.items()
        for rule in _RULES
        for problem in rule(resource, resources)
    ]
    if found:
        raise UnsupportedError(
            f"stack {stack_name} uses what the local cloud does not emulate, so it was not deployed:\n"
            + "\n".join(found)
        )
