"""What became of a click, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What became of a click.

    Attributes:
        name: One of `chatops_runtime.contracts.decision`.
        text: What is said to who clicked, in Slack's markup; empty if the message with the control says it itself.
        replaces: Whether that takes the place of the message, so that nobody clicks there again. Else only who clicked
            sees it.
        detail: For the log: why it could not be found out whether somebody may.
    """

    name: str
    text: str = ""
    replaces: bool = False
    detail: str = ""
