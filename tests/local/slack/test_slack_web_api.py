"""The Web API as Slack's own client meets it."""

import json
import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from chatops_local.slack import Person

pytestmark = pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")


@pytest.fixture
def client(slack, app, trusting):
    return WebClient(app.bot_token, proxy=slack.proxy_url, ssl=trusting, retry_handlers=[])


@pytest.fixture
def call(slack, trusting):
    """POST raw bytes to a method."""
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"https": slack.proxy_url}), urllib.request.HTTPSHandler(context=trusting)
    )

    def call(method, body, **headers):
        url = f"https://slack.com/api/{method}"
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return json.load(opener.open(urllib.request.Request(url, body, headers)))

    return call


def test_auth_test(client, app):
    answer = client.auth_test()
    assert (answer["team_id"], answer["user_id"]) == ("T0TEST", app.bot_user_id)


def test_post_message(client, slack):
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*done*"}}]
    answer = client.chat_postMessage(channel="C123", text="done", blocks=blocks)
    (message,) = slack.messages
    assert (message.channel, message.user, message.via) == ("C123", None, "chat.postMessage")
    assert message.blocks == tuple(blocks)
    assert message.shown == "*done*"
    assert answer["ts"] == message.ts
    assert answer["message"]["text"] == "done"


def test_post_ephemeral(client, slack):
    client.chat_postEphemeral(channel="C123", user="U123", text="psst")
    assert (slack.messages[0].user, slack.messages[0].ephemeral) == ("U123", True)


def test_update(client, slack):
    # https://docs.slack.dev/reference/methods/chat.update
    ts = client.chat_postMessage(channel="C123", text="waiting", blocks=[{"type": "divider"}])["ts"]
    answer = client.chat_update(channel="C123", ts=ts, text="approved", blocks=[{"type": "divider"}] * 2)
    assert (answer["ts"], answer["text"], len(answer["message"]["blocks"])) == (ts, "approved", 2)
    client.chat_update(channel="C123", ts=ts, text="text alone removes the blocks")
    (message,) = slack.messages
    assert (message.shown, message.blocks, message.via) == ("text alone removes the blocks", (), "chat.postMessage")
    assert [each.text for each in slack.versions] == ["waiting", "approved", "text alone removes the blocks"]


def test_what_cannot_be_updated(client, slack, app, trusting):
    ts = client.chat_postMessage(channel="C123", text="x")["ts"]
    ephemeral = client.chat_postEphemeral(channel="C123", user="U123", text="psst")["message_ts"]
    other = WebClient(slack.workspace.app("A0OTHER", "T0TEST").bot_token, proxy=slack.proxy_url, ssl=trusting)
    for caller, channel, which, error in (
        (client, "C123", "1.000001", "message_not_found"),
        (client, "C456", ts, "message_not_found"),
        (client, "C123", ephemeral, "message_not_found"),
        (client, "U123", ts, "channel_not_found"),
        (other, "C123", ts, "cant_update_message"),
    ):
        with pytest.raises(SlackApiError, match=error):
            caller.chat_update(channel=channel, ts=which, text="y")
    with pytest.raises(SlackApiError, match="no_text"):
        client.chat_update(channel="C123", ts=ts, text="")
    assert [message.text for message in slack.messages] == ["x", "psst"]


def test_users_of_a_group(client, slack, app):
    # https://docs.slack.dev/reference/methods/usergroups.users.list
    slack.workspace.people.set_group("S0ADMINS", ["U0ANN", "U0BOB", "U0ANN"])
    slack.workspace.people.add(Person("U0BOB", deleted=True))
    assert client.usergroups_users_list(usergroup="S0ADMINS")["users"] == ["U0ANN"]
    with pytest.raises(SlackApiError, match="no_such_subteam"):
        client.usergroups_users_list(usergroup="S0OTHERS")
    slack.workspace.grant(app, "chat:write", "users:read")
    with pytest.raises(SlackApiError) as refused:
        client.usergroups_users_list(usergroup="S0ADMINS")
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "usergroups:read"
    assert refused.value.response["provided"] == "chat:write,users:read"


def test_a_user_by_email(client, slack, app):
    # https://docs.slack.dev/reference/methods/users.lookupByEmail
    slack.workspace.people.add(Person("U0ANN", email="Ann@example.com"))
    slack.workspace.people.add(Person("U0BOB", email="bob@example.com", deleted=True))
    assert client.users_lookupByEmail(email="ann@EXAMPLE.com")["user"]["id"] == "U0ANN"
    for nobody in ("bob@example.com", "eve@example.com", ""):
        with pytest.raises(SlackApiError, match="users_not_found"):
            client.users_lookupByEmail(email=nobody)
    slack.workspace.grant(app, "users:read")
    with pytest.raises(SlackApiError, match="missing_scope"):
        client.users_lookupByEmail(email="ann@example.com")


def test_methods_that_take_no_json(call, slack, app):
    # https://api.slack.com/methods/usergroups.users.list
    headers = {"Content_Type": "application/json", "Authorization": f"Bearer {app.bot_token}"}
    slack.workspace.people.set_group("S0ADMINS", ["U0ANN"])
    assert call("usergroups.users.list", b'{"usergroup": "S0ADMINS"}', **headers)["error"] == "no_such_subteam"
    assert call("users.info", b'{"user": "U0ANN"}', **headers)["error"] == "user_not_found"
    assert slack.notes[0] == "usergroups.users.list takes a form: the arguments in its JSON were not read"


