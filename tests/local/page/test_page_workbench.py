"""What people do on the page, and what each of them then sees."""

import pytest

from chatops_local.page import run as run_module
from chatops_local.server.observations import Decision
from chatops_local.slack import sent_command
from tests.local.page.browser import Client

ALEX, SAM, GUEST = "U0LOCALUSER", "U0LOCALSAM", "U0LOCALGUEST"
OPS, GENERAL = "C0LOCALOPS", "C0LOCALGENERAL"


def type_in(client: Client, text: str, user: str = ALEX, channel: str = OPS) -> None:
    status, answer = client.post("/api/messages", {"user": user, "channel": channel, "text": text})
    assert status == 200, answer


def test_the_commands_of_the_app_are_known_with_what_they_name(events):
    events.next()
    (commands,) = events.of("commands")
    assert [(each["name"], each["usage"], each["app"]) for each in commands["all"]] == [
        ("/ops restart", "/ops restart <service>", "Small"),
        ("/ops status", "/ops status", "Small"),
        ("/ps", "/ps", "Small"),
        ("@bot", "@bot [text]", "Small"),
    ]
    assert "c0123ops" in [channel["name"] for channel in events.of("channel")]
    assert "u0123boss" in [person["name"] for person in events.of("person")]


def test_a_message_is_shown_to_everybody(client, events):
    type_in(client, "good *morning*")
    message = events.wait_for("message")
    assert (message["text"], message["author"]["name"], message["ephemeral"]) == ("good *morning*", "alex", False)


def test_an_ephemeral_answer_is_for_the_one_who_typed_and_what_was_typed_for_nobody(cloud, client, events):
    # https://docs.slack.dev/interactivity/implementing-slash-commands#message_visibility
    cloud.answers["/ps"] = ({"text": "working on it"}, 0)
    others = client.events(SAM)
    type_in(client, "/ps")
    type_in(client, "done?")
    assert events.wait_for("message", text="working on it")["ephemeral"]
    assert others.wait_for("message", text="done?")
    others.wait_for("run", status="succeeded")
    assert [message["text"] for message in others.of("message")] == ["done?"]
    assert "/ps" not in [message["text"] for message in events.of("message")]
    others.close()


def test_an_answer_for_the_channel_shows_what_was_typed_as_well(cloud, client, events):
    cloud.answers["/ps"] = ({"text": "here", "response_type": "in_channel"}, 0)
    type_in(client, "/ps")
    typed = events.wait_for("message", typed=True)
    answer = events.wait_for("message", text="here")
    assert (typed["text"], typed["author"]["name"]) == ("/ps", "alex")
    assert (answer["author"], answer["ephemeral"]) == ({"kind": "app", "name": "Small"}, False)
    assert typed["at"] < answer["at"]


def test_an_answer_in_time_is_a_run_that_succeeds(client, events):
    type_in(client, "/ps")
    run = events.wait_for("run", status="succeeded")
    assert run["ack"]["error"] == ""
    assert 0 <= run["ack"]["ms"] < 3000


def test_a_late_answer_is_an_operation_timeout_told_at_once_to_who_typed(cloud, client, events, monkeypatch):
    monkeypatch.setattr(run_module, "LATE_SECONDS", 0.2)
    monkeypatch.setattr(sent_command, "ACK_LIMIT_MS", 100)
    cloud.answers["/ps"] = ({"text": "too late"}, 0.8)
    others = client.events(SAM)
    type_in(client, "/ps")
    told = events.wait_for("message")
    assert told["text"] == '`/ps` failed with the error "operation_timeout"'
    assert (told["author"]["kind"], told["ephemeral"]) == ("slack", True)
    waiting = events.wait_for("run")
    assert (waiting["status"], waiting["ack"]["ms"]) == ("failed", None)
    events.known.clear()
    assert events.wait_for("run", status="failed")["problems"] == ["Slack shows operation_timeout"]
    events.wait_for("run")
    assert others.of("message") == []
    others.close()


def test_a_command_that_the_app_lacks_is_told_by_slack(client, events):
    type_in(client, "/deploy now")
    told = events.wait_for("message")
    assert (told["text"], told["author"]["kind"], told["ephemeral"]) == (
        "`/deploy` is not a valid command.",
        "slack",
        True,
    )
    assert events.of("run") == []


def test_what_the_app_posts_comes_to_its_channel_and_into_its_thread(cloud, client, events):
    ts = cloud.post("chat.postMessage", channel="C0ALERTS", text="*alarm*")["ts"]
    cloud.post("chat.postMessage", channel="C0ALERTS", text="more", thread_ts=ts)
    assert events.wait_for("message", text="*alarm*")["channel"] == "C0ALERTS"
    assert events.wait_for("message", text="more")["thread"] == ts
    assert events.wait_for("channel", id="C0ALERTS")


def test_direct_messages_are_seen_by_one(cloud, client, events):
    others = client.events(SAM)
    cloud.post("chat.postMessage", channel=SAM, text="for sam")
    type_in(client, "after it")
    assert others.wait_for("message", text="for sam")["channel"] == "D0LOCALSAM"
    events.wait_for("message", text="after it")
    assert [message["text"] for message in events.of("message")] == ["after it"]
    assert "D0LOCALSAM" not in [channel["id"] for channel in events.of("channel")]
    others.close()


