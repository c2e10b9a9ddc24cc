"""chat.* and conversations.open: messages that an app posts and changes with its token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.slack.block_actions import as_posted
from chatops_local.slack.content import Content, RejectedError
from chatops_local.slack.ids import is_id

if TYPE_CHECKING:
    from chatops_local.slack.rate_limit import RateLimit
    from chatops_local.slack.record import Record
    from chatops_local.slack.workspace import SlackApp, Workspace

Json = dict[str, Any]


class RateLimitedError(Exception):
    """A channel had its message this second."""

    def __init__(self, retry_after: int) -> None:
        """Ask to come again after so many seconds."""
        super().__init__(f"come again after {retry_after} s")
        self.retry_after = retry_after


class ChatMethods:
    """The methods."""

    def __init__(self, workspace: Workspace, record: Record, rate_limit: RateLimit) -> None:
        """Post into `record` for the apps of `workspace`."""
        self._workspace = workspace
        self._record = record
        self._rate_limit = rate_limit

    def post_message(self, app: SlackApp, arguments: Json) -> Json:
        """https://docs.slack.dev/reference/methods/chat.postMessage."""
        channel = self.channel_of(app, _channel(arguments))
        content = Content.read(arguments)
        self._take_turn(app, channel)
        message = self._record.post(
            content,
            via="chat.postMessage",
            channel=channel,
            user=None,
            app_id=app.app_id,
            thread_ts=self._thread(arguments, channel),
            broadcast=bool(arguments.get("reply_broadcast")),
        )
        return {"channel": channel, "ts": message.ts, "message": as_posted(app, message)}

    def post_ephemeral(self, app: SlackApp, arguments: Json) -> Json:
        """https://docs.slack.dev/reference/methods/chat.postEphemeral."""
        channel, user = self.channel_of(app, _channel(arguments)), str(arguments.get("user") or "")
        if not is_id("user", user):
            raise RejectedError("user_not_in_channel")
        content = Content.read(arguments)
        self._take_turn(app, channel)
        message = self._record.post(
            content,
            via="chat.postEphemeral",
            channel=channel,
            user=user,
            app_id=app.app_id,
            thread_ts=self._thread(arguments, channel),
        )
        return {"message_ts": message.ts}

    def update(self, app: SlackApp, arguments: Json) -> Json:
        """https://docs.slack.dev/reference/methods/chat.update: own messages that are not ephemeral.

        The channel has to be a channel's id, that of a direct message included. With `text` alone, the blocks go; with
        neither, there is nothing to update to.
        """
        channel, ts = str(arguments.get("channel") or ""), str(arguments.get("ts") or "")
        if not is_id("channel", channel):
            raise RejectedError("channel_not_found")
        message = self._record.message(ts)
        if message is None or message.channel != channel or message.ephemeral:
            raise RejectedError("message_not_found")
        if message.app_id != app.app_id:
            raise RejectedError("cant_update_message")
        updated = self._record.update(ts, Content.read(arguments))
        return {"channel": channel, "ts": ts, "text": updated.text, "message": as_posted(app, updated)}

    def open(self, _: SlackApp, arguments: Json) -> Json:
        """https://docs.slack.dev/reference/methods/conversations.open, with one user: a direct message."""
        user = str(arguments.get("users") or "")
        if not user:
            raise RejectedError("users_list_not_supplied")
        if not is_id("user", user):
            raise RejectedError("user_not_found")
        return {"channel": {"id": "D" + user[1:]}}

    def channel_of(self, app: SlackApp, channel: str) -> str:
        """`channel`, if the app is in it."""
        if not self._workspace.is_member(app, channel):
            raise RejectedError("not_in_channel")
        return channel

    def _thread(self, arguments: Json, channel: str) -> str | None:
        """The thread that a message goes into: that of its parent, if `thread_ts` names a reply.

        https://docs.slack.dev/reference/methods/chat.postMessage#threads: "Avoid using a reply's ts value; use its
        parent instead." What Slack makes of a `thread_ts` that is no message's is not documented.
        """
        wanted = arguments.get("thread_ts")
        if not wanted:
            return None
        parent = self._record.message(str(wanted))
        if parent is None or parent.channel != channel:
            self._record.note(f"a message in {channel} has thread_ts {wanted}, and no message there has that ts")
            return str(wanted)
        if parent.thread_ts:
            self._record.note(f"a message in {channel} has the thread_ts of a reply, {wanted}: use its parent's")
        return parent.thread

    def _take_turn(self, app: SlackApp, channel: str) -> None:
        retry_after = self._rate_limit.retry_after((app.team_id, channel))
        if retry_after is not None:
            raise RateLimitedError(retry_after)


def _channel(arguments: Json) -> str:
    """The channel, or a user's id for a direct message. In the double, every well-formed id exists."""
    channel = str(arguments.get("channel") or "")
    if not (is_id("channel", channel) or is_id("user", channel)):
        raise RejectedError("channel_not_found")
    return "D" + channel[1:] if is_id("user", channel) else channel