@pytest.mark.parametrize(
    ("person", "told"),
    [
        (Person("U0ANN"), {"is_restricted": False, "is_ultra_restricted": False, "team_id": "T0TEST"}),
        (Person("U0ANN", guest=True), {"is_restricted": True, "is_ultra_restricted": False}),
        (Person("U0ANN", single_channel=True), {"is_restricted": True, "is_ultra_restricted": True}),
        (Person("U0ANN", deleted=True), {"deleted": True}),
        (Person("U0ANN", team_id="T0EVIL"), {"team_id": "T0EVIL", "is_stranger": False}),
        (Person("U0ANN", team_id="T0EVIL", stranger=True), {"is_stranger": True}),
    ],
)
def test_a_user(client, slack, person, told):
    # https://docs.slack.dev/reference/objects/user-object
    slack.workspace.people.add(person)
    user = client.users_info(user="U0ANN")["user"]
    assert {name: user.get(name) for name in told} == told


def test_a_user_who_is_not_known_is_a_member(client, slack, app):
    assert client.users_info(user="U0NEW")["user"]["is_restricted"] is False
    with pytest.raises(SlackApiError, match="user_not_found"):
        client.users_info(user="taro")
    slack.workspace.grant(app, "chat:write")
    with pytest.raises(SlackApiError, match="missing_scope"):
        client.users_info(user="U0NEW")


def test_a_direct_message(client, slack):
    assert client.chat_postMessage(channel="U123", text="psst")["channel"] == "D123"


def test_a_form(call, app, slack):
    answer = call("chat.postMessage", f"token={app.bot_token}&channel=C123&text=a+b&unfurl_links=false".encode())
    assert answer["ok"]
    assert slack.messages[0].text == "a b"


def test_a_form_with_blocks(call, app, slack):
    blocks = "blocks=%5B%7B%22type%22%3A%22divider%22%7D%5D"
    assert call("chat.postMessage", f"token={app.bot_token}&channel=C123&{blocks}".encode())["ok"]
    assert slack.messages[0].blocks == ({"type": "divider"},)
    answer = call("chat.postMessage", f"token={app.bot_token}&channel=C123&blocks=%5B".encode())
    assert answer["error"] == "invalid_blocks_format"


def test_no_token(call):
    assert call("auth.test", b"") == {"ok": False, "error": "not_authed"}
    assert call("auth.test", b"{}", Content_Type="application/json")["error"] == "not_authed"


def test_wrong_token(call, slack, trusting):
    assert call("auth.test", b"", Authorization="Bearer xoxb-1-2-3")["error"] == "invalid_auth"
    with pytest.raises(SlackApiError, match="invalid_auth"):
        WebClient("xoxb-1-2-3", proxy=slack.proxy_url, ssl=trusting).auth_test()


def test_unknown_method(call, slack):
    assert call("chat.shout", b"") == {"ok": False, "error": "unknown_method"}
    assert slack.notes == ["chat.shout was called, a Web API method that the Slack double does not know"]


@pytest.mark.parametrize(("body", "error"), [(b"{", "invalid_json"), (b"[]", "json_not_object")])
def test_bad_json(call, app, body, error):
    headers = {"Content_Type": "application/json", "Authorization": f"Bearer {app.bot_token}"}
    assert call("chat.postMessage", body, **headers)["error"] == error


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "ops", "text": "x"}, "channel_not_found"),
        ({"channel": "C123", "text": ""}, "no_text"),
        ({"channel": "C123", "blocks": [{"type": "header"}]}, "invalid_blocks"),
        ({"channel": "C123", "text": "x", "user": "taro"}, "user_not_in_channel"),
    ],
)
def test_refused(client, slack, arguments, error):
    method = client.chat_postEphemeral if "user" in arguments else client.chat_postMessage
    with pytest.raises(SlackApiError, match=error):
        method(**arguments)
    assert slack.messages == []
    assert f" was refused: {error}" in slack.notes[0]


def test_invalid_blocks_say_where(client):
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C123", blocks=[{"type": "divider"}, {"type": "section"}])
    assert refused.value.response["errors"] == ["must define either `fields` or `text` [json-pointer:/blocks/1]"]


def test_one_message_a_second_and_channel(client, slack, clock):
    # https://docs.slack.dev/apis/web-api/rate-limits: 1 message per second per channel, short bursts allowed
    for n in range(3):
        client.chat_postMessage(channel="C123", text=str(n))
    with pytest.raises(SlackApiError) as limited:
        client.chat_postMessage(channel="C123", text="too many")
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "1"
    assert limited.value.response["error"] == "ratelimited"
    assert slack.notes == [
        "chat.postMessage was refused: ratelimited (one message a second and channel); come again after 1 s"
    ]
    client.chat_postMessage(channel="C456", text="another channel")
    clock.now += 1
    client.chat_postMessage(channel="C123", text="a second later")
    assert [m.text for m in slack.messages] == ["0", "1", "2", "another channel", "a second later"]


@pytest.mark.parametrize(
    ("channel", "is_answered"), [("C0LOCALOPS", True), ("U0LOCALUSER", True), ("C0OTHER", False), ("U0OTHER", False)]
)
def test_a_command_is_answered_with_a_token_too(client, slack, channel, is_answered):
    client.chat_postMessage(channel="C0LOCALOPS", text="before it")
    sent = slack.send("/ps", user="U0LOCALUSER", channel="C0LOCALOPS")
    assert not sent.is_answered
    client.chat_postMessage(channel=channel, text="late result")
    assert sent.is_answered == is_answered
    assert sent.results == []
