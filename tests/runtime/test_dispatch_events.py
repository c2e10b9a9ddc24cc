"""The Events API: each event starts what answers it, once, and whatever could go round in circles starts nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.runtime.aws_double import SWITCH_PARAMETER
from tests.runtime.conftest import MACHINES, Dispatch, log_lines
from tests.runtime.slack_events import BOT_USER, EVENT_ID, TS, body, callback, headers, mention, message, of
from tests.runtime.slack_requests import APP, SECRET, TEAM, signed

if TYPE_CHECKING:
    from tests.runtime.aws_double import AwsDouble

EMPTY = {"statusCode": 200, "headers": {"content-type": "text/plain; charset=utf-8"}, "body": ""}
OTHER_TEAM = "T0OTHER"


def started(dispatch: Dispatch, event: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The one execution that an event starts."""
    assert dispatch(of(event, **fields)) == EMPTY
    (execution,) = dispatch.started
    dispatch.aws.calls.clear()
    return execution


def ignored(dispatch: Dispatch, capsys: pytest.CaptureFixture[str], event: dict[str, Any], **fields: Any) -> str:
    """Why an event starts nothing at all."""
    assert dispatch(of(event, **fields)) == EMPTY
    assert dispatch.aws.called("StartExecution") == []
    (line,) = log_lines(capsys)
    assert (line["outcome"], line["level"]) == ("ignored_event", "INFO")
    return str(line["ignored"])


def test_an_event_starts_its_machine_under_its_own_name(dispatch):
    assert started(dispatch, mention()) == {
        "stateMachineArn": f"{MACHINES}Ops-OnAppMention",
        "name": EVENT_ID,
        "input": {
            "version": 1,
            "command": "app_mention",
            "text": f"<@{BOT_USER}> canaryTyped",
            "arguments": {},
            "source": "event",
            "team_id": TEAM,
            "channel_id": "C0123OPS",
            "channel_name": "",
            "user_id": "U0123TARO",
            "user_name": "",
            "response_url": "",
            "visible": "channel",
            "script_environment": "",
            "thread_ts": TS,
            "occurrence": {
                "event_type": "app_mention",
                "event": mention(),
                "event_id": EVENT_ID,
                "event_time": 1_763_773_430,
                "ts": TS,
                "thread_ts": "",
            },
        },
    }


def test_the_request_url_is_verified(dispatch, capsys):
    asked = {
        "token": "canary-verification-token",
        "challenge": 'a "<!channel>" of 3eZbrw1aB',
        "type": "url_verification",
    }
    answer = dispatch(body(asked))
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"challenge": asked["challenge"]}
    assert [line["outcome"] for line in log_lines(capsys)] == ["url_verification"]


def test_nobody_else_verifies_the_request_url(dispatch):
    asked = body({"challenge": "x", "type": "url_verification"})
    assert dispatch(asked, signed(asked, secret="f" * 32))["statusCode"] == 401


def test_a_signature_that_is_wrong_now_may_be_right_when_it_is_delivered_again(dispatch):
    answer = dispatch(body(), signed(body(), secret="f" * 32))
    assert "x-slack-no-retry" not in answer["headers"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"api_app_id": "A0OTHER"}, "another_app"),
        ({"team_id": OTHER_TEAM, "context_team_id": None, "authorizations": None}, "another_team"),
        ({"authorizations": [{"team_id": OTHER_TEAM}]}, "another_team"),
    ],
)
def test_what_is_for_others_is_refused_for_good(dispatch, capsys, fields, reason):
    answer = dispatch(of(mention(), **fields))
    assert (answer["statusCode"], answer["headers"]["x-slack-no-retry"]) == (403, "1")
    assert [line["outcome"] for line in log_lines(capsys)] == [reason]
    assert dispatch.aws.called("StartExecution") == []


