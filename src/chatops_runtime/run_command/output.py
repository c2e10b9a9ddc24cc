"""What a script printed on one instance, as much of it as there is room for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chatops_runtime.slack import mrkdwn, text_budget
from chatops_runtime.slack.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

# What GetCommandInvocation gives at most:
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html
_MOST_CHARACTERS = {"stdout": 24_000, "stderr": 8_000}

BEGINNING = "beginning"
END = "end"
"""Which part of an output is shown."""

_LONGEST_REST_OF_LINE = 200


@dataclass(frozen=True)
class Output:
    """One stream of one instance.

    Attributes:
        stream: `stdout` or `stderr`.
        text: What is known of it, fit to be shown.
        is_whole: Whether that is all that the script wrote there.
        room: How many characters of a message it may take, after escaping.
        part: Whether the beginning or the end is shown when there is no room for all of it.
        is_end: Whether what is known reaches to the end of what the script wrote there.
    """

    stream: str
    text: str
    is_whole: bool
    room: int = 0
    part: str = BEGINNING
    is_end: bool = True

    OVERHEAD: ClassVar[int] = 40
    """How many more characters `render` may give with room than without, beside the text: fences, digits."""

    @classmethod
    def of(cls, instance: Mapping[str, Any], stream: str, part: str = BEGINNING) -> Output:
        """The `stream` of an instance of a run_command result, with no room yet."""
        # What AWS leaves out is empty: JSONata drops such a field from the result.
        raw = instance.get(stream) or ""
        return cls(
            stream=stream,
            text=clean(raw).rstrip(),
            is_whole=not instance.get(f"{stream}_cut") and len(raw) < _MOST_CHARACTERS[stream],
            part=part,
            is_end=bool(instance.get("is_end", True)),
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say: the script wrote nothing, or no part of it was asked for."""
        return not self.text and (self.is_whole or self.part == END)

    @property
    def is_cut(self) -> bool:
        """Whether `render` leaves something out, or something had been left out before."""
        return not self.is_whole or text_budget.width(self.text) > self.room

    @property
    def rest(self) -> str:
        """What comes after the beginning for which there is room."""
        return self.text[len(self._beginning()) :]

    def render(self) -> str:
        """As much of the text as there is room for, in a fence; and how much that is, if it is not all."""
        part = self._beginning() if self.part == BEGINNING else self._end()
        lines = ["stderr:"] if self.stream == "stderr" else []
        if part:
            lines.append(mrkdwn.preformatted(part.removesuffix("\n")))
        if self.is_cut and not self.text:
            lines.append(f"_{self.stream} was cut: none of it came with the result._")
        elif self.is_cut:
            lines.append(f"_{self.stream} was cut: {self._how_much(len(part))}._")
        return "\n".join(lines)

    def _beginning(self) -> str:
        """Up to the end of a line, unless that is far."""
        part = text_budget.cut(self.text, self.room)
        return part if part == self.text else text_budget.at_line_end(part)

    def _end(self) -> str:
        """From the beginning of a line on, unless that is far."""
        part = text_budget.cut_beginning(self.text, self.room)
        if not self.is_cut:
            return part
        rest_of_line, newline, lines = part.partition("\n")
        return lines if newline and len(rest_of_line) <= _LONGEST_REST_OF_LINE else part

    def _how_much(self, shown: int) -> str:
        if self.part == BEGINNING:
            total = f"{len(self.text):,}" if self.is_whole else f"more than {len(self.text):,}"
            return f"the first {shown:,} of {total} characters"
        if not self.is_end:
            return f"{shown:,} characters of it, perhaps not the last"
        return f"the last {shown:,}{f' of {len(self.text):,}' if self.is_whole else ''} characters"
