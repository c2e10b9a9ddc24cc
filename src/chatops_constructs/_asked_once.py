"""What never changes about a construct and its stack, asked of CDK once: each question is a round trip to its process.

What is kept here holds no construct longer than jsii does, which keeps every one until the process ends.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aws_cdk import Stack

if TYPE_CHECKING:
    from constructs import Construct


@cache
def stack_of(construct: Construct) -> Stack:
    """The stack that `construct` is in, or is."""
    return Stack.of(construct)


@cache
def path_of(construct: Construct) -> str:
    """The ids from the app to `construct`, with `/` between them."""
    return construct.node.path


def arn_beside(construct: Construct, service: str, resource: str) -> str:
    """The ARN of a resource in the partition, the region and the account of `construct`'s stack.

    Args:
        construct: Any construct in the stack.
        service: Such as `ssm`.
        resource: All that comes after the account, such as `document/Ops_Ps`.
    """
    partition, place = _partition_and_place(stack_of(construct))
    return f"arn:{partition}:{service}:{place}:{resource}"


@cache
def _partition_and_place(stack: Stack) -> tuple[str, str]:
    return stack.partition, f"{stack.region}:{stack.account}"
