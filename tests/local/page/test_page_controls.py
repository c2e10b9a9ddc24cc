"""Clicks, choices and groups, as the page's server does them for people."""

from typing import Any

import pytest

from chatops_local.page import run as run_module
from chatops_local.slack import sent_click
from tests.local.page.small_cloud import SmallCloud
from tests.local.slack.cards import approval, menus

ALEX, SAM, GUEST, EVE = "U0LOCALUSER", "U0LOCALSAM", "U0LOCALGUEST", "U0LOCALEVE"
OPS = "C0LOCALOPS"


def posted(cloud: SmallCloud, blocks: list[dict[str, Any]], **arguments: Any) -> Any:
    cloud.post("chat.postMessage", channel=OPS, text="card", blocks=blocks, **arguments)
    return cloud.slack.messages[-1]


def control(message: Any, number: int, user: str = SAM) -> dict[str, Any]:
    found = message.controls[number]
    return {"user": user, "ts": message.ts, "block_id": found.block_id, "action_id": found.action_id}


def test_a_click_is_a_run_and_its_message_changes_for_all(cloud, client, events):
    card = posted(cloud, approval())
    shown = events.wait_for("message", ts=card.ts)
    # The browser needs ids to say which one it was.
    assert all(block["block_id"] for block in shown["blocks"])
    cloud.reactions["chatops.approve"] = lambda payload: cloud.respond(
        payload["response_url"], replace_original=True, text=f"by {payload['user']['name']}"
    )
    assert client.post("/api/clicks", control(card, 0)) == (200, {"error": ""})
    changed = events.wait_for("message", ts=card.ts, text="by sam")
    assert (changed["blocks"], changed["edited"], changed["deleted"]) == ([], True, False)
    run = events.wait_for("run", typed="[✅ Approve]")
    assert (run["click"], run["user"], run["problems"]) == (True, SAM, [])


def test_what_is_said_to_who_clicked_is_said_by_the_app_to_nobody_else(cloud, client, events):
    card = posted(cloud, approval())
    cloud.reactions["chatops.approve"] = lambda payload: cloud.respond(
        payload["response_url"], replace_original=False, text="not you"
    )
    others = client.events(SAM)
    client.post("/api/clicks", control(card, 0, ALEX))
    told = events.wait_for("message", text="not you")
    assert (told["author"], told["ephemeral"]) == ({"kind": "app", "name": "Small"}, True)
    assert told["run"]
    others.wait_for("run", typed="[✅ Approve]")
    assert "not you" not in [message["text"] for message in others.of("message")]
    others.close()


def test_a_refused_click_says_what_slack_would_not(cloud, client, events):
    cloud.acks["chatops.deny"] = (403, 0.0)
    assert client.post("/api/clicks", control(posted(cloud, approval()), 1)) == (200, {"error": "dispatch_failed"})
    problems = ["Slack shows a warning beside the button: dispatch_failed: HTTP 403"]
    assert events.wait_for("run", typed="[Deny]", problems=problems)["status"] == "failed"


def test_a_click_that_runs_a_command_is_looked_at_like_one(cloud, client, events):
    button = {
        "type": "button",
        "action_id": "chatops.run",
        "value": "/ps",
        "text": {"type": "plain_text", "text": "Look"},
    }
    client.post("/api/clicks", control(posted(cloud, [{"type": "actions", "elements": [button]}]), 0))
    assert events.wait_for("run", typed="[Look]")["click"] is False


def test_a_late_click_is_said_in_time(cloud, client, monkeypatch):
    monkeypatch.setattr(run_module, "LATE_SECONDS", 0.2)
    monkeypatch.setattr(sent_click, "ACK_LIMIT_MS", 100)
    cloud.acks["chatops.approve"] = (200, 0.6)
    answer = client.post("/api/clicks", control(posted(cloud, approval()), 0))
    assert answer == (200, {"error": "operation_timeout"})


def test_a_choice_is_known_to_who_made_it(cloud, client, events):
    message = posted(cloud, menus())
    others = client.events(ALEX)
    values = ["web-1-value", "web-2-value"]
    assert client.post("/api/choices", {**control(message, 1), "values": values}) == (200, {"error": ""})
    own = client.events(SAM)
    assert own.wait_for("choice") == {"values": values}
    client.post("/api/messages", {"user": SAM, "channel": OPS, "text": "after it"})
    others.wait_for("message", text="after it")
    assert others.of("choice") == []
    assert [len(click["actions"][0]["selected_options"]) for click in cloud.clicks] == [1, 2]
    own.close()
    others.close()


@pytest.mark.parametrize(
    ("path", "fields", "why"),
    [
        ("clicks", {"ts": "1.000001"}, "there is none, or no longer"),
        ("clicks", {"action_id": "chatops.cancel"}, "no such control any more"),
        ("clicks", {"user": GUEST}, "guest is in no such conversation"),
        ("clicks", {"user": "U0NOBODY"}, "there is nobody of that id"),
        ("clicks", {"block_id": 1}, "a text is expected"),
        ("choices", {"values": "web-1"}, "a list of texts is expected"),
        ("choices", {"values": ["web-9"]}, "no such control"),
    ],
)
def test_what_cannot_be_done(cloud, client, path, fields, why):
    card = posted(cloud, approval())
    status, answer = client.post(f"/api/{path}", {**control(card, 0), "values": [], **fields})
    assert status == 400
    assert why in answer["error"]
    assert cloud.clicks == []


def test_somebody_of_another_company_has_no_commands(cloud, client):
    events = client.events(EVE)
    client.post("/api/messages", {"user": EVE, "channel": OPS, "text": "/ps"})
    assert events.wait_for("message", ephemeral=True)["text"] == "`/ps` is not a valid command."
    assert events.of("run") == []
    events.close()


class TestGroups:
    def test_a_group_that_is_asked_for_has_two_members_who_can_be_changed(self, cloud, client, events):
        cloud.ask_for_group("S0ADMINS")
        assert events.wait_for("group") == {"users": [SAM, "U0LOCALKIM"]}
        assert client.post("/api/members", {"group": "S0ADMINS", "person": SAM, "member": False}) == (200, {})
        assert client.post("/api/members", {"group": "S0ADMINS", "person": ALEX, "member": True}) == (200, {})
        assert cloud.ask_for_group("S0ADMINS") == ["U0LOCALKIM", ALEX]
        events.wait_for("group", users=["U0LOCALKIM", ALEX])

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"group": "S0NONE"}, "there is no such group"),
            ({"person": "U0NOBODY"}, "nobody of that id"),
            ({"member": "yes"}, "true or false"),
        ],
    )
    def test_what_cannot_be_changed(self, cloud, client, changes, why):
        cloud.ask_for_group("S0ADMINS")
        fields = {"group": "S0ADMINS", "person": SAM, "member": True, **changes}
        status, answer = client.post("/api/members", fields)
        assert status == 400
        assert why in answer["error"]
