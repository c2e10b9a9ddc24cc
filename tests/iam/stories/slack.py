"""What people do in Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.slack import Fault
from tests.iam.apps import Story
from tests.iam.stories import instances

if TYPE_CHECKING:
    from tests.iam.laboratory import Laboratory

_SECONDS = 60


def typed(line: str, *, channel: str | None = None, user: str | None = None) -> Story:
    """Somebody types a command, and is told its result."""

    def tell(laboratory: Laboratory) -> None:
        said(laboratory, line, channel=channel, user=user)

    return Story(f"somebody types {line}", tell)


def given_up(line: str, *, channel: str | None = None) -> Story:
    """Somebody types a command, and no agent says that the script is over."""

    def tell(laboratory: Laboratory) -> None:
        with instances.silent(laboratory):
            laboratory.cloud.slack.send(line, **given(channel=channel)).wait(_SECONDS)

    return Story(f"nobody reports the script of {line}", tell)


def answered_late(line: str, *, channel: str | None = None) -> Story:
    """Somebody types a command whose response_url Slack no longer takes: the bot has to say it."""

    def tell(laboratory: Laboratory) -> None:
        faults = laboratory.cloud.slack.faults
        faults.inject("response_url", Fault.refusal("expired_url", status=404), times=10)
        try:
            laboratory.cloud.slack.send(line, **given(channel=channel))
            laboratory.wait_until_quiet()
        finally:
            faults.clear()

    return Story(f"{line} is answered late", tell)


def said(laboratory: Laboratory, line: str, *, channel: str | None = None, user: str | None = None) -> str:
    """Type a command; what is told in the end. Nothing may go wrong on the way."""
    sent = laboratory.cloud.slack.send(line, **given(channel=channel, user=user))
    messages = sent.wait(_SECONDS)
    problems = laboratory.cloud.problems_of(sent)
    assert problems == [], problems
    return "\n".join(message.shown for message in messages)


def given(**where: str | None) -> dict[str, str]:
    """Where a command is typed and by whom, as far as a story says it."""
    return {name: value for name, value in where.items() if value}
