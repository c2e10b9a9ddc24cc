"""Constructs of which a stack needs one, whoever asks first."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar, cast

from chatops_constructs._asked_once import stack_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import Stack
    from constructs import Construct, IConstruct

T = TypeVar("T", bound="Construct")


def one_per_stack(scope: Construct, id: str, make: Callable[[Construct, str], T]) -> T:
    """The construct `id` of `scope`'s stack, made at the first call by `make(stack, id)`."""
    stack = stack_of(scope)
    found = _found_in(stack)
    if id not in found:
        found[id] = stack.node.try_find_child(id) or make(stack, id)
    return cast("T", found[id])


@cache
def _found_in(stack: Stack) -> dict[str, IConstruct]:  # noqa: ARG001 - what it is kept by
    """What was found or made in `stack` so far, so that CDK is not asked for it by each command."""
    return {}
