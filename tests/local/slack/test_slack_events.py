"""The Events API: what the endpoint receives, when Slack delivers again, and what is known of an event."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from chatops_local.slack import HttpAnswer, Message, NoMentionError, Person, SlackDouble, sent_command, sent_event
from tests.local.slack.test_slack_send import StandingClock

ANSWER = (500, "text/plain", b"")


@pytest.fixture
def post(slack, app, trusting, clock):
    client = WebClient(app.bot_token, proxy=slack.proxy_url, ssl=trusting, retry_handlers=[])

    def post(channel: str = "C123", text: str = "hello", **arguments: Any) -> Message:
        # One message a second.
        clock.now += 1
        answer = client.chat_postMessage(channel=channel, text=text, **arguments)
        message: Message = slack.wait_for(lambda message: message.ts == answer["ts"], 1)
        return message

    return post


Post = Callable[..., Message]


def told(endpoint: Any, number: int = 0) -> dict[str, Any]:
    return json.loads(endpoint.requests[number][2])  # type: ignore[no-any-return]


def retries(endpoint: Any) -> list[tuple[str | None, str | None]]:
    return [
        (headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")) for _, headers, _ in endpoint.requests
    ]


class TestEnvelope:
    # https://docs.slack.dev/apis/events-api#callback-field and https://docs.slack.dev/reference/events/app_mention
    def test_fields_in_slacks_order(self, slack, endpoint, app, clock):
        event = {"type": "app_mention", "user": "U0SAM", "channel": "C123", "text": "<@U0BOTTEST> hello"}
        sent = slack.event(event)
        envelope = told(endpoint)
        assert list(envelope) == [
            "token",
            "team_id",
            "context_team_id",
            "context_enterprise_id",
            "api_app_id",
            "event",
            "type",
            "event_id",
            "event_time",
            "authorizations",
            "is_ext_shared_channel",
            "event_context",
        ]
        assert (envelope["token"], envelope["api_app_id"]) == (app.verification_token, "A0TEST")
        assert (envelope["type"], envelope["team_id"], envelope["event_time"]) == (
            "event_callback",
            "T0TEST",
            int(clock.now),
        )
        assert envelope["event"] == event | {"ts": sent.event["ts"], "event_ts": sent.event["ts"]}
        assert envelope["event_id"] == sent.event_id
        (authorization,) = envelope["authorizations"]
        assert authorization == {
            "enterprise_id": None,
            "team_id": "T0TEST",
            "user_id": app.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        assert envelope["is_ext_shared_channel"] is False

    def test_the_request_is_signed_json_and_its_slashes_are_escaped(self, slack, endpoint, app, clock):
        slack.event({"type": "link_shared", "links": ["https://example.test/ä"]})
        path, headers, body = endpoint.requests[0]
        assert (path, headers["Content-Type"]) == ("/slack?x=1", "application/json")
        assert SignatureVerifier(app.signing_secret, StandingClock(clock.now)).is_valid_request(body, headers)
        assert b"https:\\/\\/example.test\\/\\u00e4" in body
        assert "X-Slack-Retry-Num" not in headers

    def test_ids_are_slacks_and_new_each_time(self, slack, endpoint):
        first, second = (slack.event({"type": "team_join", "user": {"id": "U0SAM"}}).event_id for _ in range(2))
        assert first.startswith("Ev")
        assert first.isalnum()
        assert first != second

    def test_an_id_and_a_workspace_may_be_given(self, slack, endpoint):
        sent = slack.event({"type": "reaction_added", "user": "U0SAM"}, team="T0OTHER", event_id="Ev0GIVEN")
        assert sent.event_id == told(endpoint)["event_id"] == "Ev0GIVEN"
        assert (told(endpoint)["team_id"], told(endpoint)["context_team_id"]) == ("T0OTHER", "T0TEST")
        assert told(endpoint)["is_ext_shared_channel"] is True

    def test_what_is_no_event_or_no_workspace(self, slack):
        with pytest.raises(ValueError, match="an event has a type"):
            slack.event({"text": "hello"})
        with pytest.raises(ValueError, match="team 'nobody'"):
            slack.event({"type": "team_join"}, team="nobody")


class TestMention:
    def test_is_a_message_that_people_see(self, slack, endpoint, app):
        sent = slack.mention("hello", user="U0SAM", channel="C123")
        event = told(endpoint)["event"]
        assert event == {
            "type": "app_mention",
            "user": "U0SAM",
            "team": "T0TEST",
            "text": f"<@{app.bot_user_id}> hello",
            "ts": event["ts"],
            "channel": "C123",
            "event_ts": event["ts"],
        }
        (said,) = slack.conversation
        assert (said.author, said.ts, said.text) == ("U0SAM", event["ts"], event["text"])
        assert slack.messages == sent.messages == []

    def test_in_a_thread(self, slack, endpoint, post):
        first = post()
        reply = post(thread_ts=first.ts)
        slack.mention("hello", channel="C123", thread=reply)
        assert told(endpoint)["event"]["thread_ts"] == first.ts
        assert [each.text for each in slack.thread(first)] == ["hello", "hello", "<@U0BOT0TEST> hello"]

    def test_of_somebody_of_another_workspace(self, slack, endpoint):
        # https://docs.slack.dev/apis/slack-connect
        slack.workspace.people.add(Person("U0EVE", team_id="T0OTHER"))
        slack.mention("hello", user="U0EVE")
        envelope = told(endpoint)
        assert (envelope["team_id"], envelope["is_ext_shared_channel"]) == ("T0OTHER", True)
        assert envelope["event"]["user_team"] == envelope["event"]["source_team"] == "T0OTHER"

    def test_where_an_app_is_told_of_none(self, slack, endpoint, app):
        # https://docs.slack.dev/reference/events/app_mention
        with pytest.raises(NoMentionError, match="in direct messages nothing is an app_mention"):
            slack.mention("hello", channel="D0SAM")
        slack.workspace.remove(app, "C123")
        with pytest.raises(NoMentionError, match="app A0TEST is not in it"):
            slack.mention("hello", channel="C123")
        assert (endpoint.requests, slack.conversation) == ([], [])


class TestMessageEvent:
    def test_an_app_is_told_of_what_somebody_wrote(self, slack, endpoint):
        # https://docs.slack.dev/reference/events/message
        said = slack.say("it is down", user="U0SAM", channel="D0SAM")
        sent = slack.tell(said)
        assert told(endpoint)["event"] == {
            "type": "message",
            "user": "U0SAM",
            "team": "T0TEST",
            "text": "it is down",
            "ts": said.ts,
            "channel": "D0SAM",
            "event_ts": said.ts,
            "channel_type": "im",
        }
        assert (sent.channel_id, sent.user_id, sent.thread) == ("D0SAM", "U0SAM", said.ts)


class TestRedelivery:
    # https://docs.slack.dev/apis/events-api#retries
    def test_what_is_taken_is_delivered_once(self, slack, endpoint):
        sent = slack.mention("hello")
        assert sent.ack.ok
        assert sent.is_given_up
        assert sent.redeliver() is None
        assert retries(endpoint) == [(None, None)]

    @pytest.mark.parametrize("status", [200, 201, 204, 299])
    def test_2xx_takes_it(self, slack, endpoint, status):
        endpoint.answer = (status, "text/plain", b"")
        assert slack.mention("hello").ack.ok

    def test_at_once_and_then_it_is_taken(self, slack, endpoint):
        endpoint.answers = [(503, "text/plain", b"later")]
        sent = slack.mention("hello")
        assert [delivery.ack.status for delivery in sent.deliveries] == [503, 200]
        assert retries(endpoint) == [(None, None), ("1", "http_error")]
        assert sent.ack.ok
        assert sent.is_given_up

    def test_the_body_is_the_same_and_the_signature_is_new(self, slack, endpoint, app, clock):
        endpoint.answers = [ANSWER, ANSWER]
        sent = slack.mention("hello")
        clock.now += 60
        slack.redeliver_due()
        stamps = [headers["X-Slack-Request-Timestamp"] for _, headers, _ in endpoint.requests]
        assert len({body for _, _, body in endpoint.requests}) == 1
        assert stamps[0] == stamps[1] != stamps[2]
        assert sent.request == sent.deliveries[0].request

    def test_after_a_minute_and_after_five_and_never_again(self, slack, endpoint, clock):
        endpoint.answer = ANSWER
        sent = slack.mention("hello")
        assert len(endpoint.requests) == 2
        for later, expected in [(59, 2), (1, 3), (299, 3), (1, 4), (86_400, 4)]:
            clock.now += later
            slack.redeliver_due()
            assert len(endpoint.requests) == expected
        assert [number for number, _ in retries(endpoint)] == [None, "1", "2", "3"]
        assert not sent.ack.ok
        assert sent.is_given_up
        assert sent.redeliver() is None

    def test_simulated_time_counts(self, slack, endpoint):
        endpoint.answer = ANSWER
        slack.mention("hello")
        slack.clock_shift = 60 + 300
        assert [delivery.retry for delivery in slack.redeliver_due()] == [2, 3]

    def test_on_demand(self, slack, endpoint):
        endpoint.answers = [ANSWER, ANSWER]
        sent = slack.mention("hello")
        delivery = sent.redeliver()
        assert (delivery.retry, delivery.ack.ok, len(endpoint.requests)) == (2, True, 3)

    def test_an_answer_may_ask_for_none(self, slack, endpoint):
        endpoint.answer = ANSWER
        endpoint.headers = {"X-Slack-No-Retry": "1"}
        sent = slack.mention("hello")
        assert sent.is_given_up
        assert len(endpoint.requests) == 1

    def test_reasons(self, slack, endpoint, monkeypatch):
        late = HttpAnswer(200, sent_command.ACK_LIMIT_MS + 1)
        assert sent_event.EventAck.judge(late).error == "http_timeout"
        assert sent_event.EventAck.judge(HttpAnswer(None, 1, problem="refused")).error == "connection_failed"
        assert sent_event.EventAck.judge(HttpAnswer(302, 1)).error == "http_error"
        assert sent_event.EventAck.judge(HttpAnswer(200, sent_command.ACK_LIMIT_MS)).ok

    def test_nobody_listens(self, slack, endpoint):
        endpoint.stop()
        sent = slack.mention("hello")
        assert [delivery.ack.error for delivery in sent.deliveries] == ["connection_failed"] * 2


class TestVerification:
    # https://docs.slack.dev/reference/events/url_verification
    @pytest.mark.parametrize(
        ("content_type", "answer"),
        [("text/plain", "{}"), ("application/json", '{{"challenge":"{}"}}'), ("text/plain", "challenge={}")],
    )
    def test_the_challenge_comes_back(self, slack, endpoint, content_type, answer):
        endpoint.reply = lambda body: (200, content_type, answer.format(json.loads(body)["challenge"]).encode())
        assert slack.verify_url()
        assert list(told(endpoint)) == ["token", "challenge", "type"]
        assert told(endpoint)["type"] == "url_verification"

    @pytest.mark.parametrize("answer", [(200, "text/plain", b"ok"), (200, "application/json", b"{"), (404, "", b"")])
    def test_it_does_not(self, slack, endpoint, answer):
        endpoint.answer = answer
        assert not slack.verify_url()

    def test_with_another_status_it_does_not_count(self, slack, endpoint):
        endpoint.reply = lambda body: (202, "text/plain", json.loads(body)["challenge"].encode())
        assert not slack.verify_url()

    def test_is_signed(self, slack, endpoint, app, clock):
        slack.verify_url()
        _, headers, body = endpoint.requests[0]
        assert SignatureVerifier(app.signing_secret, StandingClock(clock.now)).is_valid_request(body, headers)


class TestMessages:
    def test_answers_in_the_thread_or_in_the_channel(self, slack, endpoint, post):
        before = post()
        sent = slack.mention("hello", user="U0SAM", channel="C123")
        expected = [
            post(thread_ts=sent.thread),
            post(),
            post(channel="U0SAM"),
        ]
        post(channel="C999")
        post(thread_ts=before.ts)
        assert sent.messages == expected
        assert sent.wait(1) == expected

    def test_of_a_reaction_they_belong_to_the_message(self, slack, endpoint, post):
        message = post()
        item = {"type": "message", "channel": "C123", "ts": message.ts}
        sent = slack.event({"type": "reaction_added", "user": "U0SAM", "reaction": "eyes", "item": item})
        answer = post(thread_ts=message.ts)
        assert (sent.thread, sent.messages) == (message.ts, [answer])

    def test_nothing_comes(self, slack, endpoint):
        with pytest.raises(TimeoutError, match="app_mention"):
            slack.mention("hello").wait(0.05)


class TestThreads:
    def test_a_reply_is_in_its_parents_thread(self, slack, post):
        # https://docs.slack.dev/reference/methods/chat.postMessage#threads
        first = post()
        second = post(thread_ts=first.ts)
        third = post(thread_ts=second.ts)
        assert first.thread == second.thread_ts == third.thread_ts == first.ts
        assert slack.thread(third) == slack.thread(first.ts) == [first, second, third]
        assert "has the thread_ts of a reply" in slack.notes[0]

    def test_a_thread_that_is_none(self, slack, post):
        assert post(thread_ts="1.2").thread_ts == "1.2"
        assert slack.notes == ["a message in C123 has thread_ts 1.2, and no message there has that ts"]

    def test_a_broadcast(self, slack, post):
        first = post()
        assert not post(thread_ts=first.ts).broadcast
        assert post(thread_ts=first.ts, reply_broadcast=True).broadcast


class TestEcho:
    def test_without_it_an_apps_own_post_leads_to_nothing(self, slack, endpoint, post):
        post()
        slack.events.settle()
        assert endpoint.requests == []

    def test_an_apps_own_post_is_told_with_its_bot_id(self, slack, endpoint, app, post):
        # https://docs.slack.dev/reference/events/message
        slack.events.echo = True
        message = post()
        slack.events.settle()
        event = told(endpoint)["event"]
        assert (event["type"], event["channel"], event["channel_type"]) == ("message", "C123", "channel")
        assert (event["bot_id"], event["app_id"], event["user"]) == ("B0TEST", "A0TEST", app.bot_user_id)
        assert (event["ts"], event["event_ts"], event["text"]) == (message.ts, message.ts, "hello")

    def test_a_mention_of_itself_is_a_mention_too(self, slack, endpoint, app, post):
        slack.events.echo = True
        post(text=f"<@{app.bot_user_id}> again")
        slack.events.settle()
        kinds = {told(endpoint, number)["event"]["type"]: number for number in range(2)}
        mention = told(endpoint, kinds["app_mention"])["event"]
        assert set(kinds) == {"message", "app_mention"}
        assert mention["bot_id"] == "B0TEST"

    def test_what_never_ends_is_ended(self, slack, endpoint, app, clock, trusting):
        slack.events.echo = True
        client = WebClient(app.bot_token, proxy=slack.proxy_url, ssl=trusting, retry_handlers=[])

        def answer(body: bytes) -> tuple[int, str, bytes]:
            clock.now += 10
            client.chat_postMessage(channel="C123", text="and again")
            return 200, "text/plain", b""

        endpoint.reply = answer
        client.chat_postMessage(channel="C123", text="hello")
        deadline = time.monotonic() + 10
        while len(slack.messages) < 21 and time.monotonic() < deadline:
            time.sleep(0.01)
        slack.events.settle()
        assert len(endpoint.requests) == 20
        assert slack.notes == ["after 20 events of apps' own posts no more are delivered: do they answer each other?"]


def test_secrets_are_in_no_repr(slack: SlackDouble, app: Any):
    sent = slack.mention("hello")
    assert app.verification_token not in repr(sent.deliveries)
    assert app.signing_secret not in repr(sent.deliveries)
