"""One JSON object per line on standard output, which Lambda hands to CloudWatch Logs.

Not `logging`, whose import the ack path would pay for. What goes into a line is named by the caller, fact by fact; an
error goes in as its type and stack, since the text of an arbitrary exception may quote what a user typed.
"""

from __future__ import annotations

import json
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

INFO: Final = "INFO"
WARN: Final = "WARN"
ERROR: Final = "ERROR"


class LoggableError(Exception):
    """An error whose text holds no secret and nothing that a user typed, so that a log line may carry it."""


def write(level: str, event: str, **facts: object) -> None:
    """Write one line; facts that are None stay out."""
    line = {"level": level, "event": event, **{name: fact for name, fact in facts.items() if fact is not None}}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def describe(error: BaseException) -> dict[str, object]:
    """What a log line may say about `error`: its type, its stack, and its text only if that is known to be harmless."""
    description: dict[str, object] = {"error": type(error).__name__, "stack": _stack(error)}
    if isinstance(error, LoggableError):
        description["detail"] = str(error)
    return description


def _stack(error: BaseException) -> list[str]:
    frames = []
    traceback = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames
