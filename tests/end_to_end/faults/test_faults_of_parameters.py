"""A parameter is missing or wrong

They are read when a function starts, and again now and then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chatops_local.slack import Fault
from tests.end_to_end.faults.functions_and_parameters import parameter, restart, without_parameter
from tests.end_to_end.faults.outcome import Kept
from tests.end_to_end.faults.scene import BOT, PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.faults.recorder import Recorder
    from tests.end_to_end.faults.scene import Scene

SECRET = "/faults/plain/slack-signing-secret"
TOKEN = "/faults/bot/slack-bot-token"


@pytest.fixture(autouse=True)
def _restarted(scene: Scene) -> Iterator[None]:
    """The functions that read parameters have none yet; afterwards they forget what they have."""
    functions = [scene.function(name) for name in ("PlainDispatch", "BotReport")]
    for function in functions:
        restart(scene.cloud, function)
    yield
    for function in functions:
        restart(scene.cloud, function)


@pytest.fixture
def off_switch(scene: Scene) -> str:
    """The name of the off-switch's parameter."""
    pages = scene.cloud.server.client("ssm").get_paginator("describe_parameters").paginate()
    names: list[str] = [each["Name"] for page in pages for each in page["Parameters"]]
    return next(name for name in names if "Plain" in name and name.endswith("/off-switch"))


def wake(scene: Scene) -> None:
    """Let the dispatch function start and read its parameters."""
    slack = scene.cloud.slack
    body = slack.form("/function help", endpoint=PLAIN)
    assert slack.deliver(slack.sign(body, slack.workspace.endpoint(PLAIN).app), endpoint=PLAIN).status == 200


def test_no_signing_secret(scene: Scene, record: Recorder):
    """The signing secret's parameter is missing when the dispatch function starts."""
    with without_parameter(scene.cloud, SECRET):
        outcome = scene.run("/function")
    assert outcome.runs == 0
    assert outcome.kept is Kept.TOLD
    record(outcome)


def test_signing_secret_deleted(scene: Scene, record: Recorder):
    """The signing secret's parameter is deleted while the dispatch function has it."""
    wake(scene)
    with without_parameter(scene.cloud, SECRET):
        outcome = scene.run("/function")
    assert outcome.runs == 1
    assert outcome.kept is Kept.RESULT
    record(outcome)


def test_no_bot_token(scene: Scene, record: Recorder):
    """The response_url is over, and the bot token's parameter is missing."""
    scene.slack_fails("response_url", Fault.refusal("expired_url", status=404), times=1_000)
    with without_parameter(scene.cloud, TOKEN):
        outcome = scene.run("/function", endpoint=BOT)
    assert outcome.runs == 1
    assert outcome.kept is Kept.DEAD_LETTER
    record(outcome)


def test_bot_token_revoked(scene: Scene, record: Recorder):
    """The response_url is over, and the bot token is revoked."""
    scene.slack_fails("response_url", Fault.refusal("expired_url", status=404), times=1_000)
    scene.slack_fails("chat.postMessage", Fault.refusal("token_revoked"), times=1_000)
    outcome = scene.run("/function", endpoint=BOT)
    assert outcome.runs == 1
    assert outcome.kept is Kept.DEAD_LETTER
    record(outcome)


def test_no_off_switch(scene: Scene, off_switch: str, record: Recorder):
    """The off-switch's parameter is missing when the dispatch function starts."""
    with without_parameter(scene.cloud, off_switch):
        outcome = scene.run("/function")
    assert outcome.runs == 0
    assert outcome.kept is Kept.TOLD
    record(outcome)


def test_off_switch_deleted(scene: Scene, off_switch: str, record: Recorder):
    """The off-switch's parameter is deleted while the dispatch function has read that commands are on."""
    wake(scene)
    with without_parameter(scene.cloud, off_switch):
        outcome = scene.run("/function")
    assert outcome.runs == 1
    record(outcome)


def test_switched_off(scene: Scene, off_switch: str, record: Recorder):
    """The off-switch is `off until the migration is over`."""
    with parameter(scene.cloud, off_switch, "off until the migration is over"):
        outcome = scene.run("/function")
    assert outcome.runs == 0
    assert "until the migration is over" in outcome.ack
    record(outcome)
