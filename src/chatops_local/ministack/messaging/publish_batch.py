"""PublishBatch: what SNS refuses of a batch as a whole and of its entries, and entries that fail on purpose.

A batch is answered with 200 although entries of it have failed, each by its id:
https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
"""

from __future__ import annotations

import re
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from chatops_local.ministack.messaging.message_structure import message_problem, subject_problem
from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.systems_manager.lost_answers import LostAnswers
from chatops_local.ministack.systems_manager.throttles import Throttles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_publish_batch = private("services.sns:_publish_batch", "params")
_publish = private("services.sns:_publish", "params")
_parse_batch_entries = private("services.sns:_parse_batch_entries", "params")
_message_payload_size = private("services.sns:_message_payload_size", "message, attrs")
_error = private("services.sns:_error", "code, message, status")

_MOST_BYTES = 262_144
_ENTRY_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_ENTRY = re.compile(r"PublishBatchRequestEntries\.member\.(?P<number>\d+)\.(?P<rest>.+)")


@dataclass(frozen=True)
class _Failure:
    """Why one entry fails."""

    code: str
    message: str
    sender_fault: bool = True

    def member(self, entry_id: str) -> str:
        fault = str(self.sender_fault).lower()
        return (
            f"<member><Id>{escape(entry_id)}</Id><Code>{self.code}</Code><Message>{escape(self.message)}</Message>"
            f"<SenderFault>{fault}</SenderFault></member>"
        )


class PublishBatch:
    """What happens to calls of SNS; without being told, nothing goes wrong on purpose."""

    def __init__(self) -> None:
        """Start with no faults."""
        self._throttles = Throttles()
        self._lost_answers = LostAnswers()
        self._lock = threading.Lock()
        self._failing: deque[_Failure | None] = deque()

    def apply(self, emulator: Emulator) -> None:
        """Check batches, and let the controller set faults."""
        emulator.calls.update(
            sns_throttle=self._throttles.throttle,
            sns_lose_answer=self._lost_answers.lose,
            sns_fail_entries=self.fail_entries,
        )
        _publish_batch.wrap(self._checked)
        _publish.wrap(lambda original: self._failing_calls(original, "Publish"))
        _publish_batch.wrap(lambda original: self._failing_calls(original, "PublishBatch"))

    def fail_entries(self, times: int, code: str, message: str, sender_fault: bool, after: int) -> None:
        """Let the next entries of batches fail, whichever batches they are in."""
        failure = _Failure(code, message, sender_fault)
        with self._lock:
            self._failing = deque([*[None] * after, *[failure] * times])

    def _failing_calls(self, original: Untyped, name: str) -> Untyped:
        def publish(params: Mapping[str, Any]) -> Untyped:
            if self._throttles.is_throttled(name):
                return _error.get()("Throttled", "Rate exceeded", 429)
            answer = original(params)
            if answer[0] == 200 and self._lost_answers.is_lost(name):
                return _error.get()("InternalError", "The request processing has failed.", 500)
            return answer

        return publish

    def _checked(self, original: Untyped) -> Untyped:
        def publish_batch(params: Mapping[str, Any]) -> Untyped:
            entries = _parse_batch_entries.get()(params)
            refusal = _refusal(entries)
            if refusal is not None:
                return _error.get()(*refusal, 400)
            failures = {entry["id"]: failure for entry in entries if (failure := self._failure_of(entry)) is not None}
            kept = [number for number, entry in enumerate(entries, start=1) if entry["id"] not in failures]
            if entries and not kept:
                return _answer(failures)
            status, headers, body = original(_only(params, kept))
            return _with(status, headers, body, failures)

        return publish_batch

    def _failure_of(self, entry: Mapping[str, Any]) -> _Failure | None:
        problem = subject_problem(entry["subject"]) or message_problem(entry["message"], entry["message_structure"])
        if problem is not None:
            return _Failure("InvalidParameter", problem)
        with self._lock:
            return self._failing.popleft() if self._failing else None


def _refusal(entries: list[dict[str, Any]]) -> tuple[str, str] | None:
    """Why all of a batch is refused; for more than ten entries and ids that are not distinct, MiniStack does."""
    malformed = [entry["id"] for entry in entries if _ENTRY_ID.fullmatch(entry["id"]) is None]
    if malformed:
        return "InvalidBatchEntryId", f"The Id of a batch entry in a batch request is malformed: {malformed[0]}"
    size = _message_payload_size.get()
    if sum(size(entry["message"], entry["message_attributes"]) for entry in entries) > _MOST_BYTES:
        return "BatchRequestTooLong", "The length of all the batch messages put together is more than the limit."
    return None


def _only(params: Mapping[str, Any], kept: list[int]) -> dict[str, Any]:
    """The request with these entries, numbered anew."""
    numbers = {str(old): str(new) for new, old in enumerate(kept, start=1)}
    found: dict[str, Any] = {}
    for name, value in params.items():
        entry = _ENTRY.fullmatch(name)
        if entry is None:
            found[name] = value
        elif entry["number"] in numbers:
            found[f"PublishBatchRequestEntries.member.{numbers[entry['number']]}.{entry['rest']}"] = value
    return found


def _with(status: int, headers: Mapping[str, str], body: bytes, failures: Mapping[str, _Failure]) -> Untyped:
    members = "".join(failure.member(entry_id) for entry_id, failure in failures.items())
    return status, headers, body.replace(b"</Failed>", members.encode() + b"</Failed>")


def _answer(failures: Mapping[str, _Failure]) -> Untyped:
    body = (
        '<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult>'
        "<Successful></Successful><Failed></Failed>"
        "</PublishBatchResult></PublishBatchResponse>"
    )
    return _with(200, {"Content-Type": "application/xml"}, body.encode(), failures)
