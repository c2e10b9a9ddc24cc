"""The states of a log search: search for a few seconds and, if that is not all, say the first lines and search on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_constructs.slack.report_states import LAMBDA_CRASHED, LAMBDA_TRANSIENT
from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr, integration, retry
from chatops_runtime.contracts import log_search as contract

if TYPE_CHECKING:
    from chatops_constructs.slack.progress import Progress

FIRST = "Search"
_PROGRESS = "Say the first lines"
_REMEMBER = "Remember how far it came"
_REST = "Search on"

FIRST_SECONDS = 6
"""A search that is over by then says its result once."""


@dataclass(frozen=True)
class SearchStates:
    """The states of one search.

    Attributes:
        function_arn: Of the function that searches.
        event: What it is given each time.
        request: A JSONata expression for what was typed.
        seconds: How long it may search, the first seconds not counted.
        progress: What says the first lines. None: they come with all the others.
    """

    function_arn: str
    event: dict[str, Any]
    request: str
    seconds: int
    progress: Progress | None

    def states(self) -> States:
        """From `FIRST` on."""
        payload = "$states.result.Payload"
        then = _PROGRESS if self.progress else _REMEMBER
        said = self.progress is not None
        return {
            FIRST: {
                **self._search(seconds=FIRST_SECONDS, is_last=False),
                "Output": expr(payload),
                "Next": "Is that all?",
            },
            "Is that all?": {
                "Type": "Choice",
                "Choices": [choice("$states.input.over", then="That is all")],
                "Default": then,
            },
            "That is all": {"Type": "Pass", "Output": expr("$states.input.result"), "End": True},
            then: self._in_between(),
            _REST: {
                **self._search(seconds=self.seconds, is_last=True, cursor=expr("$cursor")),
                "Output": expr(f"$merge([{payload}.result, {{'used': $used}}])" if said else f"{payload}.result"),
                "End": True,
            },
        }

    def _in_between(self) -> dict[str, Any]:
        cursor = {"cursor": expr("$states.input.cursor")}
        if self.progress is None:
            return {"Type": "Pass", "Assign": cursor, "Next": _REST}
        return self.progress.state("$states.input.result", assign=cursor, then=_REST)

    def _search(self, *, seconds: int, is_last: bool, **more: str) -> dict[str, Any]:
        return {
            "Type": "Task",
            "Resource": integration("lambda:invoke"),
            "Arguments": {
                "FunctionName": self.function_arn,
                "Payload": {
                    "version": contract.VERSION,
                    "id": expr(f"{EXECUTION}.Name"),
                    **self.event,
                    "arguments": expr(f"{self.request}.arguments"),
                    "started_at": expr(f"{EXECUTION}.StartTime"),
                    "seconds": seconds,
                    "is_last": is_last,
                    **more,
                },
            },
            # It only reads.
            "Retry": [*retry(*LAMBDA_TRANSIENT, attempts=5), *retry(*LAMBDA_CRASHED, attempts=1)],
        }
