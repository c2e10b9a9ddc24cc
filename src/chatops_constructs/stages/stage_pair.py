"""Two stages beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs.stages.asset_pair import AssetPair
from chatops_constructs.stages.correspondence import Correspondence
from chatops_constructs.stages.own_words import ASSET, OwnWords

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chatops_constructs.stages.correspondence import Place, Value
    from chatops_constructs.stages.synthesised import Element, SynthesisedStack, SynthesisedStage

Settings = dict[str, str]
"""By field of a stage's settings its value as text; "" for None."""


class StagePair:
    """Finds for what is in one stage what it is in the other."""

    def __init__(
        self, first: SynthesisedStage, second: SynthesisedStage, settings: Mapping[str, Settings], *, has_assets: bool
    ) -> None:
        """Take two stages.

        Args:
            first: The one that the others are compared with.
            second: Another one.
            settings: By stage what its settings are, if they are known.
            has_assets: Whether the assets of both were built.
        """
        stacks = {stack.path: stack for stack in second.stacks}
        together = [(stack, stacks[stack.path]) for stack in first.stacks if stack.path in stacks]
        mine, theirs = settings.get(first.name, {}), settings.get(second.name, {})
        words = OwnWords(
            (first.name, second.name),
            {
                (first.path, second.path),
                *(pair for one, other in together for pair in _words_of(one, other)),
                *((mine[name], theirs[name]) for name in mine.keys() & theirs.keys()),
            },
            self._are_same_assets,
        )
        self._correspondence = Correspondence(words)
        self._assets = AssetPair(first.assets, second.assets, self._correspondence, are_built=has_assets)
        self.stacks = together
        self.elements = self._paired_elements()

    def differences(self, first: Element, second: Element) -> Iterator[Place]:
        """The properties in which two elements differ."""
        if first.type != second.type:
            yield "Type", first.type, second.type
        else:
            for place in self._correspondence.differences(first.content, second.content):
                yield from self._in_assets(place)

    def differences_of_stacks(self, first: SynthesisedStack, second: SynthesisedStack) -> Iterator[Place]:
        """What is said of two stacks beside their templates, in which they differ."""
        yield from self._correspondence.differences(first.settings, second.settings)

    def _paired_elements(self) -> list[tuple[Element, Element]]:
        mine = {element.path: element for stack, _ in self.stacks for element in stack.elements}
        theirs = {element.path: element for _, stack in self.stacks for element in stack.elements}
        counterparts = self._correspondence.counterparts(list(mine), list(theirs))
        return [(mine[path], theirs[other]) for path, other in counterparts.items()]

    def _are_same_assets(self, first: str, second: str) -> bool:
        return self._assets.are_same(first, second)

    def _in_assets(self, place: Place) -> Iterator[Place]:
        """The places in the files of two assets whose hashes differ, which say more than the hashes."""
        where, first, second = place
        mine, theirs = _asset_of(first), _asset_of(second)
        inner = list(self._assets.differences(mine, theirs)) if mine and theirs else []
        if not inner:
            yield place
        for there, one, other in inner:
            yield f"{where}: {there}", one, other


def _words_of(first: SynthesisedStack, second: SynthesisedStack) -> Iterator[tuple[str, str]]:
    yield first.name, second.name
    if first.account and second.account:
        yield first.account, second.account
    if first.region and second.region:
        yield first.region, second.region


def _asset_of(value: Value) -> str:
    """The hash of an asset, in its key or address."""
    found = ASSET.search(value) if isinstance(value, str) else None
    return found[0] if found else ""
