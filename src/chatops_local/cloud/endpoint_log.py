"""What an endpoint's function logged about a request: why a command was not run."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chatops_runtime.contracts import request_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.server import Server
    from chatops_local.slack import SentCommand, SentEvent

LOG_DELAY_SECONDS = 1.0
"""How long a line may take from the function to the log."""

_ASK_AGAIN_SECONDS = 0.05


class EndpointLog:
    """The log of one endpoint's function: one JSON line a request, with `level`, `outcome` and perhaps `execution`."""

    def __init__(self, server: Server, function_name: str, region: str) -> None:
        """Find the function's log group."""
        self._logs = server.client("logs", region)
        function = server.client("lambda", region).get_function_configuration(FunctionName=function_name)
        self._group: str = function["LoggingConfig"]["LogGroup"]

    def problems_of(self, sent: SentCommand | SentEvent) -> list[str]:
        """Why `sent` started nothing; empty if it asked for nothing else than the answer, as `help` does."""
        deadline = time.monotonic() + LOG_DELAY_SECONDS
        while not (lines := [line for line in self._requests_since(sent.sent_at) if _is_about(line, sent)]):
            if time.monotonic() > deadline:
                return []
            time.sleep(_ASK_AGAIN_SECONDS)
        return [_described(line) for line in lines if _is_failure(line)]

    def _requests_since(self, moment: float) -> Iterator[dict[str, Any]]:
        for message in self._messages_since(moment):
            line = _parsed(message)
            if line.get("event") == request_log.EVENT:
                yield line

    def _messages_since(self, moment: float) -> Iterator[str]:
        pages = self._logs.get_paginator("filter_log_events")
        try:
            for page in pages.paginate(logGroupName=self._group, startTime=int(moment * 1000)):
                yield from (event["message"] for event in page["events"])
        except ClientError as error:
            # The group may not be there: Lambda makes it only if the function's role lets it.
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise


def _parsed(message: str) -> dict[str, Any]:
    try:
        line = json.loads(message)
    except ValueError:
        return {}
    return line if isinstance(line, dict) else {}


def _is_about(line: dict[str, Any], sent: SentCommand | SentEvent) -> bool:
    """An execution's name is the hash of the request's body; a line without one came since the command was sent."""
    return line.get("id") in (None, sent.execution_name)


def _is_failure(line: dict[str, Any]) -> bool:
    return line.get("outcome") in request_log.NOT_RUN | {request_log.IGNORED_EVENT}


def _described(line: dict[str, Any]) -> str:
    why = ": ".join(str(line[name]) for name in ("outcome", request_log.IGNORED, "error", "detail") if line.get(name))
    return f"nothing was started; the endpoint's log says {why}"
