"""Answers of CloudWatch Logs, as MiniStack's functions give them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatops_local.ministack.private import Untyped

_JSON = "application/x-amz-json-1.1"


class RefusedError(Exception):
    """A request that CloudWatch Logs answers with an error."""

    def __init__(self, code: str, message: str) -> None:
        """With its code and text."""
        super().__init__(message)
        self.answer = error(code, message)


def error(code: str, message: str) -> Untyped:
    """An error."""
    return (
        400,
        {"Content-Type": _JSON, "x-amzn-errortype": code},
        json.dumps({"__type": code, "message": message}).encode(),
    )


def changed(answer: Untyped, **members: Any) -> Untyped:  # noqa: ANN401 - of any answer
    """An answer with other members; those that are None are left out."""
    status, headers, body = answer
    content = {**json.loads(body), **members}
    kept = {name: value for name, value in content.items() if value is not None}
    return status, headers, json.dumps(kept, ensure_ascii=False).encode()
