"""One step of an invocation: what came of it, and how the API shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import plugin_output, statuses
from .clock import iso8601

if TYPE_CHECKING:
    from .statuses import Status

NOT_STARTED = -1
"""`ResponseCode` of a plugin that has not run (API reference, GetCommandInvocation)."""


@dataclass(frozen=True)
class PluginRun:
    """A step that waits, runs, or has ended."""

    name: str
    status: Status = statuses.PENDING
    response_code: int = NOT_STARTED
    started: float | None = None
    finished: float | None = None
    stdout: bytes = b""
    stderr: bytes = b""

    def for_list(self) -> dict[str, Any]:
        """`CommandPlugin`, as ListCommandInvocations shows it with Details."""
        moments = {"ResponseStartDateTime": self.started, "ResponseFinishDateTime": self.finished}
        return {
            "Name": self.name,
            "Status": self.status.status,
            "StatusDetails": self.status.details,
            "ResponseCode": self.response_code,
            **{name: moment for name, moment in moments.items() if moment is not None},
            "Output": plugin_output.plugin_output(self.stdout, self.stderr),
            "StandardOutputUrl": "",
            "StandardErrorUrl": "",
        }

    def for_get(self) -> dict[str, Any]:
        """The plugin's part of what GetCommandInvocation answers."""
        elapsed = "" if self.started is None or self.finished is None else f"PT{self.finished - self.started:.3f}S"
        return {
            "PluginName": self.name,
            "ResponseCode": self.response_code,
            "ExecutionStartDateTime": iso8601(self.started),
            "ExecutionElapsedTime": elapsed,
            "ExecutionEndDateTime": iso8601(self.finished),
            "Status": self.status.status,
            "StatusDetails": self.status.details,
            "StandardOutputContent": plugin_output.standard_output(self.stdout),
            "StandardOutputUrl": "",
            "StandardErrorContent": plugin_output.standard_error(self.stderr),
            "StandardErrorUrl": "",
        }
