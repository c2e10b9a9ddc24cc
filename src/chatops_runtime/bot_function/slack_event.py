"""What a function receives that answers events of Slack."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIRST_MENTION = re.compile(r"^\s*<@[UW][A-Z0-9]+(?:\|[^>]*)?>")


@dataclass(frozen=True)
class SlackEvent:
    """Something has happened in Slack: somebody has mentioned the app, written something, added a reaction.

    Texts are in Slack's markup, as they were written: put what comes of them into `Reply(text=…)`, or through `escape`
    before it goes into `mrkdwn` or blocks, or somebody may make the app ping a whole channel.

    Attributes:
        type: What has happened: `app_mention`, `message`, `reaction_added`.
        text: The text of a message, `<@U012APP> status`; empty if it is none.
        user_id: Who did it; empty if Slack does not say.
        channel_id: Where; empty if it is nowhere, as with `team_join`.
        ts: The message that it is, or is about; empty if it is about none.
        thread_ts: The first message of the thread that the message is in; empty if it is in none.
        team_id: In which workspace.
        event_id: Slack's id of the event. A redelivered event has the same one, so it serves as a key for doing things
            once.
        event_time: When it happened: the second, since 1970.
        event: The event as Slack describes it under its type, https://docs.slack.dev/reference/events. Of a message
            that is very long its blocks and attachments are missing.
        request_id: The name of the execution.
    """

    type: str
    text: str
    user_id: str
    channel_id: str
    ts: str
    thread_ts: str
    team_id: str
    event_id: str
    event_time: int
    event: Mapping[str, Any] = field(hash=False)
    request_id: str

    @property
    def words(self) -> str:
        """The text without the mention that it begins with, and without blanks around it: `status`."""
        return _FIRST_MENTION.sub("", self.text.replace("\u00a0", " ")).strip()

    @classmethod
    def for_test(
        cls,
        text: str = "",
        *,
        type: str = "app_mention",  # noqa: A002 - Slack's word
        user_id: str = "U0TEST",
        channel_id: str = "C0TEST",
        ts: str = "1767603600.000100",
        thread_ts: str = "",
        team_id: str = "T0TEST",
        event_id: str = "Ev0TEST",
        event_time: int = 1_767_603_600,
        event: Mapping[str, Any] | None = None,
        request_id: str | None = None,
    ) -> SlackEvent:
        """An event for the tests of a function: `answer(SlackEvent.for_test("<@U012APP> status"))`.

        Args:
            text: As the attribute, and all others as well.
            type: As the attribute.
            user_id: As the attribute.
            channel_id: As the attribute.
            ts: As the attribute.
            thread_ts: As the attribute.
            team_id: As the attribute.
            event_id: As the attribute.
            event_time: As the attribute.
            event: As the attribute. Default: of the others what Slack has in it.
            request_id: As the attribute. Default: `event_id`.
        """
        inner = {"type": type, "text": text, "user": user_id, "channel": channel_id, "ts": ts, "thread_ts": thread_ts}
        return cls(
            type=type,
            text=text,
            user_id=user_id,
            channel_id=channel_id,
            ts=ts,
            thread_ts=thread_ts,
            team_id=team_id,
            event_id=event_id,
            event_time=event_time,
            event={name: value for name, value in inner.items() if value} if event is None else event,
            request_id=event_id if request_id is None else request_id,
        )


def from_event(event: dict[str, Any]) -> SlackEvent:
    """What happened, in an event of the kind `event`: `chatops_runtime.contracts.bot`."""
    return SlackEvent(
        type=event["event_type"],
        text=event["text"],
        user_id=event["user_id"],
        channel_id=event["channel_id"],
        ts=event["ts"],
        thread_ts=event["thread_ts"],
        team_id=event["team_id"],
        event_id=event["event_id"],
        event_time=event["event_time"],
        event=event["event"],
        request_id=event["request_id"],
    )
