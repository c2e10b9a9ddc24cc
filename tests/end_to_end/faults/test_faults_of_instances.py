"""An instance goes wrong

Systems Manager runs a script at most once for each send, and the state machine sends once.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from chatops_local.cloud import InstanceSpec
from tests.end_to_end.faults.outcome import Kept
from tests.end_to_end.faults.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.cloud import LocalCloud
    from tests.end_to_end.faults.recorder import Recorder

NAME = "one-1"


@dataclass(frozen=True)
class Deaths:
    """The commands of both rows: Systems Manager gives them up after minutes, at the same time."""

    of_the_agent: Scene
    of_the_instance: Scene


@pytest.fixture(scope="module")
def deaths(faulty_cloud: LocalCloud, numbers: Iterator[int]) -> Deaths:
    """Both typed; both scripts have begun, and are dead."""
    deaths = Deaths(*(Scene(faulty_cloud, number) for number in itertools.islice(numbers, 2)))
    begin(deaths.of_the_agent, "/patient-a")
    begin(deaths.of_the_instance, "/patient-b")
    faulty_cloud.server.kill_agent(faulty_cloud.instances["a-1"])
    faulty_cloud.server.terminate_instance(faulty_cloud.instances["b-1"])
    return deaths


def begin(scene: Scene, line: str) -> None:
    """Type a command, and wait until its script has begun."""
    scene.type(line)
    scene.wait_until(lambda: scene.observation.runs() == 1)


def test_the_agent_dies(deaths: Deaths, record: Recorder):
    """The instance's agent dies while the script runs."""
    outcome = deaths.of_the_agent.ending()
    assert outcome.runs == 1
    assert "may have run" in outcome.said[0]
    record(outcome)


def test_terminated_while_the_script_runs(deaths: Deaths, record: Recorder):
    """The instance is terminated while the script runs."""
    outcome = deaths.of_the_instance.ending()
    assert outcome.runs == 1
    assert "may have run" in outcome.said[0]
    record(outcome)


@pytest.fixture
def instance(scene: Scene) -> Iterator[str]:
    """The id of the instance of the other rows, which is as before afterwards."""
    cloud = scene.cloud
    yield cloud.instances[NAME]
    if cloud.instances[NAME] in [each.instance_id for each in cloud.server.instances()]:
        cloud.set_online(NAME, True)
    else:
        del cloud.instances[NAME]
        cloud.add_instance(InstanceSpec(NAME, {"Role": "one"}))


def test_nobody_online(scene: Scene, instance: str, record: Recorder):
    """No instance's agent is online."""
    scene.cloud.server.set_online(instance, False)
    outcome = scene.run("/script")
    assert outcome.runs == 0
    assert "offline" in outcome.said[0]
    record(outcome)


def test_terminated_between_search_and_send(scene: Scene, instance: str, record: Recorder):
    """The instance is terminated after it was found and before the script is sent."""
    with scene.cloud.server.hold("SendCommand"):
        scene.type("/script")
        scene.cloud.server.wait_until_held("SendCommand", 30)
        scene.cloud.server.terminate_instance(instance)
    outcome = scene.ending()
    assert outcome.runs == 0
    assert outcome.kept is Kept.TOLD
    record(outcome)


def test_an_unanswered_send(scene: Scene, record: Recorder):
    """Systems Manager takes the script and answers 500."""
    scene.cloud.server.lose_answer("SendCommand")
    outcome = scene.run("/script")
    assert outcome.runs == 1
    assert outcome.kept is Kept.RESULT
    record(outcome)


def test_a_throttled_send(scene: Scene, record: Recorder):
    """Systems Manager throttles the send for a moment."""
    scene.cloud.server.throttle("SendCommand", times=2)
    outcome = scene.run("/script")
    assert outcome.runs == 1
    assert outcome.kept is Kept.RESULT
    record(outcome)
