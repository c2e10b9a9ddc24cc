"""Constructs of which a stack needs one, whoever asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from aws_cdk import Stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from constructs import Construct

T = TypeVar("T", bound="Construct")


def one_per_stack(scope: Construct, id: str, make: Callable[[Construct, str], T]) -> T:
    """The construct `id` of `scope`'s stack, made at the first call by `make(stack, id)`."""
    stack = Stack.of(scope)
    existing = stack.node.try_find_child(id)
    return cast("T", existing) if existing else make(stack, id)
