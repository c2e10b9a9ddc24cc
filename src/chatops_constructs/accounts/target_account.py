"""An account or a region in which an action works, other than the endpoint's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from aws_cdk import aws_iam as iam

from chatops_constructs._problems import Problems, check, matches
from chatops_runtime.contracts import remote_calls as contract

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: a role's name, up to 64 characters. Of
# what is allowed in it, what the name of an SSM document may have as well, which must not begin like AWS's own:
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
ROLE_NAME = re.compile(r"(?!(?i:aws|amazon|amzn))[A-Za-z0-9_.-]{1,64}")
ROLE_ARN = re.compile(rf"arn:(aws|aws-cn|aws-us-gov):iam::[0-9]{{12}}:role/({ROLE_NAME.pattern})")
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


@dataclass(frozen=True)
class TargetAccount:
    """Where an action works, and the role that it takes for that: the one of a `TargetAccountRole` over there.

    Example:
        from chatops_constructs import Ec2Targets, RunScript, TargetAccount

        RunScript(
            "systemctl restart nginx",
            targets=Ec2Targets.by_tag("Role", "web"),
            account=TargetAccount("arn:aws:iam::222222222222:role/chatops-ops", region="eu-central-1"),
        )

    Attributes:
        role_arn: The role's ARN, in plain: an output of the other stack, since no reference reaches into another
            account.
        region: The region. Default: the endpoint's.

    Raises:
        ValueError: One of them is none.
    """

    role_arn: str
    region: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse what is neither."""
        problems = Problems("TargetAccount")
        problems.check(
            matches(ROLE_ARN, self.role_arn),
            "role_arn",
            self.role_arn,
            "the ARN of a role without a path, arn:aws:iam::123456789012:role/name",
            "copy the output of the TargetAccountRole in the other account",
            tokens=False,
        )
        problems.check(
            self.region is None or matches(REGION, self.region),
            "region",
            self.region,
            "a region, such as eu-central-1",
            "leave it out for the endpoint's own",
            tokens=False,
        )
        problems.raise_if_any()

    @property
    def role_name(self) -> str:
        """The role's name."""
        return self.role_arn.rpartition("/")[2]

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a function that works there: `chatops_runtime.contracts.remote_calls`."""
        return {contract.ROLE_ARN: self.role_arn, **({contract.REGION: self.region} if self.region else {})}


def take_the_role(account: TargetAccount) -> iam.PolicyStatement:
    """What such a function may do."""
    return iam.PolicyStatement(sid="TakeTheRole", actions=["sts:AssumeRole"], resources=[account.role_arn])


def check_role(where: str, account: TargetAccount | None, role_name: str) -> None:
    """Check that an action takes the role that is to be given its rights.

    Args:
        where: The action, for the error.
        account: The action's account.
        role_name: The role's name.

    Raises:
        ValueError: It takes another one, or none.
    """
    named = account.role_name if account else None
    check(
        named == role_name,
        where,
        "account",
        named,
        repr(role_name),
        "give the action account=TargetAccount(…) with that role, in both stacks",
    )


def output_log_name(role_name: str) -> str:
    """The name of the log group over there that takes the output of scripts."""
    return f"/chatops/{role_name}/output"
