"""Puts on the board what Slack shows in the conversations."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Any

from chatops_local.slack.controls import identified
from chatops_local.slack.file import PREVIEW_LINES
from chatops_local.slack.message import audience

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chatops_local.page.board import Board
    from chatops_local.page.command_run import CommandRun
    from chatops_local.page.people import People
    from chatops_local.page.run import Run
    from chatops_local.slack import File, Message

SLACK = {"kind": "slack", "name": "Slack"}
"""Who speaks when Slack itself has something to say."""

Json = dict[str, Any]

MAX_FILE_TEXT = 100_000
"""Of a longer file the page shows the beginning."""


class Conversation:
    """Messages of apps, of people, and of Slack itself."""

    def __init__(self, board: Board, people: People) -> None:
        """Show on `board` what happens among `people`."""
        self._board = board
        self._people = people
        self._numbers = itertools.count(1)
        self._seen = 0
        self._unmatched: list[Message] = []
        self._told: set[str] = set()
        self._repeated: set[str] = set()

    def tell(self, user: str, channel: str, text: str) -> None:
        """Show what Slack tells one person, and nobody else."""
        self._put_own(channel, SLACK, text, only=user)

    def show_messages(self, versions: list[Message], apps: Mapping[str, str], runs: Iterable[Run]) -> None:
        """Show what people have written, and what apps have posted, changed and deleted since the last time.

        Args:
            versions: All messages, and each again when it was changed.
            apps: The names of the apps by their ids.
            runs: The commands and clicks, whose answers are known by their response_url.
        """
        by_url = {run.sent.response_url: run for run in runs if run.sent is not None}
        # An answer may be there before it is known to which command: the ack comes with it, or after it.
        new = [*self._unmatched, *versions[self._seen :]]
        self._seen = len(versions)
        self._unmatched = [each for each in new if each.response_url and each.response_url not in by_url]
        for message in new:
            run = by_url.get(message.response_url or "")
            self._people.know([message.channel, *filter(None, (message.user, message.author))])
            if message.author:
                author = self._author(message.author)
            else:
                author = {"kind": "app", "name": run.app if run else apps.get(message.app_id, "app")}
            self._board.put(
                "message",
                message.ts,
                _message(message, author, run.key if run else None),
                channel=message.channel,
                only=message.user,
            )

    def show_command(self, run: CommandRun) -> None:
        """Show what Slack makes of a typed command by itself.

        What was typed is seen, by everybody, if the answer is for everybody; else by nobody
        (https://docs.slack.dev/interactivity/implementing-slash-commands#message_visibility). A command that fails is
        told to the one who typed it.
        """
        if run.error and run.key not in self._told:
            self._told.add(run.key)
            failed = f'`{run.typed.partition(" ")[0]}` failed with the error "{run.error}"'
            self.tell(run.user, run.channel, run.refusal or failed)
        if run.sent is None or run.error or run.key in self._repeated:
            return
        self._repeated.add(run.key)
        if run.sent.ack.payload and audience(run.sent.ack.payload, run.user) is None:
            self._put_own(run.channel, self._author(run.user), run.typed, at=run.began, typed=True)

    def _author(self, user: str) -> Json:
        return {"kind": "person", "name": self._people.persons[user].name, "id": user}

    def _put_own(
        self,
        channel: str,
        author: Json,
        text: str,
        *,
        only: str | None = None,
        at: float | None = None,
        typed: bool = False,
    ) -> None:
        value = {
            "channel": channel,
            "at": time.time() if at is None else at,
            "author": author,
            "text": text,
            "blocks": [],
            "files": [],
            "ephemeral": only is not None,
            "typed": typed,
        }
        self._board.put("message", f"own-{next(self._numbers)}", value, channel=channel, only=only)


def _message(message: Message, author: Json, run: str | None) -> Json:
    return {
        "channel": message.channel,
        "at": message.at,
        "author": author,
        "text": message.text,
        "blocks": identified(message.blocks, message.ts),
        "files": [_file(each) for each in message.files],
        "ephemeral": message.ephemeral,
        "typed": False,
        "ts": message.ts,
        "thread": message.thread_ts,
        "via": message.via,
        "truncated": message.truncated,
        # https://docs.slack.dev/reference/methods/chat.update: of a message with blocks Slack does not say it.
        "edited": message.edited_at is not None and not message.blocks,
        "deleted": message.deleted,
        "run": run,
    }


def _file(file: File) -> Json:
    lines = file.text.splitlines()
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "bytes": len(file.content),
        "lines": len(lines),
        "preview": "\n".join(lines[:PREVIEW_LINES]),
        "text": file.text[:MAX_FILE_TEXT],
    }
