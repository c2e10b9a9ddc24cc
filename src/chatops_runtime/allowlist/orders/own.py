"""What people type about their own entries: nothing, `list`, `revoke [ipv4|ipv6]`."""

from __future__ import annotations

from dataclasses import dataclass

from chatops_runtime.allowlist.counts import FAMILIES
from chatops_runtime.allowlist.orders.error import OrderError

USAGE = "(nothing, for a link) | list | revoke [ipv4|ipv6]"

_FAMILIES = {"": FAMILIES, "ipv4": (4,), "ipv6": (6,)}


@dataclass(frozen=True)
class MakeLink:
    """Make a one-time link."""


@dataclass(frozen=True)
class ListOwn:
    """Say what is registered."""


@dataclass(frozen=True)
class RevokeOwn:
    """Let it no longer count.

    Attributes:
        families: 4, 6 or both.
    """

    families: tuple[int, ...]


def parse(text: str) -> MakeLink | ListOwn | RevokeOwn:
    """The order in what was typed.

    Raises:
        OrderError: It is none.
    """
    verb, _, following = " ".join(text.lower().split()).partition(" ")
    if verb == "revoke":
        if following not in _FAMILIES:
            raise OrderError("after revoke comes ipv4, ipv6 or nothing, for both")
        return RevokeOwn(_FAMILIES[following])
    if verb not in ("", "list"):
        raise OrderError("the first word is none of list and revoke")
    if following:
        raise OrderError(f"nothing is expected after {verb}")
    return ListOwn() if verb else MakeLink()
