"""A scheduled bot cannot speak

It has a channel for failures and a topic that mails, and Slack takes what it says with its bot token only.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chatops_local.slack import Fault
from tests.end_to_end.faults.bot_scene import FAILURES, MAIL
from tests.end_to_end.faults.outcome import Kept

if TYPE_CHECKING:
    from tests.end_to_end.faults.bot_scene import BotScene
    from tests.end_to_end.faults.recorder import Recorder

OFTEN = 1_000


def test_the_time_is_delivered_three_times(bots: BotScene, record: Recorder):
    """EventBridge Scheduler delivers a bot's time three times."""
    outcome = bots.delivered(3)
    assert (outcome.runs, len(outcome.seen), outcome.kept) == (1, 1, Kept.RESULT)
    record(outcome)


def test_slack_is_busy(bots: BotScene, record: Recorder):
    """Slack answers 429 with `Retry-After: 30` to a bot, twice."""
    bots.slack_fails(Fault.status(429, retry_after=30), times=2)
    outcome = bots.run()
    assert (outcome.runs, len(outcome.seen), outcome.kept) == (1, 1, Kept.RESULT)
    record(outcome)


def test_slack_is_away_for_an_hour(bots: BotScene, record: Recorder):
    """Slack answers 503 with `Retry-After: 120` to a bot for an hour."""
    bots.slack_fails(Fault.status(503, retry_after=120), times=OFTEN)
    bots.wait_until_waiting(bots.start())
    bots.cloud.advance(by=timedelta(minutes=31))
    outcome = bots.ending()
    bots.cloud.slack.faults.clear()
    assert (outcome.runs, outcome.kept) == (1, Kept.TOLD)
    record(outcome)


def test_the_answer_is_lost(bots: BotScene, record: Recorder):
    """Slack takes a bot's message, and the connection breaks before its answer."""
    bots.slack_fails(Fault.closed_connection(taken=True))
    outcome = bots.run()
    assert (outcome.runs, len(outcome.seen), outcome.kept) == (1, 2, Kept.RESULT)
    record(outcome)


def test_it_is_not_in_the_channel(bots: BotScene, record: Recorder):
    """A bot's app is not in the channel (`not_in_channel`)."""
    bots.slack_fails(Fault.refusal("not_in_channel"))
    outcome = bots.run()
    assert [each.by for each in outcome.seen] == ["the failure channel", MAIL]
    record(outcome)


def test_its_token_is_revoked(bots: BotScene, record: Recorder):
    """A bot's token is revoked, so that Slack takes nothing from it."""
    bots.cloud.slack.faults.inject("chat.postMessage", Fault.refusal("token_revoked"), times=OFTEN)
    outcome = bots.run()
    bots.cloud.slack.faults.clear()
    assert [each.by for each in outcome.seen] == [MAIL]
    record(outcome)


def test_its_token_is_revoked_and_there_is_no_topic(bots: BotScene, record: Recorder):
    """The same of a bot without a topic."""
    refusal = Fault.refusal("token_revoked")
    bots.cloud.slack.faults.inject("chat.postMessage", refusal, times=OFTEN, among=frozenset({bots.channel, FAILURES}))
    outcome = bots.run("Loner")
    bots.cloud.slack.faults.clear()
    assert (outcome.seen, outcome.kept) == ((), Kept.DEAD_LETTER)
    record(outcome)


def test_its_function_raises(bots: BotScene, record: Recorder):
    """A bot's function raises."""
    outcome = bots.run("Grumbler")
    assert (outcome.runs, outcome.kept) == (1, Kept.TOLD)
    record(outcome)


def test_its_function_is_throttled(bots: BotScene, record: Recorder):
    """A bot's function is throttled for a moment."""
    bots.cloud.server.functions.throttle(bots.function("HeraldFunction"), times=3)
    outcome = bots.run()
    assert (outcome.runs, outcome.kept) == (1, Kept.RESULT)
    record(outcome)


def test_its_function_dies(bots: BotScene, record: Recorder):
    """The process of a bot's function dies before it begins."""
    bots.cloud.server.functions.crash(bots.function("HeraldFunction"))
    outcome = bots.run()
    assert (outcome.runs, outcome.kept) == (0, Kept.TOLD)
    record(outcome)


def test_its_execution_is_stopped(bots: BotScene, record: Recorder):
    """Somebody stops a bot's execution in the console while it waits for Slack."""
    bots.slack_fails(Fault.status(429, retry_after=120), times=OFTEN)
    arn = bots.start()
    bots.wait_until_waiting(arn)
    bots.cloud.server.client("stepfunctions").stop_execution(executionArn=arn)
    outcome = bots.ending_that_is_told()
    bots.cloud.slack.faults.clear()
    assert (outcome.runs, outcome.kept) == (1, Kept.TOLD)
    record(outcome)
