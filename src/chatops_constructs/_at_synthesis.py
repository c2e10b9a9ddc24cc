"""Work for when the app is synthesised, since only then everything that is added later is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii

if TYPE_CHECKING:
    from collections.abc import Callable

    from constructs import Construct, IConstruct


def at_synthesis(construct: Construct, work: Callable[[], None]) -> None:
    """Do `work` once, when the app is synthesised.

    It is an aspect of `construct`, and may create constructs below that one. An aspect is called for everything that is
    below, so `construct` had better be a small one.

    Args:
        construct: Of which it is an aspect.
        work: What is done.
    """
    cdk.Aspects.of(construct).add(_AtSynthesis(construct, work))


@jsii.implements(cdk.IAspect)
class _AtSynthesis:
    def __init__(self, construct: Construct, work: Callable[[], None]) -> None:
        self._construct = construct
        self._work = work
        self._done = False

    def visit(self, node: IConstruct) -> None:
        """Called for the construct and what is below it; more than once, if the app is synthesised again."""
        if node is self._construct and not self._done:
            self._done = True
            self._work()
