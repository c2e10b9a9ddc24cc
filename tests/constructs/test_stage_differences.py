"""Differences that are declared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from chatops_constructs import (
    Difference,
    assert_stage_parity,
)
from tests.constructs.staged import STAGING, BotSettings, app_of, is_staging, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    "declared",
    [
        Difference("Bots/Gone", reason="there was one"),
        Difference("Bots/Alarm", reason="only half of the name"),
        Difference("Bots/Alarms", properties=["Tags"], reason="another property"),
        Difference("Bots/Alarms", only_in=["production"], reason="all have it"),
    ],
    ids=["path", "part", "property", "only_in"],
)
def test_a_difference_that_is_none_fails(declared: Difference) -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        sns.Topic(stack, "Alarms", display_name=str(len(settings.name)))

    meant = Difference("Bots/Alarms", properties=["DisplayName"], reason="the length of the name")
    assert_stage_parity(app_of(define), differences=[meant])
    message = told(app_of(define), differences=[meant, declared])
    assert message == (
        "declared, but the stages staging and production do not differ so: remove, or correct the path\n\n"
        f'Difference("{declared.path}", …, reason="{declared.reason}")'
    )


def test_only_in_says_exactly_where() -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        if not is_staging(settings):
            sqs.Queue(stack, "Jobs")

    message = told(app_of(define), differences=[Difference("Bots/Jobs", only_in=["staging"], reason="the wrong one")])
    assert "only in production" in message
    assert "declared, but" in message


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (lambda: Difference("", reason="x"), "path is ''; allowed: a construct's path below the stage"),
        (lambda: Difference("/Bots", reason="x"), "path is '/Bots'"),
        (lambda: Difference("Bots/", reason="x"), "path is 'Bots/'"),
        (lambda: Difference("Bots", reason=" "), "reason is ' '; allowed: why the stages differ"),
        (lambda: Difference("Bots", reason="x", properties="Tags"), "properties is 'Tags'; allowed: a list"),
        (lambda: Difference("Bots", reason="x", only_in="staging"), "only_in is 'staging'; allowed: a list"),
        (
            lambda: Difference("Bots", reason="x", only_in=["a"], properties=["b"]),
            "allowed: either properties or only_in",
        ),
    ],
)
def test_a_difference_that_says_nothing_is_refused(declare: Callable[[], Difference], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        declare()


def test_there_must_be_something_to_compare(tmp_path: Path) -> None:
    one = app_of(lambda stack, _: sns.Topic(stack, "Alarms"), STAGING)
    with pytest.raises(ValueError, match="1 stages to compare: build two or more"):
        assert_stage_parity(one)
    with pytest.raises(ValueError, match=r"stages has \['production'\]; the app has \['staging'\]"):
        assert_stage_parity(one, stages=["staging", "production"])
    with pytest.raises(ValueError, match=r"has no manifest\.json: synthesise the app"):
        assert_stage_parity(tmp_path)
