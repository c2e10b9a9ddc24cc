"""The report function goes wrong

It is the function that brings results to Slack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.end_to_end.faults.outcome import Kept

if TYPE_CHECKING:
    from tests.end_to_end.faults.recorder import Recorder
    from tests.end_to_end.faults.scene import Scene


def test_throttled_for_a_moment(scene: Scene, record: Recorder):
    """It is throttled for a moment."""
    scene.cloud.server.functions.throttle(scene.function("PlainReport"), times=3)
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_a_crash_before_it_said_anything(scene: Scene, record: Recorder):
    """It crashes once, before it said anything."""
    scene.cloud.server.functions.crash(scene.function("PlainReport"))
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_a_crash_after_it_said_everything(scene: Scene, record: Recorder):
    """It crashes once, after it said everything."""
    scene.cloud.server.functions.lose_answer(scene.function("PlainReport"))
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert len(set(outcome.said)) == 1
    record(outcome)


def test_crashes_every_time(scene: Scene, record: Recorder):
    """It crashes every time."""
    scene.cloud.server.functions.crash(scene.function("PlainReport"), times=1_000)
    outcome = scene.run("/function")
    scene.cloud.server.functions.crash(scene.function("PlainReport"), times=0)
    assert outcome.runs == 1
    assert outcome.kept is Kept.DEAD_LETTER
    record(outcome)
