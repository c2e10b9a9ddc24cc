"""Many writers of one pair in simulated time: AWS's limits, conflicts, lost answers, old answers, crashes, resets."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from chatops_runtime.contracts import ip_ranges
from chatops_runtime.ip_sets.pair import IpSetPair, PairBehindError
from chatops_runtime.ip_sets.patience import Patience
from tests.runtime.ip_sets.fake_waf import NAMES, FakeWaf
from tests.runtime.notifier.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.contracts.ip_ranges import Network


class Crash(BaseException):
    """The function's machine is gone."""


class World:
    """Functions that change a table and reconcile; the table is the truth."""

    def __init__(self, seed: int, *, stale_seconds: float = 0.0) -> None:
        self.random = Random(seed)
        self.time = Simulation()
        self.table: set[str] = set()
        self.waf = FakeWaf(
            self.time.now,
            self.time.sleep,
            lambda: self.random.uniform(0.02, 0.3),
            limited=True,
            staleness=lambda: self.random.choice([0.0, 0.0, stale_seconds]),
        )
        self.acknowledged: list[str] = []
        self.behind: list[str] = []
        self.lost: list[str] = []

    def function(
        self, change: Callable[[], None], name: str, *, starts: float, patience: float, crashes: bool
    ) -> Callable[[], None]:
        def run() -> None:
            self.time.sleep(starts)
            change()
            pair = IpSetPair(NAMES, self.waf, Patience(self.time.now, self.time.sleep, self.random.uniform))

            def truth() -> list[Network]:
                self.time.sleep(self.random.uniform(0.005, 0.05))
                if crashes and self.random.random() < 0.5:
                    raise Crash
                return [ip_ranges.parse(text) for text in sorted(self.table)]

            try:
                pair.reconcile(truth, deadline=self.time.now() + patience)
            except PairBehindError:
                self.behind.append(name)
            except Crash:
                return
            else:
                self.acknowledged.append(name)
                if name in self.table and name not in self.waf.networks:
                    self.lost.append(name)

        return run

    def registration(
        self, text: str, *, starts: float, patience: float = 600, crashes: bool = False
    ) -> Callable[[], None]:
        return self.function(lambda: self.table.add(text), text, starts=starts, patience=patience, crashes=crashes)

    def revocation(self, text: str, *, starts: float) -> Callable[[], None]:
        return self.function(lambda: self.table.discard(text), f"-{text}", starts=starts, patience=600, crashes=False)

    def reset(self, starts: float) -> Callable[[], None]:
        def deployment() -> None:
            self.time.sleep(starts)
            self.waf.reset()

        return deployment

    def on_a_timer(self) -> None:
        """What runs once a minute when nobody else does."""
        self.time.run([self.function(lambda: None, "timer", starts=30, patience=50, crashes=False)])


def address(number: int) -> str:
    return f"8.8.{number // 256}.{number % 256}/32" if number % 2 else f"2a00:1450:1:{number + 1:x}::/64"


def test_two_hundred_at_once() -> None:
    world = World(4)
    world.time.run([world.registration(address(number), starts=0.01 * number) for number in range(200)])
    assert sorted(world.acknowledged) == sorted(map(address, range(200)))
    assert world.lost == []
    assert world.waf.networks == set(map(address, range(200)))
    # Most find that somebody else's update had their entry in it.
    assert len(world.waf.updates) < 100


STARTS = st.lists(st.floats(0, 6), min_size=1, max_size=7)
TROUBLES = st.lists(
    st.sampled_from(["", "WAFOptimisticLockException", "ThrottlingException", "no answer", "lost answer", "503"]),
    max_size=8,
)


@given(STARTS, TROUBLES, TROUBLES, st.integers(0, 1_000), st.booleans())
@settings(max_examples=40, deadline=None)
def test_whoever_is_acknowledged_is_in_the_set(starts, updates, reads, seed, crashes) -> None:
    world = World(seed)
    world.waf.failures = {"update_ip_set": list(updates), "get_ip_set": list(reads)}
    world.time.run(
        [
            world.registration(address(number), starts=start, crashes=crashes and number % 3 == 0)
            for number, start in enumerate(starts)
        ]
    )
    assert world.lost == []
    assert world.behind == []
    world.on_a_timer()
    assert world.waf.networks == world.table == set(map(address, range(len(starts))))


@given(STARTS, TROUBLES, st.integers(0, 1_000), st.floats(0, 3), st.lists(st.floats(0, 10), max_size=2))
@settings(max_examples=40, deadline=None)
def test_old_answers_and_resets_heal(starts, troubles, seed, stale_seconds, resets) -> None:
    world = World(seed, stale_seconds=stale_seconds)
    world.waf.failures = {"update_ip_set": list(troubles)}
    world.time.run(
        [
            *(world.registration(address(number), starts=start) for number, start in enumerate(starts)),
            *(world.revocation(address(number), starts=start + 2) for number, start in enumerate(starts) if number % 2),
            *(world.reset(start) for start in resets),
        ]
    )
    world.on_a_timer()
    assert world.waf.networks == world.table


@given(STARTS, st.integers(0, 1_000), st.floats(0.1, 4))
@settings(max_examples=30, deadline=None)
def test_whoever_runs_out_of_time_is_told(starts, seed, patience) -> None:
    world = World(seed)
    world.time.run(
        [world.registration(address(number), starts=start, patience=patience) for number, start in enumerate(starts)]
    )
    assert world.lost == []
    assert sorted(world.acknowledged + world.behind) == sorted(map(address, range(len(starts))))
    world.on_a_timer()
    assert world.waf.networks == world.table
