"""Targets of schedules whose rights the local cloud cannot check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.server.template_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def problems(resource: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    """Targets that are started without a role or a permission which the local cloud checks."""
    properties: Mapping[str, Any] = resource.get("Properties", {})
    if resource["Type"] == "AWS::Scheduler::Schedule":
        yield from _schedule_problems(properties["Target"])


def _schedule_problems(target: Mapping[str, Any]) -> Iterator[str]:
    arn = plain_text(target["Arn"])
    if ":scheduler:::aws-sdk:" in arn:
        yield f"universal target {arn} is not emulated; start a state machine that makes the call"
