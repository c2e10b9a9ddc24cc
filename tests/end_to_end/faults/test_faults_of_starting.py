"""The command cannot be started

The dispatch function has less than Slack's three seconds for StartExecution and all its repetitions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.end_to_end.faults.outcome import Kept

if TYPE_CHECKING:
    from tests.end_to_end.faults.recorder import Recorder
    from tests.end_to_end.faults.scene import Scene

START = "StartExecution"
ALWAYS = 1_000


def test_throttled_for_a_moment(scene: Scene, record: Recorder):
    """StartExecution is throttled for a moment."""
    scene.cloud.server.step_functions.throttle(START, times=3)
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert outcome.kept is Kept.RESULT
    record(outcome)


def test_throttled_throughout(scene: Scene, record: Recorder):
    """StartExecution is throttled throughout."""
    scene.cloud.server.step_functions.throttle(START, times=ALWAYS)
    outcome = scene.run("/function")
    scene.cloud.server.step_functions.throttle(START, times=0)
    assert outcome.runs == 0
    assert "Try again" in outcome.ack
    record(outcome)


def test_500_once(scene: Scene, record: Recorder):
    """StartExecution answers 500, once, and starts nothing."""
    scene.cloud.server.step_functions.fail(START)
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert outcome.kept is Kept.RESULT
    record(outcome)


def test_500_throughout(scene: Scene, record: Recorder):
    """StartExecution answers 500 throughout."""
    scene.cloud.server.step_functions.fail(START, times=ALWAYS)
    outcome = scene.run("/function")
    scene.cloud.server.step_functions.fail(START, times=0)
    assert outcome.runs == 0
    # It may have started something, as far as dispatch knows.
    assert "If no result follows" in outcome.ack
    record(outcome)


def test_500_after_it_was_started(scene: Scene, record: Recorder):
    """StartExecution starts the command and answers 500."""
    scene.cloud.server.step_functions.lose_answer(START)
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert outcome.ack.startswith("Running")
    record(outcome)


def test_unanswered(scene: Scene, record: Recorder):
    """StartExecution starts the command, and its answer does not come."""
    scene.cloud.server.step_functions.be_silent(START, 1.5)
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert outcome.ack.startswith("Running")
    record(outcome)
