"""What is typed into examples/ops_bot, and what has to come of it."""

from __future__ import annotations

from dataclasses import dataclass

CHANNELS = ("C0OPS", "C0WEB", "C0ALERTS")


@dataclass(frozen=True)
class Typed:
    """One kind of slash command.

    Attributes:
        line: What is typed; `{number}` stands for the number of the command.
        runs: Whether it starts an execution and has a result, or is answered by its ack.
        again: Whether the same request is delivered once more: nothing must come of that.
    """

    line: str
    runs: bool = True
    again: bool = False


KINDS = (
    Typed("/hello number {number}"),
    Typed("/uptime"),
    Typed("/hello number {number}", again=True),
    Typed("/ps"),
    Typed("/hello help", runs=False),
    Typed("/disk"),
    Typed("/disk", again=True),
    Typed("/ps help", runs=False),
)
"""One after the other, for ever: scripts on two instances, a function, answers without either, and redeliveries."""
