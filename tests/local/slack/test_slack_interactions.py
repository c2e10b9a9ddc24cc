"""Shortcuts and modals: what the endpoint receives, and what becomes of the answer."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from chatops_local.slack import NoSuchControlError, Person
from tests.local.slack.test_slack_send import StandingClock


def payload(endpoint: Any) -> dict[str, Any]:
    ((name, value),) = parse_qsl(endpoint.requests[-1][2].decode())
    assert name == "payload"
    return json.loads(value)  # type: ignore[no-any-return]


@pytest.fixture
def client(slack, app, trusting):
    return WebClient(app.bot_token, proxy=slack.proxy_url, ssl=trusting, retry_handlers=[])


class TestGlobalShortcut:
    # https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
    def test_has_neither_channel_nor_response_url_nor_app_id(self, slack, endpoint, app):
        slack.workspace.people.add(Person("U0SAM", "sam"))
        sent = slack.shortcut("open_ticket", user="U0SAM")
        told = payload(endpoint)
        assert set(told) == {
            "type",
            "token",
            "action_ts",
            "team",
            "user",
            "is_enterprise_install",
            "enterprise",
            "callback_id",
            "trigger_id",
        }
        assert (told["type"], told["callback_id"], told["token"]) == ("shortcut", "open_ticket", app.verification_token)
        assert told["user"] == {"id": "U0SAM", "username": "sam", "name": "sam", "team_id": "T0TEST"}
        assert (sent.kind, sent.response_url, sent.ack.ok) == ("shortcut", None, True)

    def test_is_a_signed_form(self, slack, endpoint, app, clock):
        sent = slack.shortcut("open_ticket")
        _, headers, body = endpoint.requests[0]
        assert headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert SignatureVerifier(app.signing_secret, StandingClock(clock.now)).is_valid_request(body, headers)
        slack.deliver(sent.request)
        assert endpoint.requests[1][2] == body

    def test_an_answer_that_slack_does_not_take(self, slack, endpoint):
        endpoint.answer = (500, "text/plain", b"")
        assert slack.shortcut("open_ticket").ack.error == "dispatch_failed"


class TestMessageShortcut:
    def test_of_an_apps_message(self, slack, endpoint, client):
        ts = client.chat_postMessage(channel="C123", text="deployed")["ts"]
        (message,) = slack.messages
        sent = slack.shortcut("explain", message=message)
        told = payload(endpoint)
        assert (told["type"], told["message_ts"]) == ("message_action", ts)
        assert told["channel"] == {"id": "C123", "name": "c123"}
        assert (told["message"]["text"], told["message"]["bot_id"]) == ("deployed", "B0TEST")
        assert told["response_url"] == sent.response_url

    def test_of_a_persons_message(self, slack, endpoint):
        said = slack.say("it is down", user="U0EVE", channel="C123")
        slack.shortcut("explain", message=said, user="U0SAM")
        assert payload(endpoint)["message"]["user"] == "U0EVE"
        assert "bot_id" not in payload(endpoint)["message"]

    def test_an_ephemeral_message_has_none(self, slack, client):
        client.chat_postEphemeral(channel="C123", user="U0SAM", text="for you")
        with pytest.raises(NoSuchControlError, match="only U0SAM sees it"):
            slack.shortcut("explain", message=slack.messages[0])


class TestModal:
    # https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
    def test_values_and_metadata(self, slack, endpoint):
        date = {"type": "datepicker", "selected_date": "2026-11-22"}
        slack.submit_view("ticket", {"title": "It is down", "when": {"day": date}}, private_metadata="C123")
        told = payload(endpoint)
        assert (told["type"], told["api_app_id"], told["response_urls"]) == ("view_submission", "A0TEST", [])
        view = told["view"]
        assert (view["callback_id"], view["private_metadata"], view["type"]) == ("ticket", "C123", "modal")
        assert view["state"]["values"] == {
            "title": {"title": {"type": "plain_text_input", "value": "It is down"}},
            "when": {"day": date},
        }
        assert (view["app_id"], view["team_id"]) == ("A0TEST", "T0TEST")

    def test_the_answer_says_what_becomes_of_it(self, slack, endpoint):
        endpoint.answer = (200, "application/json", b'{"response_action":"clear"}')
        sent = slack.submit_view("ticket", {})
        assert json.loads(sent.ack.body) == {"response_action": "clear"}

    def test_messages_since(self, slack, endpoint, client):
        client.chat_postMessage(channel="C123", text="before")
        sent = slack.submit_view("ticket", {})
        client.chat_postMessage(channel="C999", text="after")
        assert [message.text for message in sent.wait(1)] == ["after"]

    def test_nothing_comes(self, slack, endpoint):
        with pytest.raises(TimeoutError, match="view_submission 'ticket'"):
            slack.submit_view("ticket", {}).wait(0.05)


def test_everything_sent_is_known(slack, endpoint):
    sent = [slack.shortcut("one"), slack.submit_view("two", {})]
    assert slack.interactions.sent == sent
