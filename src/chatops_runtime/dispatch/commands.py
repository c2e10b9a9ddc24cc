"""Which entry of the commands table a slash command means."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_runtime.contracts.commands_table import CommandEntry

_HELP = "help"


def route(commands: dict[str, CommandEntry], command: str, text: str) -> tuple[str, str] | None:
    """The key in the table and the text that is left for it, or None when the table has no such command.

    `/ops restart web` is the sub-command `/ops restart` with the text `web` if there is one, else `/ops` with the text
    `restart web` if there is that.
    """
    first, rest = _first_word(text)
    sub_command = f"{command} {first}"
    if first and sub_command in commands:
        return sub_command, rest
    return (command, text) if command in commands else None


def resolved(aliases: Mapping[str, str], command: str, text: str) -> tuple[str, str]:
    """The command and its text, with the name that the user's alias stands for in its place.

    `/ops rs web` and `/restart web` may both be `/ops restart web`.
    """
    first, rest = _first_word(text)
    if f"{command} {first}" in aliases:
        name, left = aliases[f"{command} {first}"], rest
    elif command in aliases:
        name, left = aliases[command], text
    else:
        return command, text
    command, _, sub_command = name.partition(" ")
    return command, f"{sub_command} {left}".strip()


def asks_for_help(commands: dict[str, CommandEntry], command: str, text: str) -> bool:
    """Whether the user wants to know what there is: `/ps help`, or `/ops` where only sub-commands exist.

    A sub-command named `help` comes first, and so does text in which `help` is but the first word.
    """
    if f"{command} {_HELP}" in commands:
        return False
    if text.lower() == _HELP:
        return True
    return not text and command not in commands and bool(of_command(commands, command))


def of_command(commands: dict[str, CommandEntry], command: str) -> list[str]:
    """The keys of `command` itself and of its sub-commands."""
    return [key for key in commands if key == command or key.startswith(f"{command} ")]


def _first_word(text: str) -> tuple[str, str]:
    words = text.split(maxsplit=1)
    return (words[0] if words else "", words[1] if len(words) == 2 else "")
