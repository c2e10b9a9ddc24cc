"""The two views: which commands are looked at, and since when."""

from __future__ import annotations

from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from chatops_runtime import durations
from chatops_runtime.command_function import Reply
from chatops_runtime.contracts import status as contract
from chatops_runtime.slack import mrkdwn
from chatops_runtime.status import telling

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from chatops_runtime.command_function import SlackCommand
    from chatops_runtime.contracts.commands_table import CommandsTable
    from chatops_runtime.status.executions import Executions


class Views:
    """What is answered. Only who asked sees it: some of what they typed is nobody else's business."""

    def __init__(self, table: CommandsTable, executions: Executions, now: Callable[[], datetime]) -> None:
        """Of these commands."""
        self._commands = table["commands"]
        self._aliases = table.get("aliases", {})
        self._executions = executions
        self._now = now

    def status(self, asked: SlackCommand) -> Reply:
        """What runs now."""
        found = self._executions.running(self._commands, but=asked.request_id)
        return _private(telling.status(found, asked, self._now()))

    def history(self, asked: SlackCommand) -> Reply:
        """What ran last, of one command if one is named, within some time if that is said."""
        wanted, which = self._commands, ""
        named = asked.arguments.get(contract.COMMAND)
        if named is not None:
            name = self._named(str(named))
            if name is None:
                return _private(self._unknown(str(named)))
            wanted, which = {name: self._commands[name]}, f" of {mrkdwn.code(name)}"
        seconds = asked.arguments.get(contract.SINCE)
        since = None if seconds is None else self._now() - timedelta(seconds=seconds)
        if seconds is not None:
            which = f"{which} within {durations.spelled(seconds)}"
        found = self._executions.latest(wanted, but=asked.request_id, since=since)
        return _private(telling.history(found, asked, self._now(), which=which))

    def _named(self, typed: str) -> str | None:
        """The command that is meant: by its name or an alias, with its slash or without."""
        words = " ".join(typed.split())
        name = words if words.startswith("/") else f"/{words}"
        name = self._aliases.get(name, name)
        return name if name in self._commands else None

    def _unknown(self, typed: str) -> str:
        near = get_close_matches(typed if typed.startswith("/") else f"/{typed}", self._commands, n=1)
        hint = f" Do you mean {mrkdwn.code(near[0])}?" if near else ""
        return f"There is no command {mrkdwn.code(typed)} here.{hint}"


def _private(text: str) -> Reply:
    return Reply(mrkdwn=text, visible="user")
