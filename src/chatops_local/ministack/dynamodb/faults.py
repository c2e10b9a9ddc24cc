"""What a test can do to calls of DynamoDB: throttling, conflicts of transactions, lost answers.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.systems_manager.lost_answers import LostAnswers
from chatops_local.ministack.systems_manager.throttles import Throttles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_handle_request = private("services.dynamodb:handle_request", "method, path, headers, body, query_params")

_TRANSACTIONS = ("TransactGetItems", "TransactWriteItems")
_NAMESPACE = "com.amazonaws.dynamodb.v20120810"
_JSON = "application/x-amz-json-1.0"


class Faults:
    """Every call over HTTP passes through these; without being told, they do nothing."""

    def __init__(self) -> None:
        """Start with none."""
        self.throttles = Throttles()
        self.conflicts = Throttles()
        self.lost_answers = LostAnswers()

    def apply(self, emulator: Emulator) -> None:
        """Let the controller set them."""
        emulator.calls.update(
            dynamodb_throttle=self.throttles.throttle,
            dynamodb_conflict=self.conflicts.throttle,
            dynamodb_lose_answer=self.lost_answers.lose,
        )
        _handle_request.wrap(self._failing)

    def _failing(self, original: Untyped) -> Untyped:
        async def handle_request(
            method: str, path: str, headers: Mapping[str, str], body: bytes, query_params: object
        ) -> Untyped:
            operation = headers.get("x-amz-target", "").rpartition(".")[2]
            if self.throttles.is_throttled(operation):
                return _error("ThrottlingException", "Throughput exceeds the current capacity of your table or index.")
            if operation in _TRANSACTIONS and self.conflicts.is_throttled(operation):
                return _conflict(json.loads(body or b"{}"))
            answer = await original(method, path, headers, body, query_params)
            if answer[0] == 200 and self.lost_answers.is_lost(operation):
                return _error("InternalServerError", "The request processing has failed.", status=500)
            return answer

        return handle_request


def _error(code: str, message: str, *, status: int = 400, **others: Any) -> Untyped:  # noqa: ANN401 - of any error
    body = json.dumps({"__type": f"{_NAMESPACE}#{code}", "message": message, **others}).encode()
    return status, {"Content-Type": _JSON, "x-amzn-errortype": code}, body


def _conflict(request: Mapping[str, Any]) -> Untyped:
    """A transaction that meets another one: the first of its items is the one in which they meet.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
    """
    others = len(request.get("TransactItems") or [{}]) - 1
    reasons = [
        {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"},
        *({"Code": "None"} for _ in range(others)),
    ]
    codes = ", ".join(reason["Code"] for reason in reasons)
    text = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    return _error("TransactionCanceledException", text, CancellationReasons=reasons)
