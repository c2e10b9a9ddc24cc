"""Findings of cdk-nag that our own resources cannot avoid, each acknowledged where it stands, with its reason."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from chatops_constructs._asked_once import stack_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct, IConstruct

LOG_STREAMS = "the ARN of a log group that was passed in ends with ':*', which stands for its streams"


def acknowledge(child: IConstruct, finding: str, reason: str) -> None:
    """Acknowledge one finding on one of our own resources.

    Args:
        child: The resource; never anything that the user made.
        finding: The whole id with what was found, such as `AwsSolutions-IAM5[Resource::*]`: another wildcard on the
            same resource is another finding and stays visible.
        reason: Why it cannot be avoided.
    """
    cdk.Validations.of(child).acknowledge(cdk.Acknowledgment(id=finding, reason=reason))


def acknowledge_resource(child: Construct, arn: str, reason: str) -> None:
    """Acknowledge the `*` in the ARN that a policy of ours allows, if there is one.

    Args:
        child: The policy, or the role that it belongs to.
        arn: The ARN as the policy has it.
        reason: Why the `*` cannot be avoided.
    """
    shown = _shown_in(stack_of(child), arn)
    if "*" in shown:
        acknowledge(child, f"AwsSolutions-IAM5[Resource::{shown}]", reason)


def acknowledge_resources(child: Construct, arns: Sequence[str], reason: str) -> None:
    """The same for many ARNs at once.

    Args:
        child: The policy, or the role that it belongs to.
        arns: The ARNs as the policy has them.
        reason: Why the `*` in each of them cannot be avoided.
    """
    stack = stack_of(child)
    rules = [
        cdk.Acknowledgment(id=f"AwsSolutions-IAM5[Resource::{shown}]", reason=reason)
        for arn in arns
        if "*" in (shown := _shown_in(stack, arn))
    ]
    cdk.Validations.of(child).acknowledge(*rules)


def _shown_in(stack: cdk.Stack, arn: str) -> str:
    # What comes behind the last token is plain, and CDK need not be asked for each of many names.
    tokens, brace, plain = arn.rpartition("}")
    return _resolved(stack, tokens + brace) + plain


@cache
def _resolved(stack: cdk.Stack, text: str) -> str:
    return _as_shown(stack.resolve(text))


def _as_shown(value: str | dict[str, Any]) -> str:
    """A template's value as cdk-nag writes it into a finding: `arn:<AWS::Partition>:ec2:…`, `<Logs6819BB44.Arn>`."""
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        delimiter, parts = value["Fn::Join"]
        return str(delimiter).join(_as_shown(part) for part in parts)
    if "Fn::GetAtt" in value:
        return f"<{'.'.join(value['Fn::GetAtt'])}>"
    if "Ref" in value:
        return f"<{value['Ref']}>"
    # Fn::ImportValue and the like: a value of another stack, in which cdk-nag sees no `*` either.
    return ""
