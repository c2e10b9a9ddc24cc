"""Slack does not take the result at its Web API

Once the response_url is over, an app with a bot token goes on with `chat.postMessage`. In these rows it is over from
the beginning.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chatops_local.slack import Fault
from tests.end_to_end.faults.outcome import Kept
from tests.end_to_end.faults.scene import BOT

if TYPE_CHECKING:
    from tests.end_to_end.faults.recorder import Recorder
    from tests.end_to_end.faults.scene import Scene

POST = "chat.postMessage"
ALWAYS = 1_000


@pytest.fixture
def late(scene: Scene) -> Scene:
    """A command whose response_url is over."""
    scene.slack_fails("response_url", Fault.refusal("expired_url", status=404), times=ALWAYS)
    return scene


def test_nothing_else(late: Scene, record: Recorder):
    """Nothing else: the response_url is over."""
    outcome = late.run("/function", endpoint=BOT)
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_500_once(late: Scene, record: Recorder):
    """Slack answers 500 to `chat.postMessage`, once."""
    late.slack_fails(POST, Fault.status(500))
    outcome = late.run("/function", endpoint=BOT)
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_429_once(late: Scene, record: Recorder):
    """Slack answers 429 with `Retry-After: 30` to `chat.postMessage`, once."""
    late.slack_fails(POST, Fault.status(429, retry_after=30))
    outcome = late.run("/function", endpoint=BOT)
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_closed_connection_once(late: Scene, record: Recorder):
    """Slack closes the connection of `chat.postMessage` without an answer, once."""
    late.slack_fails(POST, Fault.closed_connection())
    outcome = late.run("/function", endpoint=BOT)
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_500_for_a_later_message(late: Scene, record: Recorder):
    """Slack refuses the file, takes the first message of a long result, and answers 500 to the second, once."""
    late.cloud.slack.faults.inject("files.getUploadURLExternal", Fault.refusal("missing_scope"), times=2)
    late.slack_fails(POST, Fault.status(500), after=1)
    outcome = late.run("/long", endpoint=BOT)
    assert outcome.runs == 1
    assert len(set(outcome.said)) == len(outcome.said) > 1
    record(outcome)


def test_503_for_an_hour(late: Scene, record: Recorder):
    """Slack answers 503 with `Retry-After: 120` to `chat.postMessage` for an hour."""
    late.slack_fails(POST, Fault.status(503, retry_after=120), times=ALWAYS)
    late.type("/function", endpoint=BOT)
    late.wait_until_waiting()
    late.cloud.advance(by=timedelta(hours=1))
    outcome = late.ending()
    assert outcome.runs == 1
    assert outcome.kept is Kept.DEAD_LETTER
    record(outcome)


def test_not_in_the_channel(late: Scene, record: Recorder):
    """The app is not in the channel (`not_in_channel`)."""
    late.slack_fails(POST, Fault.refusal("not_in_channel"))
    outcome = late.run("/function", endpoint=BOT)
    assert outcome.runs == 1
    assert [seen.by for seen in outcome.seen if not seen.is_ack] == ["the user"]
    record(outcome)
