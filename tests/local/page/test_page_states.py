"""The states of an execution, from its history.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

import json
from datetime import datetime, timedelta, timezone
from typing import Any, TypeAlias

from chatops_local.page.states import states_in

Event: TypeAlias = tuple[str, Any]

BEGAN = datetime(2026, 11, 22, tzinfo=timezone.utc)


def history(*events: Event) -> list[dict[str, Any]]:
    """Events of (type, name or details), one a second."""
    return [_event(number, kind, more) for number, (kind, more) in enumerate(events)]


def _event(number: int, kind: str, more: Any) -> dict[str, Any]:
    event: dict[str, Any] = {"id": number + 1, "type": kind, "timestamp": BEGAN + timedelta(seconds=number)}
    if kind.endswith("StateEntered"):
        return event | {"stateEnteredEventDetails": {"name": more}}
    if kind.endswith("StateExited"):
        return event | {"stateExitedEventDetails": {"name": more}}
    return event | {f"{kind[0].lower()}{kind[1:]}EventDetails": more}


def told(*events: Event) -> list[tuple[str, int, str]]:
    return [(state.name, state.depth, state.status) for state in states_in(history(*events))]


def test_a_state_runs_until_it_is_left():
    events = [("ExecutionStarted", {}), ("PassStateEntered", "A")]
    assert told(*events) == [("A", 0, "running")]
    (state,) = states_in(history(*events, ("PassStateExited", "A")))
    assert (state.kind, state.status) == ("Pass", "done")
    assert (state.entered, state.left) == (BEGAN.timestamp() + 1, BEGAN.timestamp() + 2)


def test_what_a_task_calls():
    (state,) = states_in(
        history(
            ("TaskStateEntered", "Send"),
            ("TaskScheduled", {"resourceType": "aws-sdk:ssm", "resource": "sendCommand.waitForTaskToken"}),
        )
    )
    assert state.resource == "ssm:sendCommand.waitForTaskToken"


def test_what_is_around_others_makes_them_deeper():
    events = [("ParallelStateEntered", "P"), ("MapStateEntered", "M"), ("PassStateEntered", "A")]
    assert [depth for _, depth, _ in told(*events)] == [0, 1, 2]


def test_the_other_branch_is_stopped_when_the_parallel_state_ends():
    assert told(
        ("ParallelStateEntered", "P"),
        ("WaitStateEntered", "Watch"),
        ("TaskStateEntered", "Send"),
        ("TaskStateExited", "Send"),
        ("FailStateEntered", "Signalled"),
        ("ParallelStateExited", "P"),
        ("PassStateEntered", "Next"),
    ) == [
        ("P", 0, "done"),
        ("Watch", 1, "stopped"),
        ("Send", 1, "done"),
        ("Signalled", 1, "done"),
        ("Next", 0, "running"),
    ]


def test_turns_of_a_map_are_told_apart_by_their_order():
    assert told(
        ("MapStateEntered", "M"), ("PassStateEntered", "A"), ("PassStateEntered", "A"), ("PassStateExited", "A")
    ) == [("M", 0, "running"), ("A", 1, "done"), ("A", 1, "running")]


def test_a_failed_task_ends_with_its_execution():
    (state,) = states_in(
        history(
            ("TaskStateEntered", "Send"),
            ("TaskFailed", {"error": "Ssm.SsmException", "cause": "not authorized"}),
            ("ExecutionFailed", {}),
        )
    )
    assert (state.status, state.error, state.cause) == ("failed", "Ssm.SsmException", "not authorized")


def test_what_is_around_a_failure_failed_too_and_what_is_beside_it_was_stopped():
    assert told(
        ("ParallelStateEntered", "Action"),
        ("ParallelStateEntered", "Send and wait"),
        ("TaskStateEntered", "Send"),
        ("TaskFailed", {"error": "E"}),
        ("WaitStateEntered", "Watch"),
        ("ParallelStateExited", "Action"),
        ("FailStateEntered", "Failed"),
        ("ExecutionFailed", {}),
    ) == [
        ("Action", 0, "done"),
        ("Send and wait", 1, "failed"),
        ("Send", 2, "failed"),
        ("Watch", 2, "stopped"),
        ("Failed", 0, "failed"),
    ]


def test_an_error_that_was_caught_is_kept_to_be_read():
    (state,) = states_in(
        history(("TaskStateEntered", "Send"), ("LambdaFunctionFailed", {"error": "E"}), ("TaskStateExited", "Send"))
    )
    assert (state.status, state.error) == ("done", "E")


def test_a_time_out_without_a_name_of_its_own_has_that_of_the_event():
    (state,) = states_in(history(("TaskStateEntered", "Send"), ("TaskTimedOut", {})))
    assert state.error == "TaskTimedOut"


def test_what_runs_when_the_execution_is_aborted_is_stopped():
    assert told(("WaitStateEntered", "W"), ("ExecutionAborted", {})) == [("W", 0, "stopped")]


def test_the_last_state_is_done_when_the_execution_succeeds():
    assert told(("SucceedStateEntered", "S"), ("ExecutionSucceeded", {})) == [("S", 0, "done")]


def test_an_exit_of_nothing_changes_nothing():
    assert told(("PassStateExited", "A")) == []


def waiting(question: object, event: str = "wait") -> list[Event]:
    parameters = json.dumps({"FunctionName": "report", "Payload": {"event": event, "question": question, "token": "t"}})
    task = {"resourceType": "lambda", "resource": "invoke.waitForTaskToken", "parameters": parameters}
    return [("TaskStateEntered", "Wait for approval"), ("TaskScheduled", task)]


def test_a_task_waits_for_somebody_until_it_is_left():
    question = {"kind": "approval", "until": "2026-11-22T01:13:50Z"}
    (state,) = states_in(history(*waiting(question)))
    assert (state.status, state.awaits, state.until) == ("waiting", "a decision", "2026-11-22T01:13:50Z")
    assert "token" not in state.as_json()
    (state,) = states_in(history(*waiting(question), ("TaskStateExited", "Wait for approval")))
    assert state.status == "done"


def test_a_wait_that_nobody_answers_fails():
    events = [*waiting({"kind": "choice"}), ("TaskTimedOut", {"error": "States.Timeout"}), ("ExecutionFailed", {})]
    (state,) = states_in(history(*events))
    assert (state.status, state.awaits, state.until, state.error) == ("failed", "a choice", "", "States.Timeout")


def test_what_only_asks_or_follows_a_script_waits_for_nobody():
    for parameters in (waiting({"kind": "approval"}, "ask"), waiting("?"), waiting(None)):
        (state,) = states_in(history(*parameters))
        assert (state.status, state.awaits) == ("running", "")
