"""Systems Manager's lists lag behind what was sent; a result comes all the same, and whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.cloud import InstanceSpec, LocalCloud
from tests.end_to_end.conftest import TIME_SCALE

if TYPE_CHECKING:
    from pathlib import Path


def test_commands_that_become_visible_late(assembly: Path):
    instances = [InstanceSpec("web-1", {"Role": "web"}), InstanceSpec("web-2", {"Role": "web"})]
    with LocalCloud.start(time_scale=TIME_SCALE, visibility_lag=20, instances=instances) as cloud:
        cloud.deploy(assembly)
        sent = cloud.slack.send("/both", endpoint="A0FIRST1")
        (message,) = sent.wait(60)
        assert "on web-1" in message.shown
        assert "on web-2" in message.shown
        assert cloud.problems_of(sent) == []
