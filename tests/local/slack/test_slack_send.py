"""What the endpoint receives, and what Slack makes of its answer."""

import threading
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import Clock as SdkClock
from slack_sdk.signature import SignatureVerifier

from chatops_local.slack import SlackApp, SlackDouble, SlashCommand, sent_command, signature


class StandingClock(SdkClock):
    def __init__(self, now: float) -> None:
        super().__init__()
        self._now = now

    def now(self) -> float:
        return self._now


def test_fields_in_slacks_order(slack, endpoint, app):
    slack.send("/ps aux  | head", user="U123", channel="C123")
    path, headers, body = endpoint.requests[0]
    fields = parse_qsl(body.decode(), keep_blank_values=True)
    assert [name for name, _ in fields] == [
        "token",
        "team_id",
        "team_domain",
        "channel_id",
        "channel_name",
        "user_id",
        "user_name",
        "command",
        "text",
        "api_app_id",
        "is_enterprise_install",
        "response_url",
        "trigger_id",
    ]
    values = dict(fields)
    assert path == "/slack?x=1"
    assert headers["Host"] == "api.example.test"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert values["command"] == "/ps"
    assert values["text"] == "aux  | head"
    assert (values["user_id"], values["channel_id"], values["team_id"]) == ("U123", "C123", "T0TEST")
    assert values["response_url"].startswith("https://hooks.slack.com/commands/T0TEST/")
    assert values["is_enterprise_install"] == "false"


def test_empty_text_is_sent_and_a_blank_is_a_plus(slack, endpoint):
    slack.send("/ps")
    slack.send("/ps a b")
    assert b"&text=&" in endpoint.requests[0][2]
    assert b"&text=a+b&" in endpoint.requests[1][2]


@pytest.mark.parametrize(("channel", "name"), [("D123", "directmessage"), ("G123", "privategroup"), ("C123", "c123")])
def test_channel_name(slack, endpoint, channel, name):
    slack.send("/ps", channel=channel)
    assert dict(parse_qsl(endpoint.requests[0][2].decode()))["channel_name"] == name


def test_slack_sdk_accepts_the_signature(slack, endpoint, app, clock):
    slack.send("/hello 世界 🎉 + % & =")
    _, headers, body = endpoint.requests[0]
    verifier = SignatureVerifier(app.signing_secret, StandingClock(clock.now))
    assert verifier.is_valid_request(body, headers)
    assert not verifier.is_valid_request(body + b"x", headers)


def test_slacks_documented_signature():
    # https://docs.slack.dev/authentication/verifying-requests-from-slack
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body) == expected


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_the_form(text):
    body = SlashCommand.typed(f"/x {text}").form(SlackApp("A123", "T123"), "https://hooks.slack.com/commands/T123/1/a")
    assert body.isascii()
    assert dict(parse_qsl(body.decode(), keep_blank_values=True))["text"] == text


@pytest.mark.parametrize("line", ["", "ps", "/", " /ps", "/ x"])
def test_no_slash_command(slack, line):
    with pytest.raises(ValueError, match="a slash command starts with"):
        slack.send(line)


@pytest.mark.parametrize(("argument", "value"), [("user", "C123"), ("user", "taro"), ("channel", "#ops")])
def test_malformed_id(slack, argument, value):
    with pytest.raises(ValueError, match=f"{argument} '{value}'"):
        slack.send("/ps", **{argument: value})


