"""From what was typed to a value of each argument."""

from __future__ import annotations

from chatops_runtime.arguments.error import ArgumentError, did_you_mean, shown
from chatops_runtime.arguments.typed_text import repaired
from chatops_runtime.arguments.values import value
from chatops_runtime.arguments.words import Words
from chatops_runtime.slack import mrkdwn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_runtime.contracts.arguments import ArgumentDeclaration, Value

_FLAG = "flag"
_CHOICE = "choice"


def parse(declarations: Sequence[ArgumentDeclaration], text: str) -> dict[str, Value]:
    """The values of a command's arguments, in the order of their declarations.

    A required choice that was not made is None: it is asked for in a menu. Any other argument that was not given, and
    has no default, is absent.

    Args:
        declarations: What may be typed, see `chatops_runtime.contracts.arguments`.
        text: What was typed.

    Raises:
        ArgumentError: It does not say what is declared. The error says what is wrong.
    """
    given = _given(declarations, Words(repaired(text)))
    missing = [
        declaration["name"]
        for declaration in declarations
        if declaration["required"] and declaration["kind"] != _CHOICE and declaration["name"] not in given
    ]
    if missing:
        names = ", ".join(map(mrkdwn.code, missing))
        raise ArgumentError(f"{names} {'is' if len(missing) == 1 else 'are'} missing.")
    return {
        declaration["name"]: given[declaration["name"]] if declaration["name"] in given else _absent(declaration)
        for declaration in declarations
        if declaration["name"] in given or _has_value_when_absent(declaration)
    }


def _given(declarations: Sequence[ArgumentDeclaration], words: Words) -> dict[str, Value]:
    """What was given, in places and by names."""
    given: dict[str, Value] = {}
    while not words.is_over():
        name = words.name()
        if words.is_over() and name is None:
            break  # dashes that end the names, and nothing after them
        declaration = _next(declarations, given, words) if name is None else _named(declarations, name)
        if declaration["name"] in given:
            raise ArgumentError(f"{mrkdwn.code(declaration['name'])} is given twice.")
        given[declaration["name"]] = _taken(declaration, words, by_name=name is not None)
    return given


def _next(declarations: Sequence[ArgumentDeclaration], given: dict[str, Value], words: Words) -> ArgumentDeclaration:
    """The first argument that is not given yet and may be given without its name."""
    for declaration in declarations:
        has_place = declaration["kind"] != _FLAG and not declaration.get("named")
        if has_place and declaration["name"] not in given:
            return declaration
    names = [f"--{_dashed(declaration)}" for declaration in declarations]
    word = words.word()
    raise ArgumentError(f"{shown(word)} is one too many.{did_you_mean(word, names)}")


def _named(declarations: Sequence[ArgumentDeclaration], name: str) -> ArgumentDeclaration:
    for declaration in declarations:
        if declaration["name"] == name.replace("-", "_"):
            return declaration
    names = [f"--{_dashed(declaration)}" for declaration in declarations]
    raise ArgumentError(f"There is no {shown(f'--{name}')}.{did_you_mean(f'--{name}', names)}")


def _taken(declaration: ArgumentDeclaration, words: Words, *, by_name: bool) -> Value:
    shown_name = mrkdwn.code(f"--{_dashed(declaration)}")
    if declaration["kind"] == _FLAG:
        if words.value_is_attached:
            raise ArgumentError(f"{shown_name} takes no value: give it or leave it out.")
        return True
    if by_name and not words.value_is_attached and (words.is_over() or words.is_before_a_name()):
        raise ArgumentError(f"{shown_name} needs a value after it.")
    return value(declaration, words.rest() if declaration.get("rest") else words.word())


def _has_value_when_absent(declaration: ArgumentDeclaration) -> bool:
    return "default" in declaration or declaration["kind"] == _FLAG or declaration["required"]


def _absent(declaration: ArgumentDeclaration) -> Value:
    return declaration.get("default", False if declaration["kind"] == _FLAG else None)


def _dashed(declaration: ArgumentDeclaration) -> str:
    return declaration["name"].replace("_", "-")
