"""What the Slack double lets go wrong when a test says so, as an app's own client meets it."""

from urllib.error import HTTPError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from chatops_local.slack import Fault


@pytest.fixture
def sent(slack):
    return slack.send("/ps", user="U123", channel="C123")


@pytest.fixture
def webhook(slack, sent, trusting):
    return WebhookClient(sent.response_url, proxy=slack.proxy_url, ssl=trusting, retry_handlers=[], timeout=1)


@pytest.fixture
def web(slack, app, trusting):
    return WebClient(app.bot_token, proxy=slack.proxy_url, ssl=trusting, retry_handlers=[])


def test_a_status_for_one_call(slack, webhook, sent):
    slack.faults.inject("response_url", Fault.status(500))
    assert webhook.send(text="one").status_code == 500
    assert webhook.send(text="two").status_code == 200
    assert [message.text for message in sent.results] == ["two"]


def test_patience_is_asked_for_in_slacks_way(slack, webhook):
    slack.faults.inject("response_url", Fault.status(429, retry_after=7))
    answer = webhook.send(text="one")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")


def test_a_later_call(slack, webhook):
    slack.faults.inject("response_url", Fault.status(500), after=1, times=2)
    assert [webhook.send(text=str(number)).status_code for number in range(4)] == [200, 500, 500, 200]


def test_the_second_step_of_a_file(slack, web):
    slack.faults.inject("upload", Fault.status(500))
    with pytest.raises(HTTPError):
        web.files_upload_v2(channel="C123", content="text", filename="a.txt")
    assert web.files_upload_v2(channel="C123", content="text", filename="a.txt")["ok"]


def test_a_refusal_of_the_web_api(slack, web):
    slack.faults.inject("chat.postMessage", Fault.refusal("token_revoked"))
    with pytest.raises(SlackApiError, match="token_revoked"):
        web.chat_postMessage(channel="C123", text="one")
    assert web.chat_postMessage(channel="C123", text="two")["ok"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [(Fault.closed_connection(), []), (Fault.closed_connection(taken=True), ["one"])],
    ids=["not taken", "taken"],
)
def test_a_connection_that_ends_without_an_answer(slack, webhook, sent, fault, expected):
    slack.faults.inject("response_url", fault)
    with pytest.raises(OSError, match="closed"):
        webhook.send(text="one")
    assert [message.text for message in sent.results] == expected


def test_silence_until_the_client_gives_up(slack, webhook, sent):
    slack.faults.inject("response_url", Fault.silence())
    with pytest.raises(TimeoutError):
        webhook.send(text="one")
    assert sent.results == []


@pytest.mark.parametrize("concerned", ["U123", "C123"])
def test_only_what_concerns_somebody(slack, webhook, web, concerned):
    slack.faults.inject("response_url", Fault.status(500), among=frozenset({"C999"}))
    assert webhook.send(text="one").status_code == 200
    slack.faults.inject("response_url", Fault.status(500), among=frozenset({concerned}))
    assert webhook.send(text="two").status_code == 500
    slack.faults.inject("chat.postMessage", Fault.refusal("fatal_error"), among=frozenset({concerned}))
    assert web.chat_postMessage(channel="C999", text="three")["ok"]
    with pytest.raises(SlackApiError, match="fatal_error"):
        web.chat_postMessage(channel=concerned, text="four")


def test_everything_goes_well_again(slack, webhook):
    slack.faults.inject("response_url", Fault.status(500), times=9)
    slack.faults.clear()
    assert webhook.send(text="one").status_code == 200