@pytest.mark.parametrize(
    "wrong",
    [
        b"{",
        b'{"type": "event_callback"}',
        b'{"type": "event_callback", "type": "event_callback"}',
        b"{" * 5_000,
        b'{"a":' * 100 + b"1" + b"}" * 100,
        b'{"type": "url_verification", "challenge": ["x"]}',
        b'{"type": "x", "n": NaN}',
        b'{"type": "x", "n": 1e999}',
        b'{"type": "x", "n": 99999999999999999999}',
        b'{"type": "x", "t": "\\ud800"}',
        b'{"type": "x", "t": "\\u0000"}',
        b'{"type": "\xff"}',
        body(callback(event_id="Ev 1")),
        body(callback(event_id=None)),
        body(callback(event={"type": "App Mention"})),
        body(callback(event="app_mention")),
    ],
)
def test_what_slack_does_not_send_is_refused_for_good(dispatch, wrong):
    answer = dispatch(wrong, encoded=True)
    assert (answer["statusCode"], answer["headers"]["x-slack-no-retry"]) == (400, "1")
    assert dispatch.aws.called("StartExecution") == []


def test_that_slack_keeps_events_back_is_a_warning(dispatch, capsys):
    limited = {
        "type": "app_rate_limited",
        "token": "canary",
        "team_id": TEAM,
        "api_app_id": APP,
        "minute_rate_limited": 1,
    }
    assert dispatch(body(limited)) == EMPTY
    (line,) = log_lines(capsys)
    assert (line["level"], line["outcome"]) == ("WARN", "app_rate_limited")


def test_what_slack_may_send_one_day_is_taken_and_ignored(dispatch, capsys):
    assert dispatch(body({"type": "something_new"})) == EMPTY
    assert [line["ignored"] for line in log_lines(capsys)] == ["other_type"]


class TestDeliveries:
    def test_a_redelivered_event_starts_nothing(self, dispatch, capsys):
        dispatch.aws.failures = [(400, "ExecutionAlreadyExists")]
        again = {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}
        assert dispatch(body(), headers(body(), **again)) == EMPTY
        (line,) = log_lines(capsys)
        assert (line["outcome"], line["retry_num"], line["retry_reason"]) == ("already_received", 1, "http_timeout")

    def test_its_input_is_the_same_however_it_is_delivered(self, dispatch):
        dispatch(body())
        dispatch(body(), headers(body(), **{"x-slack-retry-num": "2", "x-slack-retry-reason": "http_error"}))
        one, another = dispatch.aws.called("StartExecution")
        assert one == another

    @pytest.mark.parametrize("number", ["", "x", "٣", "1" * 50, "-1"])
    def test_what_a_retry_header_says_is_not_believed_blindly(self, dispatch, capsys, number):
        dispatch(body(), headers(body(), **{"x-slack-retry-num": number, "x-slack-retry-reason": "canary <!channel>"}))
        (line,) = log_lines(capsys)
        assert "retry_num" not in line
        assert "canary" not in json.dumps(line)

    @pytest.mark.parametrize("failure", [(400, "AccessDeniedException"), (500, "InternalError"), "drop"])
    def test_what_could_not_be_started_is_to_be_delivered_again(self, dispatch, capsys, failure):
        dispatch.aws.failures = [failure] * 1000
        answer = dispatch(body())
        assert answer["statusCode"] == 503
        assert "x-slack-no-retry" not in answer["headers"]
        assert log_lines(capsys)[-1]["outcome"] in {"start_refused", "start_unanswered"}

    def test_without_a_secret_too(self, dispatch_environment, capsys):
        dispatch_environment.secret = None
        assert Dispatch(dispatch_environment)(body())["statusCode"] == 503
        assert log_lines(capsys)[-1]["outcome"] == "secret_missing"


class TestNoCircles:
    @pytest.mark.parametrize(
        "event",
        [
            mention(user=BOT_USER),
            message(user=BOT_USER, bot_id="B0123BOT"),
            message(app_id=APP, bot_id="B0123BOT"),
            message(bot_profile={"app_id": APP}),
            message(subtype="message_changed", user=None, message={"user": BOT_USER, "text": "x"}),
            message(subtype="message_deleted", user=None, previous_message={"app_id": APP}),
            {"type": "reaction_added", "user": BOT_USER, "item": {"channel": "C0123OPS", "ts": TS}},
            message(channel_type="mpim", app_id=APP, bot_id="B0123BOT"),
        ],
    )
    def test_what_the_app_did_itself_starts_nothing(self, dispatch, capsys, event):
        assert ignored(dispatch, capsys, event) == "of_this_app"

    @pytest.mark.parametrize(
        "event",
        [
            mention(bot_id="B0OTHER"),
            message(subtype="bot_message", user=None),
            message(bot_profile={"app_id": "A0OTHER"}),
            message(user="USLACKBOT"),
            message(channel_type="im", subtype="message_changed", user=None, message={"bot_id": "B0OTHER"}),
        ],
    )
    def test_nor_what_other_bots_did(self, dispatch, capsys, event):
        assert ignored(dispatch, capsys, event) == "of_a_bot"

    @pytest.mark.parametrize("more", [{}, {"subtype": "bot_message", "user": None}])
    def test_but_where_bots_are_meant(self, dispatch, more):
        event = message(channel_type="mpim", channel="G0123MPIM", bot_id="B0OTHER", app_id="A0OTHER", **more)
        assert started(dispatch, event)["stateMachineArn"] == f"{MACHINES}Ops-OnMessageMpim"

    def test_a_user_with_the_id_of_no_bot_is_nobody_special(self, dispatch):
        installed = [{"team_id": TEAM, "user_id": "U0123TARO", "is_bot": False}]
        assert started(dispatch, mention(), authorizations=installed)["name"] == EVENT_ID


