"""Two stages beside each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chatops_constructs.stages.correspondence import Correspondence
from chatops_constructs.stages.own_words import OwnWords

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chatops_constructs.stages.correspondence import Place
    from chatops_constructs.stages.flat import Flat
    from chatops_constructs.stages.synthesised import Element, SynthesisedStack, SynthesisedStage

Settings = dict[str, str]
"""By field of a stage's settings its value as text; "" for None."""


class StagePair:
    """Finds for what is in one stage what it is in the other."""

    def __init__(self, first: SynthesisedStage, second: SynthesisedStage, settings: Mapping[str, Settings]) -> None:
        """Take two stages.

        Args:
            first: The one that the others are compared with.
            second: Another one.
            settings: By stage what its settings are, if they are known.
        """
        self._assets = (first.assets, second.assets)
        self._found_same: dict[tuple[str, str], bool] = {}
        stacks = {stack.path: stack for stack in second.stacks}
        together = [(stack, stacks[stack.path]) for stack in first.stacks if stack.path in stacks]
        mine, theirs = settings.get(first.name, {}), settings.get(second.name, {})
        self._words = OwnWords(
            (first.name, second.name),
            {
                (first.path, second.path),
                *(pair for one, other in together for pair in _words_of(one, other)),
                *((mine[name], theirs[name]) for name in mine.keys() & theirs.keys()),
            },
            self._are_same_assets,
        )
        self._correspondence = Correspondence(self._words)
        self.stacks = together
        self.elements = self._paired_elements()

    def differences(self, first: Element, second: Element) -> Iterator[Place]:
        """The properties in which two elements differ."""
        if first.type != second.type:
            yield "Type", first.type, second.type
        else:
            yield from self._correspondence.differences(first.content, second.content)

    def differences_of_stacks(self, first: SynthesisedStack, second: SynthesisedStack) -> Iterator[Place]:
        """What is said of two stacks beside their templates, in which they differ."""
        yield from self._correspondence.differences(first.settings, second.settings)

    def _paired_elements(self) -> list[tuple[Element, Element]]:
        mine = {element.path: element for stack, _ in self.stacks for element in stack.elements}
        theirs = {element.path: element for _, stack in self.stacks for element in stack.elements}
        counterparts = self._correspondence.counterparts(list(mine), list(theirs))
        return [(mine[path], theirs[other]) for path, other in counterparts.items()]

    def _are_same_assets(self, first: str, second: str) -> bool:
        if (first, second) not in self._found_same:
            mine, theirs = self._assets[0].get(first), self._assets[1].get(second)
            self._found_same[first, second] = mine is not None and theirs is not None and self._same(mine, theirs)
        return self._found_same[first, second]

    def _same(self, first: Path, second: Path) -> bool:
        mine, theirs = _files(first), _files(second)
        return mine.keys() == theirs.keys() and all(self._same_file(mine[name], theirs[name]) for name in mine)

    def _same_file(self, first: Path, second: Path) -> bool:
        mine, theirs = first.read_bytes(), second.read_bytes()
        try:
            return mine == theirs or self._correspondence.same(_value(mine), _value(theirs))
        except UnicodeDecodeError:
            return False


def _words_of(first: SynthesisedStack, second: SynthesisedStack) -> Iterator[tuple[str, str]]:
    yield first.name, second.name
    if first.account and second.account:
        yield first.account, second.account
    if first.region and second.region:
        yield first.region, second.region


def _files(path: Path) -> dict[str, Path]:
    if path.is_file():
        return {"": path}
    return {file.relative_to(path).as_posix(): file for file in path.rglob("*") if file.is_file()}


def _value(content: bytes) -> Flat:
    text = content.decode()
    try:
        value: Flat = json.loads(text)
    except ValueError:
        return text
    return value
