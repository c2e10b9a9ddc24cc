"""Slack does not take the result at the response_url

A result goes to the command's response_url, which takes five messages within 30 minutes. This app has no bot token, and
so no other way.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chatops_local.slack import Fault
from tests.end_to_end.faults.outcome import Kept

if TYPE_CHECKING:
    from tests.end_to_end.faults.recorder import Recorder
    from tests.end_to_end.faults.scene import Scene

URL = "response_url"
ALWAYS = 1_000


def test_500_once(scene: Scene, record: Recorder):
    """Slack answers 500, once."""
    scene.slack_fails(URL, Fault.status(500))
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_429_once(scene: Scene, record: Recorder):
    """Slack answers 429 with `Retry-After: 30`, once."""
    scene.slack_fails(URL, Fault.status(429, retry_after=30))
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_closed_connection_once(scene: Scene, record: Recorder):
    """Slack closes the connection without an answer, once."""
    scene.slack_fails(URL, Fault.closed_connection())
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_lost_answer(scene: Scene, record: Recorder):
    """Slack takes the message, and the connection breaks before its answer."""
    scene.slack_fails(URL, Fault.closed_connection(taken=True))
    outcome = scene.run("/function")
    assert outcome.runs == 1
    # Nobody can know whether it was taken. To say it twice is better than not at all.
    assert len(outcome.said) == 2
    assert len(set(outcome.said)) == 1
    record(outcome)


def test_500_for_a_later_message(scene: Scene, record: Recorder):
    """Slack takes the first message of a long result, and answers 500 to the second, once."""
    scene.slack_fails(URL, Fault.status(500), after=1)
    outcome = scene.run("/long")
    assert outcome.runs == 1
    assert len(outcome.said) > 1
    assert len(set(outcome.said)) == len(outcome.said)
    record(outcome)


def test_429_for_a_later_message(scene: Scene, record: Recorder):
    """Slack takes the first message of a long result, and answers 429 with `Retry-After: 30` to the second, once."""
    scene.slack_fails(URL, Fault.status(429, retry_after=30), after=1)
    outcome = scene.run("/long")
    assert outcome.runs == 1
    assert len(set(outcome.said)) == len(outcome.said)
    record(outcome)


def test_closed_connection_at_a_later_message(scene: Scene, record: Recorder):
    """Slack takes the first message of a long result, and closes the connection at the second, once."""
    scene.slack_fails(URL, Fault.closed_connection(), after=1)
    outcome = scene.run("/long")
    assert outcome.runs == 1
    assert len(set(outcome.said)) == len(outcome.said)
    record(outcome)


def test_503_for_an_hour(scene: Scene, record: Recorder):
    """Slack answers 503 with `Retry-After: 120` for an hour."""
    scene.slack_fails(URL, Fault.status(503, retry_after=120), times=ALWAYS)
    scene.type("/function")
    scene.wait_until_waiting()
    scene.cloud.advance(by=timedelta(hours=1))
    outcome = scene.ending()
    assert outcome.runs == 1
    assert outcome.said == []
    assert outcome.kept is Kept.DEAD_LETTER
    record(outcome)


def test_expired(scene: Scene, record: Recorder):
    """The response_url is over before the result is there."""
    scene.slack_fails(URL, Fault.refusal("expired_url", status=404), times=ALWAYS)
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert outcome.kept is Kept.DEAD_LETTER
    record(outcome)


def test_refused(scene: Scene, record: Recorder):
    """Slack refuses the message with `invalid_payload`."""
    scene.slack_fails(URL, Fault.refusal("invalid_payload", status=400))
    outcome = scene.run("/function")
    assert outcome.runs == 1
    assert "invalid_payload" in outcome.said[0]
    record(outcome)
