"""Something that is said or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_constructs.slack.arguments.argument import Argument
from chatops_runtime.contracts import arguments

if TYPE_CHECKING:
    from chatops_constructs._problems import Problems
    from chatops_runtime.contracts.arguments import ArgumentDeclaration, Kind


@dataclass(frozen=True)
class Flag(Argument):
    """Something that is said or not: `--force`. Scripts get `true` or `false`, functions a boolean.

    Example:
        from chatops_constructs import Flag

        force = Flag("force", help="even if it is in use")

    Attributes:
        name: The name, which is typed as `--name`.
        help: What it means in a few words, for `help` and for menus. Default: nothing.
    """

    @property
    def usage(self) -> str:
        """How `help` shows it: `[--force]`."""
        return f"[{self._option}]"

    @property
    def _kind(self) -> Kind:
        return arguments.FLAG

    def _check(self, problems: Problems) -> None:
        """Nothing is added."""

    def _complete(self, declaration: ArgumentDeclaration) -> None:
        """Nothing is added."""
