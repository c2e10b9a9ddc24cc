"""One line for each command, whatever came of it; and what becomes of a line that cannot be written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_runtime.contracts import audit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chatops_local.slack import SentCommand
    from tests.end_to_end.told.observed import Observed

    Send = Callable[[str], SentCommand]


@pytest.mark.parametrize(
    ("typed", "outcome", "error", "ended"),
    [
        ("/come-to a good one", "succeeded", None, "SUCCEEDED"),
        ("/bad", "bad_result", None, "FAILED ChatOps.ActionFailed"),
        ("/come-to failure", "failed", "LookupError", "FAILED ChatOps.CommandFailed"),
    ],
)
def test_who_what_where_when_and_the_outcome(
    observed: Observed, send: Send, typed: str, outcome: str, error: str | None, ended: str
):
    sent = send(typed)
    sent.wait()
    line = observed.audit_line(sent)
    assert observed.error(sent) == ended
    (execution,) = observed.cloud.executions_of(sent)
    request = sent.command
    command, _, text = typed.partition(" ")
    assert line.pop("started_at") < line.pop("ended_at")
    assert line.pop("error", None) == error
    assert line == {
        "version": audit.VERSION,
        "event": audit.EVENT,
        "id": execution.arn.rpartition(":")[2],
        "execution_arn": execution.arn,
        "command": command,
        "text": text,
        "arguments": {},
        "team_id": "T0TOLD01",
        "channel_id": request.channel_id,
        "channel_name": line["channel_name"],
        "user_id": request.user_id,
        "user_name": line["user_name"],
        "approved_by": [],
        "outcome": outcome,
    }
    assert line["channel_name"]
    assert line["user_name"]


def test_a_line_holds_no_secret(observed: Observed, send: Send):
    sent = send("/come-to a good one")
    sent.wait()
    assert "hooks.slack.com" not in json.dumps(observed.audit_line(sent))


def test_a_refused_command(observed: Observed, send: Send):
    sent = send("/closed")
    assert observed.cloud.executions_of(sent) == []
    line = observed.audit_line(sent)
    assert (line["outcome"], line["reason"], line["command"]) == ("refused", "not_allowed", "/closed")
    assert "execution_arn" not in line
    assert observed.found_by(line["id"][:10])


class TestDenied:
    """Without the right to write audit lines."""

    @pytest.fixture(autouse=True, scope="class")
    def denied(self, observed: Observed, told_assembly: Path) -> Iterator[None]:
        """Every right to write to the stream is taken away."""
        taken: list[str] = []

        observed.cloud.deploy(told_assembly, edit_template=_without_audit_rights(taken))
        assert len(taken) == 2
        yield
        observed.cloud.deploy(told_assembly)
        observed.forget_dead_letters()

    def test_the_user_is_told_all_the_same_and_the_line_is_kept(self, observed: Observed, send: Send):
        sent = send("/come-to a good one")
        (message,) = sent.wait()
        assert "a good end" in message.text
        assert observed.error(sent) == "FAILED ChatOps.NotAudited"
        assert observed.audit_lines(sent) == []
        (letter,) = _lines_of(observed, sent)
        assert letter["outcome"] == "succeeded"

    def test_the_line_of_a_refusal_is_kept_as_well(self, observed: Observed, send: Send):
        sent = send("/closed")
        (letter,) = observed.until(lambda: _lines_of(observed, sent))
        assert (letter["outcome"], letter["reason"]) == ("refused", "not_allowed")


def _lines_of(observed: Observed, sent: SentCommand) -> list[dict[str, Any]]:
    letters = [json.loads(one.body) for one in observed.dead_letters() if one.attributes.get("kind") == "audit"]
    return [letter for letter in letters if letter["user_id"] == sent.command.user_id]


def _without_audit_rights(taken: list[str]) -> Callable[[dict[str, Any]], None]:
    def edit(template: dict[str, Any]) -> None:
        for logical_id, resource in template["Resources"].items():
            document = resource.get("Properties", {}).get("PolicyDocument", {})
            for statement in document.get("Statement", []):
                if statement.get("Sid") == "WriteAuditLines":
                    statement["Action"] = "logs:DescribeLogStreams"
                    taken.append(logical_id)

    return edit
