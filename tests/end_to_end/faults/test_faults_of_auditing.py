"""The audit line cannot be written

Whoever waits for the result gets it all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.faults.outcome import Kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.faults.recorder import Recorder
    from tests.end_to_end.faults.scene import Scene


@pytest.fixture
def _without_stream(scene: Scene) -> Iterator[None]:
    """The audit log has no stream until the test is over."""
    logs = scene.cloud.server.client("logs")
    groups = logs.get_paginator("describe_log_groups").paginate().build_full_result()["logGroups"]
    group = next(each["logGroupName"] for each in groups if "PlainAudit" in each["logGroupName"])
    streams = [each["logStreamName"] for each in logs.describe_log_streams(logGroupName=group)["logStreams"]]
    for stream in streams:
        logs.delete_log_stream(logGroupName=group, logStreamName=stream)
    yield
    for stream in streams:
        logs.create_log_stream(logGroupName=group, logStreamName=stream)


@pytest.mark.usefixtures("_without_stream")
def test_no_stream(scene: Scene, record: Recorder):
    """Somebody has deleted the audit log's stream."""
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert outcome.kept is Kept.RESULT
    record(outcome)
