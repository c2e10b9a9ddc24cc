"""What a stage says of another one: names, accounts and settings that somebody wrote where the stage's own belong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatops_constructs.stages.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chatops_constructs.stages.flat import Flat
    from chatops_constructs.stages.stage_pair import Settings
    from chatops_constructs.stages.synthesised import SynthesisedStage

# A shorter setting, a number for instance, is found where nobody means it.
_SHORTEST_SETTING = 6
# In a sentence, `staging` may be the word; in `/acme/staging` it is the stage.
_WORD = re.compile(r"[^\s\"'`<>()\[\]{},;]+")
_PARTS_A_PATH = re.compile(r"[/:_@=]")


def strangers(stages: Sequence[SynthesisedStage], settings: Mapping[str, Settings]) -> Iterator[Finding]:
    """The values of a stage that are another one's.

    Args:
        stages: Two or more.
        settings: By stage what its settings are, if they are known.
    """
    for stage in stages:
        own = _words(stage, settings)
        for other in stages:
            foreign = _words(other, settings) - own
            if other is stage or not foreign:
                continue
            for path, kind, where, text in _texts(stage):
                word = _stranger(text, own, foreign, name=other.name)
                if word is not None:
                    yield Finding(
                        path,
                        kind,
                        where,
                        f"{word!r} is of stage {other.name}: take it from the settings, as {stage.name} has its own",
                        {stage.name: text},
                    )


def _words(stage: SynthesisedStage, settings: Mapping[str, Settings]) -> set[str]:
    said = {value for value in settings.get(stage.name, {}).values() if len(value) >= _SHORTEST_SETTING}
    return {stage.name, *(stack.account for stack in stage.stacks if stack.account), *said}


def _stranger(text: str, own: set[str], foreign: set[str], *, name: str) -> str | None:
    """The first word in a text that is the other stage's."""
    # Without its own words first: `prod` is a part of `prod-eu`.
    rest = _alone(own).sub("", text)
    for found in _alone(foreign).finditer(rest):
        if found[0] != name or _is_meant_as_name(rest, name):
            return found[0]
    return None


def _is_meant_as_name(text: str, name: str) -> bool:
    if text == name:
        return True
    is_sentence = " " in text.strip()
    words = (word.strip(".:!?") for word in _WORD.findall(text) if _alone({name}).search(word))
    return any(word != name and (not is_sentence or _PARTS_A_PATH.search(word)) for word in words)


def _alone(words: set[str]) -> re.Pattern[str]:
    longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{longest_first})(?![A-Za-z0-9])")


def _texts(stage: SynthesisedStage) -> Iterator[tuple[str, str, str, str]]:
    for stack in stage.stacks:
        for element in stack.elements:
            for where, text in _leaves(element.content, ""):
                yield element.path, element.type, where, text


def _leaves(value: Flat, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _leaves(each, f"{where}[{index}]")
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, f"{where}.{key}" if where else key)
