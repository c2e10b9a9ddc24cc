"""What comes to a response_url, through the proxy as a deployed function sends it."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from slack_sdk.webhook import WebhookClient

from chatops_local.slack import SlackDouble


@pytest.fixture
def sent(slack):
    return slack.send("/ps", user="U123", channel="C123")


@pytest.fixture
def respond(slack, sent, trusting):
    webhook = WebhookClient(sent.response_url, proxy=slack.proxy_url, ssl=trusting)

    def respond(**payload):
        answer = webhook.send_dict(payload)
        return answer.status_code, answer.body

    return respond


def test_ephemeral_by_default(respond, sent):
    assert respond(text="done") == (200, "ok")
    assert [(m.text, m.user, m.channel, m.via) for m in sent.wait(5)] == [("done", "U123", "C123", "response_url")]


def test_in_channel(respond, sent):
    respond(text="done", response_type="in_channel", thread_ts="1.2")
    (message,) = sent.results
    assert (message.user, message.ephemeral, message.thread_ts) == (None, False, "1.2")


def test_five_uses(respond, sent, slack):
    # https://docs.slack.dev/interactivity/handling-user-interaction: up to five times within 30 minutes
    assert [respond(text=str(n))[0] for n in range(5)] == [200] * 5
    status, body = respond(text="6")
    assert (status, json.loads(body)) == (404, {"ok": False, "error": "used_url"})
    assert len(sent.results) == 5
    assert slack.notes == ["a POST to a response_url was refused: used_url (five uses within 30 minutes)"]


def test_thirty_minutes(respond, sent, clock):
    clock.now += 30 * 60 - 1
    assert respond(text="in time") == (200, "ok")
    clock.now += 1
    status, body = respond(text="late")
    assert (status, json.loads(body)) == (404, {"ok": False, "error": "expired_url"})
    assert len(sent.results) == 1


def test_the_lifetime_is_scaled_with_the_waits(endpoint, clock):
    with SlackDouble(clock=clock, time_scale=0.1) as slack:
        slack.set_request_url("x", slack.workspace.app("A12", "T12"), endpoint.url, "x.test")
        url = slack.send("/ps").response_url
        clock.now += 3 * 60
        answer = subprocess.run(
            [sys.executable, "-c", POST, url], env={**os.environ, **slack.environment}, capture_output=True, check=True
        )
        assert b"expired_url" in answer.stdout


POST = """
import sys, urllib.request, urllib.error
try:
    print(urllib.request.urlopen(urllib.request.Request(sys.argv[1], b'{"text":"hi"}',
        {"Content-Type": "application/json"})).read().decode())
except urllib.error.HTTPError as error:
    print(error.code, error.read().decode())
"""


def test_an_unmodified_program_with_the_environment(slack, sent):
    answer = subprocess.run(
        [sys.executable, "-c", POST, sent.response_url],
        env={**os.environ, **slack.environment},
        capture_output=True,
        check=True,
    )
    assert answer.stdout == b"ok\n"
    assert sent.wait(5)[0].text == "hi"


def test_messages_belong_to_their_command(slack, sent, respond, trusting):
    other = slack.send("/other")
    respond(text="for ps")
    WebhookClient(other.response_url, proxy=slack.proxy_url, ssl=trusting).send(text="for other")
    assert [m.text for m in sent.results] == ["for ps"]
    assert [m.text for m in other.results] == ["for other"]
    assert slack.wait_for(lambda m: m.text == "for other", 1).via == "response_url"


def test_never_issued(slack, trusting):
    webhook = WebhookClient("https://hooks.slack.com/commands/T1/2/x", proxy=slack.proxy_url, ssl=trusting)
    answer = webhook.send(text="x")
    assert (answer.status_code, json.loads(answer.body)) == (404, {"ok": False, "error": "no_service"})


@pytest.mark.parametrize("flag", ["replace_original", "delete_original"])
def test_the_original_cannot_be_touched(slack, respond, sent, flag):
    assert respond(text="first") == (200, "ok")
    assert respond(**{flag: True, "text": "second"}) == (200, "ok")
    assert sent.results[0].text == "first"
    assert "the original is what the user typed" in slack.notes[0]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"text": ""}, "no_text"),
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_001}}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}}] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "attachments": [{"text": "y"}]}, "invalid_attachments"),
    ],
)
def test_refused_content(slack, respond, sent, payload, code):
    assert respond(**payload) == (400, code)
    assert sent.results == []
    assert f"the response_url of /ps was refused: {code}" in slack.notes[0]
    assert sent.response_url not in slack.notes[0]


def test_a_form_with_a_payload(slack, sent, trusting):
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"https": slack.proxy_url}), urllib.request.HTTPSHandler(context=trusting)
    )
    assert opener.open(sent.response_url, b"payload=%7B%22text%22%3A%22hi%22%7D").read() == b"ok"
    assert sent.results[0].text == "hi"
    with pytest.raises(urllib.error.HTTPError, match="400"):
        opener.open(sent.response_url, b"payload=nonsense")
    with pytest.raises(urllib.error.HTTPError, match="405"):
        opener.open(sent.response_url)


def test_long_text_is_truncated_and_said(slack, respond, sent):
    assert respond(text="x" * 40_001) == (200, "ok")
    (message,) = sent.results
    assert len(message.text) == 40_000
    assert message.truncated
    assert "truncated" in slack.notes[0]


def test_not_over_in_time(sent):
    with pytest.raises(TimeoutError, match="/ps is not over after 0 s"):
        sent.wait(0)
