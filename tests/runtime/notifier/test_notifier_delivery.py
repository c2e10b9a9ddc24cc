"""A message is posted in its turn, again while Slack has trouble, and never with a token that is known to be bad."""

import pytest

from chatops_runtime.notifier.delivery import Delivery
from chatops_runtime.notifier.turns import NotNowError, Turns
from chatops_runtime.slack.bot_token import BotToken, BotTokenUnusableError
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable
from tests.runtime.notifier.turn_doubles import MemoryTable

BEGAN = 1_000.0


class Clock:
    def __init__(self):
        self.now = BEGAN

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class Slack:
    """Answers in order: an exception is raised."""

    def __init__(self, clock, answers):
        self._clock = clock
        self._answers = list(answers)
        self.calls = []

    def post_message(self, api, token, message):
        self.calls.append((self._clock() - BEGAN, api, token, message))
        answer = self._answers.pop(0) if self._answers else None
        if answer is not None:
            raise answer


def deliver(*answers, tokens=("xoxb-1",), patience=35):
    clock = Clock()
    slack = Slack(clock, answers)
    left = list(tokens)
    delivery = Delivery(
        channel="C0123OPS",
        client=slack,
        bot_token=BotToken("/token", lambda _: left.pop(0) if len(left) > 1 else left[0], clock),
        turns=Turns(MemoryTable(clock.sleep), clock, clock.sleep),
    )
    try:
        delivery.deliver(Message("hello"), BEGAN + patience)
    except Exception as error:
        error.slack = slack
        raise
    return slack


def test_it_is_posted_to_the_channel_and_never_unfurled():
    ((at, api, token, message),) = deliver().calls
    assert (at, api, token) == (0, "https://slack.com/api/", "xoxb-1")
    assert message == {"channel": "C0123OPS", "text": "hello", "unfurl_links": False, "unfurl_media": False}


def test_retry_after_is_obeyed():
    slack = deliver(SlackRetryable("HTTP 429", 20))
    first, second = (at for at, *_ in slack.calls)
    assert first == 0
    assert second == pytest.approx(20, abs=0.01)


def test_a_retry_after_of_nothing_is_still_a_second():
    assert deliver(SlackRetryable("HTTP 429", 0)).calls[1][0] == pytest.approx(1, abs=0.01)


def test_without_a_word_the_pauses_grow():
    down = SlackRetryable("HTTP 503")
    assert [at for at, *_ in deliver(down, down, down).calls] == pytest.approx([0, 2, 6, 14], abs=0.01)


def test_what_takes_too_long_is_given_back_with_its_reason():
    with pytest.raises(NotNowError, match=r"Slack wants no message in C0123OPS for another 60 s; before that: .*429"):
        deliver(SlackRetryable("HTTP 429", 60))
    with pytest.raises(NotNowError, match=r"before that: Slack cannot take the message now: HTTP 503"):
        deliver(*[SlackRetryable("HTTP 503")] * 9)


def test_a_refusal_is_one():
    with pytest.raises(SlackRefusedError, match="not_in_channel") as raised:
        deliver(SlackRefusedError("not_in_channel", 200))
    assert len(raised.value.slack.calls) == 1


def test_a_token_that_was_changed_meanwhile_is_read_again():
    slack = deliver(SlackRefusedError("invalid_auth", 200), tokens=["xoxb-old", "xoxb-new"])
    assert [(at, token) for at, _, token, _ in slack.calls] == [
        (0, "xoxb-old"),
        (pytest.approx(1, abs=0.01), "xoxb-new"),
    ]


def test_a_bad_token_that_was_not_changed_is_refused():
    with pytest.raises(SlackRefusedError, match="invalid_auth") as raised:
        deliver(SlackRefusedError("invalid_auth", 200), tokens=["xoxb-old"])
    assert len(raised.value.slack.calls) == 1


def test_without_a_token_nothing_is_posted():
    with pytest.raises(BotTokenUnusableError, match=r"/token holds no bot token") as raised:
        deliver(tokens=["placeholder"])
    assert raised.value.slack.calls == []
