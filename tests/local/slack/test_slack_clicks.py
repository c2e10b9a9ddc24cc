"""People using buttons and menus: what the endpoint receives, and what is refused."""

import json
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from chatops_local.slack import Message, NoSuchControlError, Person, SlackDouble, sent_click
from tests.local.slack.cards import HANDLE, approval, menus
from tests.local.slack.test_slack_send import StandingClock

Post = Callable[..., Message]


@pytest.fixture
def post(slack, app, trusting):
    client = WebClient(app.bot_token, proxy=slack.proxy_url, ssl=trusting, retry_handlers=[])

    def post(blocks, **arguments):
        answer = client.chat_postMessage(**{"channel": "C123", "text": "card", "blocks": blocks, **arguments})
        return slack.wait_for(lambda message: message.ts == answer["ts"], 1)

    return post


def payload(request: tuple[str, dict[str, str], bytes]) -> dict[str, Any]:
    ((name, value),) = parse_qsl(request[2].decode())
    assert name == "payload"
    return json.loads(value)  # type: ignore[no-any-return]


class TestPayload:
    def test_of_a_button(self, slack, endpoint, app, post):
        # https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
        message = post(approval())
        slack.workspace.people.add(Person("U0SAM", "sam"))
        sent = slack.click(message, "Approve", user="U0SAM")
        path, headers, _ = endpoint.requests[0]
        told = payload(endpoint.requests[0])
        assert (path, headers["Content-Type"]) == ("/slack?x=1", "application/x-www-form-urlencoded")
        assert told["type"] == "block_actions"
        assert told["user"] == {"id": "U0SAM", "username": "sam", "name": "sam", "team_id": "T0TEST"}
        assert (told["api_app_id"], told["token"]) == ("A0TEST", app.verification_token)
        assert told["team"] == {"id": "T0TEST", "domain": "local-workspace"}
        assert told["channel"] == {"id": "C123", "name": "c123"}
        assert told["container"] == {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": "C123",
            "is_ephemeral": False,
        }
        assert (told["enterprise"], told["is_enterprise_install"]) == (None, False)
        assert told["state"] == {"values": {}}
        assert told["response_url"] == sent.response_url
        assert told["response_url"].startswith("https://hooks.slack.com/actions/T0TEST/")
        (action,) = told["actions"]
        assert (action["type"], action["action_id"], action["value"]) == ("button", "chatops.approve", HANDLE)
        assert action["text"]["text"] == "✅ Approve"
        assert action["block_id"] == told["message"]["blocks"][1]["block_id"]
        assert told["message"]["ts"] == message.ts

    def test_is_signed(self, slack, endpoint, app, post, clock):
        slack.click(post(approval()), "Deny")
        _, headers, body = endpoint.requests[0]
        assert SignatureVerifier(app.signing_secret, StandingClock(clock.now)).is_valid_request(body, headers)

    def test_two_clicks_differ_and_a_replay_does_not(self, slack, endpoint, post):
        message = post(approval())
        first, second = slack.click(message, "Approve"), slack.click(message, "Approve")
        slack.deliver(first.request)
        bodies = [body for _, _, body in endpoint.requests]
        assert bodies[0] == bodies[2] != bodies[1]
        assert first.response_url != second.response_url

    def test_of_an_ephemeral_message_there_is_no_content(self, slack, endpoint):
        endpoint.answer = (200, "application/json", json.dumps({"text": "x", "blocks": approval()}).encode())
        slack.send("/ps", user="U123", channel="D123")
        slack.click(slack.messages[0], "Approve", user="U123")
        told = payload(endpoint.requests[1])
        assert "message" not in told
        assert told["container"]["is_ephemeral"] is True
        assert told["channel"] == {"id": "D123", "name": "directmessage"}

    def test_in_a_thread(self, slack, endpoint, post):
        slack.click(post(approval(), thread_ts="1.000001"), "Approve")
        told = payload(endpoint.requests[0])
        assert told["container"]["thread_ts"] == told["message"]["thread_ts"] == "1.000001"

    @pytest.mark.parametrize("how", ["team", "person"])
    def test_of_somebody_of_another_workspace(self, slack, endpoint, post, how):
        if how == "person":
            slack.workspace.people.add(Person("U0EVE", "eve", team_id="T0EVIL"))
        slack.click(post(approval()), "Approve", user="U0EVE", team="T0EVIL" if how == "team" else None)
        told = payload(endpoint.requests[0])
        assert (told["user"]["team_id"], told["team"]["id"]) == ("T0EVIL", "T0TEST")


