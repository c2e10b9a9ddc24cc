"""What becomes of workflows behind commands: they are cancelled while they run, or somebody else has deployed them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.iam.apps import Story
from tests.iam.stories import clicks, machines
from tests.iam.stories.slack import SECONDS, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.cloud import LocalCloud
    from tests.iam.laboratory import Laboratory

# In simulated time; longer than anybody needs to click, when every function has to be started first.
_SLOW_SECONDS = 4_000
_APPROVE = "Approve"


def approved(line: str, *answers: clicks.Answer, by: str, seen_with: str, **where: str) -> Story:
    """Somebody asks what runs while a command waits for its approval, which somebody else then gives.

    Args:
        line: what is typed.
        answers: what is answered before.
        by: who approves it.
        seen_with: the command that shows what runs.
        where: where it is typed by whom.
    """

    def tell(laboratory: Laboratory) -> None:
        sent = laboratory.cloud.slack.send(line, **where)
        clicks.answer(laboratory, sent, *answers)
        card = clicks.with_button(laboratory, sent, _APPROVE)
        assert "waits for an approval" in said(laboratory, seen_with)
        clicks.click(laboratory, card, _APPROVE, by)
        sent.wait(SECONDS)
        laboratory.wait_until_quiet()

    return Story(f"{line} is approved", tell)


def cancelled(line: str, workflow: Callable[[Laboratory], str], *, approved_by: str = "", **where: str) -> Story:
    """Somebody cancels a command of theirs while its workflow runs, which takes its time.

    Args:
        line: what is typed.
        workflow: gives the ARN of the state machine that it starts.
        approved_by: who approves it, if somebody has to.
        where: where it is typed by whom.
    """

    def tell(laboratory: Laboratory) -> None:
        with machines.doing_otherwise(laboratory, workflow(laboratory), _slow):
            sent = laboratory.cloud.slack.send(line, **where)
            if approved_by:
                clicks.click(laboratory, clicks.with_button(laboratory, sent, _APPROVE), _APPROVE, approved_by)
            ack = laboratory.until(lambda: [message for message in sent.messages if message.controls])[0]
            laboratory.until(lambda: _follows(laboratory, laboratory.cloud.executions_of(sent)[0].arn))
            laboratory.cloud.slack.click(ack, "Cancel", user=sent.command.user_id).wait(SECONDS)
            laboratory.until(lambda: laboratory.cloud.executions_of(sent)[0].status != "RUNNING")
        laboratory.wait_until_quiet()

    return Story(f"{line} is cancelled while its workflow runs", tell)


def of_the_app(logical_id: str) -> Callable[[Laboratory], str]:
    """A workflow of the app itself."""
    return lambda laboratory: laboratory.id(logical_id)


def of_somebody_else(name: str) -> Callable[[Laboratory], str]:
    """A workflow that is `there`."""
    return lambda laboratory: next(
        each["stateMachineArn"]
        for each in laboratory.cloud.server.client("stepfunctions").list_state_machines()["stateMachines"]
        if each["name"] == name
    )


def there(name: str) -> Callable[[LocalCloud], None]:
    """A workflow of that name, which somebody else has deployed."""

    def deploy(cloud: LocalCloud) -> None:
        trust = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
        role = cloud.server.client("iam").create_role(
            RoleName=f"{name}Role",
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        )["Role"]["Arn"]
        cloud.server.client("stepfunctions").create_state_machine(
            name=name,
            roleArn=role,
            definition=json.dumps(_only({"Type": "Pass", "Output": "restored", "End": True})),
        )

    return deploy


def _only(state: dict[str, Any]) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "StartAt": "Only", "States": {"Only": state}}


def _slow(_: dict[str, Any]) -> dict[str, Any]:
    return _only({"Type": "Wait", "Seconds": _SLOW_SECONDS, "End": True})


def _follows(laboratory: Laboratory, execution: str) -> bool:
    return any(event["type"] == "TaskSubmitted" for event in laboratory.cloud.server.execution_history(execution))
