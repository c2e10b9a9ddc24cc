"""A switch whose table and IP sets are in memory, with a clock that stands still until it is moved."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chatops_runtime.ip_sets.pair import IpSetPair
from chatops_runtime.ip_sets.patience import Patience
from chatops_runtime.maintenance.service import Service
from chatops_runtime.maintenance.store import Store
from chatops_runtime.maintenance.switch import Switch
from tests.runtime.ip_sets.fake_waf import NAMES, FakeWaf

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.maintenance.invocation import Look, Window
    from chatops_runtime.order import Order

NOON = 1_795_348_800.0


class FakeTable:
    """One item, put under a condition: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html"""

    def __init__(self) -> None:
        self.item: dict[str, Any] | None = None
        self.puts = 0
        self.conflicts = 0
        self.before_put: list[Callable[[], object]] = []
        """What others do between somebody's reading and writing, one after the other."""
        self.lost_answers = 0
        self._lock = threading.Lock()

    def get_item(self, *, TableName: str, Key: dict[str, Any], ConsistentRead: bool) -> dict[str, Any]:  # noqa: N803
        assert (TableName, Key, ConsistentRead) == ("Table", {"id": {"S": "switch"}}, True)
        return {} if self.item is None else {"Item": dict(self.item)}

    def put_item(self, *, Item: dict[str, Any], ExpressionAttributeValues: dict[str, Any], **rest: Any) -> None:  # noqa: N803
        assert rest["ConditionExpression"] == "attribute_not_exists(#id) OR #version = :seen"
        if self.before_put:
            self.before_put.pop(0)()
        with self._lock:
            self._put(Item, ExpressionAttributeValues[":seen"])
            if self.lost_answers:
                # boto3 tries again by itself, and then finds the version of its first try.
                self.lost_answers -= 1
                self._put(Item, ExpressionAttributeValues[":seen"])

    def _put(self, item: dict[str, Any], seen: dict[str, str]) -> None:
        if self.item is not None and self.item["version"] != seen:
            self.conflicts += 1
            raise ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, "PutItem")
        self.item = item
        self.puts += 1


class SwitchDouble:
    """The whole function but its entry point."""

    def __init__(self) -> None:
        self.time = NOON
        self.table = FakeTable()
        self.waf = FakeWaf(lambda: self.time)
        self.store = Store(self.table, "Table")
        pair = IpSetPair(NAMES, self.waf, Patience(lambda: self.time, self._sleep, lambda _, most: most))
        self.switch = Switch(self.store, pair, lambda: self.time)
        self.service = Service(self.switch, lambda: self.time)

    def do(self, what: Order | Window | Look) -> str:
        """What is answered, in Slack's markup; empty without an answer."""
        self.service = Service(self.switch, lambda: self.time)
        reply = self.service.do(what, deadline=self.time + 10)
        return "" if reply is None else reply.mrkdwn or ""

    @property
    def is_closed(self) -> bool:
        """What end users see."""
        closed = {"0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"}
        assert self.waf.networks in (set(), closed)
        return bool(self.waf.networks)

    def _sleep(self, seconds: float) -> None:
        self.time += seconds
