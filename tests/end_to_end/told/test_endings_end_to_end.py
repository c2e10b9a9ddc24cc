"""However a command ends, whoever typed it is told once, with an id that finds everything about it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.slack import SentCommand
    from tests.end_to_end.told.observed import Observed

    Send = Callable[[str], SentCommand]


def told(observed: Observed, sent: SentCommand) -> str:
    """The one message after the ack; its id finds the execution, the logs and the audit line."""
    observed.until(lambda: sent.results)
    line = observed.audit_line(sent)
    (message,) = sent.results
    found = re.search(r"`([0-9a-f]{10})`", message.text)
    assert found, message.text
    short_id = found[1]
    assert observed.arn(sent).rpartition(":")[2].startswith(short_id)
    assert line["id"].startswith(short_id)
    assert line["execution_arn"] == observed.arn(sent)
    groups = observed.found_by(short_id)
    for kind in ("Dispatch", "Report", "AuditLog"):
        assert any(kind in group for group in groups), f"{kind} is not among {groups}"
    return message.text


def test_aborted_by_an_operator(observed: Observed, send: Send):
    with observed.held():
        sent = send("/wait")
        observed.cloud.server.client("stepfunctions").stop_execution(
            executionArn=observed.arn(sent), error="Operator", cause="enough of that"
        )
        assert "was stopped" in told(observed, sent)
    line = observed.audit_line(sent)
    assert (line["outcome"], line["error"]) == ("aborted", "Operator")
    assert line["started_at"] <= line["ended_at"]


def test_timed_out(observed: Observed, send: Send):
    with observed.held():
        sent = send("/wait")
        observed.cloud.server.step_functions.time_out(observed.arn(sent))
        assert "came to no result in its time" in told(observed, sent)
    assert observed.audit_line(sent)["outcome"] == "timed_out"


def test_ended_by_an_error_that_nothing_catches(observed: Observed, send: Send):
    sent = send("/come-to excess")
    assert "was ended by an error of its state machine" in told(observed, sent)
    error = observed.error(sent)
    assert error.startswith("FAILED States.")
    line = observed.audit_line(sent)
    assert (line["outcome"], f"FAILED {line['error']}") == ("failed", error)


def test_a_crash_is_caught_and_told_by_the_command_itself(observed: Observed, send: Send):
    before = len(observed.endings())
    sent = send("/come-to crash")
    told(observed, sent)
    assert observed.error(sent) == "FAILED ChatOps.CommandFailed"
    assert observed.audit_line(sent)["outcome"] == "failed"
    assert len(observed.endings()) == before


def test_an_event_that_comes_twice_is_told_once(observed: Observed, send: Send):
    with observed.held():
        sent = send("/wait")
        observed.cloud.server.client("stepfunctions").stop_execution(executionArn=observed.arn(sent))
        told(observed, sent)
    (event, *_) = (
        execution.input
        for execution in observed.endings()
        if json.loads(execution.input)["detail"]["executionArn"] == observed.arn(sent)
    )
    machine = observed.physical("StepFunctions::StateMachine", "Endings")
    again = observed.cloud.server.client("stepfunctions").start_execution(stateMachineArn=machine, input=event)
    observed.until(
        lambda: any(one.status == "SUCCEEDED" for one in observed.endings() if one.arn == again["executionArn"])
    )
    told(observed, sent)


def test_a_good_end_starts_nothing(observed: Observed, send: Send):
    before = len(observed.endings())
    sent = send("/come-to a good one")
    (message,) = sent.wait()
    assert "a good end" in message.text
    assert observed.error(sent) == "SUCCEEDED"
    observed.until(observed.cloud.server.is_quiet)
    assert len(observed.endings()) == before