class TestRouting:
    @pytest.mark.parametrize(
        ("event", "machine"),
        [
            (message(), "Ops-OnMessage"),
            (message(channel_type="group", channel="G0123OPS"), "Ops-OnMessage"),
            (message(channel_type="im", channel="D0123"), "Ops-OnMessageIm"),
            (message(channel_type=None), "Ops-OnMessage"),
            (message(subtype="thread_broadcast"), "Ops-OnMessage"),
            (message(subtype="file_share"), "Ops-OnMessage"),
            (
                message(channel_type="im", channel="D0123", subtype="message_changed", message={"user": "U0123TARO"}),
                "Ops-OnMessageIm",
            ),
        ],
    )
    def test_messages_go_to_what_is_for_their_conversation(self, dispatch, event, machine):
        assert started(dispatch, event)["stateMachineArn"] == f"{MACHINES}{machine}"

    @pytest.mark.parametrize(
        ("event", "why"),
        [
            ({"type": "emoji_changed"}, "no_handler"),
            (message(channel="C0OTHER"), "other_channel"),
            (message(channel_type="im", channel="D0123", subtype="channel_join"), "other_subtype"),
            (message(subtype="message_changed", message={"user": "U0123TARO"}), "other_subtype"),
        ],
    )
    def test_what_is_for_nothing_is_ignored(self, dispatch, capsys, event, why):
        assert ignored(dispatch, capsys, event) == why

    @pytest.mark.parametrize(
        ("event", "thread"),
        [
            (mention(), TS),
            (mention(thread_ts="1763773400.000001"), "1763773400.000001"),
            (message(), ""),
            (message(thread_ts="1763773400.000001"), ""),
            (message(channel_type="im", channel="D0123"), ""),
            (message(channel_type="im", channel="D0123", thread_ts="1763773400.000001"), "1763773400.000001"),
            (mention(ts="soon"), ""),
            ({"type": "reaction_added", "user": "U0BOSS", "item": {"channel": "C0123OPS", "ts": TS}}, TS),
        ],
    )
    def test_the_answer_goes_below_the_message_or_into_the_channel(self, dispatch, event, thread):
        assert started(dispatch, event)["input"]["thread_ts"] == thread

    @pytest.mark.parametrize(
        ("event", "user", "channel"),
        [
            (
                {"type": "reaction_added", "user": "U0BOSS", "item": {"channel": "C0123OPS", "ts": TS}},
                "U0BOSS",
                "C0123OPS",
            ),
            ({"type": "team_join", "user": {"id": "U0NEW", "name": "new"}}, "U0NEW", ""),
            ({"type": "pin_added", "user_id": "U0123TARO", "channel_id": "C0123OPS"}, "U0123TARO", "C0123OPS"),
            ({"type": "team_join", "channel": {"id": "C0NEW"}}, "", "C0NEW"),
            (mention(user=7, channel=["C0123OPS"]), "", ""),
        ],
    )
    def test_who_and_where_is_found_in_events_of_all_shapes(self, dispatch, event, user, channel):
        request = started(dispatch, event)["input"]
        assert (request["user_id"], request["channel_id"]) == (user, channel)


