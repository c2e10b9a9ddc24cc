"""What happens when an execution changes its status: "Step Functions Execution Status Change" on the default bus.

https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"In each case, the detail section in the event data provides the same information as the DescribeExecution API":
its examples are older than `error` and `cause` in that API, which are therefore a reading of ours.
Express executions emit nothing; that one of them failed is noted in our own log.
"""

from __future__ import annotations

import json
import logging
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.service_events import ServiceEvents
from chatops_local.ministack.state_machines.records import RUNNING, is_express_execution

if TYPE_CHECKING:
    from collections.abc import Mapping

_emit_status = private("services.stepfunctions:_emit_execution_status_event", "execution")

SOURCE = "aws.states"
DETAIL_TYPE = "Step Functions Execution Status Change"

MOST_PAYLOAD_BYTES = 248 * 1024
"""Of escaped input and output together; more is left out, the input first."""

_log = logging.getLogger(__name__)


def apply() -> None:
    """Publish the change of a status; what has ended badly and nobody sees goes to our own log."""
    events = ServiceEvents(SOURCE, DETAIL_TYPE)

    def status_changed(execution: dict[str, Any]) -> None:
        if execution["status"] != RUNNING:
            execution["ended"] = time.monotonic()
        if not is_express_execution(execution):
            events.put(execution["executionArn"], detail_of(execution))
        elif execution["status"] not in (RUNNING, "SUCCEEDED"):
            _log.warning("%s is %s: %s", execution["executionArn"], execution["status"], _why(execution))

    _emit_status.wrap(lambda _original: status_changed)


def detail_of(execution: Mapping[str, Any]) -> dict[str, Any]:
    """The event's detail for the status that the execution has now."""
    status = execution["status"]
    output = execution.get("output") if status == "SUCCEEDED" else None
    given = execution["input"]
    if _escaped_bytes(given) + _escaped_bytes(output) > MOST_PAYLOAD_BYTES:
        given = None
    if _escaped_bytes(output) > MOST_PAYLOAD_BYTES:
        output = None
    has_output = status == "SUCCEEDED"
    return {
        "executionArn": execution["executionArn"],
        "stateMachineArn": execution["stateMachineArn"],
        "name": execution["name"],
        "status": status,
        "startDate": _milliseconds(execution["startDate"]),
        "stopDate": _milliseconds(execution["stopDate"]),
        "input": given,
        "inputDetails": {"included": given is not None},
        "output": output,
        "outputDetails": {"included": output is not None} if has_output else None,
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "redriveCount": 0,
        "redriveDate": None,
        "redriveStatus": "NOT_REDRIVABLE" if status in (RUNNING, "SUCCEEDED") else "REDRIVABLE",
        "redriveStatusReason": (
            f"Execution is {status} and cannot be redriven" if status in (RUNNING, "SUCCEEDED") else None
        ),
        "error": execution.get("error"),
        "cause": execution.get("cause"),
    }


def _escaped_bytes(payload: str | None) -> int:
    return 0 if payload is None else len(json.dumps(payload, ensure_ascii=False).encode())


def _milliseconds(iso8601: str | None) -> int | None:
    if iso8601 is None:
        return None
    return round(datetime.fromisoformat(iso8601.replace("Z", "+00:00")).timestamp() * 1000)


def _why(execution: Untyped) -> str:
    return f"{execution.get('error') or 'no error'}: {execution.get('cause') or 'no cause'}"
