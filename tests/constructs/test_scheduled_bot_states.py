"""A scheduled bot's states with its real function and the real poster: what is posted, what is told, and to whom."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chatops_constructs.bots import posting_states
from chatops_runtime import Reply, ScheduledRun
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable
from tests.constructs.bot_double import CHANNEL, FAILURES, SCHEDULED_AT, World, definition
from tests.constructs.states_language import MACHINE_ARN, StateError, evaluate
from tests.constructs.test_run_notices import ALARM, DELETED_ALARM_DESCRIPTION, TIMED_OUT

ID = "at-2026-11-22T233000Z"
THROTTLED = StateError("Lambda.TooManyRequestsException", "Rate Exceeded.")
OUT_OF_TIME = StateError(
    "Sandbox.Timedout",
    '{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: r-1 Error: Task timed out after 3.00 seconds"}',
)


def refusing(code: str, *channels: str) -> Any:
    def slack(channel: str) -> None:
        if not channels or channel in channels:
            raise SlackRefusedError(code, 200)

    return slack


class Busy:
    """A Slack that is busy for so many calls, and says for how many seconds."""

    def __init__(self, calls: int, retry_after: int | None = 30) -> None:
        self.left = calls
        self.retry_after = retry_after

    def __call__(self, channel: str) -> None:
        if self.left:
            self.left -= 1
            raise SlackRetryable("HTTP 429", self.retry_after)


@pytest.mark.parametrize(
    ("answer", "posted"),
    [
        ("Good morning <!channel>", ["Good morning &lt;!channel&gt;"]),
        (Reply("plain"), ["plain"]),
        (Reply(mrkdwn="*bold* <@U1>"), ["*bold* <@U1>"]),
        (Reply(blocks=[{"type": "divider"}], text="a line"), [[{"type": "divider"}]]),
        (None, []),
        ("", []),
        (Reply(mrkdwn=" \n "), []),
    ],
)
def test_an_answer_is_posted_and_nothing_is_nothing(answer, posted):
    world = World(lambda run: answer)
    assert world.run(definition()) == {"said": len(posted)}
    assert world.posted == [(CHANNEL, text) for text in posted]
    assert world.ending is None


def test_nothing_to_say_does_not_even_ask_the_poster():
    world = World(lambda run: None, broken={"SlackPoster": StateError("Lambda.ServiceException", "away")})
    assert world.run(definition()) == {"said": 0}


def test_the_function_is_told_when_it_is():
    told: list[ScheduledRun] = []
    World(told.append).run(definition())
    (run,) = told
    assert f"{run.scheduled_at:%Y-%m-%dT%H:%M:%SZ}" == SCHEDULED_AT
    assert f"{run.local_time:%A %H:%M}" == "Monday 08:30"
    assert (run.bot, run.time_zone, run.channel_id, run.request_id) == ("Ops/Standup", "Asia/Tokyo", CHANNEL, ID)


def test_by_hand_it_may_speak_elsewhere_for_once():
    world = World(lambda run: f"{run.channel_id} {run.scheduled_at}")
    world.run(definition(), {"channel_id": "C0TRIAL"})
    assert world.posted == [("C0TRIAL", "C0TRIAL None")]


def test_a_long_answer_goes_on_in_more_messages_none_of_them_twice():
    text = "\n".join(f"line {number} & more" for number in range(3_000))
    busy = Busy(0)
    world = World(lambda run: text, slack=busy)

    def busy_at_the_second(channel: str) -> None:
        if len(world.posted) == 1 and not busy.left:
            busy.left = -1
            raise SlackRetryable("HTTP 503", None)

    world.slack = busy_at_the_second
    assert world.run(definition()) == {"said": 4}
    said = "\n".join(text for _, text in world.posted)
    assert said.replace("&amp;", "&").startswith(text[:36_000])
    assert world.posted[-1][1].endswith("characters are missing.)")


@pytest.mark.parametrize(("retry_after", "waited"), [(30, 90), (None, 2 + 4 + 8)])
def test_a_busy_slack_is_waited_for_as_long_as_it_says(retry_after, waited):
    world = World(lambda run: "hello", slack=Busy(3, retry_after))
    assert world.run(definition()) == {"said": 1}
    assert world.posted == [(CHANNEL, "hello")]
    assert world.execution is not None
    assert world.execution.clock.now == waited


def raising(run: Any) -> None:
    raise ValueError('no "standup" today:\n\té <!here> \\o/ }')


FAILED: list[tuple[Any, dict[str, StateError], Any, str, str]] = [
    (raising, {}, None, "ValueError", 'no "standup" today:\n\té <!here> \\o/ }'),
    (lambda run: 3, {}, None, "TypeError", "answered with a value of type int: return a Reply"),
    (lambda run: Reply("x", visible="user"), {}, None, "NoReply", "for one user, but nobody asked"),
    (lambda run: "x", {"Remind": OUT_OF_TIME}, None, "Sandbox.Timedout", "Task timed out after 3.00 seconds"),
    (lambda run: "x", {"Remind": THROTTLED}, None, "Lambda.TooManyRequestsException", "Rate Exceeded."),
    (lambda run: "x", {}, refusing("channel_not_found", CHANNEL), "SlackRefused", "/invite @the-app in the channel"),
    (lambda run: "x", {}, refusing("not_in_channel", CHANNEL), "SlackRefused", "Slack answered not_in_channel for C0"),
    (lambda run: "x", {}, refusing("invalid_blocks", CHANNEL), "SlackRefused", "Block Kit Builder"),
]


@pytest.mark.parametrize(
    ("say", "broken", "slack", "error", "cause"), FAILED, ids=[one[3] + one[4][:9] for one in FAILED]
)
def test_a_failure_is_told_in_its_channel_and_to_topics(say, broken, slack, error, cause):
    world = World(say, broken=broken, **({"slack": slack} if slack else {}))
    assert world.run(definition(topics=2)) is None
    assert [channel for channel, _ in world.posted] == [FAILURES]
    text = world.posted[0][1]
    assert text.startswith(f":x: *Ops/Standup failed: {error}*")
    assert f"id `{ID}`" in text
    assert "<!here>" not in text
    first, second = world.published
    assert first == second
    assert first["outcome"] == "error"
    assert first["error"] == error
    assert cause in first["cause"]
    assert first["execution"] in first["text"]
    assert world.ending is not None
    assert (world.ending.error, world.ending.cause) == ("ChatOps.BotFailed", f"Ops/Standup failed: {error}")
    assert world.kept == []


def test_a_function_that_raised_is_not_called_again():
    world = World(raising)
    world.run(definition())
    assert len(world.asked) == 1


def test_what_lambda_turned_away_is_brought_again():
    not_ready = StateError("Lambda.ResourceNotReadyException", "the function is being made ready")
    world = World(lambda run: "hello", turned_away=[THROTTLED, not_ready, THROTTLED])
    assert world.run(definition()) == {"said": 1}
    assert len(world.asked) == 1


def test_a_slack_that_is_away_for_half_an_hour_is_told_to_topics_at_once():
    world = World(lambda run: "hello", slack=Busy(10_000, 60))
    world.run(definition(topics=1))
    (notice,) = world.published
    assert notice["error"] == "SlackUnavailable"
    assert notice["cause"] == "Slack took nothing for 30 minutes: Slack cannot take the message now: HTTP 429"
    assert world.ending is not None
    assert world.ending.error == "ChatOps.NotTold"
    assert world.kept == []


@pytest.mark.parametrize("topics", [0, 1])
def test_what_nobody_could_be_told_is_kept(topics):
    refused = StateError("Sns.AuthorizationErrorException", "not authorized")
    world = World(raising, slack=refusing("token_revoked"), broken={"Failed": refused})
    world.run(definition(topics))
    (letter,) = world.kept
    assert letter["not_told"]["error"] == "ValueError"
    assert "token_revoked" in json.dumps(letter["why"])
    assert len(letter["why"]) == topics + 1
    assert world.ending is not None
    assert world.ending.error == "ChatOps.NotTold"
    assert "token_revoked" in (world.ending.cause or "")


def test_it_ends_even_if_it_cannot_be_kept():
    away = StateError("Sqs.SdkClientException", "connection reset")
    world = World(raising, slack=refusing("token_revoked"), broken={"DeadLetters": away})
    world.run(definition())
    assert world.ending is not None
    assert world.ending.error == "ChatOps.NotTold"


def test_a_poster_that_is_away_is_a_failure_like_others():
    world = World(lambda run: "x", broken={"SlackPoster": StateError("Lambda.ServiceException", "away")})
    world.run(definition(topics=1))
    assert world.published[0]["error"] == "Lambda.ServiceException"
    assert world.ending is not None
    assert world.ending.error == "ChatOps.NotTold"


@pytest.mark.parametrize(
    ("event", "told", "error"),
    [
        (TIMED_OUT, "ended without a verdict: TIMED_OUT", "ChatOps.RunEnded"),
        (ALARM, "NoSuccess: Ops/Plain has not succeeded for 1 day. Threshold Crossed", "ChatOps.Alarm"),
        (DELETED_ALARM_DESCRIPTION, "NoSuccess: Threshold Crossed", "ChatOps.Alarm"),
    ],
)
def test_what_the_machine_cannot_see_is_told_the_same_way(event, told, error):
    world = World(raising)
    world.run(definition(topics=1), event)
    ((channel, text),) = world.posted
    assert channel == FAILURES
    assert told in text
    assert told.partition(": ")[0] in world.published[0]["subject"]
    assert world.asked == []
    assert world.ending is not None
    assert world.ending.error == error


@pytest.mark.parametrize(
    "cause",
    [
        "",
        None,
        "not JSON",
        '{"errorMessage": "cut off in the mid',
        '{"errorMessage": "bad \\x escape", "errorType": "X"}',
        '{"errorMessage": 3}',
        '{"errorType": "X", "trace": []}',
        "x" * 32_768,
    ],
)
def test_any_cause_can_be_told(cause):
    world = World(lambda run: "x", broken={"Remind": StateError("Odd.Error", cause)})
    world.run(definition(topics=1))
    assert world.published[0]["error"] == "Odd.Error"
    assert world.published[0]["cause"] == (cause or "")[:1_000]
    assert world.posted[0][1].startswith(":x: *Ops/Standup failed: Odd.Error*")
    assert MACHINE_ARN.rpartition(":")[2] in world.published[0]["execution"]


def message_in(cause: str) -> str:
    told = evaluate(posting_states.MESSAGE, {"states": {"errorOutput": {"Error": "X", "Cause": cause}}})
    assert isinstance(told, str)
    return told


@given(st.text(), st.booleans(), st.text(max_size=5))
def test_the_message_of_any_exception_is_told_as_it_was_raised(text, ascii_only, error):
    assume(text.isprintable() or ascii_only)
    cause = json.dumps(
        {"errorMessage": text, "errorType": error, "stackTrace": ['"errorMessage": "x"']}, ensure_ascii=ascii_only
    )
    assert message_in(cause) == text


@given(st.text(alphabet='"errorMsag:\\{} ux\n\t0é', max_size=40).map(lambda text: f'{{"errorMessage": "{text}'))
def test_no_cause_ends_the_execution(cause):
    told = message_in(cause)
    assert told == cause or "\\" in cause or told in cause
