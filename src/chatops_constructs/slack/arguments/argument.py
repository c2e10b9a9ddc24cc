"""What every argument of a command has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from chatops_constructs._problems import Problems
from chatops_constructs.slack.arguments.names import check_argument_name

if TYPE_CHECKING:
    from chatops_runtime.contracts.arguments import ArgumentDeclaration, Kind

# It labels a menu: https://docs.slack.dev/reference/block-kit/composition-objects/text-object has no limit of its own
# for it, a menu's placeholder takes 150 characters.
MOST_HELP_CHARACTERS = 150


@dataclass(frozen=True)
class Argument(ABC):
    """Something that is typed after a command: `Choice`, `Text`, `Integer` and the others; never made by itself.

    People give it in its place or by its name, `--since 3h` or `--since=3h`. A script finds it in an environment
    variable, the name in capitals, and a function in the field `arguments` of its event.

    Attributes:
        name: The name: a letter, then up to 30 of a-z, 0-9 and '_'. People type '-' for '_' if they like.
        help: What it means in a few words, for `help` and for menus. Default: nothing.
    """

    name: str
    _: KW_ONLY
    help: str = ""

    def __post_init__(self) -> None:
        """Check what was given.

        Raises:
            ValueError: It would be no argument.
        """
        problems = Problems(self._where)
        check_argument_name(problems, self.name)
        problems.check(
            isinstance(self.help, str) and len(self.help) <= MOST_HELP_CHARACTERS and self.help.isprintable(),
            "help",
            self.help,
            f"up to {MOST_HELP_CHARACTERS} characters in one line",
            "say in a few words what it means",
            tokens=False,
        )
        self._check(problems)
        problems.raise_if_any()

    @property
    def is_required(self) -> bool:
        """Whether it has to be given, or chosen from a menu."""
        return False

    @property
    def takes_the_rest(self) -> bool:
        """Whether whatever is left of what was typed belongs to it."""
        return False

    @property
    def reads_mentions(self) -> bool:
        """Whether Slack has to send `<@U…>` for `@name`, as `Action.reads_mentions` says."""
        return False

    @property
    @abstractmethod
    def usage(self) -> str:
        """How `help` shows it: `<nginx|app>`, `[--since 3h]`."""

    def render(self) -> ArgumentDeclaration:
        """The argument as `chatops_runtime.contracts.arguments` has it."""
        declaration: ArgumentDeclaration = {"name": self.name, "kind": self._kind, "required": self.is_required}
        if self.help:
            declaration["help"] = self.help
        self._complete(declaration)
        return declaration

    @property
    @abstractmethod
    def _kind(self) -> Kind:
        """The kind, in the contract's word."""

    @abstractmethod
    def _check(self, problems: Problems) -> None:
        """Note what is wrong with what the kind adds."""

    @abstractmethod
    def _complete(self, declaration: ArgumentDeclaration) -> None:
        """Add what the kind adds."""

    @property
    def _where(self) -> str:
        return f"{type(self).__name__} {self.name!r}"

    @property
    def _option(self) -> str:
        return f"--{self.name.replace('_', '-')}"
