"""A message is posted in its turn, again while Slack has trouble, and never with a token that is known to be bad."""

from typing import Any

import pytest

from chatops_runtime.notifier.delivery import Delivery
from chatops_runtime.notifier.turns import NotNowError, Turns
from chatops_runtime.slack.bot_token import BotToken, BotTokenUnusableError
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable, WebClient
from tests.runtime.notifier.turn_doubles import MemoryTable

BEGAN = 1_000.0


class Clock:
    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Slack(WebClient):
    """Answers in order: an exception is raised."""

    def __init__(self, clock: Clock, answers: tuple[Exception, ...]) -> None:
        self._clock = clock
        self._answers = list(answers)
        self.calls: list[tuple[float, str, str, dict[str, Any]]] = []

    def post_message(self, api: str, token: str, message: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((self._clock() - BEGAN, api, token, message))
        if self._answers:
            raise self._answers.pop(0)
        return {}


def attempt(*answers: Exception, tokens: tuple[str, ...] = ("xoxb-1",)) -> tuple[Slack, Exception | None]:
    """Deliver with 35 seconds of patience; what Slack was asked, and the error."""
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
        delivery.deliver(Message("hello"), BEGAN + 35)
    except (NotNowError, SlackRefusedError, BotTokenUnusableError) as error:
        return slack, error
    return slack, None


def deliver(*answers: Exception, tokens: tuple[str, ...] = ("xoxb-1",)) -> Slack:
    slack, error = attempt(*answers, tokens=tokens)
    assert error is None
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
    _, error = attempt(SlackRetryable("HTTP 429", 60))
    assert isinstance(error, NotNowError)
    assert "Slack wants no message in C0123OPS for another 60 s; before that: " in str(error)
    assert "HTTP 429" in str(error)
    _, error = attempt(*[SlackRetryable("HTTP 503")] * 9)
    assert isinstance(error, NotNowError)
    assert "before that: Slack cannot take the message now: HTTP 503" in str(error)


def test_a_refusal_is_one():
    slack, error = attempt(SlackRefusedError("not_in_channel", 200))
    assert isinstance(error, SlackRefusedError)
    assert error.code == "not_in_channel"
    assert len(slack.calls) == 1


def test_a_token_that_was_changed_meanwhile_is_read_again():
    slack = deliver(SlackRefusedError("invalid_auth", 200), tokens=("xoxb-old", "xoxb-new"))
    assert [token for _, _, token, _ in slack.calls] == ["xoxb-old", "xoxb-new"]
    assert slack.calls[1][0] == pytest.approx(1, abs=0.01)


def test_a_bad_token_that_was_not_changed_is_refused():
    slack, error = attempt(SlackRefusedError("invalid_auth", 200), tokens=("xoxb-old",))
    assert isinstance(error, SlackRefusedError)
    assert len(slack.calls) == 1


def test_without_a_token_nothing_is_posted():
    slack, error = attempt(tokens=("placeholder",))
    assert isinstance(error, BotTokenUnusableError)
    assert "/token holds no bot token" in str(error)
    assert slack.calls == []
