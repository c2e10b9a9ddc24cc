"""Slack does not take the file of a long result

With a bot token, a long result is a message with its beginning, and a file with all of it. Uploading takes three steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.slack import Fault
from tests.end_to_end.faults.scene import BOT

if TYPE_CHECKING:
    from tests.end_to_end.faults.recorder import Recorder
    from tests.end_to_end.faults.scene import Scene

FIRST, SECOND, LAST = "files.getUploadURLExternal", "upload", "files.completeUploadExternal"


def test_500_at_the_first_step(scene: Scene, record: Recorder):
    """Slack answers 500 to the first step, once."""
    scene.cloud.slack.faults.inject(FIRST, Fault.status(500))
    outcome = scene.run("/long", endpoint=BOT)
    assert outcome.runs == 1
    assert len(set(outcome.said)) == len(outcome.said) == 2
    record(outcome)


def test_closed_connection_at_the_second_step(scene: Scene, record: Recorder):
    """The connection breaks while the content is uploaded, once."""
    scene.cloud.slack.faults.inject(SECOND, Fault.closed_connection())
    outcome = scene.run("/long", endpoint=BOT)
    assert outcome.runs == 1
    assert len(set(outcome.said)) == len(outcome.said) == 2
    record(outcome)


def test_lost_answer_to_the_last_step(scene: Scene, record: Recorder):
    """Slack takes the last step, and the connection breaks before its answer."""
    scene.slack_fails(LAST, Fault.closed_connection(taken=True))
    outcome = scene.run("/long", endpoint=BOT)
    assert outcome.runs == 1
    # Nobody can know whether it was taken.
    assert len(set(outcome.said)) == len(outcome.said) - 1 == 2
    record(outcome)


def test_missing_scope(scene: Scene, record: Recorder):
    """The app may not upload files (`missing_scope`)."""
    scene.cloud.slack.faults.inject(FIRST, Fault.refusal("missing_scope"))
    outcome = scene.run("/long", endpoint=BOT)
    assert outcome.runs == 1
    assert "missing_scope" in "".join(outcome.said)
    assert "line 600 of a long result" in "".join(outcome.said)
    record(outcome)
