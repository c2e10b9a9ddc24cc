"""What never changes about a construct and its stack, asked of CDK once: each question is a round trip to its process.

What is kept here holds no construct longer than jsii does, which keeps every one until the process ends.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

from aws_cdk import Stack

if TYPE_CHECKING:
    from aws_cdk import aws_logs as logs
    from constructs import Construct

T = TypeVar("T", bound="Construct")

_stacks: dict[Construct, Stack] = {}
_paths: dict[Construct, str] = {}
_names: dict[logs.ILogGroup, str] = {}


def placed(construct: T, scope: Construct, id: str) -> T:
    """Note where a construct was just made, and with it what CDK need not be asked any more.

    Args:
        construct: The construct.
        scope: Its parent.
        id: Its id there.
    """
    _stacks[construct] = stack_of(scope)
    _paths[construct] = f"{path_of(scope)}/{id}"
    return construct


def stack_of(construct: Construct) -> Stack:
    """The stack that `construct` is in, or is."""
    if construct not in _stacks:
        _stacks[construct] = Stack.of(construct)
    return _stacks[construct]


def path_of(construct: Construct) -> str:
    """The ids from the app to `construct`, with `/` between them."""
    if construct not in _paths:
        _paths[construct] = construct.node.path
    return _paths[construct]


def name_of(log_group: logs.ILogGroup) -> str:
    """The name of a log group."""
    if log_group not in _names:
        _names[log_group] = log_group.log_group_name
    return _names[log_group]


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
