"""What becomes of mentions of an app, and of clicks on what its functions say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from chatops_local.slack import Fault
from chatops_runtime.contracts import control
from tests.iam.apps import Story
from tests.iam.stories.denials import denied
from tests.iam.stories.endpoints import another_letter, switched_off
from tests.iam.stories.slack import SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.slack import Message
    from chatops_local.slack.sent_event import SentEvent
    from tests.iam.laboratory import Laboratory

_START, _AUDIT = "states:StartExecution", "logs:PutLogEvents"
_OFTEN = 99
_AGAIN = 5


@dataclass(frozen=True)
class _Happening:
    """Something that an endpoint, by its id, has a function for, and how Slack tells of it."""

    endpoint: str
    send: Callable[[Laboratory], SentEvent]

    def is_answered(self, laboratory: Laboratory) -> None:
        assert self.send(laboratory).wait(SECONDS)
        laboratory.wait_until_quiet()

    def is_aborted(self, laboratory: Laboratory) -> None:
        sent = self._abort(laboratory)
        laboratory.until(lambda: sent.messages)

    def ending_is_kept(self, laboratory: Laboratory) -> None:
        role = laboratory.id(f"{self.endpoint}EndingsRole")
        with denied(laboratory, role, _START), another_letter(laboratory, self.endpoint):
            self._abort(laboratory)

    def is_switched_off(self, laboratory: Laboratory) -> None:
        with switched_off(laboratory):
            assert self.send(laboratory).wait(SECONDS) == []
            laboratory.wait_until_quiet()

    def refusal_is_kept(self, laboratory: Laboratory) -> None:
        role = laboratory.id(f"{self.endpoint}RefusalsMachineRole")
        with denied(laboratory, role, _AUDIT), another_letter(laboratory, self.endpoint), switched_off(laboratory):
            self.send(laboratory)

    def is_undeliverable(self, laboratory: Laboratory) -> None:
        faults = laboratory.cloud.slack.faults
        faults.inject("chat.postMessage", Fault.refusal("is_archived"), times=_OFTEN)
        try:
            with another_letter(laboratory, self.endpoint):
                self.send(laboratory)
        finally:
            faults.clear()

    def _abort(self, laboratory: Laboratory) -> SentEvent:
        """One that was quicker is over; then another one has to be aborted."""
        states = laboratory.cloud.server.client("stepfunctions")
        for _ in range(_AGAIN):
            sent = self.send(laboratory)
            (execution,) = laboratory.until(lambda sent=sent: laboratory.cloud.executions_of(sent))  # type: ignore[misc]
            states.stop_execution(executionArn=execution.arn)
            if laboratory.cloud.executions_of(sent)[0].status == "ABORTED":
                return sent
        raise AssertionError("it cannot be aborted")


def mentioned(id: str, text: str) -> tuple[Story, ...]:
    """Everything that can become of a mention with a text, by the endpoint's id."""
    return happened(id, f"@{text}", lambda laboratory: laboratory.cloud.slack.mention(text))


def happened(id: str, what: str, send: Callable[[Laboratory], SentEvent]) -> tuple[Story, ...]:
    """Everything that can become of something that an endpoint, by its id, has a function for."""
    happening = _Happening(id, send)
    return (
        Story(f"{what} is answered", happening.is_answered),
        Story(f"{what} is aborted", happening.is_aborted),
        Story(f"nobody can be told that {what} was aborted", happening.ending_is_kept, denies=(_START,)),
        Story(f"{what} is switched off", happening.is_switched_off),
        Story(f"nobody can note that {what} was refused", happening.refusal_is_kept, denies=(_AUDIT,)),
        Story(f"Slack takes no answer to {what}", happening.is_undeliverable),
    )


def clicked(button: str, message: Callable[[Laboratory], Message]) -> tuple[Story, ...]:
    """Somebody clicks on a button of a message that is made for it; also when that is refused."""

    def click(laboratory: Laboratory) -> list[Message]:
        return laboratory.cloud.slack.click(message(laboratory), button).wait(SECONDS)

    def is_answered(laboratory: Laboratory) -> None:
        assert click(laboratory)
        laboratory.wait_until_quiet()

    def is_refused(laboratory: Laboratory) -> None:
        shown = message(laboratory)
        with switched_off(laboratory):
            said = laboratory.cloud.slack.click(shown, button).wait(SECONDS)
            assert any("was not run" in each.shown for each in said), said
            laboratory.wait_until_quiet()

    def is_refused_in_vain(laboratory: Laboratory) -> None:
        shown = message(laboratory)
        faults = laboratory.cloud.slack.faults
        with switched_off(laboratory):
            faults.inject("response_url", Fault.refusal("expired_url", status=404), times=_OFTEN)
            try:
                laboratory.cloud.slack.click(shown, button)
                laboratory.wait_until_quiet()
            finally:
                faults.clear()

    def is_old(laboratory: Laboratory) -> None:
        """A Cancel button of a command that the app has no more."""
        slack = laboratory.cloud.slack
        sent = slack.click(message(laboratory), button)
        said = len(sent.wait(SECONDS))
        payload = json.loads(parse_qs(sent.request.body.decode())["payload"][0])
        payload["actions"][0] |= {"action_id": control.CANCEL, "value": f"v1:Gone:{'0a' * 32}:"}
        body = urlencode({"payload": json.dumps(payload)}).encode()
        app = slack.workspace.endpoint(sent.endpoint).app
        assert slack.deliver(slack.sign(body, app), endpoint=sent.endpoint).status == 200
        laboratory.until(lambda: len(sent.messages) > said)
        laboratory.wait_until_quiet()

    return (
        Story(f"{button} is clicked on", is_answered),
        Story("an old Cancel button is clicked on", is_old),
        Story(f"{button} is refused", is_refused),
        Story(f"{button} is refused, and nobody can be told", is_refused_in_vain),
    )
