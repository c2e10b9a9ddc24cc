"""Apps with stages, and what a comparison says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest

from chatops_constructs import Stages, StageSettings, assert_stage_parity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class BotSettings(StageSettings):
    """What differs between the stages of the tests."""

    channel: str
    memory: int = 256
    failure_channel: str | None = None


STAGING = BotSettings(name="staging", account="111122223333", region="eu-central-1", channel="C0STAGING")
PRODUCTION = BotSettings(name="production", account="444455556666", region="eu-west-1", channel="C0TEAM")


def app_of(
    define: Callable[[cdk.Stack, BotSettings], Any], *settings: BotSettings, context: dict[str, Any] | None = None
) -> cdk.App:
    """An app with one stack `Bots` in each stage."""
    app = cdk.App(analytics_reporting=False, context=context)
    Stages(
        app,
        build=lambda stage, own: define(cdk.Stack(stage, "Bots"), own),
        settings=settings or (STAGING, PRODUCTION),
    )
    return app


def told(app: cdk.App | Path | str, **options: Any) -> str:
    """The message of a comparison that fails."""
    with pytest.raises(AssertionError) as failure:
        assert_stage_parity(app, **options)
    return str(failure.value)


def is_staging(settings: BotSettings) -> bool:
    return settings.name == "staging"
