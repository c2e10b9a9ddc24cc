"""Mentions, threads and schedules on the page."""

import copy

from chatops_local.page import workbench
from chatops_local.page.listeners import Listener, listeners_in
from chatops_local.page.mentions import Mentionable, mentionable_in, mentioned_in
from chatops_local.server import DeployedStack
from tests.local.page.browser import Client
from tests.local.page.small_cloud import SCHEDULE, TEMPLATE, small_page

ALEX, OPS = "U0LOCALUSER", "C0LOCALOPS"
BOT = Mentionable("@bot", "answers questions", "Small", "Small/Slack")


def type_in(client: Client, text: str, **others: str) -> None:
    status, answer = client.post("/api/messages", {"user": ALEX, "channel": OPS, "text": text} | others)
    assert status == 200, answer


class TestMentions:
    def test_what_was_typed_is_shown_and_the_app_is_told(self, cloud, client, events):
        type_in(client, "@bot is a < b?")
        said = events.wait_for("message")
        assert (said["text"], said["author"]["name"]) == ("<@U0BOT0SMALL> is a &lt; b?", "alex")
        run = events.wait_for("run", status="succeeded")
        assert (run["typed"], run["ack"]["error"]) == ("@bot is a < b?", "")
        (told,) = cloud.mentions
        assert (told["type"], told["user"], told["channel"], told["ts"]) == ("app_mention", ALEX, OPS, said["ts"])
        assert "Small" in [bot["name"] for bot in events.of("bot")]

    def test_an_answer_in_the_thread_has_the_name_of_the_app(self, cloud, client, events):
        type_in(client, "@bot hello")
        said = events.wait_for("message")
        cloud.post("chat.postMessage", channel=OPS, text="hello yourself", thread_ts=said["ts"])
        answer = events.wait_for("message", text="hello yourself")
        assert (answer["thread"], answer["author"]) == (said["ts"], {"kind": "app", "name": "Small"})

    def test_in_a_thread(self, cloud, client, events):
        type_in(client, "anybody?")
        first = events.wait_for("message", text="anybody?")
        type_in(client, "@bot you?", thread=first["ts"])
        assert events.wait_for("message", text="<@U0BOT0SMALL> you?")["thread"] == first["ts"]
        events.wait_for("run", status="succeeded")
        assert cloud.mentions[0]["thread_ts"] == first["ts"]

    def test_one_that_is_not_taken_has_failed(self, cloud, client, events):
        cloud.mention_status = 503
        type_in(client, "@bot hello")
        run = events.wait_for("run", status="failed")
        assert run["ack"]["error"] == "http_error"
        assert len(cloud.mentions) == 2

    def test_anything_else_with_that_sign_is_a_message(self, cloud, client, events):
        type_in(client, "@sam hello")
        assert events.wait_for("message")["text"] == "@sam hello"
        assert events.of("run") == []
        assert cloud.mentions == []

    def test_in_direct_messages_it_is_a_message(self, cloud, client, events):
        events.next()
        type_in(client, "@bot hello", channel="D0LOCALUSER")
        assert events.wait_for("message")["text"] == "@bot hello"
        assert cloud.mentions == []

    def test_several_apps_have_names_of_their_own(self):
        template = copy.deepcopy(TEMPLATE)
        template["Resources"]["Dispatch"]["Metadata"]["aws:cdk:path"] = "Other/Slack/Dispatch/Resource"
        stacks = [DeployedStack("Small", {}, TEMPLATE, {}), DeployedStack("Other", {}, template, {})]
        assert [each.name for each in mentionable_in(stacks)] == ["@Small-Slack", "@Other-Slack"]

    def test_what_begins_with_a_mention(self):
        assert mentioned_in("@BOT  hello there ", [BOT]) == (BOT, "hello there")
        assert mentioned_in("@bot", [BOT]) == (BOT, "")
        assert mentioned_in("@bots hello", [BOT]) is None
        assert mentioned_in("hello @bot", [BOT]) is None

    def test_an_app_may_be_called_what_its_messages_are_signed_with(self):
        other = Mentionable("@Other-Slack", "answers others", "Small", "Other/Slack")
        assert mentioned_in("@small hello", [BOT]) == (BOT, "hello")
        assert mentioned_in("@small hello", [BOT, other]) is None
        assert mentioned_in("@other-slack hello", [BOT, other]) == (other, "hello")


class TestListeners:
    def test_who_is_told_of_which_messages(self):
        template = copy.deepcopy(TEMPLATE)
        mark = template["Resources"]["Dispatch"]["Metadata"]["chatops:endpoint"]
        mark["events"] = {"message": {"description": "", "subscriptions": ["message.channels"], "scopes": []}}
        (listener,) = listeners_in([DeployedStack("Small", {}, template, {})])
        assert (listener.app, listener.endpoint) == ("Small", "Small/Slack")
        assert [channel for channel in ("C0OPS", "D0SAM", "G0OPS") if listener.hears(channel)] == ["C0OPS"]
        assert listeners_in([DeployedStack("Small", {}, TEMPLATE, {})]) == []

    def test_one_is_told_of_a_message(self, monkeypatch):
        listener = Listener("Small", "Small/Slack", frozenset({"message.channels"}))
        monkeypatch.setattr(workbench, "listeners_in", lambda _: [listener])
        with small_page() as (cloud, page):
            client = Client(page)
            events = client.events()
            type_in(client, "a < b")
            assert events.wait_for("run", status="succeeded")["typed"] == "a < b"
            (told,) = cloud.mentions
            assert (told["type"], told["text"], told["user"]) == ("message", "a &lt; b", ALEX)
            events.close()


class TestThreads:
    def test_a_message_in_a_thread(self, client, events):
        type_in(client, "first")
        first = events.wait_for("message", text="first")
        type_in(client, "second", thread=first["ts"])
        assert events.wait_for("message", text="second")["thread"] == first["ts"]

    def test_commands_do_not_work_there(self, client, events):
        # https://docs.slack.dev/interactivity/implementing-slash-commands
        type_in(client, "/ps", thread="1.2")
        told = events.wait_for("message")
        assert (told["text"], told["ephemeral"]) == ("`/ps` is not supported in threads. Sorry!", True)
        assert events.of("run") == []


class TestSchedules:
    def test_they_are_listed(self, client, events):
        events.next()
        assert events.of("schedule") == [
            {
                "title": "Small/Standup",
                "expression": "cron(0 9 ? * MON-FRI *)",
                "zone": "UTC",
                "enabled": True,
                "next": "Mon 2026-11-23 09:00",
            }
        ]

    def test_one_is_fired(self, cloud, client):
        assert client.post("/api/ticks", {"schedule": SCHEDULE.arn}) == (200, {})
        assert cloud.ticks == [SCHEDULE.arn]

    def test_there_is_no_such_schedule(self, client):
        status, answer = client.post("/api/ticks", {"schedule": "nothing"})
        assert (status, answer["error"]) == (400, "there is no schedule 'nothing'")
