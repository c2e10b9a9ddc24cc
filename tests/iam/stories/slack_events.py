"""The examples `minimal/slack_events` and `maximal/slack_events`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.iam.apps import App, Story
from tests.iam.stories import handlers, machines
from tests.iam.stories.slack import SECONDS

if TYPE_CHECKING:
    from chatops_local.slack import Message
    from chatops_local.slack.sent_event import SentEvent
    from tests.iam.laboratory import Laboratory

_SUPPORT = "C0123SUPPORT"
_SUPPORTER = "U0123SUPPORTER"


def _marked(laboratory: Laboratory) -> SentEvent:
    """Somebody of the support marks a message."""
    slack = laboratory.cloud.slack
    item = {"type": "message", "channel": _SUPPORT, "ts": slack.say("it is broken", channel=_SUPPORT).ts}
    return slack.event({"type": "reaction_added", "user": _SUPPORTER, "reaction": "ticket", "item": item})


def _offer(laboratory: Laboratory) -> Message:
    (message,) = _marked(laboratory).wait(SECONDS)
    return message


def _written(laboratory: Laboratory) -> None:
    sent = laboratory.cloud.slack.event(
        {"type": "message", "channel_type": "channel", "channel": _SUPPORT, "user": _SUPPORTER, "text": "hello"}
    )
    assert sent.wait(SECONDS) == []
    laboratory.wait_until_quiet()


def _filed(laboratory: Laboratory) -> None:
    slack = laboratory.cloud.slack
    sent = slack.shortcut("file_a_ticket", message=slack.say("it is broken", channel=_SUPPORT))
    assert [each.shown for each in sent.wait(SECONDS) if "A ticket" in each.shown]
    laboratory.wait_until_quiet()


def _with_supporters(laboratory: Laboratory) -> None:
    laboratory.cloud.slack.workspace.people.set_group("S0123SUPPORT", [_SUPPORTER])


SLACK_EVENTS = (
    App("minimal/slack_events", stories=(*handlers.mentioned("Slack", "hello"), machines.UPDATED)),
    App(
        "maximal/slack_events",
        stories=(
            *handlers.happened("Slack", "a message that is marked", _marked),
            *handlers.clicked("Open a ticket", _offer),
            Story("somebody writes a message", _written),
            Story("somebody uses the shortcut", _filed),
            machines.UPDATED,
        ),
        furnish=_with_supporters,
    ),
)
