"""A canary is looked for wherever it must not be. Runs last in its folder's order, after commands were typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.cloud import LocalCloud


def test_no_secret_in_any_log_line_asset_or_template(cloud: LocalCloud, assembly: Path):
    sent = cloud.slack.send("/ok", endpoint="A0FIRST1")
    sent.wait(60)
    refused = cloud.slack.sign(b"nonsense", cloud.slack.workspace.endpoint("A0FIRST1").app)
    assert cloud.slack.deliver(refused, endpoint="A0FIRST1").status == 400
    apps = [cloud.slack.workspace.endpoint(name).app for name in ("A0FIRST1", "A0SECOND")]
    canaries = {
        *(app.signing_secret for app in apps),
        *(app.bot_token for app in apps),
        urlsplit(sent.response_url).path.rpartition("/")[2],
        sent.request.headers["X-Slack-Signature"].removeprefix("v0="),
        refused.headers["X-Slack-Signature"].removeprefix("v0="),
    }
    assert all(len(canary) >= 16 for canary in canaries)
    logs = "\n".join(line.message for line in cloud.server.function_logs())
    assert '"command"' in logs
    files = {path: path.read_bytes() for path in assembly.rglob("*") if path.is_file()}
    assert any(path.name == "chatops_commands.json" for path in files)
    for canary in canaries:
        assert canary not in logs
        assert not [path for path, content in files.items() if canary.encode() in content]


def test_functions_hold_no_secret_in_their_settings(cloud: LocalCloud):
    functions = cloud.server.client("lambda").list_functions()["Functions"]
    assert functions
    settings = json.dumps([function.get("Environment", {}) for function in functions])
    for name in ("A0FIRST1", "A0SECOND"):
        app = cloud.slack.workspace.endpoint(name).app
        assert app.signing_secret not in settings
        assert app.bot_token not in settings