class TestMenus:
    def test_each_choice_is_told_at_once_and_all_with_the_click(self, slack, endpoint, post):
        message = post(menus())
        slack.click(message, "Submit", selected=["nginx", "web-1", "web-3-value"])
        told = [payload(request) for request in endpoint.requests]
        actions = [each["actions"][0] for each in told]
        assert [each["action_id"] for each in actions] == [
            "chatops.menu.0",
            "chatops.menu.1",
            "chatops.menu.1",
            "chatops.submit",
        ]
        assert actions[0]["selected_option"]["value"] == "nginx-value"
        assert [each["value"] for each in actions[1]["selected_options"]] == ["web-1-value"]
        service, where = told[3]["state"]["values"]["service"], told[3]["state"]["values"]["where"]
        assert service["chatops.menu.0"]["type"] == "static_select"
        assert service["chatops.menu.0"]["selected_option"]["value"] == "nginx-value"
        chosen = where["chatops.menu.1"]["selected_options"]
        assert [each["value"] for each in chosen] == ["web-1-value", "web-3-value"]

    def test_nothing_chosen_is_told_as_such(self, slack, endpoint, post):
        slack.click(post(menus()), "Submit")
        values = payload(endpoint.requests[0])["state"]["values"]
        assert values["service"]["chatops.menu.0"] == {"type": "static_select", "selected_option": None}
        assert values["where"]["chatops.menu.1"] == {"type": "multi_static_select", "selected_options": []}

    def test_a_choice_is_each_persons_own_and_may_change(self, slack, endpoint, post):
        message = post(menus())
        slack.select(message, "Service", "nginx", user="U1A")
        slack.select(message, "Service", "app", user="U1A")
        slack.select(message, "Instances", ["web-1", "web-2"], user="U1A")
        slack.select(message, "Instances", [], user="U1A")
        assert slack.chosen(message, "U1A")["service"]["chatops.menu.0"]["selected_option"]["value"] == "app-value"
        assert slack.chosen(message, "U1A")["where"]["chatops.menu.1"]["selected_options"] == []
        assert slack.chosen(message, "U2B")["service"]["chatops.menu.0"]["selected_option"] is None

    def test_what_is_chosen_already_is_not_told_again(self, slack, endpoint, post):
        message = post(menus())
        slack.select(message, "Instances", ["web-1", "web-2"])
        assert slack.select(message, "Instances", ["web-2", "web-1"]) is None
        slack.select(message, message.controls[1], ["web-2", "web-3"])
        told = [payload(request)["actions"][0]["selected_options"] for request in endpoint.requests]
        assert [[each["text"]["text"] for each in chosen] for chosen in told] == [
            ["web-1"],
            ["web-1", "web-2"],
            ["web-2"],
            ["web-2", "web-3"],
        ]

    def test_by_menu(self, slack, endpoint, post):
        slack.click(post(menus()), "Submit", selected={"chatops.menu.0": "app", "instances": ["web-2"]})
        values = payload(endpoint.requests[-1])["state"]["values"]
        assert values["service"]["chatops.menu.0"]["selected_option"]["value"] == "app-value"

    def test_what_the_app_has_chosen(self, slack, endpoint, post):
        blocks = menus()
        menu = blocks[0]["elements"][0]
        menu["initial_option"] = menu["options"][1]
        slack.click(post(blocks), "Submit")
        values = payload(endpoint.requests[0])["state"]["values"]
        assert values["service"]["chatops.menu.0"]["selected_option"]["value"] == "app-value"

    def test_a_menu_in_an_input_block_waits_for_the_button(self, slack, endpoint, post):
        several = menus()[1]["accessory"]
        label = {"type": "plain_text", "text": "Where?"}
        blocks = [{"type": "input", "block_id": "where", "label": label, "element": several}, menus()[2]]
        message = post(blocks)
        assert slack.select(message, "Instances", "web-1") is None
        assert endpoint.requests == []
        slack.click(message, "Submit")
        chosen = payload(endpoint.requests[0])["state"]["values"]["where"]["chatops.menu.1"]["selected_options"]
        assert [each["value"] for each in chosen] == ["web-1-value"]

    @pytest.mark.parametrize(
        ("selected", "problem"),
        [
            ("web-9", "option 'web-9': no menu has such an option; there are nginx, app, web-1"),
            (["web-1", "web-2", "web-3"], "menu 'Instances': 3 options are wanted, it takes 2"),
            (["nginx", "app"], "menu 'Service': 2 options are wanted, it takes 1"),
            ({"Colour": "red"}, "control 'Colour': the message has no such control"),
        ],
    )
    def test_what_cannot_be_chosen(self, slack, endpoint, post, selected, problem):
        with pytest.raises(NoSuchControlError, match=problem):
            slack.click(post(menus()), "Submit", selected=selected)
        assert endpoint.requests == []


