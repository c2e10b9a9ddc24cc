"""Slack's request goes wrong

What is shown for a second delivery is shown only if Slack takes it for an answer; the first one has been answered.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.end_to_end.faults.outcome import Kept

if TYPE_CHECKING:
    from tests.end_to_end.faults.recorder import Recorder
    from tests.end_to_end.faults.scene import Scene


def test_twice_at_once(scene: Scene, record: Recorder):
    """The same request is delivered twice at once."""
    scene.prepare("/script")
    with scene.held_script(), ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: scene.deliver(), range(2)))
    assert [answer.status for answer in answers] == [200, 200]
    outcome = scene.ending()
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_again_while_it_runs(scene: Scene, record: Recorder):
    """The same request is delivered again while the command runs."""
    with scene.held_script():
        scene.type("/script")
        scene.deliver()
    outcome = scene.ending()
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_again_when_it_is_over(scene: Scene, record: Recorder):
    """The same request is delivered again when the command is over."""
    scene.run("/function")
    scene.deliver()
    outcome = scene.ending()
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_again_ten_minutes_later(scene: Scene, record: Recorder):
    """The same request is delivered again ten minutes later."""
    scene.run("/function")
    scene.cloud.advance(by=timedelta(minutes=10))
    assert scene.deliver().status == 401
    outcome = scene.ending()
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_ten_minutes_late(scene: Scene, record: Recorder):
    """The request comes for the first time ten minutes late."""
    assert scene.type("/function", seconds_ago=600).status == 401
    outcome = scene.ending()
    assert outcome.runs == 0
    assert outcome.kept is Kept.TOLD
    record(outcome)


def test_a_crash(scene: Scene, record: Recorder):
    """The dispatch function crashes before it does anything."""
    scene.cloud.server.functions.crash(scene.function("PlainDispatch"))
    scene.type("/function")
    outcome = scene.ending()
    assert outcome.runs == 0
    assert outcome.kept is Kept.TOLD
    record(outcome)


def test_a_crash_at_the_end(scene: Scene, record: Recorder):
    """The dispatch function crashes after it has started the command."""
    scene.cloud.server.functions.lose_answer(scene.function("PlainDispatch"))
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert outcome.kept is Kept.RESULT
    record(outcome)


def test_throttled(scene: Scene, record: Recorder):
    """The dispatch function is throttled."""
    scene.cloud.server.functions.throttle(scene.function("PlainDispatch"))
    scene.type("/function")
    outcome = scene.ending()
    assert outcome.runs == 0
    assert outcome.kept is Kept.TOLD
    record(outcome)
