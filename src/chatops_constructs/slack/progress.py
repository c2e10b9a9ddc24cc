"""The state that says the beginning of a result while the rest is not there yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatops_constructs.slack.report_states import LAMBDA_TRANSIENT
from chatops_constructs.workflow.asl import EXECUTION, expr, integration, retry
from chatops_runtime.contracts import asking, report


@dataclass(frozen=True)
class Progress:
    """Says it for one command.

    Attributes:
        report_arn: Of the function that does. The command's role may invoke it.
        request: A JSONata expression for what was typed.
        used: A JSONata expression for how many messages the response_url has taken so far.
    """

    report_arn: str
    request: str = f"{EXECUTION}.Input"
    used: str = "0"

    def state(self, result: str, *, assign: dict[str, Any], then: str) -> dict[str, Any]:
        """The state, which assigns `$used`: how many messages the response_url has taken now.

        What cannot be said is left out; the result comes in any case.

        Args:
            result: A JSONata expression for the result so far.
            assign: What else it assigns.
            then: The state behind it.
        """
        return {
            "Type": "Task",
            "Resource": integration("lambda:invoke"),
            "Arguments": {
                "FunctionName": self.report_arn,
                "Payload": {
                    "version": report.VERSION,
                    "event": asking.PROGRESS,
                    "id": expr(f"{EXECUTION}.Name"),
                    "execution_arn": expr(f"{EXECUTION}.Id"),
                    "started_at": expr(f"{EXECUTION}.StartTime"),
                    "request": expr(self.request),
                    "used": expr(self.used),
                    "result": expr(result),
                },
            },
            "Retry": retry(*LAMBDA_TRANSIENT, attempts=2),
            "Assign": {**assign, "used": expr("$states.result.Payload.used")},
            # It may have been said.
            "Catch": [
                {"ErrorEquals": ["States.ALL"], "Assign": {**assign, "used": expr(f"{self.used} + 1")}, "Next": then}
            ],
            "Next": then,
        }
