"""What people do in Slack; `where` they do it says the channel, the user and the endpoint, if it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.slack import Fault
from tests.iam.apps import Story

if TYPE_CHECKING:
    from tests.iam.laboratory import Laboratory

SECONDS = 60


def typed(line: str, **where: str) -> Story:
    """Somebody types a command, and is told its result."""

    def tell(laboratory: Laboratory) -> None:
        said(laboratory, line, **where)

    return Story(f"somebody types {line}", tell)


def answered_late(line: str, **where: str) -> Story:
    """Somebody types a command whose response_url Slack no longer takes: the bot has to say it."""

    def tell(laboratory: Laboratory) -> None:
        faults = laboratory.cloud.slack.faults
        faults.inject("response_url", Fault.refusal("expired_url", status=404), times=10)
        try:
            laboratory.cloud.slack.send(line, **where)
            laboratory.wait_until_quiet()
        finally:
            faults.clear()

    return Story(f"{line} is answered late", tell)


def said(laboratory: Laboratory, line: str, **where: str) -> str:
    """Type a command; what is told in the end. Nothing may go wrong on the way."""
    sent = laboratory.cloud.slack.send(line, **where)
    messages = sent.wait(SECONDS)
    problems = laboratory.cloud.problems_of(sent)
    assert problems == [], problems
    return "\n".join(message.shown for message in messages)
