"""A message that begins with a mention of the app: `@bot hello`."""

from __future__ import annotations

from dataclasses import dataclass

from chatops_local.slack import mrkdwn

SIGN = "@"


@dataclass(frozen=True)
class Mention:
    """What somebody types.

    Args:
        typed: All of it.
        text: What comes after the mention, as Slack sends it.
    """

    typed: str
    text: str

    @classmethod
    def parse(cls, typed: str) -> Mention | None:
        """What is typed, if it begins with a mention; whatever is written after the `@` is the app."""
        name, _, text = typed.partition(" ")
        return cls(typed, mrkdwn.escaped(text.strip())) if name.startswith(SIGN) and name != SIGN else None
