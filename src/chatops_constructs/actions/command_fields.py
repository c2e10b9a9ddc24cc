"""What functions and workflows are told of a command: `chatops_runtime.contracts.reply`."""

from __future__ import annotations

from typing import Any

from chatops_constructs.workflow.asl import EXECUTION, expr
from chatops_runtime.contracts import reply


def command_fields(request: str) -> dict[str, Any]:
    """The fields, for the arguments or the output of a state.

    Args:
        request: A JSONata expression for what was typed, `ActionContext.request`.
    """
    return {
        "version": reply.VERSION,
        "command": expr(f"{request}.command"),
        "text": expr(f"{request}.text"),
        "arguments": expr(f"{request}.arguments"),
        "team_id": expr(f"{request}.team_id"),
        "user": {"id": expr(f"{request}.user_id"), "name": expr(f"{request}.user_name")},
        "channel": {"id": expr(f"{request}.channel_id"), "name": expr(f"{request}.channel_name")},
        "request_id": expr(f"{EXECUTION}.Name"),
    }
