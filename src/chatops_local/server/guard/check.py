"""The guard itself: every rule over every resource of a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.server.guard import (
    cdk_providers,
    cloudfront,
    compiled_dependencies,
    event_sources,
    functions,
    http_apis,
    messaging,
    pipelines,
    policies,
    regions,
    state_machines,
    tables,
    targets,
    types,
    waf,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_RULES: tuple[Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[str]], ...] = (
    types.problems,
    functions.problems,
    compiled_dependencies.problems,
    http_apis.problems,
    policies.problems,
    state_machines.problems,
    messaging.problems,
    event_sources.problems,
    tables.problems,
    targets.problems,
    waf.problems,
    cdk_providers.problems,
    cloudfront.problems,
)


@dataclass(frozen=True)
class Problem:
    """Why one resource is refused."""

    logical_id: str
    resource_type: str
    text: str


class UnsupportedError(ValueError):
    """The template uses something that the local cloud does not emulate or cannot check. Lists every such use."""


def check(stack_name: str, template: Mapping[str, Any], *, elsewhere: bool = False) -> None:
    """Refuse a template that uses what is not emulated.

    Args:
        stack_name: for the message.
        template: as it will be deployed.
        elsewhere: whether the stack is in another region than the local cloud's own.

    Raises:
        UnsupportedError: listing every problem with the logical id of its resource.
    """
    found = [
        f"  {each.logical_id} ({each.resource_type}): {each.text}" for each in problems(template, elsewhere=elsewhere)
    ]
    if found:
        raise UnsupportedError(
            f"stack {stack_name} uses what the local cloud does not emulate, so it was not deployed:\n"
            + "\n".join(found)
        )


def problems(template: Mapping[str, Any], *, elsewhere: bool) -> list[Problem]:
    """Everything that `check` refuses, in the order of the template."""
    resources: Mapping[str, Mapping[str, Any]] = template.get("Resources", {})
    rules = (*_RULES, regions.problems) if elsewhere else _RULES
    not_run = cdk_providers.resources_of_providers(resources) | pipelines.roles_and_policies(resources)
    return [
        Problem(logical_id, resource["Type"], problem)
        for logical_id, resource in resources.items()
        if logical_id not in not_run
        for rule in rules
        for problem in rule(resource, resources)
    ]
