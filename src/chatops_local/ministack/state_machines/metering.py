"""Counts transitions, executions and calls of state machines, as AWS bills them.

https://aws.amazon.com/step-functions/pricing/: "Step Functions counts a state transition each time a step of your
workflow is executed. You are charged for the total number of state transitions across all your state machines,
including retries."
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.state_machines.integrations import Integration
from chatops_local.ministack.state_machines.records import is_express_execution
from chatops_local.ministack.state_machines.running import running

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator
    from chatops_local.ministack.usage import Usage

_add_event = private("services.stepfunctions:_add_event", "execution, event_type, details")
_run_execution = private("services.stepfunctions:_run_execution", "exec_arn")
_invoke_resource = private("services.stepfunctions:_invoke_resource", "resource, input_data")
_find_matching_retrier = private("services.stepfunctions:_find_matching_retrier", "retriers, error, retry_counts")
_executions = private("services.stepfunctions:_executions")


def apply(emulator: Emulator) -> None:
    """Count into the usage of this emulator."""
    usage = emulator.usage
    _add_event.wrap(lambda original: _entering(original, usage))
    _find_matching_retrier.wrap(lambda original: _retrying(original, usage))
    _run_execution.wrap(lambda original: _starting(original, usage))
    _invoke_resource.wrap(lambda original: _calling(original, usage))
    emulator.calls.update(state_transitions=transitions_of)


def transitions_of(execution: str) -> int:
    """How many transitions an execution has made so far.

    Raises:
        KeyError: if there is none of that ARN.
    """
    record = _executions.get()[execution]
    entered = sum(1 for event in record["events"] if event["type"].endswith("StateEntered"))
    return entered + int(record.get("retries", 0))


def _entering(original: Untyped, usage: Usage) -> Untyped:
    def add_event(execution: Mapping[str, Any], event_type: str, details: object = None) -> None:
        if event_type.endswith("StateEntered"):
            _count_transition(execution, usage)
        original(execution, event_type, details)

    return add_event


def _retrying(original: Untyped, usage: Usage) -> Untyped:
    def find_matching_retrier(retriers: object, error: str, retry_counts: object) -> Untyped:
        retrier, index = original(retriers, error, retry_counts)
        execution = running()
        if retrier is not None and execution is not None:
            record = _executions.get()[execution.arn]
            record["retries"] = record.get("retries", 0) + 1
            _count_transition(record, usage)
        return retrier, index

    return find_matching_retrier


def _count_transition(execution: Mapping[str, Any], usage: Usage) -> None:
    # Express executions are billed by their number and length.
    if not is_express_execution(execution):
        usage.count("state_transitions", execution["stateMachineArn"])


def _starting(original: Untyped, usage: Usage) -> Untyped:
    def run_execution(exec_arn: str) -> None:
        record = _executions.get()[exec_arn]
        kind = "express_executions" if is_express_execution(record) else "executions"
        usage.count(kind, record["stateMachineArn"])
        original(exec_arn)

    return run_execution


def _calling(original: Untyped, usage: Usage) -> Untyped:
    def invoke_resource(resource: str, input_data: object) -> Untyped:
        integration = Integration.parse(resource)
        usage.count("api_calls", f"{integration.service}:{integration.operation}")
        return original(resource, input_data)

    return invoke_resource
