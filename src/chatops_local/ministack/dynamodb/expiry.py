"""Time to live: what has expired stays until a test lets DynamoDB delete it, which takes AWS a few days at the most.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chatops_local.ministack.emulator import Emulator

_ttl_settings = private("services.dynamodb:_ttl_settings")
_tables = private("services.dynamodb:_tables")
_remove_item = private("services.dynamodb:_remove_item", "table, pk_val, sk_val")
_emit_stream_event = private(
    "services.dynamodb:_emit_stream_event", "table_name, event_name, old_item, new_item, replicate"
)
_build_change_record = private(
    "services.dynamodb:_build_change_record", "table, event_name, old_item, new_item, view_type"
)
_request_scope = private("core.responses:request_scope", "account_id, region")

_REAPER = "dynamodb-ttl-reaper"
"""MiniStack's thread, which deletes by the clock on the wall, and tells no stream of it."""

_BY_DYNAMODB = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
"""https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html"""

_OLDEST_SECONDS = 5 * 365 * 24 * 3600
"""What has expired longer ago is not deleted."""

_deleting = threading.local()


def apply(emulator: Emulator) -> None:
    """Delete when the controller says so, and only then."""
    emulator.calls.update(dynamodb_delete_expired=lambda now: delete_expired(time.time() if now is None else now))
    _remove_item.wrap(_but_not_by_the_reaper)
    _build_change_record.wrap(_naming_who_deletes)


def delete_expired(now: float) -> int:
    """Delete what has expired in every table with time to live; how many items.

    Args:
        now: Unix time.
    """
    deleted = 0
    for (account, region, name), setting in list(_ttl_settings.get().all_items()):
        if setting.get("TimeToLiveStatus") != "ENABLED":
            continue
        with _request_scope.get()(account, region):
            for partition, sort, item in list(_expired(_tables.get()[name], setting["AttributeName"], now)):
                _remove_item.get()(_tables.get()[name], partition, sort)
                _tell(name, item)
                deleted += 1
    return deleted


def _expired(table: Mapping[str, Any], attribute: str, now: float) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for partition, items in table["items"].items():
        for sort, item in items.items():
            # What is no number of seconds never expires.
            seconds = item.get(attribute, {}).get("N")
            if seconds is not None and now - _OLDEST_SECONDS < float(seconds) < now:
                yield partition, sort, item


def _tell(table: str, item: Mapping[str, Any]) -> None:
    _deleting.is_dynamodb = True
    try:
        _emit_stream_event.get()(table, "REMOVE", item, None)
    finally:
        _deleting.is_dynamodb = False


def _but_not_by_the_reaper(original: Untyped) -> Untyped:
    def remove_item(table: Untyped, pk_val: str, sk_val: str) -> Untyped:
        return None if threading.current_thread().name == _REAPER else original(table, pk_val, sk_val)

    return remove_item


def _naming_who_deletes(original: Untyped) -> Untyped:
    def build_change_record(*arguments: object) -> Untyped:
        record = original(*arguments)
        return {**record, "userIdentity": _BY_DYNAMODB} if getattr(_deleting, "is_dynamodb", False) else record

    return build_change_record
