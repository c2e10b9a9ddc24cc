"""The name of a command: `/ps`, or `/ops restart` for a sub-command."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatops_constructs._problems import check, matches

# https://docs.slack.dev/reference/app-manifest: a slash command has at most 32 characters, the slash included.
SLASH_COMMAND = r"/[a-z0-9][a-z0-9_-]{0,30}"
NAME = re.compile(rf"{SLASH_COMMAND}( [a-z0-9][a-z0-9_-]{{0,31}})?")

RESERVED = "help"


@dataclass(frozen=True)
class CommandName:
    """A command's name, taken apart.

    Attributes:
        slash_command: What Slack knows, `/ops`.
        sub_command: The first word after it, or None.
    """

    slash_command: str
    sub_command: str | None

    @classmethod
    def parse(cls, name: str, parameter: str = "name") -> CommandName:
        """Take `name` apart.

        Args:
            name: What the caller gave.
            parameter: As which parameter, for the error.

        Raises:
            ValueError: It is no command's name, or the sub-command `help`, which every command has.
        """
        check(
            matches(NAME, name),
            "add_command",
            parameter,
            name,
            "'/' and up to 31 of a-z, 0-9, '-' and '_', then perhaps a blank and a sub-command of the same characters",
            "write it like '/ps' or '/ops restart'",
            tokens=False,
        )
        slash_command, _, sub_command = name.partition(" ")
        check(
            sub_command != RESERVED,
            "add_command",
            parameter,
            name,
            "any sub-command but help",
            "leave it out: help is built in",
        )
        return cls(slash_command, sub_command or None)

    @property
    def construct_id(self) -> str:
        """The id of the command's construct: `OpsRestart`."""
        words = re.split(r"[^a-z0-9]+", f"{self.slash_command} {self.sub_command or ''}")
        return "".join(word.capitalize() for word in words if word)

    def __str__(self) -> str:
        """`/ops restart`."""
        return f"{self.slash_command} {self.sub_command}" if self.sub_command else self.slash_command
