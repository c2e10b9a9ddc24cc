"""From a word to the value of a kind, or to what is wrong with it."""

from __future__ import annotations

import re
import unicodedata

from chatops_runtime import durations
from chatops_runtime.arguments.error import ArgumentError, did_you_mean, shown
from chatops_runtime.arguments.typed_text import plain
from chatops_runtime.slack import mrkdwn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.contracts.arguments import ArgumentDeclaration, Value

LONGEST_TEXT = 1000
"""Characters of a text whose declaration names no limit."""

_MOST_CHOICES_SHOWN = 20
_INTEGER = re.compile(r"[+-]?[0-9]{1,16}")
_LARGEST_INTEGER = 2**53 - 1  # what JSONata and JSON's readers keep exactly
_USER = re.compile(r"<@([UW][A-Z0-9]{1,31})(?:\|[^<>]*)?>|([UW][A-Z0-9]{7,31})")
_CHANNEL = re.compile(r"<#?([CGD][A-Z0-9]{1,31})(?:\|[^<>]*)?>|([CGD][A-Z0-9]{7,31})")


def value(declaration: ArgumentDeclaration, word: str) -> Value:
    """What `word` is for the argument that `declaration` declares.

    Raises:
        ArgumentError: It is nothing of that kind, or not within what is declared.
    """
    return _OF_KIND[declaration["kind"]](declaration, word)


def _choice(declaration: ArgumentDeclaration, word: str) -> str:
    typed, choices = plain(word), declaration["choices"]
    if typed in choices:
        return typed
    listed = ", ".join(map(mrkdwn.code, choices[:_MOST_CHOICES_SHOWN]))
    more = len(choices) - _MOST_CHOICES_SHOWN
    one_of = f"{listed} and {more} more" if more > 0 else listed
    raise _wrong(declaration, typed, f"one of {one_of}", did_you_mean(typed, choices))


def _text(declaration: ArgumentDeclaration, word: str) -> str:
    typed, longest, pattern = plain(word), declaration.get("longest", LONGEST_TEXT), declaration.get("pattern")
    if len(typed) > longest:
        name = mrkdwn.code(declaration["name"])
        raise ArgumentError(f"{name} may have {longest} characters; what was typed has {len(typed)}.")
    if pattern is not None and not re.fullmatch(pattern, typed):
        raise _wrong(declaration, typed, f"text that matches {mrkdwn.code(pattern)}")
    return typed


def _integer(declaration: ArgumentDeclaration, word: str) -> int:
    digits = _narrow(word)
    number = int(digits) if _INTEGER.fullmatch(digits) else None
    if number is None or abs(number) > _LARGEST_INTEGER or not _is_within(declaration, number):
        raise _wrong(declaration, word, f"a whole number{_limits(declaration, str)}")
    return number


def _duration(declaration: ArgumentDeclaration, word: str) -> int:
    seconds = _seconds(word)
    if seconds is None or not _is_within(declaration, seconds):
        raise _wrong(declaration, word, f"a duration such as `30m`, `3h` or `2d`{_limits(declaration, _spelled)}")
    return seconds


def _cidr(declaration: ArgumentDeclaration, word: str) -> str:
    import ipaddress  # noqa: PLC0415 - of this kind only

    family, typed = declaration.get("family"), _narrow(plain(word))
    example = "2001:db8::/64" if family == 6 else "203.0.113.0/24"
    kind = f"an IPv{family} range" if family else "a range of IP addresses"
    wanted = f"{kind} such as {mrkdwn.code(example)}"
    try:
        network = ipaddress.ip_network(typed, strict=False)
    except ValueError:
        raise _wrong(declaration, typed, wanted) from None
    if family not in {None, network.version} or "%" in typed:
        raise _wrong(declaration, typed, wanted)
    address = ipaddress.ip_address(typed.partition("/")[0])
    if address != network.network_address:
        # Who writes one address and means its network is as likely as the other way round.
        alone = f"{address}/{network.max_prefixlen}"
        wanted = f"either the network, {mrkdwn.code(str(network))}, or the one address, {mrkdwn.code(alone)}"
        raise _wrong(declaration, typed, wanted)
    return str(network)


def _user(declaration: ArgumentDeclaration, word: str) -> str:
    return _id(declaration, word, _USER, "a user: type `@` and pick one from the list")


def _channel(declaration: ArgumentDeclaration, word: str) -> str:
    return _id(declaration, word, _CHANNEL, "a channel: type `#` and pick one from the list")


def _time(declaration: ArgumentDeclaration, word: str) -> str:
    before = _seconds(word)
    if before is not None:
        return f"-{before}"
    from chatops_runtime.arguments.instants import utc  # noqa: PLC0415 - of this kind only

    instant = utc(_narrow(word))
    if instant is None:
        wanted = "a time: how long ago, such as `3h`, or with its zone, such as `2026-11-22T10:00Z`"
        raise _wrong(declaration, word, wanted)
    return instant


_OF_KIND: dict[str, Callable[[ArgumentDeclaration, str], Value]] = {
    "choice": _choice,
    "text": _text,
    "integer": _integer,
    "duration": _duration,
    "cidr": _cidr,
    "user": _user,
    "channel": _channel,
    "time": _time,
}


def _id(declaration: ArgumentDeclaration, word: str, shape: re.Pattern[str], wanted: str) -> str:
    found = shape.fullmatch(word)
    if found is None:
        raise _wrong(declaration, word, wanted)
    return found[1] or found[2]


def _narrow(word: str) -> str:
    """Digits, colons and letters as they are meant, of keyboards that write them full width."""
    return unicodedata.normalize("NFKC", word)


def _seconds(word: str) -> int | None:
    found = durations.leading(word)
    return found[0] if found is not None and not found[1] else None


def _spelled(seconds: int) -> str:
    return durations.spelled(seconds)


def _is_within(declaration: ArgumentDeclaration, number: int) -> bool:
    return declaration.get("least", number) <= number <= declaration.get("most", number)


def _limits(declaration: ArgumentDeclaration, spelled: Callable[[int], str]) -> str:
    least, most = declaration.get("least"), declaration.get("most")
    if least is not None and most is not None:
        return f" from {spelled(least)} to {spelled(most)}"
    if least is not None:
        return f" of at least {spelled(least)}"
    return f" of at most {spelled(most)}" if most is not None else ""


def _wrong(declaration: ArgumentDeclaration, typed: str, wanted: str, question: str = "") -> ArgumentError:
    return ArgumentError(f"{mrkdwn.code(declaration['name'])} cannot be {shown(typed)}: it is {wanted}.{question}")
