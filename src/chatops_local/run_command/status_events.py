"""The events that Systems Manager sends to EventBridge when a command's or an invocation's status changes.

https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
The details hold no StatusDetails: NoInstancesInTag looks like any Success.
"""

from __future__ import annotations

import logging
from threading import Thread
from typing import TYPE_CHECKING, Any

from .clock import iso8601
from .delayed_queue import DelayedQueue
from .event_delivery import EventDelivery

if TYPE_CHECKING:
    from collections.abc import Callable

    from .clock import Clock
    from .command import Command
    from .fleet import Instance
    from .invocation import Invocation

SOURCE = "aws.ssm"
COMMAND_CHANGED = "EC2 Command Status-change Notification"
INVOCATION_CHANGED = "EC2 Command Invocation Status-change Notification"

_log = logging.getLogger("chatops_local.run_command")


class StatusEvents:
    """Hands every event to a listener: one after the other, in a thread of its own, without our lock.

    Attributes:
        delivery: When and how often they arrive. At first at once, in order.
    """

    def __init__(
        self, listener: Callable[[dict[str, Any]], None] | None, *, account: str, region: str, clock: Clock
    ) -> None:
        """Take the listener; without one nothing is sent."""
        self.delivery = EventDelivery()
        self._listener = listener
        self._account = account
        self._region = region
        self._clock = clock
        self._queue: DelayedQueue[dict[str, Any]] = DelayedQueue()
        self._thread = Thread(target=self._deliver, name="run-command-events", daemon=True)
        self._thread.start()

    def command_changed(self, command: Command) -> None:
        """Tell that the whole command has a new status."""
        detail = {
            **_common_detail(command),
            "expire-after": iso8601(command.expires),
            "parameters": command.request.get("Parameters", {}),
            "status": command.status.status,
        }
        self._send(COMMAND_CHANGED, detail, [one.instance for one in command.invocations])

    def invocation_changed(self, invocation: Invocation) -> None:
        """Tell that one invocation has a new status."""
        detail = {
            **_common_detail(invocation.command),
            "instance-id": invocation.instance.instance_id,
            "status": invocation.status.status,
        }
        self._send(INVOCATION_CHANGED, detail, [invocation.instance])

    def close(self) -> None:
        """Hand over what has arrived by now, and stop."""
        self._queue.close()
        self._thread.join(timeout=10)

    def _send(self, detail_type: str, detail: dict[str, Any], instances: list[Instance]) -> None:
        prefix = f"arn:aws:ec2:{self._region}:{self._account}:instance/"
        resources = [prefix + instance.instance_id for instance in instances]
        event = {"source": SOURCE, "detail-type": detail_type, "resources": resources, "detail": detail}
        for delay in self.delivery.delays():
            self._queue.put(event, self._clock.deadline(delay))

    def _deliver(self) -> None:
        while (event := self._queue.get()) is not None:
            try:
                if self._listener is not None:
                    self._listener(event)
            except Exception:  # noqa: BLE001, PERF203 - the listener is not ours, and the next event has to come
                _log.exception("the listener failed at an event %r", event["detail-type"])


def _common_detail(command: Command) -> dict[str, Any]:
    return {
        "command-id": command.command_id,
        "document-name": command.document.name,
        "requested-date-time": iso8601(command.requested),
    }
