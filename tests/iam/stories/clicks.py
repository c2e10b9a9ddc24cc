"""What people click in Slack: menus of what they did not type, approvals, and Cancel."""

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

_CANCEL = "Cancel"
_HISTORY = "states:GetExecutionHistory"
# Longer than anybody needs to click, in simulated time.
_SLOW_SECONDS = 400.0


@dataclass(frozen=True)
class Answer:
    """A click with which a question is answered.

    Args:
        button: the button's label.
        by: who clicks. Default: who typed the command.
        choice: what is chosen from a menu before; an instance by its name.
        seen_with: words that have to be seen beside the button.
    """

    button: str
    by: str = ""
    choice: str = ""
    seen_with: str = ""


@dataclass(frozen=True)
class _Typed:
    """A command that somebody clicks on, where it is typed by whom, the answers to what it asks, its endpoint's id."""

    line: str
    where: dict[str, str]
    answers: tuple[Answer, ...] = ()
    id: str = "Slack"

    def is_answered(self, laboratory: Laboratory) -> None:
        """Answer what it asks."""
        sent = self._send(laboratory)
        answer(laboratory, sent, *self.answers)
        sent.wait(SECONDS)
        laboratory.wait_until_quiet()

    def is_cancelled(self, laboratory: Laboratory) -> None:
        """Cancel it while its script runs."""
        with _slow_scripts(laboratory):
            sent = self._send(laboratory)
            answer(laboratory, sent, *self.answers)
            laboratory.until(lambda: _is_sent(laboratory, sent))
            click(laboratory, with_button(laboratory, sent, _CANCEL), _CANCEL, sent.command.user_id)
            laboratory.until(lambda: laboratory.cloud.executions_of(sent)[0].status != "RUNNING")
        laboratory.wait_until_quiet()

    def is_cancelled_late(self, laboratory: Laboratory) -> None:
        """Cancel it when it is over, which is answered."""
        sent = self._send(laboratory)
        sent.wait(SECONDS)
        laboratory.wait_until_quiet()
        click(laboratory, with_button(laboratory, sent, _CANCEL), _CANCEL, sent.command.user_id)
        laboratory.wait_until_quiet()

    def is_not_decided(self, laboratory: Laboratory) -> None:
        """Click on Cancel, on the command or on its menu, when nobody can find out what was asked."""
        sent = self._send(laboratory)
        message = with_button(laboratory, sent, _CANCEL)
        with denied(laboratory, laboratory.id(f"{self.id}DecisionsDecideRole"), _HISTORY):
            click(laboratory, message, _CANCEL, sent.command.user_id)
        laboratory.wait_until_quiet()

    def _send(self, laboratory: Laboratory) -> SentCommand:
        return laboratory.cloud.slack.send(self.line, **self.where)


def answered(line: str, *answers: Answer, **where: str) -> Story:
    """Somebody types a command, and what it asks is answered."""
    clicked = ", then ".join(answer.button for answer in answers)
    return Story(f"{line}: {clicked}", _Typed(line, where, answers).is_answered)


def chosen(line: str, choice: str, **where: str) -> Story:
    """Somebody types a command without its choice, and chooses it from the menu."""
    return Story(f"{choice} is chosen for {line}", _Typed(line, where, (submitted(choice),)).is_answered)


def submitted(choice: str) -> Answer:
    """Who typed a command chooses something from a menu."""
    return Answer("Submit", choice=choice)


def cancelled(line: str, **where: str) -> tuple[Story, ...]:
    """Somebody cancels a script of theirs that runs, and one that is over."""
    return (
        cancelled_after(line, **where),
        Story(f"{line} is cancelled too late", _Typed(line, where).is_cancelled_late),
    )


def cancelled_after(line: str, *answers: Answer, **where: str) -> Story:
    """Somebody cancels a script of theirs that runs, since what was asked before is answered."""
    return Story(f"{line} is cancelled", _Typed(line, where, answers).is_cancelled)


def undecided(line: str, *, id: str = "Slack", **where: str) -> Story:
    """Somebody clicks, and what decides about clicks of the endpoint with that id fails."""
    typed = _Typed(line, where, id=id)
    return Story(f"nobody can decide about a click on {line}", typed.is_not_decided, denies=(_HISTORY,))


def answer(laboratory: Laboratory, sent: SentCommand, *answers: Answer) -> None:
    """Give a command the answers to what it asks."""
    for one in answers:
        question = with_button(laboratory, sent, one.button, one.seen_with)
        choice = laboratory.cloud.instances.get(one.choice, one.choice)
        click(laboratory, question, one.button, one.by or sent.command.user_id, choice)


def with_button(laboratory: Laboratory, sent: SentCommand, label: str, words: str = "") -> Message:
    """The newest message about a command, whoever sees it, that has a button and these words."""
    (execution,) = laboratory.until(lambda: laboratory.cloud.executions_of(sent))
    name = execution.arn.rpartition(":")[2]

    def has_button(message: Message) -> bool:
        return any(each.label == label and name in each.element.get("value", "") for each in message.controls)

    def look() -> list[Message]:
        return [each for each in laboratory.cloud.slack.messages if words in each.shown and has_button(each)]

    return laboratory.until(look)[-1]


def click(laboratory: Laboratory, message: Message, button: str, user: str, choice: str = "") -> None:
    """Click, and wait for what comes of it."""
    options = {"selected": choice} if choice else {}
    laboratory.cloud.slack.click(message, button, user=user, **options).wait(SECONDS)


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
