"""Where two values differ by more than the own words of their stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_constructs.stages.flat import Flat
    from chatops_constructs.stages.own_words import OwnWords


class Nothing:
    """What a stage has where only the other one has something."""

    def __repr__(self) -> str:
        """As messages show it."""
        return "(nothing)"


NOTHING = Nothing()

if TYPE_CHECKING:
    Value = Flat | Nothing
    Place = tuple[str, Value, Value]
"""Where, and what the first and the second stage have there."""


class Correspondence:
    """Compares flat values of two stages."""

    def __init__(self, words: OwnWords) -> None:
        """Take what is each stage's own."""
        self._words = words

    def same(self, first: Flat, second: Flat) -> bool:
        """Whether two values differ by own words only."""
        return next(self.differences(first, second), None) is None

    def differences(self, first: Value, second: Value, where: str = "") -> Iterator[Place]:
        """The places at which two values differ."""
        if first == second and type(first) is type(second):
            return
        if isinstance(first, dict) and isinstance(second, dict):
            yield from self._of_objects(first, second, where)
        elif isinstance(first, list) and isinstance(second, list):
            yield from self._of_lists(first, second, where)
        elif not self._says_the_same(first, second):
            yield where, first, second

    def _says_the_same(self, first: Value, second: Value) -> bool:
        if isinstance(first, str) and isinstance(second, str):
            return self._words.say_the_same(first, second)
        return _is_number(first) and _is_number(second) and self._words.stand_for_each_other(str(first), str(second))

    def _of_objects(self, first: dict[str, Flat], second: dict[str, Flat], where: str) -> Iterator[Place]:
        counterparts = self.counterparts(list(first), list(second))
        for key, value in first.items():
            there = second[counterparts[key]] if key in counterparts else NOTHING
            yield from self.differences(value, there, _below(where, key))
        for key in second.keys() - counterparts.values():
            yield _below(where, key), NOTHING, second[key]

    def _of_lists(self, first: list[Flat], second: list[Flat], where: str) -> Iterator[Place]:
        if len(first) == len(second):
            for index, (one, other) in enumerate(zip(first, second, strict=True)):
                yield from self.differences(one, other, f"{where}[{index}]")
            return
        # What only one of them has says more than two long lists.
        remaining = list(second)
        only_first = []
        for one in first:
            match = next((index for index, other in enumerate(remaining) if self.same(one, other)), None)
            if match is None:
                only_first.append(one)
            else:
                del remaining[match]
        yield where, only_first or NOTHING, remaining or NOTHING

    def counterparts(self, first: list[str], second: list[str]) -> dict[str, str]:
        """By name of the first stage that of the second which says the same, where there is one."""
        found = {name: name for name in first if name in set(second)}
        remaining = [name for name in second if name not in found]
        for name in first:
            if name not in found:
                match = next((other for other in remaining if self._words.say_the_same(name, other)), None)
                if match is not None:
                    found[name] = match
                    remaining.remove(match)
        return found


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _below(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
