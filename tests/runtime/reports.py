"""Inputs of the report function, as a command's state machine makes them."""

from typing import Any

from tests.runtime.slack_requests import RESPONSE_URL, TEAM

ID = "0123456789abcdef" * 4
ARN = f"arn:aws:states:eu-central-1:123456789012:execution:Ops-Ps:{ID}"


def instance(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "instance_id": f"i-{number:017x}",
        "name": f"web-{number}",
        "status": "Success",
        "exit_code": 0,
        "stdout": "",
        "stderr": "",
        "stdout_cut": False,
        "stderr_cut": False,
        **changes,
    }


def run_command(*instances: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "kind": "run_command",
        "ok": all(each["status"] == "Success" for each in instances),
        "targets": "Role=web",
        "command_id": "11111111-2222-3333-4444-555555555555",
        "timeout_seconds": 600,
        "delivery_timeout_seconds": 60,
        "log_group": "/aws/ssm/ops",
        "given_up": False,
        "instances": list(instances),
        "offline": [],
        **changes,
    }


def reply(answer: Any) -> dict[str, Any]:
    return {"kind": "reply", "ok": True, "reply": answer}


def finished(result: dict[str, Any]) -> dict[str, Any]:
    return {"status": "finished", "result": result}


def failed(error: str, cause: str) -> dict[str, Any]:
    return {"status": "failed", "error": error, "cause": cause}


def ended(how: str, error: str = "", cause: str = "") -> dict[str, Any]:
    return {"status": "ended", "ended": how, "error": error, "cause": cause}


def report(outcome: dict[str, Any], *, visible: str = "channel", **request: str) -> dict[str, Any]:
    return {
        "version": 2,
        "id": ID,
        "execution_arn": ARN,
        "started_at": "2026-11-22T01:03:50.123Z",
        "request": {
            "version": 1,
            "command": "/ps",
            "text": "canary-typed-text",
            "team_id": TEAM,
            "channel_id": "C0123OPS",
            "channel_name": "ops",
            "user_id": "U0123TARO",
            "user_name": "taro",
            "response_url": RESPONSE_URL,
            "visible": visible,
            "script_environment": "",
            **request,
        },
        "outcome": outcome,
        "said": 0,
        "tries": 0,
    }


QUESTIONS: dict[str, dict[str, Any]] = {
    "approval": {
        "kind": "approval",
        "channel_id": "C0456ADM",
        "by": {"kind": "user_group", "ids": ["S0ADMINS"]},
        "quorum": 1,
        "until": "2026-11-22T01:13:50Z",
        "frozen": ["Ops_Slack_Ps version 3 (sha256 0123)", "web-1 (i-00000000000000001)"],
    },
    "confirm": {"kind": "confirm", "until": "2026-11-22T01:13:50Z", "frozen": []},
    "choice": {
        "kind": "choice",
        "name": "service",
        "help": "what is restarted",
        "options": [{"value": each, "label": each} for each in ("nginx", "app")],
        "until": "2026-11-22T01:13:50Z",
    },
    "instances": {
        "kind": "instances",
        "options": [{"value": f"i-{n:017x}", "label": f"web-{n} (i-{n:017x})"} for n in range(3)],
        "most": 2,
        "until": "2026-11-22T01:13:50Z",
    },
}

HANDLE = f"v1:Ops-Ps:{ID}:11111111-2222-3333-4444-555555555555"


def asking(event: str, kind: str, *, request: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """An event of `chatops_runtime.contracts.asking`; of `changes`, those that a question has are the question's."""
    question = {**QUESTIONS[kind], **{name: value for name, value in changes.items() if name in QUESTIONS[kind]}}
    others = {name: value for name, value in changes.items() if name not in QUESTIONS[kind]}
    told = report({}, **(request or {}))
    for name in ("outcome", "said", "tries"):
        del told[name]
    return {**told, "event": event, "handle": HANDLE, "question": question, **others}
