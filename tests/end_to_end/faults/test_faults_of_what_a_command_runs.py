"""What a command runs goes wrong

The worker is a function behind [InvokeFunction](invoke-function.md). It is not invoked again once it has begun: nobody
knows how far it came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.end_to_end.faults.outcome import Kept

if TYPE_CHECKING:
    from tests.end_to_end.faults.recorder import Recorder
    from tests.end_to_end.faults.scene import Scene


def test_an_exception(scene: Scene, record: Recorder):
    """The worker raises an exception."""
    outcome = scene.run("/function raise")
    assert outcome.runs == 1
    assert "no such thing" in outcome.said[0]
    record(outcome)


def test_a_crash(scene: Scene, record: Recorder):
    """The worker crashes while it runs."""
    outcome = scene.run("/function crash")
    assert outcome.runs == 1
    assert outcome.kept is Kept.TOLD
    record(outcome)


def test_a_time_limit(scene: Scene, record: Recorder):
    """The worker runs into its time limit."""
    outcome = scene.run("/function hang")
    assert outcome.runs == 1
    assert "timed out" in outcome.said[0]
    record(outcome)


def test_throttled_for_a_moment(scene: Scene, record: Recorder):
    """The worker is throttled for a moment."""
    scene.cloud.server.functions.throttle(scene.function("Worker"), times=3)
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert outcome.kept is Kept.RESULT
    record(outcome)


def test_throttled_throughout(scene: Scene, record: Recorder):
    """The worker is throttled throughout."""
    scene.cloud.server.functions.throttle(scene.function("Worker"), times=1_000)
    outcome = scene.run("/function")
    scene.cloud.server.functions.throttle(scene.function("Worker"), times=0)
    assert outcome.runs == 0
    assert outcome.kept is Kept.TOLD
    record(outcome)
