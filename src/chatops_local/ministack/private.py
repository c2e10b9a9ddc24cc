"""The private names of MiniStack that we read or replace, each declared once and checked against the installed code."""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

MINISTACK_VERSION = "1.5.33"

Untyped: TypeAlias = Any
"""A value of MiniStack's: it ships no type information."""


class MiniStackChangedError(RuntimeError):
    """The installed MiniStack is not the code that our corrections were written for."""


@dataclass(frozen=True)
class PrivateName:
    """A name in one of MiniStack's modules, and for a function the parameters that we rely on."""

    module: str
    name: str
    parameters: tuple[str, ...] | None

    @property
    def path(self) -> str:
        """How an error names it."""
        return f"{self.module}.{self.name}"

    def verify(self) -> None:
        """Refuse a MiniStack in which the name is gone or takes other parameters.

        Raises:
            MiniStackChangedError: naming what was expected and what is there.
        """
        module = importlib.import_module(self.module)
        if not hasattr(module, self.name):
            raise MiniStackChangedError(
                f"{self.path} does not exist in the installed MiniStack; install ministack=={MINISTACK_VERSION}"
            )
        if self.parameters is None:
            return
        parameters = tuple(inspect.signature(getattr(module, self.name)).parameters)
        if parameters != self.parameters:
            raise MiniStackChangedError(
                f"{self.path} takes ({', '.join(parameters)}) and not ({', '.join(self.parameters)}); "
                f"install ministack=={MINISTACK_VERSION}"
            )

    def get(self) -> Untyped:
        """The value that the module holds now."""
        return getattr(importlib.import_module(self.module), self.name)

    def set(self, value: object) -> None:
        """Put another value into the module."""
        setattr(importlib.import_module(self.module), self.name, value)

    def wrap(self, make: Callable[[Untyped], Untyped]) -> None:
        """Replace the function by what ``make`` returns for the original, under the original's signature."""
        self.verify()
        original = self.get()
        replacement = make(original)
        # The next correction of the same function verifies it as well.
        replacement.__signature__ = inspect.signature(original)
        self.set(replacement)


_declared: list[PrivateName] = []


def private(path: str, parameters: str | None = None) -> PrivateName:
    """Declare a private name of MiniStack.

    Args:
        path: module below ``ministack`` and the name, as in ``"services.ssm:handle_request"``.
        parameters: for a function that we call or replace, its parameter names, separated by commas.
            Default: the name is a value, or a function whose parameters do not matter to us.
    """
    module, _, name = path.partition(":")
    expected = None if parameters is None else tuple(part.strip() for part in parameters.split(",") if part.strip())
    declared = PrivateName(f"ministack.{module}", name, expected)
    _declared.append(declared)
    return declared


def declared_names() -> tuple[PrivateName, ...]:
    """Every private name that the modules imported so far have declared."""
    return tuple(_declared)
