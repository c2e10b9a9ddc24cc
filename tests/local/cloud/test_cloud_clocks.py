"""Whose clocks go with simulated time: those of functions, of executions, and of Slack's signatures."""

from __future__ import annotations

import json
import socket
import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from chatops_local.cloud import LocalCloud
from tests.local.ministack.stacks import WRITE_LOGS, function, invoke, machine, role, run, template, write_assembly

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CODE = "import time\ndef handler(event, context): return time.time()"
# Longer than anything here takes; shorter than what clocks are put forward.
A_WHILE = 120.0


def clocks_of(cloud: LocalCloud, directory: Path) -> Callable[[], list[float]]:
    """What a function, a state machine, DescribeExecution and Slack's signatures take the time to be."""
    output = "{% [$toMillis($states.context.Execution.StartTime), $toMillis($states.context.State.EnteredTime)] %}"
    resources = {
        "Role": role("lambda", WRITE_LOGS),
        "Clock": function(CODE, "Role"),
        "MachineRole": role("states"),
        "Machine": machine("MachineRole", {"Say": {"Type": "Pass", "Output": output, "End": True}}),
    }
    stack = cloud.deploy(write_assembly(directory / "cdk.out", {"Clocks": template(resources)}))
    app = cloud.slack.workspace.app("A0CLOCK", "T0CLOCK")

    def clocks() -> list[float]:
        described = run(cloud.server, stack.resource("Machine"))
        return [
            invoke(cloud.server, stack.resource("Clock"))["payload"],
            *(milliseconds / 1000 for milliseconds in json.loads(described["output"])),
            described["startDate"].timestamp(),
            described["stopDate"].timestamp(),
            cloud.clock.timestamp(),
            float(cloud.slack.sign(b"", app).headers["X-Slack-Request-Timestamp"]),
        ]

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


def test_slack_delivers_again_when_simulated_time_gets_there():
    # https://docs.slack.dev/apis/events-api#retries
    with LocalCloud.start() as cloud, socket.socket() as nobody:
        # Bound and not listened on: whoever connects is refused.
        nobody.bind(("127.0.0.1", 0))
        app = cloud.slack.workspace.app("A0GONE", "T0GONE")
        cloud.slack.set_request_url("Gone/Slack", app, f"http://127.0.0.1:{nobody.getsockname()[1]}/", "gone.test")
        sent = cloud.slack.mention("hello")
        made = [len(sent.deliveries)]
        for seconds in (50, 20, 200, 200, 86_400):
            cloud.advance(by=timedelta(seconds=seconds))
            made.append(len(sent.deliveries))
        assert made == [2, 2, 3, 3, 4, 4]
        assert {delivery.ack.error for delivery in sent.deliveries} == {"connection_failed"}
        assert cloud.problems_of(sent)[0].startswith("Slack delivers it again: connection_failed: ConnectionRefused")


def test_they_begin_where_it_begins(tmp_path: Path):
    beginning = datetime(2031, 3, 7, tzinfo=timezone.utc)
    with LocalCloud.start(now=beginning) as cloud:
        clocks = clocks_of(cloud, tmp_path)
        for told in clocks():
            assert told == pytest.approx(beginning.timestamp(), abs=A_WHILE)
