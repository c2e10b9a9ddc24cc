"""One of a few words."""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from chatops_constructs._problems import matches
from chatops_constructs.slack.arguments.value_argument import ValueArgument
from chatops_runtime.contracts import arguments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_constructs._problems import Problems
    from chatops_runtime.contracts.arguments import ArgumentDeclaration, Kind

# https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element: options, and
# https://docs.slack.dev/reference/block-kit/composition-objects/option-object: what people see of one.
MOST_CHOICES = 100
MOST_CHARACTERS = 75

# What can be typed without quotes, and cannot be taken for an option, for markup or for the `|` between two choices.
CHOICE = re.compile(r"""[^\s"'`“”‘’\\|<>&\x00-\x1f–—-][^\s"'`“”‘’\\|<>&\x00-\x1f]*""")

MOST_USAGE_CHARACTERS = 40


@dataclass(frozen=True)
class Choice(ValueArgument):
    """One of a few words. A required one that is not typed is asked for with a menu.

    Example:
        from chatops_constructs import Choice

        service = Choice("service", ["nginx", "app"], help="what is restarted")
        stage = Choice("stage", ["dev", "prod"], default="dev")

    Attributes:
        name: The name, which is typed as `--name`.
        choices: 1 to 100 words of up to 75 characters, without blanks and quotes.
        default: The choice when nothing is typed. Default: none, and a required one becomes a menu.
        required: Whether it has to be given; one with a default never has to. Default: True.
        help: What it means in a few words, for `help` and for menus. Default: nothing.
    """

    choices: Sequence[str]
    _: KW_ONLY
    default: str | None = None

    def __post_init__(self) -> None:
        """Check what was given.

        Raises:
            ValueError: It would be no argument.
        """
        if isinstance(self.choices, list):
            object.__setattr__(self, "choices", tuple(self.choices))
        super().__post_init__()

    @property
    def _kind(self) -> Kind:
        return arguments.CHOICE

    @property
    def _rendered_default(self) -> str | None:
        return self.default

    @property
    def _placeholder(self) -> str:
        all_of_them = "|".join(self.choices)
        return all_of_them if len(all_of_them) <= MOST_USAGE_CHARACTERS else super()._placeholder

    @property
    def _sample(self) -> str:
        return self._placeholder

    def _check(self, problems: Problems) -> None:
        choices = self.choices if isinstance(self.choices, tuple) else ()
        problems.check(
            1 <= len(choices) <= MOST_CHOICES,
            "choices",
            self.choices if len(choices) <= MOST_CHOICES else f"a list of {len(choices)}",
            f"a list of 1 to {MOST_CHOICES}, as many as a menu of Slack's holds",
            "name them, or take Text(…, pattern=…)",
        )
        for each in choices:
            problems.check(
                matches(CHOICE, each) and len(each) <= MOST_CHARACTERS,
                "choices",
                each,
                f"up to {MOST_CHARACTERS} characters without blanks, quotes, \\, |, <, > and &, not beginning with '-'",
                "write it like 'nginx' or 'eu-central-1'",
                tokens=False,
            )
        problems.check(
            len(set(choices)) == len(choices), "choices", list(choices), "each one once", "take the second one out"
        )
        problems.check(
            self.default is None or self.default in choices,
            "default",
            self.default,
            f"one of the choices, {', '.join(map(str, choices))}",
            "add it to them, or choose another one",
            tokens=False,
        )

    def _complete(self, declaration: ArgumentDeclaration) -> None:
        super()._complete(declaration)
        declaration["choices"] = list(self.choices)
