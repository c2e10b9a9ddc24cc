"""What people and channels have in common: both are mentioned, and known by an id."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from chatops_constructs._problems import matches
from chatops_constructs.slack.arguments.value_argument import ValueArgument

if TYPE_CHECKING:
    import re

    from chatops_constructs._problems import Problems


@dataclass(frozen=True)
class MentionArgument(ValueArgument):
    """Somebody or something with an id in Slack; never made by itself.

    Attributes:
        name: The name, which is typed as `--name`.
        default: The id when nothing is typed. Default: none.
        required: Whether it has to be given; one with a default never has to. Default: True.
        help: What it means in a few words, for `help` and for menus. Default: nothing.
    """

    _: KW_ONLY
    default: str | None = None

    @property
    def reads_mentions(self) -> bool:
        """Whether Slack has to send `<@U…>` for `@name`: yes, since only ids are trusted."""
        return True

    @property
    @abstractmethod
    def _sign(self) -> str:
        """What a mention begins with."""

    @property
    @abstractmethod
    def _id(self) -> re.Pattern[str]:
        """What the ids look like."""

    @property
    def _rendered_default(self) -> str | None:
        return self.default

    @property
    def _placeholder(self) -> str:
        return f"{self._sign}{super()._placeholder}"

    @property
    def _sample(self) -> str:
        return self._placeholder

    def _check(self, problems: Problems) -> None:
        problems.check(
            self.default is None or matches(self._id, self.default),
            "default",
            self.default,
            "an id of capital letters and digits, not a name",
            "copy the id in Slack",
            tokens=False,
        )
