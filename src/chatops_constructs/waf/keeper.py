"""Who keeps the addresses of a pair of IP sets at run time: one, or they would undo each other's work each minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from constructs import Construct

if TYPE_CHECKING:
    from chatops_constructs.waf.ip_set_pair import IpSetPair

ID = "Keeper"


class Keeper(Construct):
    """A mark on a pair, without resources.

    Attributes:
        path: Of the construct that keeps the pair.
    """

    def __init__(self, pair: IpSetPair, keeper: Construct) -> None:
        """Note that `keeper` keeps the pair, which nobody did so far.

        Args:
            pair: The pair.
            keeper: Who keeps it.
        """
        super().__init__(pair, ID)
        self.path: str = keeper.node.path

    @classmethod
    def of(cls, pair: IpSetPair) -> Keeper | None:
        """The one who keeps the pair, None if nobody does.

        Args:
            pair: The pair.
        """
        return cast("Keeper | None", pair.node.try_find_child(ID))
