"""Free text."""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from chatops_constructs.slack.arguments.patterns import check_pattern
from chatops_constructs.slack.arguments.value_argument import ValueArgument
from chatops_runtime.contracts import arguments

if TYPE_CHECKING:
    from chatops_constructs._problems import Problems
    from chatops_runtime.contracts.arguments import ArgumentDeclaration, Kind

# https://docs.slack.dev/reference/methods/chat.postMessage: the most that is recommended for a message's text.
MOST_CHARACTERS = 4_000


@dataclass(frozen=True)
class Text(ValueArgument):
    r"""A word, or several in quotes; with `rest=True` everything that is left, without quotes.

    It reaches scripts as data. Write `"$REASON"` with its quotes, and it stays that.

    Example:
        from chatops_constructs import Text

        ticket = Text("ticket", pattern=r"OPS-\d+")
        reason = Text("reason", rest=True, required=False)

    Attributes:
        name: The name, which is typed as `--name`.
        pattern: A regular expression of Python's that the whole text has to match, up to 200 characters. Nothing may be
            repeated in it whose own length varies, like `(a+)+`, since matching that may take for ever.
            Default: any text.
        longest: The most characters, up to 4,000. Default: 1,000.
        rest: Whether it takes all that is left of what was typed, options included. Only the last argument can.
            Default: False.
        default: The text when nothing is typed. Default: none.
        required: Whether it has to be given; one with a default never has to. Default: True.
        help: What it means in a few words, for `help` and for menus. Default: nothing.
    """

    _: KW_ONLY
    pattern: str | None = None
    longest: int = arguments.LONGEST_TEXT
    rest: bool = False
    default: str | None = None

    @property
    def takes_the_rest(self) -> bool:
        """Whether whatever is left of what was typed belongs to it."""
        return self.rest

    @property
    def usage(self) -> str:
        """How `help` shows it: `<ticket>`, `[--ticket text]`, `[reason …]`."""
        return f"[{self._placeholder}]" if self.rest and not self.is_required else super().usage

    @property
    def _kind(self) -> Kind:
        return arguments.TEXT

    @property
    def _rendered_default(self) -> str | None:
        return self.default

    @property
    def _placeholder(self) -> str:
        return f"{super()._placeholder} …" if self.rest else super()._placeholder

    @property
    def _sample(self) -> str:
        return "text"

    def _check(self, problems: Problems) -> None:
        if self.pattern is not None:
            check_pattern(problems, self.pattern)
        problems.check(
            type(self.longest) is int and 1 <= self.longest <= MOST_CHARACTERS,
            "longest",
            self.longest,
            f"1 to {MOST_CHARACTERS} characters",
            "choose a number in between",
            tokens=False,
        )
        if self.default is not None:
            problems.check(
                self._takes(self.default),
                "default",
                self.default,
                "a text in one line that longest and pattern allow",
                "choose another one, or required=False for none",
                tokens=False,
            )

    def _takes(self, value: object) -> bool:
        if not (isinstance(value, str) and value.isprintable() and type(self.longest) is int):
            return False
        try:
            return 0 < len(value) <= self.longest and (not self.pattern or bool(re.fullmatch(self.pattern, value)))
        except re.error:
            return True  # told already

    def _complete(self, declaration: ArgumentDeclaration) -> None:
        super()._complete(declaration)
        if self.pattern:
            declaration["pattern"] = self.pattern
        declaration["longest"] = self.longest
        if self.rest:
            declaration["rest"] = True
