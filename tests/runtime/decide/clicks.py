"""Clicks as dispatch hands them on, questions as the machine asks them, and decide as one desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import script_environment
from chatops_runtime.contracts.request import script_variables
from chatops_runtime.decide.answering import Answering
from chatops_runtime.decide.cancelling import Cancelling
from chatops_runtime.decide.click import Click
from chatops_runtime.decide.history import Histories
from chatops_runtime.decide.looks import Looks
from chatops_runtime.decide.running_commands import RunningCommands
from chatops_runtime.decide.target import Target
from chatops_runtime.decide.tokens import Tokens
from tests.runtime.authorization.directory_double import DirectoryDouble
from tests.runtime.decide.step_functions_double import EXECUTION, MACHINE, NONCE, Execution, StepFunctionsDouble
from tests.runtime.slack_requests import RESPONSE_URL, TEAM

if TYPE_CHECKING:
    from chatops_runtime.decide.outcome import Outcome

CLICK_URL = f"https://hooks.slack.com/actions/{TEAM}/397700885554/canaryClickUrl"
HANDLE = f"v1:{MACHINE}:{EXECUTION}:{NONCE}"
FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:Ops-Decide"
REQUESTER = "U0TARO"
NAME = "`/ops restart` (id `0123456789`)"

TABLE: dict[str, Any] = {
    "/ops restart": {
        "machine": MACHINE,
        "description": "restarts a service",
        "usage": "/ops restart <nginx|app>",
        "accepts_text": True,
        "visible": "channel",
        "allow": {"kind": "workspace"},
        "cancellable": True,
        "documents": ["Ops_Restart", "Ops_Other"],
    },
    "/ps": {
        "machine": "Ops-Ps",
        "description": "top processes",
        "usage": "/ps",
        "accepts_text": False,
        "visible": "user",
        "allow": {"kind": "workspace"},
    },
}

APPROVAL = {
    "kind": "approval",
    "channel_id": "C0OPS",
    "by": {"kind": "user_group", "ids": ["S0ADMINS"]},
    "quorum": 1,
    "until": "2026-11-22T01:13:50Z",
    "frozen": ["document Ops_Restart version 3"],
}
CONFIRM = {"kind": "confirm", "until": "2026-11-22T01:13:50Z", "frozen": []}
CHOICE = {
    "kind": "choice",
    "name": "service",
    "help": "",
    "options": [{"value": "nginx", "label": "nginx"}, {"value": "app", "label": "the app"}],
    "until": "2026-11-22T01:13:50Z",
}
INSTANCES = {
    "kind": "instances",
    "options": [{"value": f"i-{each:017x}", "label": f"web-{each}"} for each in range(150)],
    "most": 2,
    "until": "2026-11-22T01:13:50Z",
}


def request(**changes: Any) -> dict[str, Any]:
    plain = {
        "version": 1,
        "command": "/ops restart",
        "text": "canary-text",
        "arguments": {"service": None, "force": False, "reason": "canary-argument"},
        "source": "typed",
        "team_id": TEAM,
        "channel_id": "C0123OPS",
        "channel_name": "ops",
        "user_id": REQUESTER,
        "user_name": "taro",
        "response_url": RESPONSE_URL,
        "visible": "channel",
        **changes,
    }
    return {**plain, "script_environment": script_environment.encode(script_variables(plain, EXECUTION))}


def click(action: str, user_id: str = REQUESTER, **changes: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "kind": "click",
        "id": "fedcba9876543210" * 4,
        "team_id": TEAM,
        "user_id": user_id,
        "user_name": "somebody",
        "user_team_id": TEAM,
        "channel_id": "C0OPS",
        "message_ts": "1763773430.000100",
        "is_ephemeral": False,
        "response_url": CLICK_URL,
        "action_id": f"chatops.{action}",
        "value": HANDLE,
        "selected": [],
        "switched_off": "",
        **changes,
    }


class Desk:
    """Decide without Lambda, AWS and Slack."""

    def __init__(self) -> None:
        self.aws = StepFunctionsDouble()
        self.slack = DirectoryDouble()
        self.pauses: list[float] = []
        looks = Looks(self.pauses.append)
        authorizer = self.slack.authorizer()
        histories, tokens = Histories(self.aws), Tokens(self.aws)
        self._answering = Answering(histories, tokens, lambda: authorizer, looks)
        self._cancelling = Cancelling(
            histories, tokens, RunningCommands({"ssm": self.aws.ssm}.__getitem__), self.aws, looks
        )

    def outcome(self, action: str, user_id: str = REQUESTER, **changes: Any) -> Outcome:
        clicked = Click.from_event(click(action, user_id, **changes))
        target = Target.of(clicked.value, TABLE, FUNCTION)
        assert target is not None
        desk = self._cancelling if action == "cancel" else self._answering
        return desk.outcome(clicked, target)


def asked(desk: Desk, question: dict[str, Any], **options: Any) -> Execution:
    """An execution that waits for an answer."""
    execution = desk.aws.execution(request())
    execution.ask_and_wait(question, **options)
    return execution


def quorum(count: int) -> dict[str, Any]:
    """An approval that so many people of the workspace have to give."""
    return {**APPROVAL, "quorum": count, "by": {"kind": "workspace"}}
