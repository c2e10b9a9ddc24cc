"""A whole number."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from chatops_constructs.slack.arguments.value_argument import ValueArgument
from chatops_runtime.contracts import arguments

if TYPE_CHECKING:
    from chatops_constructs._problems import Problems
    from chatops_runtime.contracts.arguments import ArgumentDeclaration, Kind

# What every reader of JSON keeps exactly: https://www.rfc-editor.org/rfc/rfc8259#section-6
FARTHEST = 2**53 - 1


@dataclass(frozen=True)
class Integer(ValueArgument):
    """A whole number.

    Example:
        from chatops_constructs import Integer

        count = Integer("count", least=1, most=20, default=2)

    Attributes:
        name: The name, which is typed as `--name`.
        least: The least that may be typed. Default: no limit but that of JSON, -(2**53 - 1).
        most: The most that may be typed. Default: no limit but that of JSON, 2**53 - 1.
        default: The number when nothing is typed. Default: none.
        required: Whether it has to be given; one with a default never has to. Default: True.
        help: What it means in a few words, for `help` and for menus. Default: nothing.
    """

    _: KW_ONLY
    least: int | None = None
    most: int | None = None
    default: int | None = None

    @property
    def _kind(self) -> Kind:
        return arguments.INTEGER

    @property
    def _rendered_default(self) -> int | None:
        return self.default

    @property
    def _sample(self) -> str:
        return str(next((each for each in (self.default, self.least, self.most) if each is not None), 1))

    def _check(self, problems: Problems) -> None:
        given = {"least": self.least, "most": self.most, "default": self.default}
        numbers = {name: value for name, value in given.items() if value is not None}
        for name, value in numbers.items():
            problems.check(
                type(value) is int and abs(value) <= FARTHEST,
                name,
                value,
                f"a whole number from {-FARTHEST} to {FARTHEST}",
                "write a number in between",
                tokens=False,
            )
        if all(type(value) is int for value in numbers.values()):
            least, most = numbers.get("least", -FARTHEST), numbers.get("most", FARTHEST)
            problems.check(least <= most, "least", least, f"at most most, {most}", "lower it, or raise most")
            default = numbers.get("default", least)
            problems.check(
                least > most or least <= default <= most, "default", default, f"{least} to {most}", "choose another one"
            )

    def _complete(self, declaration: ArgumentDeclaration) -> None:
        super()._complete(declaration)
        if self.least is not None:
            declaration["least"] = self.least
        if self.most is not None:
            declaration["most"] = self.most
