"""The dispatch function with its table, its environment and a double of AWS."""

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chatops_runtime.contracts import commands_table
from tests.runtime.aws_double import SECRET_PARAMETER, SWITCH_PARAMETER, AwsDouble
from tests.runtime.slack_requests import APP, SECRET, TEAM, Context, event

TABLE: dict[str, Any] = {
    "/ps": {
        "machine": "Ops-Ps",
        "description": "top processes",
        "usage": "/ps",
        "accepts_text": False,
        "visible": "channel",
        "allow": {"kind": "workspace"},
    },
    "/say": {
        "machine": "Ops-Say",
        "description": "says <something>",
        "usage": "/say <text>",
        "accepts_text": True,
        "visible": "user",
        "allow": {"kind": "workspace"},
    },
    "/ops restart": {
        "machine": "Ops-Restart",
        "description": "restarts a service",
        "usage": "/ops restart SERVICE",
        "accepts_text": True,
        "visible": "channel",
        "allow": {"kind": "channel", "ids": ["C0123OPS", "C0456ADM"]},
    },
    "/ops wipe": {
        "machine": "Ops-Wipe",
        "description": "wipes",
        "usage": "/ops wipe",
        "accepts_text": False,
        "visible": "channel",
        "allow": {"kind": "user", "ids": ["U0BOSS"]},
    },
    "/odd": {
        "machine": "Ops-Odd",
        "description": "odd",
        "usage": "/odd",
        "accepts_text": False,
        "visible": "channel",
        "allow": {"kind": "full_moon"},
    },
}


def handler(machine: str, **more: Any) -> Any:
    """What the table says about what answers an event or an interaction, for everybody."""
    own = {
        "machine": machine,
        "description": f"does what {machine} does",
        "visible": "channel",
        "allow": {"kind": "workspace"},
    }
    return {**own, **more}


BOSS = {"kind": "user", "ids": ["U0BOSS"]}
EVENTS: dict[str, Any] = {
    "app_mention": handler("Ops-OnAppMention", reply_in="thread"),
    "message": handler("Ops-OnMessage", reply_in="channel", channels=["C0123OPS", "G0123OPS"]),
    "message.im": handler("Ops-OnMessageIm", reply_in="thread", subtypes=["message_changed"]),
    "message.mpim": handler("Ops-OnMessageMpim", reply_in="thread", from_bots=True),
    "reaction_added": handler("Ops-OnReaction", reply_in="thread", allow=BOSS),
    "pin_added": handler("Ops-OnPin", reply_in="thread", allow={"kind": "user_group", "ids": ["S0ADMINS"]}),
    "team_join": handler("Ops-OnTeamJoin", reply_in="thread"),
}
INTERACTIONS: dict[str, Any] = {
    "block_actions:deploy_now": handler("Ops-OnDeployNow", visible="user"),
    "block_actions:deploy_*": handler("Ops-OnDeployAny", visible="user"),
    "block_actions:deploy_old_*": handler("Ops-OnDeployOld", visible="user"),
    "block_actions:boss": handler("Ops-OnBoss", visible="user", allow=BOSS),
    "shortcut:page": handler("Ops-OnPage", visible="user"),
    "shortcut:boss": handler("Ops-OnBossPage", visible="user", allow=BOSS),
    "message_action:ticket": handler("Ops-OnTicket", visible="user"),
    "view_submission:form": handler("Ops-OnForm", visible="user"),
    "view_submission:boss": handler("Ops-OnBossForm", visible="user", allow=BOSS),
}


MACHINES = "arn:aws:states:eu-central-1:123456789012:stateMachine:"


def log_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


class Dispatch:
    """The dispatch function in this process, freshly initialised."""

    def __init__(self, aws: AwsDouble) -> None:
        self.aws = aws
        sys.modules.pop("chatops_runtime.dispatch.handler", None)
        self.module = importlib.import_module("chatops_runtime.dispatch.handler")

    def __call__(
        self, body: bytes, headers: dict[str, str] | None = None, *, context: Context | None = None, **options: Any
    ) -> dict[str, Any]:
        answer: dict[str, Any] = self.module.handler(event(body, headers, **options), context or Context())
        json.dumps(answer)
        return answer

    def message(self, body: bytes) -> dict[str, Any]:
        """What Slack shows for a signed `body`."""
        answer = self(body)
        assert answer["statusCode"] == 200
        assert answer["headers"]["content-type"] == "application/json; charset=utf-8"
        message: dict[str, Any] = json.loads(answer["body"])
        return message

    def put_on(self, seconds: float) -> None:
        """Put on the clock by which it tells how old is what it knows."""
        controls = self.module._the_dispatcher()._controls
        clock = controls._clock
        controls._clock = lambda: clock() + seconds

    @property
    def started(self) -> list[dict[str, Any]]:
        """The executions of commands that it started."""
        return [call for call in self._starts() if not call["stateMachineArn"].endswith((":Refusals", ":Decisions"))]

    @property
    def decided(self) -> list[dict[str, Any]]:
        """The executions of the decide machine that it started."""
        return [call for call in self._starts() if call["stateMachineArn"].endswith(":Decisions")]

    @property
    def refusals(self) -> list[dict[str, Any]]:
        """The executions that it started to have the line of a refusal kept."""
        return [call for call in self._starts() if call["stateMachineArn"].endswith(":Refusals")]

    def _starts(self) -> list[dict[str, Any]]:
        return [{**call, "input": json.loads(call["input"])} for call in self.aws.called("StartExecution")]


def _rendered() -> str:
    return commands_table.render(
        TABLE, refusals="Refusals", events=EVENTS, interactions=INTERACTIONS, decisions="Decisions"
    )


@contextmanager
def environment(folder: Path, monkeypatch: pytest.MonkeyPatch, table: str | None = None) -> Iterator[AwsDouble]:
    """The table (default: of `TABLE`), the variables and the double of AWS that the function finds."""
    written = _rendered() if table is None else table
    (folder / commands_table.FILE_NAME).write_text(written, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    with AwsDouble(SECRET) as aws:
        for name, value in {
            "CHATOPS_TEAM_ID": TEAM,
            "CHATOPS_APP_ID": APP,
            "CHATOPS_ENDPOINT": "Ops_Slack_1A2B3C4D",
            "CHATOPS_SIGNING_SECRET_PARAMETER": SECRET_PARAMETER,
            "CHATOPS_OFF_SWITCH_PARAMETER": SWITCH_PARAMETER,
            "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "canary-secret-access-key",
            "AWS_SESSION_TOKEN": "canary-session-token",
            "AWS_ENDPOINT_URL": aws.url,
        }.items():
            monkeypatch.setenv(name, value)
        for name in ("AWS_ENDPOINT_URL_SSM", "AWS_ENDPOINT_URL_SFN"):
            monkeypatch.delenv(name, raising=False)
        yield aws


@pytest.fixture
def dispatch_environment(tmp_path, monkeypatch):
    with environment(tmp_path, monkeypatch) as aws:
        yield aws


@pytest.fixture
def dispatch(dispatch_environment):
    return Dispatch(dispatch_environment)
