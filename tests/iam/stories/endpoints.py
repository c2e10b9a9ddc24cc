"""What else becomes of slash commands: they are aborted, refused, or Slack takes no answer."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chatops_local.slack import Fault
from tests.iam.apps import Story
from tests.iam.stories.denials import denied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.slack import SentCommand
    from tests.iam.laboratory import Laboratory

_START, _AUDIT = "states:StartExecution", "logs:PutLogEvents"
_OFTEN = 99
_AGAIN = 5
# Longer than dispatch remembers the off-switch.
_LATER = timedelta(minutes=1)


@dataclass(frozen=True)
class _Command:
    """A command of an endpoint, and where it is typed by whom."""

    endpoint: str
    line: str
    where: dict[str, str]

    def send(self, laboratory: Laboratory) -> SentCommand:
        return laboratory.cloud.slack.send(self.line, **self.where)

    def is_aborted(self, laboratory: Laboratory) -> None:
        sent = self._abort(laboratory)
        laboratory.until(lambda: sent.messages)

    def ending_is_kept(self, laboratory: Laboratory) -> None:
        role = laboratory.id(f"{self.endpoint}EndingsRole")
        with denied(laboratory, role, _START), another_letter(laboratory, self.endpoint):
            self._abort(laboratory)

    def is_switched_off(self, laboratory: Laboratory) -> None:
        with switched_off(laboratory):
            sent = self.send(laboratory)
            assert "switched off" in sent.ack.text, sent.ack.text
            laboratory.wait_until_quiet()

    def refusal_is_kept(self, laboratory: Laboratory) -> None:
        role = laboratory.id(f"{self.endpoint}RefusalsMachineRole")
        with (
            denied(laboratory, role, _AUDIT),
            another_letter(laboratory, self.endpoint),
            switched_off(laboratory),
        ):
            self.send(laboratory)

    def is_undeliverable(self, laboratory: Laboratory) -> None:
        faults = laboratory.cloud.slack.faults
        faults.inject("response_url", Fault.refusal("expired_url", status=404), times=_OFTEN)
        faults.inject("chat.postMessage", Fault.refusal("is_archived"), times=_OFTEN)
        try:
            with another_letter(laboratory, self.endpoint):
                self.send(laboratory)
        finally:
            faults.clear()

    def _abort(self, laboratory: Laboratory) -> SentCommand:
        """One that was quicker is over; then another one has to be aborted."""
        states = laboratory.cloud.server.client("stepfunctions")
        for _ in range(_AGAIN):
            sent = self.send(laboratory)
            (execution,) = laboratory.until(lambda sent=sent: laboratory.cloud.executions_of(sent))  # type: ignore[misc]
            states.stop_execution(executionArn=execution.arn)
            if laboratory.cloud.executions_of(sent)[0].status == "ABORTED":
                return sent
        raise AssertionError(f"{self.line} cannot be aborted")


def stories_of(id: str, line: str, **where: str) -> tuple[Story, ...]:
    """What becomes of one command of an endpoint, by the endpoint's id."""
    command = _Command(id, line, where)
    return (
        Story(f"{line} is aborted", command.is_aborted),
        Story(f"nobody can be told that {line} was aborted", command.ending_is_kept, denies=(_START,)),
        Story(f"{line} is switched off", command.is_switched_off),
        Story(f"nobody can note that {line} was refused", command.refusal_is_kept, denies=(_AUDIT,)),
        Story(f"Slack takes no answer to {line}", command.is_undeliverable),
    )


@contextmanager
def switched_off(laboratory: Laboratory) -> Iterator[None]:
    """Inside, the app's one off-switch is off; endpoints may share it."""
    name = laboratory.id("SlackOffSwitch")

    def switch(value: str) -> None:
        laboratory.cloud.server.client("ssm").put_parameter(Name=name, Value=value, Type="String", Overwrite=True)
        laboratory.cloud.advance(by=_LATER)

    switch("off for a test")
    try:
        yield
    finally:
        switch("on")


@contextmanager
def another_letter(laboratory: Laboratory, id: str) -> Iterator[None]:
    """Inside, something has to be kept that nobody could be told of."""

    def letters() -> list[Any]:
        return list(laboratory.cloud.server.messages(laboratory.id(f"{id}DeadLettersQueue")))

    before = len(letters())
    yield
    laboratory.until(lambda: len(letters()) > before)
