"""Real requests to start from: what the fuzzer changes and combines."""

from __future__ import annotations

import json

from tests.fuzz.watched_dispatch import TYPED
from tests.runtime.reports import ended, failed, finished, instance, reply, run_command
from tests.runtime.slack_clicks import ACTIONS_URL, payload
from tests.runtime.slack_events import BOT_USER, callback, mention, message
from tests.runtime.slack_requests import RESPONSE_URL, event, form, signed

_COMMANDS = (
    *(("/ps", ""), ("/ps", "help"), ("/say", TYPED), ("/say", "再起動 🚀 100% +1 'x' \"y\" <z> & `id`")),
    *(
        ("/ops", ""),
        ("/ops", "restart web"),
        ("/ops", "wipe"),
        ("/ops", "destroy <!channel> `x`"),
        ("/odd", ""),
        ("/arguments", "nginx 3 --force it's \u201call\u201d"),
        ("/nope", TYPED),
    ),
)
_FORMS = [form(command=command, text=text) for command, text in _COMMANDS]
# Payload 1.0 and a function's own event, which the function is not made for.
_OTHERS = (
    {"version": "1.0", "httpMethod": "POST", "headers": signed(_FORMS[0]), "body": _FORMS[0].decode()},
    {"Records": [{"Sns": {"Message": "{}"}}]},
    {"requestContext": {"http": {"method": "POST"}}, "headers": None, "body": None},
)
_OUTCOMES = (
    *(
        finished(reply(answer))
        for answer in (None, "done", {"text": "x", "blocks": [{"type": "divider"}]}, {"mrkdwn": "*x*"})
    ),
    finished(run_command(instance(stdout="output"), instance(2, status="Failed", stderr="no such file", exit_code=1))),
    failed("Ssm.AccessDeniedException", '{"errorMessage": "no", "errorType": "KeyError"}'),
    ended("TIMED_OUT", "States.Timeout", ""),
)

EVENTS = [
    json.dumps(one).encode() for one in (*(event(body) for body in _FORMS), event(_FORMS[0], encoded=True), *_OTHERS)
]
REQUESTS = [
    b"\r\n".join([b"POST", *(f"{name}: {value}".encode() for name, value in signed(body).items()), b"", body])
    for body in (*_FORMS, b"ssl_check=1&token=abc")
]
ALLOWLIST_REQUESTS = [
    f"{line}\r\nauthorization: Bearer {'x' * 43}\r\ncontent-type: application/json\r\n\r\n{body}".encode()
    for line in ("GET /", "GET /address", "GET /link", "POST /seen", "POST /registrations", "DELETE /iam/registrations")
    for body in ("", '{"owner": "build-7", "address": "198.51.100.7"}')
]
FORMS = [*_FORMS, form(enterprise_id="E0123", response_url=RESPONSE_URL.replace("slack", "slack-gov"))]
TYPED_TEXTS = [f"{command}\n{text}".encode() for command, text in _COMMANDS]
CLICKS = [
    json.dumps(one).encode()
    for one in (
        *(payload(action) for action in ("chatops.approve", "chatops.cancel", "chatops.menu.0", "other")),
        *(payload("chatops.run", line) for line in ("/ps", "/arguments nginx 3 --force it's", "/ops wipe", "/nope x")),
        payload(
            "chatops.submit",
            state={
                "values": {
                    "a": {"chatops.menu.1": {"type": "static_select", "selected_option": {"value": "i-1"}}},
                    "b": {"chatops.menu.0": {"type": "multi_static_select", "selected_options": [{"value": "i-0"}]}},
                }
            },
        ),
        payload(team=None, enterprise={"id": "E0ORG"}, type="view_submission"),
        payload("deploy_now", "web"),
        payload(type="shortcut", callback_id="page"),
        payload(type="message_action", callback_id="ticket"),
        payload(type="view_submission", view={"callback_id": "form", "state": {"values": {}}}),
    )
]
CALLBACKS = [
    json.dumps(one).encode()[1:]  # the target puts the brace in front, by which dispatch knows JSON
    for one in (
        callback(),
        callback(mention(user=BOT_USER)),
        callback(message(channel_type="im", channel="D0123", subtype="message_changed", message={"bot_id": "B0"})),
        callback({"type": "reaction_added", "user": "U0BOSS", "item": {"channel": "C0123OPS", "ts": "1.2"}}),
        callback({"type": "team_join", "user": {"id": "U0NEW"}}, authorizations=None, context_team_id=None),
        {"type": "url_verification", "challenge": "x", "token": "y"},
        {"type": "app_rate_limited", "team_id": "T0", "minute_rate_limited": 1},
    )
]
TYPED_ARGUMENTS = [
    text.encode()
    for text in (
        "nginx some 5 3h 203.0.113.0/24 <@U012AB3CD|taro> <#C012AB3CD|ops> 2026-11-22T10:00Z --flag it's all",
        "--choice=app --text 'a \"b\"' --integer=-5 \u2014duration 90m --cidr 2001:db8::/32 --time 3h -- --rest",
        "\u201capp\u201d a\\ b <https://example.com|example.com> &lt;x&gt;",
    )
]
RESPONSE_URLS = [
    ACTIONS_URL.encode(),
    RESPONSE_URL.encode(),
    RESPONSE_URL.replace("slack.com", "slack-gov.com").encode(),
]
OUTCOMES = [json.dumps(outcome).encode() for outcome in _OUTCOMES]

WORDS = (
    *("x-slack-signature", "x-slack-request-timestamp", "isBase64Encoded", "requestContext", "headers", "body", "http"),
    *("method", "POST", "ssl_check=1", "&text=", "&command=/ops", "&response_url=", "&team_id=", "%00", "%ed%a0%80"),
    *(
        "restart ",
        "help",
        "hooks.slack.com",
        "/commands/",
        "https://",
        "\\ud800",
        "null",
        "[]",
        "{}",
        "v0=",
        "<!channel>",
    ),
    *("event_callback", "app_mention", "event_id", "authorizations", "is_bot", "bot_id", "item", "thread_ts", "Ev0123"),
    *("callback_id", "message_action", "shortcut", "view_submission", "deploy_", "api_app_id", "context_team_id"),
    *("payload=", "chatops.run", "chatops.menu.", "block_actions", "selected_options", "actions", "state", "value"),
    *("--flag", "--rest=", " -- ", "<@U1|", "<#C1|", "<https://", "\u2014", "\u201c", "&lt;", "3h", "::/0", "T10:00Z"),
    *("reply", "run_command", "blocks", "mrkdwn", "visible", "instances", "stdout", "status", "```"),
)
"""For the fuzzer's dictionary."""
