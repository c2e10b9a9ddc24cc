"""A signed request → dispatch → state machine → a workflow with a role of its own → what came of it, in Slack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.end_to_end.approval.room import ADA
from tests.end_to_end.workflows.conftest import ENDPOINT

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import Execution
    from chatops_local.slack import SentCommand
    from tests.end_to_end.approval.room import Room


def typed(flows: Room, line: str) -> SentCommand:
    return flows.type(line, endpoint=ENDPOINT)


def started(flows: Room, machine: str, sent: SentCommand) -> Execution | None:
    """What the command has started; it has the command's own name."""
    resources = flows.stacks["Workflows"].physical_ids.items()
    (arn,) = (arn for id, arn in resources if id.startswith(machine) and ":stateMachine:" in arn)
    found = flows.cloud.server.executions(arn)
    return next((each for each in found if each.name == flows.name(sent)), None)


def test_a_workflow_gets_what_was_typed_and_its_output_is_laid_out(flows: Room):
    sent = typed(flows, "/double 21")
    assert '"doubled": 42' in flows.result(sent)
    assert flows.status(sent) == "SUCCEEDED"


def test_a_workflow_that_is_known_by_its_name_gets_what_functions_do(flows: Room):
    sent = typed(flows, "/say good morning")
    assert flows.result(sent) == f"{sent.command.user_id} said good morning"


def test_an_express_workflow_is_called(flows: Room):
    assert '"doubled": 8' in flows.result(typed(flows, "/quick 4"))


def test_an_error_and_its_cause_are_told(flows: Room):
    for line in ("/break", "/break quick"):
        sent = typed(flows, line)
        assert "failed: Broken: there is no <table>" in flows.result(sent)
        assert flows.status(sent) == "FAILED ChatOps.ActionFailed"


def test_what_is_delivered_again_starts_nothing_again(flows: Room):
    sent = typed(flows, "/double 5")
    flows.result(sent)
    assert flows.cloud.slack.deliver(sent.request, endpoint=ENDPOINT).status == 200
    assert len(flows.cloud.executions_of(sent)) == 1


def test_what_is_late_is_stopped(flows: Room):
    sent = typed(flows, "/late")
    assert "was not over in time, and its workflow was stopped" in flows.result(sent)
    execution = started(flows, "Endless", sent)
    assert execution is not None
    assert (execution.status, execution.error) == ("ABORTED", "ChatOps.TimedOut")


def test_what_is_cancelled_stops_its_workflow(flows: Room):
    sent = typed(flows, "/endless")
    flows.until(lambda: started(flows, "Endless", sent))
    (ack,) = (message for message in sent.messages if message.via == "ack")
    flows.click(ack, "Cancel", sent.command.user_id, endpoint=ENDPOINT)
    assert "was cancelled by" in flows.result(sent)
    flows.until(lambda: (execution := started(flows, "Endless", sent)) and execution.status == "ABORTED")


def another_revision(template: dict[str, Any]) -> None:
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] == "AWS::StepFunctions::StateMachine" and logical_id.startswith("Agreed"):
            text = json.dumps(resource["Properties"]["DefinitionString"]).replace("revision one", "revision two")
            resource["Properties"]["DefinitionString"] = json.loads(text)


def test_what_was_approved_is_started_or_nothing_is(flows: Room, workflows_assembly: Path):
    sent = typed(flows, "/agreed")
    card = flows.card(sent)
    assert "as it was created" in card.shown
    flows.click(card, "Approve", ADA, endpoint=ENDPOINT)
    assert "revision one" in flows.result(sent)

    sent = typed(flows, "/agreed")
    card = flows.card(sent)
    flows.cloud.deploy_all(workflows_assembly, edit_template=another_revision)
    flows.click(card, "Approve", ADA, endpoint=ENDPOINT)
    assert "changed since" in flows.result(sent)
    assert flows.status(sent) == "FAILED ChatOps.Declined"
    assert started(flows, "Agreed", sent) is None

    sent = typed(flows, "/agreed")
    card = flows.card(sent)
    assert "revision " in card.shown
    flows.click(card, "Approve", ADA, endpoint=ENDPOINT)
    assert "revision two" in flows.result(sent)
