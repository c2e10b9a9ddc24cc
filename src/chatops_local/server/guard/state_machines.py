"""Integrations and states that the local cloud cannot run or whose permissions it cannot check."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.table import UncheckableError
from chatops_local.ministack.state_machines.integrations import Integration
from chatops_local.server import definitions
from chatops_local.server.template_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FUNCTIONS = ("AWS::Lambda::Function", "AWS::Lambda::Version", "AWS::Lambda::Alias")
_WHOLE_REFERENCE = re.compile(r"\$\{([^}.]+)[^}]*\}")
_INTEGRATION = re.compile(r"^arn:[^:]+:states:::")
_PATTERN = re.compile(r"\.(sync(:2)?|waitForTaskToken)$")
_NOT_EMULATED = ("Credentials", "HeartbeatSeconds", "ItemReader", "ResultWriter")


def problems(resource: Mapping[str, Any], resources: Mapping[str, Any]) -> Iterator[str]:
    """Of a state machine: every state that cannot be emulated."""
    if resource["Type"] != "AWS::StepFunctions::StateMachine":
        return
    definition = definitions.parsed(resource["Properties"])
    if definition is None:
        yield "the definition cannot be read from the template; give it as DefinitionString or Definition"
        return
    is_express = resource["Properties"].get("StateMachineType") == "EXPRESS"
    for name, state in _states(definition):
        for problem in _state_problems(state, resources):
            yield f"state {name!r}: {problem}"
        if is_express and _PATTERN.search(str(plain_text(state.get("Resource", "")))):
            # https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
            yield f"state {name!r}: Express state machines support neither .sync nor .waitForTaskToken"


def tasks(resource: Mapping[str, Any], resources: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """What the tasks of a state machine call, such as `aws-sdk:ssm:sendCommand`, and why it is refused if it is."""
    if resource["Type"] != "AWS::StepFunctions::StateMachine":
        return
    for _, state in _states(definitions.parsed(resource["Properties"]) or {}):
        if state.get("Type") == "Task":
            task = str(plain_text(state["Resource"]))
            name = "a function" if _is_function(task, resources) else _INTEGRATION.sub("", task)
            yield name, _task_problem(task, resources)


def _states(machine: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, state in machine.get("States", {}).items():
        yield name, state
        for branch in [*state.get("Branches", []), state.get("ItemProcessor", {}), state.get("Iterator", {})]:
            yield from _states(branch)


def _state_problems(state: Mapping[str, Any], resources: Mapping[str, Any]) -> Iterator[str]:
    for field in _NOT_EMULATED:
        if field in state:
            yield f"{field} is not emulated"
    if state.get("ItemProcessor", {}).get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED":
        yield "a distributed Map is not emulated; use an inline one"
    if state.get("Type") == "Task":
        problem = _task_problem(str(plain_text(state["Resource"])), resources)
        if problem is not None:
            yield problem


def _task_problem(task: str, resources: Mapping[str, Any]) -> str | None:
    if _is_function(task, resources):
        return None
    try:
        Integration.parse(task)
    except UncheckableError as error:
        return str(error)
    return None


def _is_function(task: str, resources: Mapping[str, Any]) -> bool:
    reference = _WHOLE_REFERENCE.fullmatch(task)
    return reference is not None and resources.get(reference[1], {}).get("Type") in _FUNCTIONS
