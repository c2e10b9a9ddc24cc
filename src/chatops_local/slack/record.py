"""Everything that was posted, in order, and what the double has to say about it."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from chatops_local.slack.content import RejectedError
from chatops_local.slack.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.slack.content import Content
    from chatops_local.slack.file import File
    from chatops_local.slack.message import Via

ASK_AGAIN_SECONDS = 0.1
PERSON: Via = "person"


class Record:
    """Messages and notes; safe to use from several threads.

    Attributes:
        on_post: Called with each new message.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._changed = threading.Condition()
        self._messages: dict[str, Message] = {}
        self._versions: list[Message] = []
        self._notes: list[str] = []
        self._numbers = itertools.count(1)
        self.on_post: Callable[[Message], None] = lambda _: None

    @property
    def messages(self) -> list[Message]:
        """The messages of apps so far as they are now, without those that were deleted."""
        return [message for message in self.conversation if message.via != PERSON]

    @property
    def conversation(self) -> list[Message]:
        """The messages of apps and of people, in order, as they are now, without those that were deleted."""
        with self._changed:
            return [message for message in self._messages.values() if not message.deleted]

    @property
    def versions(self) -> list[Message]:
        """Every message of an app as it was posted, and again each time that it was changed or deleted, in order."""
        return [message for message in self.all_versions if message.via != PERSON]

    @property
    def all_versions(self) -> list[Message]:
        """The same, with what people wrote."""
        with self._changed:
            return list(self._versions)

    def message(self, ts: str) -> Message | None:
        """The message with that `ts` as it is now; `None` if there is none, or no longer."""
        with self._changed:
            message = self._messages.get(ts)
        return None if message is None or message.deleted else message

    @property
    def notes(self) -> list[str]:
        """What Slack would have done without telling the app, such as truncating a text."""
        with self._changed:
            return list(self._notes)

    def note(self, text: str) -> None:
        """Add a note."""
        with self._changed:
            self._notes.append(text)

    def post(
        self,
        content: Content,
        *,
        via: Via,
        channel: str,
        user: str | None,
        app_id: str = "",
        author: str = "",
        thread_ts: str | None = None,
        broadcast: bool = False,
        response_url: str | None = None,
        files: tuple[File, ...] = (),
    ) -> Message:
        """Show `content` and `files` to `user`, or to everybody in the channel; then tell whoever listens."""
        now = time.time()
        message = Message(
            channel=channel,
            user=user,
            text=content.text,
            blocks=content.blocks,
            via=via,
            at=now,
            ts=f"{int(now)}.{next(self._numbers):06}",
            notifies=content.notifies,
            unfurls=content.unfurls,
            truncated=content.truncated,
            thread_ts=thread_ts,
            broadcast=broadcast,
            response_url=response_url,
            files=files,
            app_id=app_id,
            author=author,
        )
        self._keep(message)
        self.on_post(message)
        return message

    def update(self, ts: str, content: Content) -> Message:
        """Show other content in place of a message's; who sees it, and where, stays.

        Raises:
            RejectedError: `message_not_found`: there is none, or no longer.
        """
        return self._keep(
            replace(
                self._require(ts),
                text=content.text,
                blocks=content.blocks,
                notifies=content.notifies,
                unfurls=content.unfurls,
                truncated=content.truncated,
                edited_at=time.time(),
            )
        )

    def delete(self, ts: str) -> None:
        """Show a message to nobody any more.

        Raises:
            RejectedError: `message_not_found`: there is none, or no longer.
        """
        self._keep(replace(self._require(ts), edited_at=time.time(), deleted=True))

    def _require(self, ts: str) -> Message:
        message = self.message(ts)
        if message is None:
            raise RejectedError("message_not_found")
        return message

    def _keep(self, message: Message) -> Message:
        if message.truncated:
            where = f"{message.channel} ({message.via})"
            self.note(f"a message in {where} was truncated: Slack cuts text after 40,000 characters")
        with self._changed:
            self._messages[message.ts] = message
            self._versions.append(message)
            self._changed.notify_all()
        return message

    def wait(self, done: Callable[[], bool], timeout: float) -> bool:
        """Wait until `done()`, asked again at each new message and at intervals; false after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            with self._changed:
                self._changed.wait(min(left, ASK_AGAIN_SECONDS))
        return True
