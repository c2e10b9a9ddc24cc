"""What comes to a click's response_url: replace the message, delete it, or say something new."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from chatops_local.slack import Fault
from tests.local.slack.cards import approval

Respond = Callable[..., tuple[int, str]]


@pytest.fixture
def card(slack, app, trusting):
    client = WebClient(app.bot_token, proxy=slack.proxy_url, ssl=trusting, retry_handlers=[])
    client.chat_postMessage(channel="C123", text="card", blocks=approval())
    return slack.messages[0]


@pytest.fixture
def sent(slack, card):
    return slack.click(card, "Approve", user="U0SAM")


@pytest.fixture
def respond(slack, sent, trusting):
    def respond(url: str = sent.response_url, **payload: Any) -> tuple[int, str]:
        answer = WebhookClient(url, proxy=slack.proxy_url, ssl=trusting).send_dict(payload)
        return answer.status_code, answer.body

    return respond


def test_the_message_is_replaced_where_it_is(slack, respond, card):
    slack.send("/later")
    assert respond(replace_original=True, text="approved", response_type="ephemeral") == (200, "ok")
    now = slack.now(card)
    assert (now.text, now.blocks, now.controls, now.ts) == ("approved", (), [], card.ts)
    # Neither the audience nor the place of a message can change.
    assert (now.user, now.channel) == (None, "C123")
    assert now.edited_at is not None
    assert [message.text for message in slack.versions] == ["card", "approved"]
    assert slack.messages == [now]


def test_the_message_is_deleted(slack, respond, card, sent):
    assert respond(delete_original=True) == (200, "ok")
    assert slack.messages == []
    assert slack.versions[-1].deleted
    with pytest.raises(ValueError, match="it is deleted"):
        slack.now(card)
    with pytest.raises(ValueError, match="it is deleted"):
        slack.click(card, "Approve")
    assert respond(replace_original=True, text="x") == (400, "message_not_found")


def test_something_new_is_for_who_clicked(slack, respond, sent):
    assert respond(replace_original=False, text="not you") == (200, "ok")
    (message,) = sent.messages
    assert (message.text, message.user, message.channel) == ("not you", "U0SAM", "C123")
    assert sent.wait(1) == [message]
    assert slack.notes == []


def test_something_new_for_everybody_in_the_thread(respond, sent, card):
    respond(replace_original=False, response_type="in_channel", thread_ts=card.ts, text="done")
    (message,) = sent.messages
    assert (message.user, message.thread_ts) == (None, card.ts)


def test_what_is_not_said_is_noted(slack, respond, card):
    respond(text="approved")
    assert [message.text for message in slack.messages] == ["card", "approved"]
    assert "say replace_original, true or false" in slack.notes[0]


def test_an_ephemeral_message_is_replaced_for_who_sees_it(slack, endpoint, respond):
    blocks = {"text": "which?", "blocks": approval()}
    endpoint.answer = (200, "application/json", json.dumps(blocks).encode())
    command = slack.send("/ps", user="U123")
    asked = command.messages[0]
    endpoint.answer = (200, "text/plain", b"")
    url = slack.click(asked, "Deny", user="U123").response_url
    assert respond(url, replace_original=True, text="denied") == (200, "ok")
    assert [(message.text, message.user) for message in command.messages] == [("denied", "U123")]
    assert command.results == []


def test_five_uses_and_thirty_minutes_of_its_own(slack, respond, card, clock):
    for number in range(5):
        assert respond(replace_original=True, text=str(number), blocks=approval()) == (200, "ok")
    assert respond(replace_original=True, text="6") == (404, '{"ok": false, "error": "used_url"}')
    another = slack.click(card, "Deny").response_url
    clock.now += 30 * 60
    assert respond(another, text="late")[1] == '{"ok": false, "error": "expired_url"}'


@pytest.mark.parametrize("payload", [{}, {"blocks": [{"type": "nope"}]}])
def test_refused_content_changes_nothing(slack, respond, card, payload):
    assert respond(replace_original=True, **payload)[0] == 400
    assert slack.messages == [card]
    assert "the response_url of ✅ Approve was refused" in slack.notes[0]


def test_it_goes_wrong_when_told_to(slack, respond, card):
    slack.faults.inject("response_url", Fault.status(500), among=frozenset({"U0SAM"}))
    assert respond(replace_original=True, text="x")[0] == 500
    assert slack.messages == [card]
