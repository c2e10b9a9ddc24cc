"""Texts of two stages that say the same, each in its stage's own words.

staging:     arn:aws:ssm:eu-central-1:111122223333:parameter/acme/staging/bot-token
production:  arn:aws:ssm:eu-central-1:444455556666:parameter/acme/production/bot-token
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Behind a region may come the letter of a zone.
_ALONE = r"(?<![A-Za-z0-9])(?:{words})(?=[a-f]?(?![A-Za-z0-9]))"
# Names that this library makes (`_physical_name`): a long one loses its middle, so only its two ends are told by it.
_NAME = r"[A-Za-z0-9-]*(?:{names})[A-Za-z0-9-]*_(?:[A-Za-z0-9_-]*_)?[0-9A-F]{{8}}(?![A-Za-z0-9])"
_ASSET = r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])"
# With which CDK ends what it makes of a path: unique ids, unique resource names, physical names.
_HASH = r"(?:[0-9a-f]{20}|[0-9a-f]{12}|[0-9A-F]{8})(?![A-Za-z0-9])"
# Ids of constructs and statements that end with a hash of what they are for, and what is made of those:
# `SlackPoster1A2B3C4D`, `SlackPoster1A2B3C4DRole5E6F7A8B`. Slack's ids, which may look like one, have no small letters.
_ID = re.compile(r"([A-Z][a-z][A-Za-z0-9]*?)([0-9A-F]{8}|[0-9A-F]{6})(?![a-z0-9]|[A-Z](?![a-z]))")
_ENDS_WITH_HASH = re.compile(f"{_HASH}$")
ASSET = re.compile(_ASSET)


class OwnWords:
    """Which words of one stage stand for which of the other."""

    def __init__(
        self, names: tuple[str, str], words: Iterable[tuple[str, str]], same_assets: Callable[[str, str], bool]
    ) -> None:
        """Take what is each stage's own.

        Args:
            names: The two stages' names.
            words: What else stands for each other: accounts, regions, settings. Those of the first stage come first.
            same_assets: Whether the assets with these hashes are the same but for the stages' own words.
        """
        # In unique ids CDK leaves out what is neither letter nor digit.
        self._squeezed = tuple(_squeezed(name) for name in names)
        self._pairs = {names, *words}
        self._same_assets = same_assets
        self._made: dict[str, str] = {}
        self._made_for: dict[str, str] = {}
        known = sorted({word for pair in self._pairs for word in pair if word}, key=len, reverse=True)
        alone = _ALONE.format(words="|".join(map(re.escape, known)))
        both = "|".join(map(re.escape, names))
        self._whole_words = re.compile(f"({_NAME.format(names=both)}|{_ASSET}|{alone})")
        both = "|".join(map(re.escape, [*names, *self._squeezed]))
        self._parts_of_words = re.compile(f"({_ASSET}|{alone}|(?i:{both})|{_HASH})")

    def say_the_same(self, first: str, second: str) -> bool:
        """Whether two texts are the same but for the stages' own words."""
        made = self._made_in(self._whole_words, first, second)
        # `stagingBotsQueue1A2B3C4D` has the name of the stage in it; a text that has not is another text.
        if made is None and self._squeezed[0] in _squeezed(first) and self._squeezed[1] in _squeezed(second):
            made = self._made_in(self._parts_of_words, first, second)
        if made is None:
            made = self._made_as_ids(first, second)
        return made is not None and self._are_made_alike(made)

    def stand_for_each_other(self, first: str, second: str) -> bool:
        """Whether two words are the same, or one stage's own and the other's."""
        return first == second or (first, second) in self._pairs

    def _made_in(self, words: re.Pattern[str], first: str, second: str) -> list[tuple[str, str]] | None:
        """The names with a hash in two texts that are the same otherwise, or None if they are not."""
        one, other = words.split(first), words.split(second)
        if one[::2] != other[::2]:
            return None
        made: list[tuple[str, str]] = []
        for mine, theirs in zip(one[1::2], other[1::2], strict=True):
            if self.stand_for_each_other(mine, theirs) or (_squeezed(mine), _squeezed(theirs)) == self._squeezed:
                continue
            if ASSET.fullmatch(mine) and ASSET.fullmatch(theirs):
                if not self._same_assets(mine, theirs):
                    return None
            elif _ENDS_WITH_HASH.search(mine) and _ENDS_WITH_HASH.search(theirs):
                made.append((mine, theirs))
            else:
                return None
        return made

    def _made_as_ids(self, first: str, second: str) -> list[tuple[str, str]] | None:
        one, other = _ID.split(first), _ID.split(second)
        if one[1::3] != other[1::3] or len(one) == 1:
            return None
        made = list(zip(one[2::3], other[2::3], strict=True))
        for mine, theirs in zip(one[::3], other[::3], strict=True):
            between = self._made_in(self._whole_words, mine, theirs)
            if between is None:
                return None
            made += between
        return made

    def _are_made_alike(self, made: list[tuple[str, str]]) -> bool:
        """Whether names with a hash stand for each other as they did before: with another one it is another thing."""
        for mine, theirs in made:
            if self._made.setdefault(mine, theirs) != theirs or self._made_for.setdefault(theirs, mine) != mine:
                return False
        return True


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
