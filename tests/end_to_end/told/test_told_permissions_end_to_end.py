"""What is lost without one of the permissions to tell, and that somebody hears of it all the same."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chatops_local.slack import SentCommand
    from tests.end_to_end.told.observed import Observed

    Send = Callable[[str], SentCommand]
    Without = Callable[..., Any]

# Every statement has to have an action; this one helps nobody.
OF_NO_USE = "states:DescribeExecution"


@pytest.fixture
def without(observed: Observed, told_assembly: Path) -> Iterator[Without]:
    """The stack, while actions are taken away from the policies whose logical ids begin with something."""

    @contextmanager
    def deployed(*actions: str, of: str, reaching: str = "") -> Iterator[None]:
        taken: list[str] = []

        def edit(template: dict[str, Any]) -> None:
            for logical_id, resource in template["Resources"].items():
                if logical_id.startswith(of) and "PolicyDocument" in resource.get("Properties", {}):
                    for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
                        if statement["Action"] in actions and reaching in str(statement["Resource"]):
                            statement["Action"] = OF_NO_USE
                            taken.append(logical_id)

        observed.cloud.deploy(told_assembly, edit_template=edit)
        assert taken
        yield

    yield deployed
    observed.cloud.deploy(told_assembly)
    observed.forget_dead_letters()


def test_a_machine_of_endings_that_may_not_start_itself_tells_by_itself(
    observed: Observed, send: Send, without: Without
):
    with without("states:StartExecution", of="SlackEndingsMachineRole"), observed.held():
        sent = send("/wait")
        observed.cloud.server.client("stepfunctions").stop_execution(executionArn=observed.arn(sent))
        (message,) = observed.until(lambda: sent.results)
    assert "was stopped" in message.text
    assert observed.audit_line(sent)["outcome"] == "aborted"


def test_a_refusal_that_may_not_be_started_is_answered_and_logged(observed: Observed, send: Send, without: Without):
    with without("states:StartExecution", of="SlackDispatchRole", reaching="Refusals"):
        sent = send("/closed")
        assert sent.ack.ok
        assert sent.ack.text
        observed.until(lambda: observed.found_by("not_audited"))
    assert observed.audit_lines(sent) == []


def test_a_line_that_may_be_neither_written_nor_kept_keeps_nobody_waiting(
    observed: Observed, send: Send, without: Without
):
    with without("logs:PutLogEvents", "sqs:SendMessage", of="SlackTellingPolicy"):
        sent = send("/come-to a good one")
        (message,) = sent.wait(60)
        assert "a good end" in message.text
        assert observed.error(sent) == "FAILED ChatOps.NotAudited"
    assert observed.dead_letters() == []


def test_an_encrypted_letter_takes_the_key(observed: Observed, send: Send, without: Without):
    with without("logs:PutLogEvents", of="SlackTellingPolicy"):
        sent = send("/come-to a good one")
        sent.wait(60)
        (letter,) = observed.until(observed.dead_letters)
        assert letter.attributes == {"kind": "audit"}
