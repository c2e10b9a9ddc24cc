"""An event of Slack is not answered

Somebody mentions an app that answers in the thread of the mention. What is not taken Slack delivers again: at once,
after a minute, after five minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.slack import Fault
from tests.end_to_end.faults.outcome import Kept
from tests.end_to_end.faults.scene import BOT

if TYPE_CHECKING:
    from tests.end_to_end.faults.event_scene import EventScene
    from tests.end_to_end.faults.recorder import Recorder

OFTEN = 1_000


def test_delivered_again(events: EventScene, record: Recorder):
    """A mention is delivered again when it has been answered."""
    events.run()
    assert events.cloud.slack.deliver(events.sent.request, endpoint=BOT).status == 200
    outcome = events.ending()
    assert (outcome.runs, len(outcome.seen), outcome.kept) == (1, 1, Kept.RESULT)
    record(outcome)


def test_a_crash(events: EventScene, record: Recorder):
    """The dispatch function crashes at a mention before it does anything."""
    events.cloud.server.functions.crash(events.function("BotDispatch"))
    outcome = events.run()
    assert [delivery.ack.status for delivery in events.sent.deliveries] == [500, 200]
    assert (outcome.runs, outcome.kept) == (1, Kept.RESULT)
    record(outcome)


def test_a_crash_at_the_end(events: EventScene, record: Recorder):
    """The dispatch function crashes after it has started what answers a mention."""
    events.cloud.server.functions.lose_answer(events.function("BotDispatch"))
    outcome = events.run()
    assert [delivery.ack.status for delivery in events.sent.deliveries] == [500, 200]
    assert (outcome.runs, len(outcome.seen), outcome.kept) == (1, 1, Kept.RESULT)
    record(outcome)


def test_it_cannot_be_started_at_first(events: EventScene, record: Recorder):
    """StartExecution is throttled at a mention's first two deliveries."""
    events.cloud.server.step_functions.throttle("StartExecution", times=OFTEN)
    events.mention()
    events.cloud.server.step_functions.throttle("StartExecution", times=0)
    assert events.sent.redeliver() is not None
    outcome = events.ending()
    assert [delivery.ack.status for delivery in events.sent.deliveries] == [503, 503, 200]
    assert (outcome.runs, outcome.kept) == (1, Kept.RESULT)
    record(outcome)


def test_its_function_raises(events: EventScene, record: Recorder):
    """The function that answers a mention raises an exception."""
    outcome = events.run("raise")
    assert (outcome.runs, outcome.kept) == (1, Kept.TOLD)
    record(outcome)


def test_its_function_crashes(events: EventScene, record: Recorder):
    """The function that answers a mention crashes while it runs."""
    outcome = events.run("crash")
    assert (outcome.runs, outcome.kept) == (1, Kept.TOLD)
    record(outcome)


def test_its_function_is_throttled(events: EventScene, record: Recorder):
    """The function that answers a mention is throttled for a moment."""
    events.cloud.server.functions.throttle(events.function("Listener"), times=3)
    outcome = events.run()
    assert (outcome.runs, outcome.kept) == (1, Kept.RESULT)
    record(outcome)


def test_it_answers_too_much(events: EventScene, record: Recorder):
    """The function answers a mention with more than a state can take, which is an error that cannot be caught."""
    events.mention("too much")
    outcome = events.ending_that_is_told()
    assert (outcome.runs, outcome.kept) == (1, Kept.TOLD)
    record(outcome)


def test_slack_is_busy(events: EventScene, record: Recorder):
    """Slack answers 429 with `Retry-After: 30` to the answer to a mention, once."""
    events.slack_fails(Fault.status(429, retry_after=30))
    outcome = events.run()
    assert (outcome.runs, len(outcome.seen), outcome.kept) == (1, 1, Kept.RESULT)
    record(outcome)


def test_the_answer_is_lost(events: EventScene, record: Recorder):
    """Slack takes the answer to a mention, and the connection breaks before it says so."""
    events.slack_fails(Fault.closed_connection(taken=True))
    outcome = events.run()
    assert (outcome.runs, len(set(outcome.said)), outcome.kept) == (1, 1, Kept.RESULT)
    record(outcome)


def test_the_channel_is_archived(events: EventScene, record: Recorder):
    """The channel is archived before the mention is answered (`is_archived`), and Slack takes nothing elsewhere."""
    events.cloud.slack.faults.inject("chat.postMessage", Fault.refusal("is_archived"), times=OFTEN)
    outcome = events.run()
    events.cloud.slack.faults.clear()
    assert (outcome.seen, outcome.runs, outcome.kept) == ((), 1, Kept.DEAD_LETTER)
    record(outcome)
