"""What becomes of a request of Slack's Events API. Imported when there is one."""

from __future__ import annotations

from chatops_runtime.contracts import request_log
from chatops_runtime.contracts.commands_table import MESSAGE_SUBTYPES, REPLY_IN_THREAD
from chatops_runtime.contracts.request import EVENT
from chatops_runtime.dispatch.answer import Answer, RefusedError
from chatops_runtime.dispatch.command_request import fits
from chatops_runtime.dispatch.handler_start import HandlerStart
from chatops_runtime.dispatch.quiet_start import QuietStart
from chatops_runtime.slack import strict_json
from chatops_runtime.slack.event_callback import EventCallback
from chatops_runtime.slack.json_fields import MalformedPayloadError, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from chatops_runtime.contracts.commands_table import EventEntry
    from chatops_runtime.contracts.request import HandlerRequest
    from chatops_runtime.dispatch.dispatcher import Dispatcher
    from chatops_runtime.dispatch.executions import Executions
    from chatops_runtime.dispatch.http_request import HttpRequest
    from chatops_runtime.dispatch.invocation import Invocation

MESSAGE = "message"
_DIRECT_MESSAGE = "im"
_SUBSCRIPTIONS = {"channel": "channels", "group": "groups", _DIRECT_MESSAGE: "im", "mpim": "mpim"}

# https://docs.slack.dev/apis/events-api#retries
_RETRY_REASONS = frozenset(
    {"http_timeout", "too_many_redirects", "connection_failed", "ssl_error", "http_error", "unknown_error"}
)
_REPEATED = ("blocks", "attachments")
"""Of a message: what says the same once more, or comes from elsewhere."""


class Events:
    """Hands events to what answers them."""

    def __init__(self, dispatcher: Dispatcher, executions: Executions, entries: Mapping[str, EventEntry]) -> None:
        """Of one endpoint.

        Args:
            dispatcher: Says who is let in, and keeps refusals.
            executions: Starts executions.
            entries: The commands table's events.
        """
        self._dispatcher = dispatcher
        self._quiet_start = QuietStart(executions)
        self._entries = entries

    def answer(self, request: HttpRequest, invocation: Invocation) -> Answer:
        """The answer to a request whose body is JSON, which nobody in Slack sees.

        Args:
            request: A request, which is Slack's.
            invocation: Receives what the log line may say.

        Raises:
            RefusedError: It is none of the Events API, or not for this endpoint.
        """
        try:
            body = strict_json.read(request.body)
            kind = text_of(body, "type")
            if kind == "url_verification":
                return Answer(request_log.URL_VERIFICATION, {"challenge": text_of(body, "challenge")})
            if kind == "event_callback":
                _note_retry(request.headers, invocation)
                return self._event(EventCallback(body), invocation)
        except MalformedPayloadError as error:
            raise RefusedError(400, str(error)) from None
        if kind == request_log.APP_RATE_LIMITED:
            return Answer(request_log.APP_RATE_LIMITED)
        return _ignored(request_log.OTHER_TYPE, invocation)

    def _event(self, event: EventCallback, invocation: Invocation) -> Answer:
        self._dispatcher.admit(event)
        invocation.note(team_id=event.team_id, event_type=event.type, id=event.event_id)
        key = self._key(event)
        if key is None:
            return _ignored(request_log.NO_HANDLER, invocation)
        entry = self._entries[key]
        invocation.note(command=key, channel_id=event.channel_id, user_id=event.user_id)
        why = _why_ignored(event, entry)
        if why is not None:
            return _ignored(why, invocation)
        start = HandlerStart(self._dispatcher, self._quiet_start, key, entry)
        return start.answer(event, _request(start, event, entry), event.event_id, invocation)

    def _key(self, event: EventCallback) -> str | None:
        """The entry's: of a message, that of its kind of conversation first."""
        names = [event.type]
        if event.type == MESSAGE and event.channel_type in _SUBSCRIPTIONS:
            names.insert(0, f"{MESSAGE}.{_SUBSCRIPTIONS[event.channel_type]}")
        return next((name for name in names if name in self._entries), None)


def _ignored(why: str, invocation: Invocation) -> Answer:
    invocation.note(**{request_log.IGNORED: why})
    return Answer(request_log.IGNORED_EVENT)


def _why_ignored(event: EventCallback, entry: EventEntry) -> str | None:
    if event.is_of_this_app:
        return request_log.OF_THIS_APP
    if event.is_of_a_bot and not entry.get("from_bots"):
        return request_log.OF_A_BOT
    if "channels" in entry and event.channel_id not in entry["channels"]:
        return request_log.OTHER_CHANNEL
    if event.type == MESSAGE and not _is_wanted(event, entry):
        return request_log.OTHER_SUBTYPE
    return None


def _is_wanted(event: EventCallback, entry: EventEntry) -> bool:
    of_bots = ("bot_message",) if entry.get("from_bots") else ()
    return event.subtype in (*MESSAGE_SUBTYPES, *of_bots, *entry.get("subtypes", ()))


def _request(start: HandlerStart, event: EventCallback, entry: EventEntry) -> HandlerRequest:
    def of(inner: dict[str, Any]) -> HandlerRequest:
        return start.request(
            event,
            source=EVENT,
            occurrence={
                "event_type": event.type,
                "event": inner,
                "event_id": event.event_id,
                "event_time": event.event_time,
                "ts": event.ts,
                "thread_ts": event.thread_ts,
            },
            text=event.text,
            thread_ts=_reply_to(event, entry),
        )

    request = of(event.event)
    if fits(request):
        return request
    return of({name: value for name, value in event.event.items() if name not in _REPEATED})


def _reply_to(event: EventCallback, entry: EventEntry) -> str:
    """Below which message it is answered: in a conversation of two nobody opens a thread, but one goes on there."""
    if entry["reply_in"] != REPLY_IN_THREAD:
        return ""
    return event.thread_ts or ("" if event.channel_id.startswith("D") else event.ts)


def _note_retry(headers: Mapping[str, str], invocation: Invocation) -> None:
    number, reason = headers.get("x-slack-retry-num", ""), headers.get("x-slack-retry-reason", "")
    if number.isascii() and number.isdecimal() and len(number) <= 3:
        invocation.note(retry_num=int(number), retry_reason=reason if reason in _RETRY_REASONS else None)
