"""What runs and what ran, asked in Slack: with a role that may read these executions and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.end_to_end.approval.room import ADA
from tests.end_to_end.workflows.conftest import ENDPOINT

if TYPE_CHECKING:
    from chatops_local.slack import SentCommand
    from tests.end_to_end.approval.room import Room


def typed(flows: Room, line: str, user: str = "") -> SentCommand:
    return flows.type(line, user, endpoint=ENDPOINT)


def told(flows: Room, line: str, user: str = "") -> list[str]:
    """The lines of the answer, which only who asked sees."""
    sent = typed(flows, line, user)
    (message,) = sent.wait(60)
    assert message.user == sent.command.user_id
    return message.shown.splitlines()


def of(flows: Room, sent: SentCommand, lines: list[str]) -> str:
    """The line about a command."""
    (line,) = (line for line in lines if flows.name(sent)[:10] in line)
    return line


def test_what_runs_is_told_and_who_is_waited_for(flows: Room):
    endless = typed(flows, "/endless private matter")
    agreed = typed(flows, "/agreed")
    card = flows.card(agreed)
    flows.until(lambda: flows.cloud.executions_of(endless))

    mine = told(flows, "/ops status", endless.command.user_id)
    assert "/endless private matter" in of(flows, endless, mine)
    others = told(flows, "/ops status")
    assert "private matter" not in of(flows, endless, others)
    assert "waits for an approval" in of(flows, agreed, others)
    assert not any("/ops status" in line for line in others)

    flows.click(card, "Deny", ADA, endpoint=ENDPOINT)
    (ack,) = (message for message in endless.messages if message.via == "ack")
    flows.click(ack, "Cancel", endless.command.user_id, endpoint=ENDPOINT)
    flows.result(agreed)
    flows.result(endless)
    ended = told(flows, "/ops history", endless.command.user_id)
    assert f"was cancelled by @{endless.command.user_id}" in of(flows, endless, ended)
    assert "was not run" in of(flows, agreed, ended)


def test_of_one_command_and_within_some_time(flows: Room):
    done, failed = typed(flows, "/double 2"), typed(flows, "/break")
    for sent in (done, failed):
        flows.result(sent)
    lines = told(flows, "/ops history --command /break --since 1h")
    assert "failed" in of(flows, failed, lines)
    assert not any(flows.name(done)[:10] in line for line in lines)
    assert "succeeded" in of(flows, done, told(flows, "/ops history --since 1h"))
    (answer,) = told(flows, "/ops history --command /brake")
    assert "There is no command" in answer
    assert "/break" in answer


def test_the_function_reads_no_other_executions(flows: Room):
    told(flows, "/ops status")
    asked = [each for each in flows.cloud.server.decisions() if "StatusFunction" in each.principal]
    actions = {each.action for each in asked if each.action.startswith("states:")}
    assert actions <= {"states:ListExecutions", "states:DescribeExecution", "states:GetExecutionHistory"}
    assert asked
    assert all(each.allowed for each in asked)
