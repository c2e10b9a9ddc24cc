"""When a run on several instances is a success."""

from __future__ import annotations

from chatops_constructs._problems import check


class SuccessIf:
    """On how many of the instances it ran on a script has to succeed: make one with `all`, `at_least` or `percent`.

    Instances that are offline when the run begins do not count: the script does not run there. To have them counted,
    say how many have to be online with `min_targets`.

    Attributes:
        description: How people are told of it, such as `at least 2`.
        needed: A JSONata expression for the number, in which `$ran` is the number of instances that it ran on.
    """

    def __init__(self, description: str, needed: str) -> None:
        """Keep both; use `all`, `at_least` or `percent` instead.

        Args:
            description: How people are told of it.
            needed: The JSONata expression.
        """
        self.description = description
        self.needed = needed

    @classmethod
    def all(cls) -> SuccessIf:
        """On every one."""
        return cls("all", "$ran")

    @classmethod
    def at_least(cls, count: int) -> SuccessIf:
        """On so many.

        Example:
            from chatops_constructs import SuccessIf

            two_caches_are_warm = SuccessIf.at_least(2)

        Args:
            count: 1 or more.

        Raises:
            ValueError: It is less than 1, or no whole number.
        """
        check(
            _whole(count) and count >= 1,
            "SuccessIf.at_least",
            "count",
            count,
            "a whole number from 1",
            "say on how many instances the script has to succeed",
            tokens=False,
        )
        return cls(f"at least {count}", str(count))

    @classmethod
    def percent(cls, percent: int) -> SuccessIf:
        """On such a part of them, rounded up to whole instances.

        Args:
            percent: 1 to 100.

        Raises:
            ValueError: It is not from 1 to 100, or no whole number.
        """
        check(
            _whole(percent) and 1 <= percent <= 100,
            "SuccessIf.percent",
            "percent",
            percent,
            "a whole number from 1 to 100",
            "say on which part of the instances the script has to succeed",
            tokens=False,
        )
        return cls(f"{percent} %", f"$ceil($ran * {percent} / 100)")


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
