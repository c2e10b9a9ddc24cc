"""All that is wrong with one call, told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Token

if TYPE_CHECKING:
    import re

    from constructs import Construct


class Problems:
    """Collects what is wrong with the parameters of one call and raises it as one `ValueError`.

    Example:
        problems = Problems(self)
        problems.check(bool(script.strip()), "script", script, "a script with at least one command", "write one")
        problems.raise_if_any()
    """

    def __init__(self, where: Construct | str) -> None:
        """Start with none.

        Args:
            where: The construct, or the name of the call, that every problem is told with.
        """
        self._where = where
        self._found: list[str] = []

    @property
    def count(self) -> int:
        """How many were found so far."""
        return len(self._found)

    def check(
        self, fine: bool, parameter: str, value: object, allowed: str, remedy: str, *, tokens: bool = True
    ) -> None:
        """Note a problem unless `fine`.

        Args:
            fine: Whether the value is allowed.
            parameter: The parameter's name as the caller wrote it.
            value: What the caller gave.
            allowed: What is allowed.
            remedy: What to do.
            tokens: Whether a value that CDK knows only at deploy time (a token) is let pass. Otherwise it is a problem:
                it is needed at synthesis, for a file or for a calculation.
        """
        if is_token(value):
            if not tokens:
                self._found.append(f"{parameter} is known at deploy time only; allowed: {allowed}; give it in plain")
        elif not fine:
            self._found.append(f"{parameter} is {value!r}; allowed: {allowed}; {remedy}")

    def raise_if_any(self) -> None:
        """Raise what was found.

        Raises:
            ValueError: At least one check failed; the text names every one.
        """
        if self._found:
            where = self._where
            name = where if isinstance(where, str) else f"{type(where).__name__} '{where.node.path}'"
            raise ValueError(f"{name}: " + "\n  and ".join(self._found))


def check(
    fine: bool,
    where: Construct | str,
    parameter: str,
    value: object,
    allowed: str,
    remedy: str,
    *,
    tokens: bool = True,
) -> None:
    """Check one parameter, for calls that have only one.

    Raises:
        ValueError: The value is not allowed.
    """
    problems = Problems(where)
    problems.check(fine, parameter, value, allowed, remedy, tokens=tokens)
    problems.raise_if_any()


# How CDK writes into a text or, far below any number that somebody means, into a number what is known at deploy time
# only. Without it there is nothing to ask CDK about, and each question is a round trip to its process.
TOKEN_IN_TEXT = "${Token["  # noqa: S105 - not a secret
LEAST_NUMBER = -1e280


def is_token(value: object) -> bool:
    """Whether CDK knows the value at deploy time only. Asks CDK about text and numbers only: others it cannot take."""
    if isinstance(value, str):
        return TOKEN_IN_TEXT in value and Token.is_unresolved(value)
    return isinstance(value, int | float) and value < LEAST_NUMBER and Token.is_unresolved(value)


def matches(pattern: re.Pattern[str], value: object) -> bool:
    """Whether `value` is text and the pattern is that of the whole of it."""
    return isinstance(value, str) and pattern.fullmatch(value) is not None
