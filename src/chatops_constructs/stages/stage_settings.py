"""What a stage is called, where it is deployed, and what else is its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import aws_cdk as cdk

from chatops_constructs._problems import matches

if TYPE_CHECKING:
    from chatops_constructs._problems import Problems

# It is the beginning of stacks' names and a part of those of parameters, buckets and domains: what all of them take.
NAME = re.compile(r"[a-z](?:-?[a-z0-9])+")
LONGEST_NAME = 20
ACCOUNT = re.compile(r"\d{12}")
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


@dataclass(frozen=True, kw_only=True)
class StageSettings:
    """One stage. What differs between your stages are the fields that you add.

    A field without a default has to be said for each stage: one that lacks it fails when the app is synthesised, and
    before that in your type checker. No secrets: those are read when functions run, see `StageSecrets`.

    Example:
        from dataclasses import dataclass

        from chatops_constructs import StageSettings

        @dataclass(frozen=True, kw_only=True)
        class BotSettings(StageSettings):
            channel: str

        staging = BotSettings(name="staging", account="111122223333", region="eu-central-1", channel="C0STAGING")

    Attributes:
        name: Of the stage, of stacks and of parameters alike, such as `staging`: 2 to 20 lower-case letters, digits and
            hyphens.
        account: The 12 digits of the AWS account that it is deployed to.
        region: The AWS Region that it is deployed to.
    """

    name: str
    account: str
    region: str

    @property
    def environment(self) -> cdk.Environment:
        """The account and the region, as CDK takes them."""
        return cdk.Environment(account=self.account, region=self.region)

    @property
    def prefix(self) -> str:
        """What the names that you choose yourself begin with, such as `staging-`: two stages may share an account.

        Resources of CDK and of this library have names with the stage's in them without your doing anything.
        """
        return f"{self.name}-"


def check_settings(settings: StageSettings, problems: Problems) -> None:
    """Note what is wrong with the settings of a stage.

    Args:
        settings: Those of one stage.
        problems: Where it is noted.
    """
    name = settings.name
    problems.check(
        matches(NAME, name) and len(name) <= LONGEST_NAME,
        "name",
        name,
        f"2 to {LONGEST_NAME} lower-case letters, digits and single hyphens, a letter first",
        "it becomes a part of the names of stacks and parameters: write it like 'staging'",
        tokens=False,
    )
    where = f"of stage {name!r}"
    problems.check(
        matches(ACCOUNT, settings.account),
        f"account {where}",
        settings.account,
        "the 12 digits of an AWS account, as text",
        "a stage says where it goes: otherwise it goes wherever the one who deploys is signed in",
        tokens=False,
    )
    problems.check(
        matches(REGION, settings.region),
        f"region {where}",
        settings.region,
        "an AWS Region, such as 'eu-central-1'",
        "a stage says where it goes: otherwise it goes wherever the one who deploys is signed in",
        tokens=False,
    )
    for field in fields(settings):
        value = getattr(settings, field.name)
        if field.name not in ("name", "account", "region") and isinstance(value, str):
            problems.check(
                bool(value.strip()),
                f"{field.name} {where}",
                value,
                "text that is not empty",
                "say what it is in this stage, or give the field the type `str | None` and the value None",
            )
