"""Schedules that the local cloud does not fire as AWS would: other targets, and rules with a schedule of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.server.template_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def problems(resource: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    """Targets that are not started here, and rules that would fire by the wall clock."""
    properties: Mapping[str, Any] = resource.get("Properties", {})
    if resource["Type"] == "AWS::Scheduler::Schedule":
        yield from _schedule_problems(properties["Target"])
    if resource["Type"] == "AWS::Events::Rule" and "ScheduleExpression" in properties:
        yield "a rule with a ScheduleExpression is not emulated; use a schedule of EventBridge Scheduler"


def _schedule_problems(target: Mapping[str, Any]) -> Iterator[str]:
    arn = plain_text(target["Arn"])
    if ":scheduler:::aws-sdk:" in arn:
        yield f"universal target {arn} is not emulated; start a state machine that makes the call"
