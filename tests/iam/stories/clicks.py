"""What people click in Slack: menus of what they did not type, and Cancel."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.iam.apps import Story
from tests.iam.stories.denials import denied
from tests.iam.stories.slack import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.slack import Message, SentCommand
    from tests.iam.laboratory import Laboratory

_HISTORY = "states:GetExecutionHistory"
# Longer than anybody needs to click, in simulated time.
_SLOW_SECONDS = 400.0


@dataclass(frozen=True)
class _Typed:
    """A command that somebody clicks on, and where it is typed by whom."""

    line: str
    where: dict[str, str]

    def is_chosen_for(self, laboratory: Laboratory, choice: str) -> None:
        """Submit the menu with `choice`."""
        sent = self._send(laboratory)
        question = _with_button(laboratory, sent, "Submit")
        _click(laboratory, question, sent, "Submit", selected=choice)
        laboratory.wait_until_quiet()

    def is_cancelled(self, laboratory: Laboratory) -> None:
        """Cancel it while its script runs."""
        with _slow_scripts(laboratory):
            sent = self._send(laboratory)
            acknowledgement = _with_button(laboratory, sent, "Cancel")
            laboratory.until(lambda: _is_sent(laboratory, sent))
            _click(laboratory, acknowledgement, sent, "Cancel")
            laboratory.until(lambda: laboratory.cloud.executions_of(sent)[0].status != "RUNNING")
        laboratory.wait_until_quiet()

    def is_cancelled_late(self, laboratory: Laboratory) -> None:
        """Cancel it when it is over, which is answered."""
        sent = self._send(laboratory)
        sent.wait(SECONDS)
        laboratory.wait_until_quiet()
        _click(laboratory, _with_button(laboratory, sent, "Cancel"), sent, "Cancel")
        laboratory.wait_until_quiet()

    def is_not_decided(self, laboratory: Laboratory) -> None:
        """Click on Cancel, on the command or on its menu, when nobody can find out what was asked."""
        sent = self._send(laboratory)
        message = _with_button(laboratory, sent, "Cancel")
        with denied(laboratory, laboratory.id("SlackDecisionsDecideRole"), _HISTORY):
            _click(laboratory, message, sent, "Cancel")
        laboratory.wait_until_quiet()

    def _send(self, laboratory: Laboratory) -> SentCommand:
        return laboratory.cloud.slack.send(self.line, **self.where)


def chosen(line: str, choice: str, **where: str) -> Story:
    """Somebody types a command without its choice, and chooses it from the menu."""
    typed = _Typed(line, where)
    return Story(f"{choice} is chosen for {line}", lambda laboratory: typed.is_chosen_for(laboratory, choice))


def cancelled(line: str, **where: str) -> tuple[Story, ...]:
    """Somebody cancels a script of theirs that runs, and one that is over."""
    typed = _Typed(line, where)
    return (
        Story(f"{line} is cancelled", typed.is_cancelled),
        Story(f"{line} is cancelled too late", typed.is_cancelled_late),
    )


def undecided(line: str, **where: str) -> Story:
    """Somebody clicks, and what decides about clicks fails."""
    return Story(f"nobody can decide about a click on {line}", _Typed(line, where).is_not_decided, denies=(_HISTORY,))


def _with_button(laboratory: Laboratory, sent: SentCommand, label: str) -> Message:
    def look() -> list[Message]:
        return [message for message in sent.messages if any(each.label == label for each in message.controls)]

    return laboratory.until(look)[-1]


def _click(
    laboratory: Laboratory, message: Message, sent: SentCommand, control: str, selected: str | None = None
) -> None:
    options = {} if selected is None else {"selected": selected}
    laboratory.cloud.slack.click(message, control, user=sent.command.user_id, **options).wait(SECONDS)


def _is_sent(laboratory: Laboratory, sent: SentCommand) -> bool:
    (execution,) = laboratory.cloud.executions_of(sent)
    name = execution.arn.rpartition(":")[2]
    commands = laboratory.cloud.server.client("ssm").list_commands()["Commands"]
    return any(each["Comment"].startswith(name) and each["Status"] == "InProgress" for each in commands)


@contextmanager
def _slow_scripts(laboratory: Laboratory) -> Iterator[None]:
    laboratory.simulate_scripts(seconds=_SLOW_SECONDS)
    try:
        yield
    finally:
        laboratory.simulate_scripts()
