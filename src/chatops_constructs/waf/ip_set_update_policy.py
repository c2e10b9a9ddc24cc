"""What a role needs to keep IP sets at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import aws_iam as iam

from chatops_constructs._acknowledge import acknowledge, acknowledge_resource

if TYPE_CHECKING:
    from collections.abc import Sequence

ID = "UpdateIpSets"


class IpSetUpdatePolicy(iam.Policy):
    """Find IP sets, and read and update those that are named. One for each role, shared by its pairs."""

    def __init__(self, role: iam.Role) -> None:
        """Create the policy; use `of` instead.

        Args:
            role: The role that gets it.
        """
        super().__init__(
            role,
            ID,
            roles=[role],
            statements=[iam.PolicyStatement(sid="FindIpSets", actions=["wafv2:ListIPSets"], resources=["*"])],
        )
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awswafv2.html
        acknowledge(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            "ListIPSets has no resource types in IAM; it shows names and ids, no addresses",
        )

    @classmethod
    def of(cls, role: iam.Role) -> IpSetUpdatePolicy:
        """The role's policy, created at the first call.

        Args:
            role: The role.
        """
        existing = role.node.try_find_child(ID)
        return cast("IpSetUpdatePolicy", existing) if existing else cls(role)

    def allow(self, arns: Sequence[str]) -> None:
        """Let the role read and update these IP sets.

        Args:
            arns: Their ARNs with `*` for the id.
        """
        self.add_statements(iam.PolicyStatement(actions=["wafv2:GetIPSet", "wafv2:UpdateIPSet"], resources=list(arns)))
        for arn in arns:
            acknowledge_resource(
                self, arn, "the id of an IP set is known after its deployment only, the name before it tells which one"
            )
