"""Who may run a command, and who sees what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

from chatops_constructs._problems import Problems, matches
from chatops_runtime.contracts import commands_table

# Slack's ids: https://docs.slack.dev/reference/objects/conversation-object and …/user-object. C: channel, G: a private
# channel of old, U and W: user.
CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,20}")
USER_ID = re.compile(r"[UW][A-Z0-9]{2,20}")


@dataclass(frozen=True)
class Allow:
    """Who may run a command. There is no default: make one with `workspace`, `channel` or `user`.

    It is checked by the dispatch function, before anything is started; a refusal says who may.

    Attributes:
        rule: What is compared, and with which ids.
    """

    rule: tuple[str, tuple[str, ...]]

    @classmethod
    def workspace(cls) -> Allow:
        """Everybody in the workspace, guests included, in every channel and direct message."""
        return cls(("workspace", ()))

    @classmethod
    def channel(cls, *channel_ids: str) -> Allow:
        """Everybody in these channels, and nobody elsewhere.

        Example:
            from chatops_constructs import Allow

            operators = Allow.channel("C0123OPS")

        Args:
            channel_ids: One or more ids, `C…`: at the bottom of a channel's details in Slack. Names would not do: they
                can be changed by whoever may rename a channel.

        Raises:
            ValueError: No id, or one that is no channel's id.
        """
        return cls(("channel", _checked("Allow.channel", "channel_ids", channel_ids, CHANNEL_ID, "C")))

    @classmethod
    def user(cls, *user_ids: str) -> Allow:
        """These people, wherever they are.

        Example:
            from chatops_constructs import Allow

            two_of_us = Allow.user("U012AB3CD", "U034EF5GH")

        Args:
            user_ids: One or more ids, `U…`: "Copy member ID" in a person's profile in Slack.

        Raises:
            ValueError: No id, or one that is no person's id.
        """
        return cls(("user", _checked("Allow.user", "user_ids", user_ids, USER_ID, "U")))

    def render(self) -> dict[str, Any]:
        """The rule as `chatops_runtime.contracts.commands_table` has it."""
        kind, ids = self.rule
        return {"kind": kind, "ids": list(ids)} if ids else {"kind": kind}


class Visibility(Enum):
    """Who sees a command and what it says."""

    USER = commands_table.VISIBLE_TO_USER
    """Only the person who typed it."""

    CHANNEL = commands_table.VISIBLE_TO_CHANNEL
    """Everybody in the channel in which it was typed."""


def _checked(
    where: str, parameter: str, ids: tuple[str, ...], pattern: re.Pattern[str], letter: str
) -> tuple[str, ...]:
    problems = Problems(where)
    problems.check(bool(ids), parameter, ids, "one or more ids", "name them, or use Allow.workspace() for everybody")
    for id in ids:
        problems.check(
            matches(pattern, id),
            parameter,
            id,
            f"an id: {letter} and capital letters or digits, not a name",
            "copy the id in Slack",
            tokens=False,
        )
    problems.raise_if_any()
    return tuple(dict.fromkeys(ids))
