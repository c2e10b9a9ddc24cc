"""What every argument with a value has in common: all but flags."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from chatops_constructs.slack.arguments.argument import Argument

if TYPE_CHECKING:
    from chatops_runtime.contracts.arguments import ArgumentDeclaration


@dataclass(frozen=True)
class ValueArgument(Argument):
    """An argument with a value; never made by itself.

    Attributes:
        name: The name, which is typed as `--name`.
        required: Whether it has to be given; one with a default never has to. Default: True.
        help: What it means in a few words, for `help` and for menus. Default: nothing.
    """

    _: KW_ONLY
    required: bool = True

    @property
    def is_required(self) -> bool:
        """Whether it has to be given, or chosen from a menu."""
        return self.required and self._rendered_default is None

    @property
    def usage(self) -> str:
        """How `help` shows it: `<nginx|app>`, `[--since 3h]`."""
        return f"<{self._placeholder}>" if self.is_required else f"[{self._option} {self._sample}]"

    @property
    @abstractmethod
    def _rendered_default(self) -> str | int | None:
        """The default as a request has it."""

    @property
    def _placeholder(self) -> str:
        """What stands for the value in its place."""
        return self.name.replace("_", "-")

    @property
    @abstractmethod
    def _sample(self) -> str:
        """What stands for the value behind the name."""

    def _complete(self, declaration: ArgumentDeclaration) -> None:
        if self._rendered_default is not None:
            declaration["default"] = self._rendered_default