class TestRules:
    def test_who_may_not_is_not_answered_but_written_down(self, dispatch, capsys):
        event = {"type": "reaction_added", "user": "U0123TARO", "item": {"channel": "C0123OPS", "ts": TS}}
        assert dispatch(of(event)) == EMPTY
        assert dispatch.started == []
        (refusal,) = dispatch.refusals
        assert (refusal["name"], refusal["input"]["reason"]) == (EVENT_ID, "not_allowed")
        assert refusal["input"]["request"]["command"] == "reaction_added"
        assert log_lines(capsys)[-1]["outcome"] == "not_allowed"

    def test_what_only_slack_knows_the_execution_asks(self, dispatch):
        assert started(dispatch, {"type": "pin_added", "user": "U0123TARO"})["stateMachineArn"].endswith("OnPin")

    def test_who_is_nobody_is_in_no_group(self, dispatch):
        dispatch(of({"type": "pin_added", "channel_id": "C0123OPS"}))
        assert dispatch.started == []
        assert [refusal["input"]["reason"] for refusal in dispatch.refusals] == ["not_allowed"]

    @pytest.mark.parametrize(
        ("event", "fields"),
        [
            (mention(user_team=OTHER_TEAM, source_team=OTHER_TEAM), {}),
            (mention(team=OTHER_TEAM), {}),
            (mention(team=None), {"team_id": OTHER_TEAM}),
            (mention(team=None), {"is_ext_shared_channel": True}),
            (
                message(
                    channel_type="im",
                    subtype="message_changed",
                    team=None,
                    message={"user": "U0ELSE", "user_team": OTHER_TEAM},
                ),
                {"is_ext_shared_channel": True},
            ),
        ],
    )
    def test_people_of_other_workspaces_may_nothing(self, dispatch, event, fields):
        dispatch(of(event, **fields))
        assert dispatch.started == []
        assert [refusal["input"]["reason"] for refusal in dispatch.refusals] == ["not_allowed"]

    def test_our_own_people_may_in_a_shared_channel(self, dispatch):
        shared = {"team_id": OTHER_TEAM, "is_ext_shared_channel": True}
        assert started(dispatch, mention(user_team=TEAM), **shared)["input"]["team_id"] == TEAM

    def test_an_organisation_has_its_own_workspaces(self, dispatch):
        assert started(dispatch, mention(team="E0ORG"), enterprise_id="E0ORG")["name"] == EVENT_ID

    def test_the_off_switch_stops_events_without_a_word(self, dispatch, dispatch_environment: AwsDouble, capsys):
        dispatch_environment.put(SWITCH_PARAMETER, "off for repairs")
        dispatch = Dispatch(dispatch_environment)
        assert dispatch(body()) == EMPTY
        assert dispatch.started == []
        assert [refusal["input"]["reason"] for refusal in dispatch.refusals] == ["switched_off"]
        assert log_lines(capsys)[-1]["outcome"] == "switched_off"


class TestSizes:
    def test_of_a_long_message_what_says_the_same_again_is_left_out(self, dispatch):
        event = mention(text="雪" * 15_000, blocks=[{"type": "rich_text", "text": "雪" * 15_000}])
        inner = started(dispatch, event)["input"]["occurrence"]["event"]
        assert inner == {name: value for name, value in event.items() if name != "blocks"}

    def test_what_is_too_large_all_the_same_is_refused_for_good(self, dispatch, capsys):
        answer = dispatch(of(mention(text="x" * 120_000)))
        assert (answer["statusCode"], answer["headers"]["x-slack-no-retry"]) == (413, "1")
        assert [line["outcome"] for line in log_lines(capsys)] == ["occurrence_too_large"]

    def test_what_opens_doors_is_not_handed_on(self, dispatch):
        event = mention(bot_access_token="canary", token="canary", response_url="https://hooks.slack.com/canary")
        assert started(dispatch, event)["input"]["occurrence"]["event"] == mention()


def test_the_log_has_who_and_where_and_nothing_that_was_written(dispatch, capsys):
    dispatch(body())
    (line,) = log_lines(capsys)
    told = ("event", "outcome", "team_id", "channel_id", "user_id", "command", "event_type", "id")
    assert [line[name] for name in told] == [
        *("request", "started", TEAM, "C0123OPS", "U0123TARO", "app_mention", "app_mention", EVENT_ID)
    ]
    assert not [secret for secret in ("canary", SECRET) if secret in json.dumps(line)]


def test_it_is_metered_like_a_command(dispatch, capsys):
    dispatch(body())
    (line,) = log_lines(capsys)
    assert (line["Received"], line["Started"], line["Reason"]) == (1, 1, "started")
