"""The ack path imports the standard library only, and little of it: each import is time that Slack counts."""

import json
import subprocess
import sys
from pathlib import Path

import chatops_runtime
from tests.runtime.aws_double import SECRET_PARAMETER, SWITCH_PARAMETER, AwsDouble

SOURCE = Path(chatops_runtime.__file__).parent.parent
# A fresh interpreter without site-packages; what ssl, json and hmac need anyway is left out.
PROGRAM = """
import sys
sys.path[:0] = [sys.argv[1], sys.argv[2]]
import hmac, json, ssl
before = set(sys.modules)
from chatops_runtime.dispatch import handler
sys.path.insert(0, sys.argv[3])
from slack_requests import Context, event, form
handler.handler(event(form()), Context())
print(json.dumps(sorted(set(sys.modules) - before - {"slack_requests"})))
"""


def imported(aws: AwsDouble, tmp_path: Path) -> set[str]:
    """What one request imports; its AWS is a double."""
    environment = {
        "CHATOPS_TEAM_ID": "T0123ABCD",
        "CHATOPS_APP_ID": "A0123ABCD",
        "CHATOPS_ENDPOINT": "Ops_Slack_1A2B3C4D",
        "CHATOPS_SIGNING_SECRET_PARAMETER": SECRET_PARAMETER,
        "CHATOPS_OFF_SWITCH_PARAMETER": SWITCH_PARAMETER,
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_ENDPOINT_URL": aws.url,
    }
    finished = subprocess.run(
        [sys.executable, "-S", "-E", "-c", PROGRAM, str(SOURCE), str(tmp_path), str(Path(__file__).parent)],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    *lines, modules = finished.stdout.splitlines()
    assert [json.loads(line)["outcome"] for line in lines] == ["started"]
    return set(json.loads(modules))


def test_nothing_outside_the_standard_library(dispatch_environment, tmp_path):
    outside = {
        module
        for module in imported(dispatch_environment, tmp_path)
        if module.partition(".")[0] not in {*sys.stdlib_module_names, "chatops_runtime"}
    }
    assert not outside


def test_none_of_the_expensive_modules(dispatch_environment, tmp_path):
    expensive = {
        *("asyncio", "calendar", "dataclasses", "datetime", "email", "http", "inspect", "logging", "pathlib", "random"),
        *("encodings.idna", "traceback", "typing", "unicodedata", "urllib.request"),
    }
    assert not expensive & imported(dispatch_environment, tmp_path)


def test_of_a_plain_command_nothing_that_only_others_need(dispatch_environment, tmp_path):
    others = {
        *("chatops_runtime.arguments", "chatops_runtime.authorization.in_words", "chatops_runtime.contracts.click"),
        *("chatops_runtime.contracts.control", "chatops_runtime.dispatch.cancel_button"),
        *("chatops_runtime.dispatch.understood", "chatops_runtime.slack.plain_text"),
        *("chatops_runtime.contracts.audit", "chatops_runtime.dispatch.refusal_audit"),
        *("chatops_runtime.dispatch.clicks", "chatops_runtime.dispatch.help_text", "chatops_runtime.slack.interaction"),
        *("chatops_runtime.dispatch.events", "chatops_runtime.dispatch.interactions", "chatops_runtime.contracts.bot"),
        *("chatops_runtime.dispatch.handler_start", "chatops_runtime.dispatch.quiet_start"),
        *("chatops_runtime.slack.event_callback", "chatops_runtime.slack.handled_interaction"),
        *("chatops_runtime.slack.json_fields", "chatops_runtime.slack.strict_json"),
    }
    assert not others & imported(dispatch_environment, tmp_path)


def test_of_our_own_only_the_ack_path(dispatch_environment, tmp_path):
    rooms = {
        ".".join(module.split(".")[:2])
        for module in imported(dispatch_environment, tmp_path)
        if module.startswith("chatops_runtime")
    }
    assert rooms == {
        "chatops_runtime",
        "chatops_runtime.authorization",
        "chatops_runtime.contracts",
        "chatops_runtime.dispatch",
        "chatops_runtime.embedded_metrics",
        "chatops_runtime.log_line",
        "chatops_runtime.slack",
    }