class TestWhoCanClick:
    def test_no_such_control(self, slack, post):
        with pytest.raises(NoSuchControlError, match=r"'Cancel': .* no such control; there are '✅ Approve' \(chatops"):
            slack.click(post(approval()), "Cancel")

    def test_several_such_controls(self, slack, post):
        with pytest.raises(NoSuchControlError, match="several such controls"):
            slack.click(post(approval() + menus()), "e")

    def test_only_who_sees_it(self, slack, endpoint):
        endpoint.answer = (200, "application/json", json.dumps({"blocks": approval()}).encode())
        slack.send("/ps", user="U123")
        with pytest.raises(NoSuchControlError, match="U456 does not see it, only U123 does"):
            slack.click(slack.messages[0], "Approve", user="U456")

    def test_malformed_ids(self, slack, post):
        message = post(approval())
        with pytest.raises(ValueError, match="user 'sam'"):
            slack.click(message, "Approve", user="sam")
        with pytest.raises(ValueError, match="team 'X'"):
            slack.click(message, "Approve", team="X")

    def test_an_app_without_an_endpoint(self):
        with SlackDouble() as slack:
            app = slack.workspace.app("A0OTHER", "T0TEST")
            WebClient(
                app.bot_token,
                proxy=slack.proxy_url,
                ssl=ssl.create_default_context(cafile=str(slack.certificate_authority)),
            ).chat_postMessage(channel="C123", text="x", blocks=approval())
            with pytest.raises(ValueError, match="no Slack endpoint is deployed"):
                slack.click(slack.messages[0], "Approve")


class TestAck:
    def test_in_time(self, slack, post):
        sent = slack.click(post(approval()), "Approve")
        assert (sent.ack.ok, sent.ack.status, sent.ack.error) == (True, 200, None)
        assert slack.clicked == [sent]
        assert slack.notes == []

    def test_a_body_is_shown_to_nobody(self, slack, endpoint, post):
        message = post(approval())
        endpoint.answer = (200, "text/plain", b"thanks")
        slack.click(message, "Approve")
        assert slack.messages == [message]
        assert "has a body, which Slack shows to nobody" in slack.notes[0]

    def test_another_status(self, slack, endpoint, post):
        endpoint.answer = (403, "text/plain", b"no")
        ack = slack.click(post(approval()), "Approve").ack
        assert (ack.ok, ack.error, ack.problem) == (False, "dispatch_failed", "HTTP 403")

    def test_too_late(self, slack, post, monkeypatch):
        monkeypatch.setattr(sent_click, "ACK_LIMIT_MS", 0)
        assert slack.click(post(approval()), "Approve").ack.error == "operation_timeout"

    def test_the_response_url_is_in_no_repr(self, slack, post):
        sent = slack.click(post(approval()), "Approve")
        assert "hooks.slack.com" not in repr(sent)
