"""Slack does not answer at all

It keeps the connection and says nothing, until the report function gives up after some seconds.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from chatops_local.slack import Fault
from tests.end_to_end.faults.scene import BOT, PLAIN, Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.cloud import LocalCloud
    from tests.end_to_end.faults.recorder import Recorder


@dataclass(frozen=True)
class Silences:
    """The commands of all rows: they wait for Slack at the same time."""

    first: Scene
    later: Scene
    web_api: Scene
    taken: Scene


@pytest.fixture(scope="module")
def silences(faulty_cloud: LocalCloud, numbers: Iterator[int]) -> Silences:
    """Everything typed, and nothing waited for."""
    scenes = Silences(*(Scene(faulty_cloud, number) for number in itertools.islice(numbers, 4)))
    scenes.first.slack_fails("response_url", Fault.silence())
    scenes.first.type("/function", endpoint=PLAIN)
    scenes.later.slack_fails("response_url", Fault.silence(), after=1)
    scenes.later.type("/long", endpoint=PLAIN)
    scenes.web_api.slack_fails("response_url", Fault.refusal("expired_url", status=404), times=1_000)
    scenes.web_api.slack_fails("chat.postMessage", Fault.silence())
    scenes.web_api.type("/function", endpoint=BOT)
    scenes.taken.slack_fails("response_url", Fault.silence(taken=True))
    scenes.taken.type("/function", endpoint=PLAIN)
    return scenes


def test_at_the_response_url(silences: Silences, record: Recorder):
    """The response_url does not answer, once."""
    outcome = silences.first.ending()
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_at_a_later_message(silences: Silences, record: Recorder):
    """The response_url takes the first message of a long result, and does not answer to the second, once."""
    outcome = silences.later.ending()
    assert outcome.runs == 1
    assert len(outcome.said) > 1
    assert len(set(outcome.said)) == len(outcome.said)
    record(outcome)


def test_at_the_web_api(silences: Silences, record: Recorder):
    """The response_url is over, and `chat.postMessage` does not answer, once."""
    outcome = silences.web_api.ending()
    assert outcome.runs == 1
    assert len(outcome.said) == 1
    record(outcome)


def test_after_it_took_the_message(silences: Silences, record: Recorder):
    """The response_url takes the message and does not answer, once."""
    outcome = silences.taken.ending()
    assert outcome.runs == 1
    assert len(outcome.said) == 2
    record(outcome)
