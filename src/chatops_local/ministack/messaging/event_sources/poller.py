"""Polls queues for functions, with the rights of their roles.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from __future__ import annotations

import logging
import threading
import time
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.deletions import note
from chatops_local.ministack.messaging.event_sources.batch import Outcome, failed_ids, fitting, records
from chatops_local.ministack.messaging.event_sources.rules import poller, poller_accesses
from chatops_local.ministack.messaging.event_sources.wake import FAR_AWAY, wake, wake_at
from chatops_local.ministack.messaging.queue_lock import LOCK
from chatops_local.ministack.permissions.authorization import first_denial
from chatops_local.ministack.permissions.service_principals import LAMBDA
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chatops_local.ministack.messaging.refusals import Refusals

_poll_sqs = private("services.lambda_svc:_poll_sqs", "")
_esms = private("services.lambda_svc:_esms")
_get_func_record_for_qualifier = private("services.lambda_svc:_get_func_record_for_qualifier", "name, qualifier")
_execution_record_for_config = private("services.lambda_svc:_execution_record_for_config", "func, config")
_execute_function = private("services.lambda_svc:_execute_function", "func, event")
_apply_filter_criteria = private("services.lambda_svc:_apply_filter_criteria", "records, esm")
_queue_by_arn = private("services.sqs:_queue_by_arn", "arn")
_collect_msgs = private("services.sqs:_collect_msgs", "q, max_n, vis_timeout")
_expire_retained = private("services.sqs:_expire_retained", "q")
_dlq_sweep = private("services.sqs:_dlq_sweep", "q")
_request_scope = private("core.responses:request_scope", "account_id, region")

_CONCURRENT_AT_FIRST = 5
"""Batches that Lambda processes at the same time before it scales; it does not go by the function's reserved
concurrency. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"""

_log = logging.getLogger(__name__)


@dataclass
class _State:
    """What is going on for one mapping."""

    in_flight: int = 0
    window_ends: float | None = None
    denial: str | None = None


@dataclass(frozen=True)
class _Source:
    """A mapping with its two ends."""

    mapping: Mapping[str, Any]
    queue: dict[str, Any]
    record: Untyped
    configuration: Mapping[str, Any]

    @property
    def queue_arn(self) -> str:
        return str(self.mapping["EventSourceArn"])

    @property
    def concurrency(self) -> int:
        if self.queue["is_fifo"]:
            return 1  # So the messages of a group stay in order.
        limit = (self.mapping.get("ScalingConfig") or {}).get("MaximumConcurrency")
        return int(limit or _CONCURRENT_AT_FIRST)


class Poller:
    """Feeds functions from queues, in place of MiniStack's poller, which asks for no rights.

    MiniStack's loop calls it whenever a queue gets something, and once a second.

    Args:
        scale: what an AWS second is multiplied with.
        refusals: gets what a role does not let it poll.
    """

    def __init__(self, scale: float, refusals: Refusals) -> None:
        """Start with nothing in flight."""
        self._scale = scale
        self._refusals = refusals
        self._states: dict[str, _State] = {}
        self._lock = threading.Lock()

    def apply(self) -> None:
        """Take the place of MiniStack's poller."""

        def poll() -> bool:
            return self.poll()

        _poll_sqs.wrap(lambda _original: poll)

    def poll(self) -> bool:
        """Look at every mapping once; tells whether something was taken, so that there may be more."""
        taken = False
        due = time.time() + FAR_AWAY
        for (account, region, _), mapping in _esms.get().all_items():
            # A mapping, its queue and its function are in one region, which nothing here has asked for yet.
            with _request_scope.get()(account, region):
                source = self._source(mapping)
                if source is not None:
                    took, next_due = self._poll(source, self._states.setdefault(mapping["UUID"], _State()))
                    taken, due = taken or took, min(due, next_due)
        wake_at(due)
        return taken

    def _source(self, mapping: Mapping[str, Any]) -> _Source | None:
        arn = str(mapping["EventSourceArn"])
        queue = _queue_by_arn.get()(arn)
        if queue is None or str(mapping.get("Enabled", True)).lower() == "false":
            return None
        record, configuration = _get_func_record_for_qualifier.get()(mapping["FunctionName"], mapping.get("Qualifier"))
        if configuration is None:
            return None  # The function was deleted before its mapping.
        return _Source(mapping, queue, _execution_record_for_config.get()(record, configuration), configuration)

    def _poll(self, source: _Source, state: _State) -> tuple[bool, float]:
        """Take a batch if there is one; and when something becomes visible or a batching window ends."""
        now = time.time()
        with LOCK:
            _expire_retained.get()(source.queue)
            visible = [message for message in source.queue["messages"] if message["visible_at"] <= now]
            invisible = [message["visible_at"] for message in source.queue["messages"] if message["visible_at"] > now]
        later = min(invisible, default=now + FAR_AWAY)
        if not visible:
            state.window_ends = None
            return False, later
        if state.in_flight >= source.concurrency or not self._is_permitted(source, state):
            return False, now + FAR_AWAY
        size = fitting(visible, int(source.mapping.get("BatchSize", 10)))
        if size == len(visible) and self._waits_for_more(source, state, size, now):
            return False, state.window_ends or now
        batch = _receive(source.queue, size)
        if batch:
            self._start(source, state, batch)
        return bool(batch), later

    def _is_permitted(self, source: _Source, state: _State) -> bool:
        denial = first_denial(poller(source.configuration), poller_accesses(source.queue_arn))
        # It is tried again every second.
        if denial is not None and denial != state.denial:
            self._refusals.note(LAMBDA, source.queue_arn, source.configuration["FunctionArn"], denial)
        state.denial = denial
        return denial is None

    def _waits_for_more(self, source: _Source, state: _State, size: int, now: float) -> bool:
        window = float(source.mapping.get("MaximumBatchingWindowInSeconds") or 0) * self._scale
        if size >= int(source.mapping.get("BatchSize", 10)) or not window:
            state.window_ends = None
            return False
        if state.window_ends is None:
            state.window_ends = now + window
        if now < state.window_ends:
            return True
        state.window_ends = None
        return False

    def _start(self, source: _Source, state: _State, batch: list[dict[str, Any]]) -> None:
        with self._lock:
            state.in_flight += 1
        run = copy_context().run
        thread = threading.Thread(target=run, args=(self._run, source, state, batch), name="event-source", daemon=True)
        thread.start()

    def _run(self, source: _Source, state: _State, batch: list[dict[str, Any]]) -> None:
        started = time.time()
        failed = {message["id"] for message in batch}
        try:
            failed = self._process(source, batch)
        finally:
            self._settle(source.queue, batch, failed, time.time() - started)
            with self._lock:
                state.in_flight -= 1
            wake()

    def _process(self, source: _Source, batch: list[dict[str, Any]]) -> set[str]:
        """Invoke the function; returns the ids of the messages that stay."""
        # What a filter does not let through is deleted: it is not in the event, and so it cannot fail.
        event = {"Records": _apply_filter_criteria.get()(records(batch, source.queue_arn), source.mapping)}
        if not event["Records"]:
            return set()
        outcome = Outcome.of(_execute_function.get()(source.record, event))
        ids = {record["messageId"] for record in event["Records"]}
        failed = failed_ids(outcome, ids, source.mapping.get("FunctionResponseTypes") or [])
        if failed:
            name = source.configuration["FunctionName"]
            _log.warning("%s left %d of %d messages in %s", name, len(failed), len(ids), source.queue_arn)
        return failed

    def _settle(self, queue: dict[str, Any], batch: Iterable[dict[str, Any]], failed: set[str], seconds: float) -> None:
        """Delete what was processed; the rest becomes visible when its visibility time-out has passed.

        The function's own time does not scale, so only what is left of the time-out does.
        """
        remaining = max(0.0, int(queue["attributes"]["VisibilityTimeout"]) - seconds) * self._scale
        processed = {message["receipt_handle"] for message in batch if message["id"] not in failed}
        with LOCK:
            before = len(queue["messages"])
            queue["messages"] = [each for each in queue["messages"] if each.get("receipt_handle") not in processed]
            note(queue, before - len(queue["messages"]))
            for message in batch:
                # Unless the function has changed its visibility itself.
                if message["id"] in failed and message["visible_at"] > time.time() + FAR_AWAY / 2:
                    message["visible_at"] = time.time() + remaining


def _receive(queue: dict[str, Any], size: int) -> list[dict[str, Any]]:
    """Take messages, which stay invisible as long as the function runs: its time-out is the shorter one."""
    with LOCK:
        _dlq_sweep.get()(queue)
        batch: list[dict[str, Any]] = _collect_msgs.get()(queue, size, 0)
        for message in batch:
            message["visible_at"] = time.time() + FAR_AWAY
    return batch
