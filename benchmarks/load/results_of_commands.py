"""Follows what Slack shows: which genuine commands have their result, and what nobody asked for."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.load.command import Command
    from chatops_local.slack import SlackDouble

_LOOK_EVERY_SECONDS = 0.1


class ResultsOfCommands:
    """Looks at the double's record, in a thread of its own while it is entered.

    Attributes:
        commands: All genuine commands, in the order in which they were typed.
        unasked: Messages that belong to none of them.
    """

    def __init__(self, slack: SlackDouble, on_first_result: Callable[[Command], None]) -> None:
        """Look at what `slack` shows from now on; say when a command has its first result."""
        self._slack = slack
        self._on_first_result = on_first_result
        self._by_response_url: dict[str, Command] = {}
        self._seen = len(slack.messages)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="results", daemon=True)
        self.unasked: list[str] = []

    @property
    def commands(self) -> list[Command]:
        """All genuine commands, in the order in which they were typed."""
        return list(self._by_response_url.values())

    def expect(self, command: Command) -> None:
        """Know a command before it is sent."""
        self._by_response_url[command.response_url] = command

    def __enter__(self) -> ResultsOfCommands:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look once more."""
        self._over.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._over.wait(_LOOK_EVERY_SECONDS):
            self._look()
        self._look()

    def _look(self) -> None:
        messages = self._slack.messages
        for message in messages[self._seen :]:
            command = self._by_response_url.get(message.response_url or "")
            if command is None:
                self.unasked.append(message.shown)
                continue
            command.results.append(message.shown)
            if command.told_at is None:
                command.told_at = time.monotonic()
                self._on_first_result(command)
        self._seen = len(messages)