def test_a_guest_is_in_one_channel(client):
    guest = client.events(GUEST)
    type_in(client, "in ops")
    type_in(client, "in general", channel=GENERAL)
    guest.wait_for("message", text="in general")
    assert [message["text"] for message in guest.of("message")] == ["in general"]
    status, answer = client.post("/api/messages", {"user": GUEST, "channel": OPS, "text": "let me in"})
    assert (status, answer["error"]) == (400, f"channel '{OPS}': guest is in no such conversation")
    guest.close()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"user": "U0NOBODY", "channel": OPS, "text": "x"}, "there is nobody of that id"),
        ({"user": ALEX, "channel": "C0NOWHERE", "text": "x"}, "is in no such conversation"),
        ({"user": ALEX, "channel": "D0LOCALSAM", "text": "x"}, "is in no such conversation"),
        ({"user": ALEX, "channel": OPS, "text": " "}, "1 to 12000 are expected"),
        ({"user": ALEX, "channel": OPS, "text": "x" * 12_001}, "1 to 12000 are expected"),
    ],
)
def test_what_cannot_be_sent(client, fields, why):
    status, answer = client.post("/api/messages", fields)
    assert status == 400
    assert why in answer["error"]


@pytest.mark.parametrize(
    ("given", "id"), [("deploys", "C0LOCALDEPLOYS"), ("#Team Alerts", "C0LOCALTEAMALERTS"), ("C0123NEW", "C0123NEW")]
)
def test_a_channel_is_added_by_name_or_id(client, events, given, id):
    assert client.post("/api/channels", {"name": given}) == (200, {"id": id})
    assert events.wait_for("channel", id=id)


@pytest.mark.parametrize("name", ["", "!", "-x", "x" * 81])
def test_what_is_no_name_of_a_channel(client, name):
    status, answer = client.post("/api/channels", {"name": name})
    assert status == 400
    assert "such as deploys, or an id" in answer["error"]


def test_names_that_differ_in_signs_only_are_two_channels(client):
    ids = {client.post("/api/channels", {"name": name})[1]["id"] for name in ("a-b", "ab", "a_b", "a-b")}
    assert len(ids) == 3


def test_a_cloud_that_does_not_answer_is_said_and_forgotten_when_it_does(cloud, events):
    taken, cloud.server = cloud.server, None
    assert "the local cloud does not answer" in events.wait_for("app", status="blind")["problem"]
    cloud.server = taken
    assert events.wait_for("app", status="running")


def test_an_agent_is_cut_off(client, events):
    events.wait_for("instance", online=True)
    assert client.post("/api/instances", {"name": "web-2", "online": False}) == (200, {})
    assert events.wait_for("instance", online=False)["id"] == "i-web-2"
    assert client.post("/api/instances", {"name": "web-9", "online": False})[0] == 400
    assert client.post("/api/instances", {"name": "web-1", "online": "no"})[0] == 400


def test_the_app_is_deployed_again_and_says_what_went_wrong(cloud, client, events):
    cloud.fault = RuntimeError("app.py: line 3 is wrong")
    assert client.post("/api/deployments", {}) == (200, {"started": True})
    assert events.wait_for("app", status="failed")["problem"] == "app.py: line 3 is wrong"
    cloud.fault = None
    client.post("/api/deployments", {})
    assert events.wait_for("app", status="running")["problem"] == ""
    assert cloud.deployments == 2


def test_what_slack_would_not_tell_is_noted(cloud, events):
    cloud.post("chat.postMessage", channel="C0ALERTS", text="")
    assert events.wait_for("note")["text"] == "chat.postMessage was refused: no_text"


def test_calls_made_while_a_command_runs_are_shown_with_what_allowed_them(cloud, client, events):
    cloud.answers["/ps"] = ({"text": "ok"}, 0.4)
    type_in(client, "/ps")
    began = events.wait_for("run")["began"]
    principal = "arn:aws:sts::123456789012:assumed-role/Small-Role-2/Small-Dispatch-1"
    cloud.server.made = [
        Decision(number, began + 0.1, principal, "ssm:GetParameter", "*", number < 3, "Own", "ReadIt")
        for number in (1, 2, 3)
    ]
    while not (calls := events.wait_for("run")["calls"]):
        events.next()
    shown = [(call["role"], call["action"], call["allowed"], call["times"]) for call in calls]
    assert shown == [("Slack/Role", "ssm:GetParameter", True, 2), ("Slack/Role", "ssm:GetParameter", False, 1)]
    assert (calls[0]["policy"], calls[0]["statement"]) == ("Own", "ReadIt")


def test_a_page_that_comes_later_is_told_everything(client, events):
    type_in(client, "early")
    events.wait_for("message", text="early")
    later = client.events()
    first = later.next()
    assert first["whole"]
    assert [message["text"] for message in later.of("message")] == ["early"]
    later.close()


def test_nobody_else_is_followed(client):
    assert client.events("U0NOBODY").status == 400
