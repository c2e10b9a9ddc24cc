"""Files as Slack's own client uploads them, step by step."""

import json
import urllib.request
from urllib.error import HTTPError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

pytestmark = pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")

TEXT = "".join(f"line {number}\n" for number in range(10))


@pytest.fixture
def client(slack, app, trusting):
    return WebClient(app.bot_token, proxy=slack.proxy_url, ssl=trusting, retry_handlers=[])


@pytest.fixture
def put(slack, trusting):
    """POST bytes to an upload URL."""
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"https": slack.proxy_url}), urllib.request.HTTPSHandler(context=trusting)
    )
    return lambda url, content: opener.open(urllib.request.Request(url, content)).read()


def test_a_snippet(client, slack):
    client.files_upload_v2(
        channel="C123", content=TEXT, filename="ps.txt", title="/ps", snippet_type="text", initial_comment="All of it"
    )
    (message,) = slack.messages
    assert (message.channel, message.user, message.via) == ("C123", None, "files.completeUploadExternal")
    (file,) = message.files
    assert (file.name, file.title, file.snippet_type, file.text) == ("ps.txt", "/ps", "text", TEXT)
    assert message.shown == ("All of it\n[file ps.txt] /ps\nline 0\nline 1\nline 2\nline 3\nline 4\n… 5 more lines")


def test_a_file_in_a_direct_message(client, slack):
    channel = client.conversations_open(users="U123")["channel"]["id"]
    assert channel == "D123"
    client.files_upload_v2(channel=channel, content=b"\xff", filename="x.bin")
    assert slack.messages[0].channel == "D123"
    assert slack.messages[0].text == ""
    assert slack.messages[0].files[0].content == b"\xff"


def test_without_a_channel_nobody_sees_it(client, slack):
    client.files_upload_v2(content="x", filename="x.txt")
    assert slack.messages == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"filename": "x", "length": 0}, "missing_argument"),
        ({"filename": "", "length": 3}, "missing_argument"),
        ({"filename": "x", "length": 1_048_577, "snippet_type": "text"}, "snippet_too_large"),
        ({"filename": "x", "length": 3, "alt_txt": "x" * 1_001}, "alt_txt_too_large"),
    ],
)
def test_no_upload_url(client, arguments, error):
    with pytest.raises(SlackApiError, match=error):
        client.files_getUploadURLExternal(**arguments)


def test_each_step_once_and_in_order(client, slack, put):
    ticket = client.files_getUploadURLExternal(filename="x.txt", length=3, snippet_type="text")
    assert ticket["upload_url"].startswith("https://files.slack.com/upload/v1/")
    files = [{"id": ticket["file_id"]}]
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=files, channel_id="C123")
    with pytest.raises(HTTPError, match="400"):
        put(ticket["upload_url"], b"four")
    assert put(ticket["upload_url"], b"one") == b"OK - 3"
    client.files_completeUploadExternal(files=files, channel_id="C123")
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=files, channel_id="C123")
    with pytest.raises(HTTPError, match="404"):
        put("https://files.slack.com/upload/v1/guessed", b"one")
    assert len(slack.messages) == 1


@pytest.mark.parametrize("files", ["{", "{}", "[]", "[1]"])
def test_malformed_lists_of_files(client, files):
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        client.api_call("files.completeUploadExternal", params={"files": files, "channel_id": "C123"})


def test_a_file_of_another_app(client, slack, put, trusting):
    other = slack.workspace.app("A0OTHER", "T0TEST")
    ticket = client.files_getUploadURLExternal(filename="x.txt", length=3)
    put(ticket["upload_url"], b"one")
    stranger = WebClient(other.bot_token, proxy=slack.proxy_url, ssl=trusting, retry_handlers=[])
    with pytest.raises(SlackApiError, match="file_not_found"):
        stranger.files_completeUploadExternal(files=[{"id": ticket["file_id"]}], channel_id="C123")


@pytest.mark.parametrize("channel", ["U123", "ops"])
def test_a_file_goes_to_a_channels_id(client, channel):
    with pytest.raises(SlackApiError, match="channel_not_found"):
        client.api_call(
            "files.completeUploadExternal", params={"files": json.dumps([{"id": "F1"}]), "channel_id": channel}
        )


@pytest.mark.parametrize(("users", "error"), [("", "users_list_not_supplied"), ("taro", "user_not_found")])
def test_no_direct_message(client, users, error):
    with pytest.raises(SlackApiError, match=error):
        client.api_call("conversations.open", params={"users": users})


def test_each_method_needs_its_scope(client, slack, app):
    slack.workspace.grant(app, "commands")
    for method, arguments in (
        ("chat.postMessage", {"channel": "C123", "text": "x"}),
        ("conversations.open", {"users": "U123"}),
        ("files.getUploadURLExternal", {"filename": "x", "length": 1}),
    ):
        with pytest.raises(SlackApiError, match="missing_scope"):
            client.api_call(method, params=arguments)
    assert client.auth_test()["ok"]
    slack.workspace.grant(app, "chat:write")
    client.chat_postMessage(channel="C123", text="x")


def test_in_a_channel_that_it_is_not_in_an_app_says_nothing(client, slack, app):
    slack.workspace.remove(app, "C123")
    with pytest.raises(SlackApiError, match="not_in_channel"):
        client.chat_postMessage(channel="C123", text="x")
    with pytest.raises(SlackApiError, match="not_in_channel"):
        client.files_upload_v2(channel="C123", content="x", filename="x.txt")
    client.chat_postMessage(channel="C456", text="x")
    slack.workspace.invite(app, "C123")
    client.chat_postMessage(channel="C123", text="x")
    assert [message.channel for message in slack.messages] == ["C456", "C123"]
