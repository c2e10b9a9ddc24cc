"""Polls streams of tables for functions, with the rights of their roles: one batch at a time, in order.

A stream has one shard here. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

from __future__ import annotations

import logging
import threading
import time
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.event_sources.batch import Outcome
from chatops_local.ministack.messaging.event_sources.rules import poller
from chatops_local.ministack.messaging.event_sources.wake import FAR_AWAY, wake, wake_at
from chatops_local.ministack.permissions.authorization import first_denial
from chatops_local.ministack.permissions.service_principals import LAMBDA
from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.streams.batch import Batch, Policy, Verdict, fitting, judge
from chatops_local.ministack.streams.filters import passing
from chatops_local.ministack.streams.rules import DEFAULT_BATCH_SIZE, poller_accesses
from chatops_local.ministack.streams.table_streams import is_current, is_stream, table_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.messaging.refusals import Refusals
    from chatops_local.ministack.permissions.place import Directory

_poll_dynamodb_streams = private("services.lambda_svc:_poll_dynamodb_streams", "")
_esms = private("services.lambda_svc:_esms")
_starting_positions = private("services.lambda_svc:_dynamodb_stream_positions")
_get_func_record_for_qualifier = private("services.lambda_svc:_get_func_record_for_qualifier", "name, qualifier")
_execution_record_for_config = private("services.lambda_svc:_execution_record_for_config", "func, config")
_execute_function = private("services.lambda_svc:_execute_function", "func, event")
_stream_end_position = private("services.dynamodb:stream_end_position", "table_name, account_id, region")
_stream_records_since = private(
    "services.dynamodb:stream_records_since", "table_name, position, limit, account_id, region"
)
_request_scope = private("core.responses:request_scope", "account_id, region")

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
"""Seconds of AWS's time between attempts, doubling. A reading of ours: AWS does not say how long it waits."""

_SOON_SECONDS = 1.0
"""Of this machine: what waits for longer until its batching window ends is not under way."""

_log = logging.getLogger(__name__)


@dataclass
class _Shard:
    """How far a mapping has come."""

    position: int
    waiting: list[Mapping[str, Any]] = field(default_factory=list)
    """Read and let through, and in no batch yet."""
    batches: list[Batch] = field(default_factory=list)
    """The first one is in flight, or comes next."""
    window_ends: float | None = None
    in_flight: bool = False
    attempts_in_vain: int = 0
    retry_at: float = 0.0
    denial: str | None = None


@dataclass(frozen=True)
class _Source:
    mapping: Mapping[str, Any]
    record: Untyped
    configuration: Mapping[str, Any]

    @property
    def stream_arn(self) -> str:
        return str(self.mapping["EventSourceArn"])


