"""The execution ends in a way that none of its states can catch

A rule sees such ends, and another state machine tells of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.slack import Fault
from tests.end_to_end.faults.outcome import Kept

if TYPE_CHECKING:
    from tests.end_to_end.faults.recorder import Recorder
    from tests.end_to_end.faults.scene import Scene


def test_aborted(scene: Scene, record: Recorder):
    """The execution is stopped while the script runs."""
    with scene.held_script():
        scene.type("/script")
        scene.wait_until(lambda: scene.observation.runs() == 1)
        scene.cloud.server.client("stepfunctions").stop_execution(executionArn=scene.execution_arn())
    scene.wait_until_audited("aborted")
    outcome = scene.ending()
    assert outcome.runs == 1
    assert outcome.kept is Kept.TOLD
    record(outcome)


def test_a_time_limit(scene: Scene, record: Recorder):
    """The execution runs into its own time limit."""
    with scene.held_script():
        scene.type("/script")
        scene.wait_until(lambda: scene.observation.runs() == 1)
        scene.cloud.server.step_functions.time_out(scene.execution_arn())
    scene.wait_until_audited("timed_out")
    outcome = scene.ending()
    assert outcome.runs == 1
    assert outcome.kept is Kept.TOLD
    record(outcome)


def test_a_runtime_error(scene: Scene, record: Recorder):
    """The worker answers more than a state can take, which is an error that cannot be caught."""
    scene.type("/function too much")
    scene.wait_until_audited("failed")
    outcome = scene.ending()
    assert outcome.runs == 1
    assert outcome.kept is Kept.TOLD
    record(outcome)


def test_aborted_while_slack_is_busy(scene: Scene, record: Recorder):
    """The execution is stopped while it waits for Slack to take the result."""
    scene.slack_fails("response_url", Fault.status(429, retry_after=300))
    scene.type("/function")
    scene.wait_until_waiting()
    scene.cloud.server.client("stepfunctions").stop_execution(executionArn=scene.execution_arn())
    scene.wait_until_audited("aborted")
    outcome = scene.ending()
    assert outcome.runs == 1
    assert outcome.kept is Kept.TOLD
    record(outcome)