class TestAck:
    def test_empty_ack_shows_nothing(self, slack):
        sent = slack.send("/ps")
        assert (sent.ack.ok, sent.ack.status, sent.ack.text, sent.messages) == (True, 200, "", [])
        assert 0 < sent.ack.ms < 3_000

    def test_text_is_for_the_user_only(self, slack, endpoint):
        endpoint.answer = (200, "text/plain", "はい".encode())
        message = slack.send("/ps", user="U123", channel="C123").messages[0]
        assert (message.text, message.user, message.channel, message.via) == ("はい", "U123", "C123", "ack")
        assert message.ephemeral

    def test_json_in_channel_is_for_everybody(self, slack, endpoint):
        endpoint.answer = (200, "application/json; charset=utf-8", b'{"response_type":"in_channel","text":"on it"}')
        message = slack.send("/ps").messages[0]
        assert (message.text, message.user, message.ephemeral) == ("on it", None, False)

    def test_in_channel_without_text_shows_no_message(self, slack, endpoint):
        endpoint.answer = (200, "application/json", b'{"response_type":"in_channel"}')
        sent = slack.send("/ps")
        assert sent.ack.ok
        assert sent.messages == []

    def test_json_without_its_content_type_is_text(self, slack, endpoint):
        endpoint.answer = (200, "text/plain", b'{"text":"x"}')
        assert slack.send("/ps").ack.text == '{"text":"x"}'

    @pytest.mark.parametrize("status", [201, 302, 401, 500])
    def test_any_other_status_is_dispatch_failed(self, slack, endpoint, status):
        endpoint.answer = (status, "text/plain", b"no")
        ack = slack.send("/ps").ack
        assert (ack.ok, ack.error, ack.status) == (False, "dispatch_failed", status)
        assert f"HTTP {status}: 'no'" in ack.problem

    @pytest.mark.parametrize("body", [b"{", b"[]", b'{"blocks":[{"type":"nope"}]}'])
    def test_unusable_json(self, slack, endpoint, body):
        endpoint.answer = (200, "application/json", body)
        sent = slack.send("/ps")
        assert sent.ack.error == "invalid_command_response"
        assert sent.messages == []

    def test_nobody_answers(self, slack, endpoint, app):
        endpoint.stop()
        ack = slack.send("/ps").ack
        assert (ack.status, ack.error) == (None, "dispatch_failed")
        assert "refused" in ack.problem.lower()

    def test_too_late(self, slack, endpoint, monkeypatch):
        # Slack's limit is 3,000 ms; any answer is too late for a limit of nothing.
        monkeypatch.setattr(sent_command, "ACK_LIMIT_MS", 0)
        endpoint.answer = (200, "text/plain", b"late")
        sent = slack.send("/ps")
        assert sent.ack.error == "operation_timeout"
        assert sent.messages == []


class TestRawRequests:
    def test_replay_is_the_same_bytes(self, slack, endpoint):
        sent = slack.send("/ps")
        slack.deliver(sent.request)
        assert endpoint.requests[0] == endpoint.requests[1]

    def test_resigned_body(self, slack, endpoint, clock):
        sent = slack.send("/ps")
        clock.now += 60
        slack.deliver(slack.sign(sent.request.body))
        (_, first, body), (_, second, same_body) = endpoint.requests
        assert body == same_body
        assert first["X-Slack-Signature"] != second["X-Slack-Signature"]

    def test_any_timestamp_and_any_secret(self, slack, endpoint):
        other = SlackApp("A0TEST", "T0TEST")
        slack.deliver(slack.sign(slack.form("/ps"), other, timestamp="soon"))
        assert endpoint.requests[0][1]["X-Slack-Request-Timestamp"] == "soon"

    def test_an_answer_is_shown_to_nobody(self, slack, endpoint):
        endpoint.answer = (401, "text/plain", b"no")
        answer = slack.deliver(slack.sign(b"ssl_check=1"))
        assert (answer.status, answer.body) == (401, b"no")
        assert slack.messages == []

    def test_in_parallel(self, slack, endpoint):
        request = slack.send("/ps").request
        threads = [threading.Thread(target=slack.deliver, args=(request,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({body for _, _, body in endpoint.requests}) == 1
        assert len(endpoint.requests) == 9


class TestEndpoints:
    def test_none(self):
        with SlackDouble() as slack, pytest.raises(ValueError, match="no Slack endpoint is deployed"):
            slack.send("/ps")

    def test_several(self, slack, endpoint):
        second = slack.workspace.app("A0OTHER", "T0TEST")
        slack.set_request_url("Stack/Other", second, endpoint.url, "other.example.test")
        with pytest.raises(ValueError, match=r"'Stack/Slack' \(app A0TEST\), 'Stack/Other' \(app A0OTHER\)"):
            slack.send("/ps")
        slack.send("/ps", endpoint="A0OTHER")
        slack.send("/ps", endpoint="Stack/Slack")
        assert [headers["Host"] for _, headers, _ in endpoint.requests] == ["other.example.test", "api.example.test"]

    def test_unknown(self, slack):
        with pytest.raises(ValueError, match="endpoint 'A0NONE': no such endpoint"):
            slack.send("/ps", endpoint="A0NONE")

    def test_an_app_keeps_its_secrets(self, slack, app):
        assert slack.workspace.app("A0TEST", "T0TEST") is app

    def test_an_app_is_in_one_workspace(self, slack, app):
        with pytest.raises(ValueError, match="installed in workspace T0TEST"):
            slack.workspace.app("A0TEST", "T0OTHER")


def test_no_secret_in_a_repr(slack, app):
    sent = slack.send("/ps")
    slack.form("/ps")
    shown = repr([sent, app, slack.workspace.endpoint(), sent.request, sent.messages])
    for secret in (app.signing_secret, app.bot_token, app.verification_token, sent.response_url):
        assert secret not in shown
    assert sent.request.headers["X-Slack-Signature"] not in shown
