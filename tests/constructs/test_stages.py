"""Stages of one definition."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sns as sns

from chatops_constructs import Stages, StageSettings

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNTS = ("111122223333", "444455556666")


@dataclass(frozen=True, kw_only=True)
class BotSettings(StageSettings):
    """Settings with one that each stage has to say, and one that it may."""

    channel: str
    failure_channel: str | None = None


STAGING = BotSettings(name="staging", account=ACCOUNTS[0], region="eu-central-1", channel="C0STAGING")
PRODUCTION = BotSettings(name="production", account=ACCOUNTS[1], region="eu-west-1", channel="C0TEAM")


def bots(stage: cdk.Stage, settings: BotSettings) -> None:
    stack = cdk.Stack(stage, "Bots")
    sns.Topic(stack, "Alarms", topic_name=f"{settings.prefix}alarms", display_name=settings.channel)


def test_one_definition_is_built_once_for_each_stage(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path), analytics_reporting=False)
    stages = Stages(app, build=bots, settings=[STAGING, PRODUCTION])
    app.synth()
    for settings in (STAGING, PRODUCTION):
        folder = tmp_path / f"assembly-{settings.name}"
        (artifact,) = (
            one
            for one in json.loads((folder / "manifest.json").read_text())["artifacts"].values()
            if one["type"] == "aws:cloudformation:stack"
        )
        assert artifact["environment"] == f"aws://{settings.account}/{settings.region}"
        assert artifact["properties"]["stackName"] == f"{settings.name}-Bots"
        template = json.loads((folder / artifact["properties"]["templateFile"]).read_text())
        (topic,) = template["Resources"].values()
        assert topic["Properties"] == {"DisplayName": settings.channel, "TopicName": f"{settings.name}-alarms"}
    assert stages.names == ("staging", "production")
    assert [stage.stage_name for stage in stages] == ["staging", "production"]
    assert stages["production"].account == PRODUCTION.account
    assert len(stages) == 2


def test_stages_are_plain_ones_and_may_be_in_a_stack() -> None:
    pipeline = cdk.Stack(cdk.App(), "Delivery")
    stages = Stages(pipeline, build=bots, settings=[STAGING])
    assert isinstance(stages["staging"], cdk.Stage)
    assert stages["staging"].node.path == "Delivery/staging"


def test_a_setting_that_one_stage_lacks_is_found_before_anything_is_built() -> None:
    with pytest.raises(TypeError, match="channel"):
        BotSettings(name="production", account=ACCOUNTS[1], region="eu-west-1")  # type: ignore[call-arg]


def test_there_is_no_stage_of_another_name() -> None:
    with pytest.raises(KeyError):
        Stages(cdk.App(), build=bots, settings=[STAGING])["production"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ([], "settings is []; allowed: one for each stage"),
        ([STAGING, STAGING], "settings is ['staging', 'staging']; allowed: another name for each stage"),
        (
            [STAGING, StageSettings(name="production", account=ACCOUNTS[1], region="eu-west-1")],
            "settings is ['BotSettings', 'StageSettings']; allowed: one class for all stages",
        ),
    ],
    ids=["none", "twice", "classes"],
)
def test_stages_that_do_not_go_together_are_refused(settings: list[BotSettings], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Stages(cdk.App(), build=bots, settings=settings)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "Staging"}, "name is 'Staging'; allowed: 2 to 20 lower-case letters"),
        ({"name": "s"}, "name is 's'; allowed"),
        ({"name": "a" * 21}, "name is 'aaaaaaaaaaaaaaaaaaaaa'; allowed"),
        ({"name": "staging-"}, "name is 'staging-'; allowed"),
        ({"name": "stag--ing"}, "name is 'stag--ing'; allowed"),
        ({"account": ""}, "account of stage 'staging' is ''; allowed: the 12 digits of an AWS account"),
        ({"account": "11112222333"}, "account of stage 'staging' is '11112222333'"),
        ({"account": None}, "account of stage 'staging' is None"),
        ({"account": 111122223333}, "account of stage 'staging' is 111122223333"),
        ({"account": cdk.Aws.ACCOUNT_ID}, "account of stage 'staging' is known at deploy time only"),
        ({"region": "frankfurt"}, "region of stage 'staging' is 'frankfurt'; allowed: an AWS Region"),
        ({"region": cdk.Aws.REGION}, "region of stage 'staging' is known at deploy time only"),
        ({"channel": " "}, "channel of stage 'staging' is ' '; allowed: text that is not empty"),
    ],
    ids=lambda value: re.sub(r"\$\{Token.*?\}", "a token", str(value)) if isinstance(value, dict) else "",
)
def test_settings_that_cannot_be_meant_are_refused(changed: dict[str, Any], message: str) -> None:
    values: dict[str, Any] = {
        "name": "staging",
        "account": ACCOUNTS[0],
        "region": "eu-central-1",
        "channel": "C0STAGING",
    }
    with pytest.raises(ValueError, match=re.escape(message)):
        Stages(cdk.App(), build=bots, settings=[BotSettings(**{**values, **changed})])


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"(?s)account of stage 'staging'.*\n  and region of stage 'production'"):
        Stages(
            cdk.App(),
            build=bots,
            settings=[
                BotSettings(name="staging", account="x", region="eu-central-1", channel="C0STAGING"),
                BotSettings(name="production", account=ACCOUNTS[1], region="x", channel="C0TEAM"),
            ],
        )


@pytest.mark.parametrize("region", ["us-east-1", "ap-northeast-1", "us-gov-west-1", "us-isob-east-1", "mx-central-1"])
def test_regions_of_all_partitions_are_allowed(region: str) -> None:
    settings = StageSettings(name="staging", account=ACCOUNTS[0], region=region)
    assert Stages(cdk.App(), build=lambda *_: None, settings=[settings])["staging"].region == region