class StreamPoller:
    """Feeds functions from streams, in place of MiniStack's poller, which asks for no rights.

    MiniStack's loop calls it whenever a table with a stream changes, and once a second.

    Args:
        scale: what an AWS second is multiplied with.
        directory: knows the keys of tables.
        refusals: gets what a role does not let it poll, and what was given up.
    """

    def __init__(self, scale: float, directory: Directory, refusals: Refusals) -> None:
        """Start with nothing in flight."""
        self._scale = scale
        self._directory = directory
        self._refusals = refusals
        self._shards: dict[str, _Shard] = {}

    def apply(self) -> None:
        """Take the place of MiniStack's poller."""

        def poll() -> bool:
            return self.poll()

        _poll_dynamodb_streams.wrap(lambda _original: poll)

    def poll(self) -> bool:
        """Look at every mapping once; tells whether a batch was started."""
        started = False
        due = time.time() + FAR_AWAY
        mappings = [each for each in _esms.get().all_items() if is_stream(str(each[1]["EventSourceArn"]))]
        for gone in self._shards.keys() - {mapping["UUID"] for _, mapping in mappings}:
            del self._shards[gone]
        for (account, region, uuid), mapping in mappings:
            # A mapping, its stream and its function are in one region, which nothing here has asked for yet.
            with _request_scope.get()(account, region):
                shard = self._shards.setdefault(uuid, _Shard(_starting_positions.get().get(uuid, 0)))
                source = _source(mapping)
                if source is not None:
                    has_started, next_due = self._poll(source, shard)
                    started, due = started or has_started, min(due, next_due)
        wake_at(due)
        return started

    def is_quiet(self) -> bool:
        """Whether no function is at a batch, nor will be soon: what waits to be tried again is not counted."""
        for (account, region, uuid), mapping in _esms.get().all_items():
            shard = self._shards.get(uuid)
            if shard is not None:
                with _request_scope.get()(account, region):
                    source = _source(mapping)
                    if source is not None and _is_busy(source, shard):
                        return False
        return True

    def _poll(self, source: _Source, shard: _Shard) -> tuple[bool, float]:
        """Start a batch if there is one; and when a batching window or the wait before an attempt ends."""
        now = time.time()
        self._read(source, shard)
        if shard.in_flight:
            return False, now + FAR_AWAY
        if not shard.batches:
            due = self._form_batch(source, shard, now)
            if due is not None:
                return False, due
        if shard.retry_at > now:
            return False, shard.retry_at
        shard.in_flight = True
        run = copy_context().run
        threading.Thread(target=run, args=(self._run, source, shard), name="stream", daemon=True).start()
        return True, now + FAR_AWAY

    def _read(self, source: _Source, shard: _Shard) -> None:
        table = table_of(source.stream_arn)
        end = _stream_end_position.get()(table)
        if end <= shard.position or not self._is_permitted(source, shard):
            return
        records = _stream_records_since.get()(table, shard.position, end - shard.position)
        shard.waiting += passing(records, source.mapping)
        # Last, so that whoever looks from another thread sees them unread or waiting.
        shard.position = end

    def _is_permitted(self, source: _Source, shard: _Shard) -> bool:
        denial = first_denial(poller(source.configuration), poller_accesses(source.stream_arn, self._directory))
        # It is tried again every second.
        if denial is not None and denial != shard.denial:
            self._refusals.note(LAMBDA, source.stream_arn, source.configuration["FunctionArn"], denial)
        shard.denial = denial
        return denial is None

    def _form_batch(self, source: _Source, shard: _Shard, now: float) -> float | None:
        """Make the next batch of what waits; or when to look again, if there is none yet."""
        if not shard.waiting:
            return now + FAR_AWAY
        window = float(source.mapping.get("MaximumBatchingWindowInSeconds") or 0) * self._scale
        batch_size = int(source.mapping.get("BatchSize", DEFAULT_BATCH_SIZE))
        size = fitting(shard.waiting, batch_size)
        if window and size == len(shard.waiting) < batch_size:
            if shard.window_ends is None:
                shard.window_ends = now + window
            if now < shard.window_ends:
                return shard.window_ends
        shard.window_ends = None
        shard.batches = [Batch(tuple(shard.waiting[:size]))]
        shard.waiting = shard.waiting[size:]
        return None

    def _run(self, source: _Source, shard: _Shard) -> None:
        batch = shard.batches[0]
        verdict = Verdict((batch,))
        try:
            verdict = self._process(source, batch)
        finally:
            shard.batches[:1] = verdict.left
            shard.attempts_in_vain = shard.attempts_in_vain + 1 if verdict.waits else 0
            shard.retry_at = time.time() + self._wait(shard.attempts_in_vain)
            shard.in_flight = False
            wake()

    def _wait(self, attempts: int) -> float:
        return min(_FIRST_WAIT * 2 ** min(attempts - 1, 10), _LONGEST_WAIT) * self._scale if attempts else 0.0

    def _process(self, source: _Source, batch: Batch) -> Verdict:
        """Invoke the function."""
        result = _execute_function.get()(source.record, {"Records": list(batch.records)})
        policy = Policy.of(source.mapping)
        expired = self._expired(batch, policy)
        if result.get("throttle") and not expired:
            return Verdict((batch,))  # Being throttled is no attempt.
        verdict = judge(batch, Outcome.of(result), policy, expired=expired)
        name, left = source.configuration["FunctionName"], sum(len(each.records) for each in verdict.left)
        if verdict.discarded:
            what = f"{verdict.discarded} records were discarded: {verdict.reason}"
            self._refusals.note(LAMBDA, source.stream_arn, source.configuration["FunctionArn"], what)
        if left:
            _log.warning("%s left %d of %d records in %s", name, left, len(batch.records), source.stream_arn)
        return verdict

    def _expired(self, batch: Batch, policy: Policy) -> int:
        if policy.age < 0:
            return 0
        oldest = time.time() - policy.age * self._scale
        return sum(record["dynamodb"]["ApproximateCreationDateTime"] < oldest for record in batch.records)


def _is_busy(source: _Source, shard: _Shard) -> bool:
    # What is read before it is in flight must not be missed in between: so the end of the stream comes first.
    is_unread = shard.denial is None and _stream_end_position.get()(table_of(source.stream_arn)) > shard.position
    is_due = bool(shard.waiting) and (shard.window_ends or 0.0) < time.time() + _SOON_SECONDS
    return is_unread or shard.in_flight or is_due or bool(shard.batches and not shard.attempts_in_vain)


def _source(mapping: Mapping[str, Any]) -> _Source | None:
    if str(mapping.get("Enabled", True)).lower() == "false" or not is_current(str(mapping["EventSourceArn"])):
        return None
    record, configuration = _get_func_record_for_qualifier.get()(mapping["FunctionName"], mapping.get("Qualifier"))
    if configuration is None:
        return None  # The function was deleted before its mapping.
    return _Source(mapping, _execution_record_for_config.get()(record, configuration), configuration)
