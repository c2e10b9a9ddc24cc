"""The Events API: tells apps what happens, again and again until they have taken it.

https://docs.slack.dev/apis/events-api
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from chatops_local.slack.content import Content
from chatops_local.slack.delivery import deliver
from chatops_local.slack.event import envelope, mention_of, message_event, url_verification
from chatops_local.slack.ids import is_id, new_event_id, require_id
from chatops_local.slack.record import PERSON
from chatops_local.slack.sent_event import RETRIES_AFTER_SECONDS, EventAck, EventDelivery, SentEvent
from chatops_local.slack.signing import JSON, SignedRequest
from chatops_local.slack.slash_command import DEFAULT_CHANNEL, DEFAULT_USER

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.slack.delivery import HttpAnswer
    from chatops_local.slack.message import Message
    from chatops_local.slack.record import Record
    from chatops_local.slack.workspace import RequestUrl, SlackApp, Workspace

Json = dict[str, Any]

MOST_ECHOES = 20
"""How many events of apps' own posts are delivered: apps that answer each other never end by themselves."""

_TOO_MANY_ECHOES = f"after {MOST_ECHOES} events of apps' own posts no more are delivered: do they answer each other?"


class NoMentionError(ValueError):
    """An app is not told of a mention there. The text says why."""


class Events:
    """What Slack tells apps of, and whether they have taken it.

    Attributes:
        echo: Whether what apps post leads to events as well, as in a channel whose messages an app has subscribed to.
    """

    def __init__(
        self,
        workspace: Workspace,
        record: Record,
        sign: Callable[[bytes, SlackApp, str], SignedRequest],
        clock: Callable[[], float],
        is_over: Callable[[SentEvent], bool],
    ) -> None:
        """For the apps of `workspace` and the messages of `record`; `clock` says when to deliver again."""
        self.echo = False
        self._workspace = workspace
        self._record = record
        self._sign = sign
        self._clock = clock
        self._is_over = is_over
        self._sent: list[SentEvent] = []
        self._due: dict[str, float] = {}
        self._echoes = 0
        self._echoing: list[threading.Thread] = []

    @property
    def sent(self) -> list[SentEvent]:
        """The events that were delivered so far, in order."""
        return list(self._sent)

    def event(
        self, event: Json, *, team: str | None = None, event_id: str | None = None, endpoint: str | None = None
    ) -> SentEvent:
        """Tell an app of an event: deliver it, and at once a second time if it is not taken.

        The two further redeliveries are made when the clock says so, see `redeliver_due`, or with
        `SentEvent.redeliver`.

        Args:
            event: The event, such as `{"type": "app_mention", "user": "U…", "channel": "C…", "text": "…"}`. Of an event
                with a text, a `ts` is made up if it has none, and an `event_ts` always.
            team: The workspace in which it happened (`T…`). Default: that of the app.
            event_id: Its id (`Ev…`). Default: a new one.
            endpoint: The endpoint's name or app id. Default: the only endpoint there is.

        Raises:
            ValueError: The event has no type, an id is malformed, or the endpoint is not known or ambiguous.
        """
        if not event.get("type"):
            raise ValueError(f'event {event!r}: an event has a type, such as "app_mention"')
        to = self._workspace.endpoint(endpoint)
        return self._tell(to, self._complete(event), require_id("team", team or to.app.team_id), event_id)

    def mention(
        self,
        text: str,
        *,
        user: str = DEFAULT_USER,
        channel: str = DEFAULT_CHANNEL,
        thread: Message | str | None = None,
        endpoint: str | None = None,
    ) -> SentEvent:
        """Mention the app in a message, as `user` in `channel`: `<@U0BOT…> text`.

        Args:
            text: What comes after the mention, as Slack sends it: `&`, `<` and `>` escaped.
            user: The user's id (`U…`).
            channel: The channel's id (`C…`).
            thread: A message, or the `ts` of one, in whose thread it is written. Default: in the channel.
            endpoint: The endpoint's name or app id. Default: the only endpoint there is.

        Raises:
            NoMentionError: The app is not in the channel, or it is no channel but direct messages.
            ValueError: An id is malformed, or the endpoint is not known or ambiguous.
        """
        to = self._workspace.endpoint(endpoint)
        self._require_mentions(to.app, channel)
        said = self.say(f"<@{to.app.bot_user_id}> {text}".rstrip(), user=user, channel=channel, thread=thread)
        team = self._workspace.people.person(user).team_id or to.app.team_id
        return self._tell(to, mention_of(to.app, said, team), team, None)

    def tell(self, message: Message, *, endpoint: str | None = None) -> SentEvent:
        """Tell the app of a message that somebody has written, as in a channel whose messages it has subscribed to.

        Args:
            message: What `say` has given.
            endpoint: The endpoint's name or app id. Default: the only endpoint there is.

        Raises:
            ValueError: The endpoint is not known or ambiguous.
        """
        to = self._workspace.endpoint(endpoint)
        team = self._workspace.people.person(message.author).team_id or to.app.team_id
        return self._tell(to, message_event(to.app, message), team, None)

    def say(
        self,
        text: str,
        *,
        user: str = DEFAULT_USER,
        channel: str = DEFAULT_CHANNEL,
        thread: Message | str | None = None,
    ) -> Message:
        """Write a message, as `user` in `channel`, of which no app is told. See `tell` for telling one."""
        parent = self._record.message(thread) if isinstance(thread, str) else thread
        return self._record.post(
            Content.read({"text": text}),
            via=PERSON,
            channel=require_id("channel", channel),
            user=None,
            author=require_id("user", user),
            thread_ts=parent.thread if parent is not None else thread if isinstance(thread, str) else None,
        )

    def verify_url(self, *, endpoint: str | None = None) -> bool:
        """Whether an endpoint proves that it is an app's, as when its Request URL is entered: it sends the challenge.

        It may be plain text, a form or JSON: https://docs.slack.dev/reference/events/url_verification
        """
        to = self._workspace.endpoint(endpoint)
        body, challenge = url_verification(to.app)
        answer = deliver(self._sign(body, to.app, JSON), to)
        return EventAck.judge(answer).ok and answer.status == 200 and _challenge_in(answer) == challenge

    def redeliver_due(self) -> list[EventDelivery]:
        """Make the redeliveries that are due by now; `LocalCloud.advance` does."""
        made = []
        for sent in self._sent:
            while not sent.is_given_up and self._due[sent.event_id] <= self._clock():
                # One that is late does not make the next one late.
                made.append(self._deliver(sent, after=self._due[sent.event_id]))
        return made

    def posted(self, message: Message) -> None:
        """Tell every app of what one of them has posted, if `echo` says so; without waiting for them."""
        if not self.echo or message.via != "chat.postMessage":
            return
        author = self._workspace.app_of_id(message.app_id)
        for to in self._workspace.endpoints:
            self._echo(to, message_event(author, message), author)
            if f"<@{to.app.bot_user_id}>" in message.text:
                self._echo(to, mention_of(author, message, author.team_id), author)

    def settle(self) -> None:
        """Wait until the events of apps' own posts so far are delivered."""
        for thread in list(self._echoing):
            thread.join()

    def _echo(self, to: RequestUrl, event: Json, author: SlackApp) -> None:
        if self._echoes >= MOST_ECHOES:
            if _TOO_MANY_ECHOES not in self._record.notes:
                self._record.note(_TOO_MANY_ECHOES)
            return
        self._echoes += 1
        thread = threading.Thread(target=self._tell, args=(to, event, author.team_id, None), daemon=True, name="event")
        self._echoing.append(thread)
        thread.start()

    def _tell(self, to: RequestUrl, event: Json, team: str, event_id: str | None) -> SentEvent:
        sent = SentEvent(
            event,
            event_id or new_event_id(),
            to.name,
            to.app.app_id,
            self._record,
            self._is_over,
            lambda again: self._deliver(again, after=self._clock()),
        )
        body = envelope(event, to.app, team, sent.event_id, int(self._clock()))
        request = self._sign(body, to.app, JSON)
        sent.deliveries.append(EventDelivery(request, EventAck.judge(deliver(request, to))))
        self._sent.append(sent)
        self._due[sent.event_id] = self._clock() + RETRIES_AFTER_SECONDS[0]
        if not sent.is_given_up:
            self._deliver(sent, after=self._due[sent.event_id])
        return sent

    def _deliver(self, sent: SentEvent, *, after: float) -> EventDelivery:
        """Once more: the same body, signed anew, with what went wrong the last time."""
        to, retry = self._workspace.endpoint(sent.endpoint), len(sent.deliveries)
        signed = self._sign(sent.request.body, to.app, JSON)
        told = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": str(sent.ack.error)}
        request = SignedRequest(signed.body, signed.headers | told)
        delivery = EventDelivery(request, EventAck.judge(deliver(request, to)), retry)
        sent.deliveries.append(delivery)
        if retry < len(RETRIES_AFTER_SECONDS):
            self._due[sent.event_id] = after + RETRIES_AFTER_SECONDS[retry]
        return delivery

    def _require_mentions(self, app: SlackApp, channel: str) -> None:
        """https://docs.slack.dev/reference/events/app_mention: which mentions are no `app_mention`."""
        if channel.startswith("D"):
            raise NoMentionError(
                f"channel {channel}: in direct messages nothing is an app_mention; tell the app of the message, with "
                "slack.tell"
            )
        if not self._workspace.is_member(app, channel):
            raise NoMentionError(f"channel {channel}: app {app.app_id} is not in it, and is told of no mention there")

    def _complete(self, event: Json) -> Json:
        """With a `ts` of its own: of a message that people see, if it is one in a channel."""
        if "ts" in event or "text" not in event:
            return {**event, "event_ts": event.get("event_ts") or event.get("ts") or f"{self._clock():.6f}"}
        user, channel = str(event.get("user") or ""), str(event.get("channel") or "")
        if is_id("user", user) and is_id("channel", channel) and not event.get("bot_id"):
            ts = self.say(event["text"] or " ", user=user, channel=channel, thread=event.get("thread_ts")).ts
        else:
            ts = f"{self._clock():.6f}"
        return {**event, "ts": ts, "event_ts": ts}


def _challenge_in(answer: HttpAnswer) -> str:
    text = answer.body.decode("utf-8", "replace")
    if answer.content_type == JSON:
        try:
            return str(json.loads(text)["challenge"])
        except (KeyError, TypeError, ValueError):
            return ""
    return parse_qs(text).get("challenge", [text.strip()])[0]
