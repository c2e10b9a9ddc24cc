"""Events that services of AWS put on the default bus of a region."""

from __future__ import annotations

import json
import logging
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar

from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping

_put_events = private("services.eventbridge:_put_events", "data, allow_aws_source")
_request_scope = private("core.responses:request_scope", "account_id, region")

_log = logging.getLogger(__name__)


class ServiceEvents:
    """Publishes from a thread of its own: what has happened does not wait for what its events start."""

    _of_all: ClassVar[list[ServiceEvents]] = []

    def __init__(self, source: str, detail_type: str) -> None:
        """Publish events of one kind.

        Args:
            source: such as ``aws.states``.
            detail_type: such as ``Step Functions Execution Status Change``.
        """
        self._source = source
        self._detail_type = detail_type
        self._events: Queue[dict[str, Any]] = Queue()
        self._of_all.append(self)
        Thread(target=self._publish, name=f"events-of-{source}", daemon=True).start()

    @classmethod
    def pending(cls) -> int:
        """How many events, of all services, have not reached the rules yet."""
        return sum(each.unpublished for each in cls._of_all)

    @property
    def unpublished(self) -> int:
        """How many of its events have not reached the rules yet."""
        return self._events.unfinished_tasks

    def put(self, resource_arn: str, detail: Mapping[str, Any]) -> None:
        """Publish an event about a resource, in its region, after those that were put before."""
        entry = {
            "Source": self._source,
            "DetailType": self._detail_type,
            "Detail": json.dumps(detail),
            "Resources": [resource_arn],
        }
        self._events.put(entry)

    def _publish(self) -> None:
        while True:
            entry = self._events.get()
            try:
                _, _, _, region, account, *_ = entry["Resources"][0].split(":")
                with _request_scope.get()(account, region):
                    _put_events.get()({"Entries": [entry]}, allow_aws_source=True)
            except Exception:  # noqa: BLE001 - MiniStack's; the next event has to come
                _log.exception("the event of %s was lost", entry["Resources"][0])
            finally:
                self._events.task_done()
