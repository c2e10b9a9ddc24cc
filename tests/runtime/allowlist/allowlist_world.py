"""An allow-list in simulated time: many who register at once, one shard of a stream, a timer, AWS's limits, crashes."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chatops_runtime.allowlist.look import Look
from chatops_runtime.allowlist.registrar import Registrar
from chatops_runtime.allowlist.table import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, Table, passes
from chatops_runtime.ip_sets.pair import IpSetPair
from chatops_runtime.ip_sets.patience import Patience
from chatops_runtime.log_line import LoggableError
from tests.runtime.allowlist.allowlist_double import ARN, SETTINGS, http
from tests.runtime.allowlist.fake_dynamodb import FakeDynamoDb
from tests.runtime.ip_sets.fake_waf import NAMES, FakeWaf
from tests.runtime.notifier.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WINDOW_SECONDS = 1.0
MINUTE = 60.0
FUNCTION_SECONDS = 35.0
"""What is left to the projection of its time until the reserve."""


class Crash(BaseException):
    """The function's machine is gone."""


class World:
    """What is deployed, and who calls it."""

    def __init__(self, seed: int, *, crashes: float = 0.0) -> None:
        self.random = Random(seed)
        self.time = Simulation()
        self.crashes = crashes
        self.calm = False
        self.dynamodb = FakeDynamoDb(self._sleep, lambda: self.random.uniform(0.002, 0.01), page=100)
        self.dynamodb.on_change = self._changed
        self.waf = FakeWaf(self.time.now, self._sleep, lambda: self.random.uniform(0.02, 0.3), limited=True)
        patience = Patience(
            self.time.now,
            self.time.sleep,
            self.random.uniform,
            passes=passes,
            first_pause=FIRST_PAUSE_SECONDS,
            longest_pause=LONGEST_PAUSE_SECONDS,
        )
        self.table = Table(self.dynamodb, "Table", patience)
        self.acknowledged: list[str] = []
        self.refused: list[int] = []
        self.looks: list[Look] = []
        self._has_changed = False

    def registration(self, number: int, *, starts: float, address: str) -> Callable[[], None]:
        """Somebody who registers, and is told whether it worked, unless the machine is gone meanwhile."""

        def run() -> None:
            self.time.sleep(starts)
            event = http("POST", "/iam/registrations", arn=f"{ARN}-{number}", source=address)
            response = self._answered(event)
            if response is None or response["statusCode"] != 200:
                self.refused.append(number)
            else:
                self.acknowledged += [one["cidr"] for one in json.loads(response["body"])["registrations"]]

        return run

    def revocation(self, number: int, *, starts: float) -> Callable[[], None]:
        def run() -> None:
            self.time.sleep(starts)
            self._answered(http("DELETE", "/iam/registrations", arn=f"{ARN}-{number}"))

        return run

    def at(self, starts: float, what: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            self.time.sleep(starts)
            what()

        return run

    def run(self, machines: Sequence[Callable[[], None]], *, seconds: float) -> None:
        """Run all of them, beside the shard and the timer, for so long."""
        end = self.time.now() + seconds
        self.time.run([*machines, lambda: self._shard(end), lambda: self._timer(end)])

    def look(self) -> Look:
        """A minute in which nothing goes wrong and nobody else does anything."""
        self.calm = True
        self.waf.failures.clear()
        self.dynamodb.failures.clear()
        self.time.run([self.at(MINUTE, self._look)])
        self.calm = False
        return self.looks[-1]

    @property
    def cidrs(self) -> set[str]:
        """What counts, by the table."""
        now = self.time.now()
        return {
            item["cidr"]["S"]
            for (kind, _), item in self.dynamodb.items.items()
            if kind == "entry" and int(item["expires_at"]["N"]) > now
        }

    def counted_rightly(self) -> bool:
        """Whether the counts are what there is."""
        for family in ("4", "6"):
            entries = sum(kind == "entry" and id.endswith(f"#{family}") for kind, id in self.dynamodb.items)
            item = self.dynamodb.items.get(("count", family), {"entries": {"N": "0"}})
            if int(item["entries"]["N"]) != entries:
                return False
        return True

    def _answered(self, event: dict[str, Any]) -> dict[str, Any] | None:
        registrar = Registrar(SETTINGS, self.table, None, self.time.now)
        try:
            return registrar.answer(event, "request", deadline=self.time.now() + 20, facts={})
        except Crash:
            return None

    def _shard(self, end: float) -> None:
        """One after the other, with what came within the window; a batch that fails is tried once more."""
        while self.time.now() < end:
            self.time.sleep(WINDOW_SECONDS)
            for _ in range(2):
                if not self._has_changed:
                    break
                self._has_changed = False
                if not self._look():
                    self._has_changed = True

    def _timer(self, end: float) -> None:
        while self.time.now() < end:
            self.time.sleep(MINUTE)
            self._look()

    def _look(self) -> bool:
        """One invocation of the projection; False if its machine is gone."""
        pair = IpSetPair(NAMES, self.waf, Patience(self.time.now, self.time.sleep, self.random.uniform))
        look = Look(self.table, pair, self.time.now)
        try:
            look.look(deadline=self.time.now() + FUNCTION_SECONDS)
        except (ClientError, LoggableError):
            assert not self.calm
        except Crash:
            return False
        self.looks.append(look)
        return True

    def _changed(self) -> None:
        self._has_changed = True

    def _sleep(self, seconds: float) -> None:
        """What each call to AWS takes; it may be the last thing that the machine does."""
        if not self.calm and self.random.random() < self.crashes:
            raise Crash
        self.time.sleep(seconds)
