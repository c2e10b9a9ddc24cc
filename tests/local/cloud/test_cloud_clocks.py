"""Whose clocks go with simulated time: those of functions, and of Slack, whose signatures they check."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from chatops_local.cloud import LocalCloud
from tests.local.ministack.stacks import WRITE_LOGS, function, invoke, role, template, write_assembly

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CODE = "import time\ndef handler(event, context): return time.time()"
# Longer than anything here takes; shorter than what clocks are put forward.
A_WHILE = 120.0


def clocks_of(cloud: LocalCloud, directory: Path) -> Callable[[], tuple[float, float]]:
    """What a function and what Slack's signatures take the time to be."""
    resources = {"Role": role("lambda", WRITE_LOGS), "Clock": function(CODE, "Role")}
    stack = cloud.deploy(write_assembly(directory / "cdk.out", {"Clocks": template(resources)}))
    app = cloud.slack.workspace.app("A0CLOCK", "T0CLOCK")

    def clocks() -> tuple[float, float]:
        told = invoke(cloud.server, stack.resource("Clock"))["payload"]
        return told, float(cloud.slack.sign(b"", app).headers["X-Slack-Request-Timestamp"])

    return clocks


def test_they_go_with_it(tmp_path: Path):
    with LocalCloud.start() as cloud:
        clocks = clocks_of(cloud, tmp_path)
        for told in clocks():
            assert told == pytest.approx(time.time(), abs=A_WHILE)
        cloud.advance(by=timedelta(hours=1))
        cloud.advance(by=timedelta(hours=2))
        for told in clocks():
            assert told == pytest.approx(time.time() + 3 * 3600, abs=A_WHILE)
            assert told >= cloud.now.timestamp() - 1


def test_they_begin_where_it_begins(tmp_path: Path):
    beginning = datetime(2031, 3, 7, tzinfo=timezone.utc)
    with LocalCloud.start(now=beginning) as cloud:
        clocks = clocks_of(cloud, tmp_path)
        for told in clocks():
            assert told == pytest.approx(beginning.timestamp(), abs=A_WHILE)
