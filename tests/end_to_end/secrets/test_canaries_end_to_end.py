"""That the canaries would be found: each where it must not be."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from chatops_local.cloud import LocalCloud
from tests.end_to_end import canaries

if TYPE_CHECKING:
    from pathlib import Path


def test_a_secret_in_a_log_is_found_when_the_cloud_ends() -> None:
    secret = f"canary-{secrets.token_hex(16)}"
    cloud = LocalCloud.start(instances=[])
    cloud.server.put_secret("/acme/prod/bot/key", secret)
    assert canaries.leaks(cloud) == []
    logs = cloud.server.client("logs")
    logs.create_log_group(logGroupName="of-somebody")
    logs.create_log_stream(logGroupName="of-somebody", logStreamName="one")
    line = {"timestamp": 1_795_000_000_000, "message": f"the key is {secret}, by the way"}
    logs.put_log_events(logGroupName="of-somebody", logStreamName="one", logEvents=[line])
    with pytest.raises(AssertionError, match="must not be: /acme/prod/bot/key is in the log of-somebody"):
        cloud.__exit__(None, None, None)


def test_a_variable_of_the_developer_in_an_asset_is_found(tmp_path: Path) -> None:
    (tmp_path / "asset.1").mkdir()
    (tmp_path / "asset.1" / "clean.py").write_text("nothing")
    assert canaries.in_assembly(tmp_path) == []
    leaking = tmp_path / "asset.1" / ".env"
    leaking.write_text(f"TOKEN={canaries.ON_THE_DEVELOPERS_MACHINE['SLACK_BOT_TOKEN']}")
    assert canaries.in_assembly(tmp_path) == [leaking]
