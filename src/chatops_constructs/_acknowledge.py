"""Findings of cdk-nag that our own resources cannot avoid, each acknowledged where it stands, with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from constructs import IConstruct


def acknowledge(child: IConstruct, finding: str, reason: str) -> None:
    """Acknowledge one finding on one of our own resources.

    Args:
        child: The resource; never anything that the user made.
        finding: The whole id with what was found, such as `AwsSolutions-IAM5[Resource::*]`: another wildcard on the
            same resource is another finding and stays visible.
        reason: Why it cannot be avoided.
    """
    cdk.Validations.of(child).acknowledge(cdk.Acknowledgment(id=finding, reason=reason))
