"""Whatever happens at once and in whatever order: whoever was told so is in the sets a minute later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runtime.allowlist.allowlist_world import World
from tests.runtime.ip_sets.fake_waf import V4, V6

if TYPE_CHECKING:
    from collections.abc import Callable


def address(number: int) -> str:
    return f"8.8.{number // 256}.{number % 256}" if number % 2 else f"2a00:1450:1:{number + 1:x}::7"


def cidr(number: int) -> str:
    return f"{address(number)}/32" if number % 2 else f"2a00:1450:1:{number + 1:x}::/64"


def test_two_hundred_at_once() -> None:
    world = World(4)
    numbers = range(200)
    world.run(
        [world.registration(number, starts=0.005 * number, address=address(number)) for number in numbers], seconds=60
    )
    assert world.refused == []
    assert sorted(world.acknowledged) == sorted(map(cidr, numbers))
    assert world.waf.networks == set(map(cidr, numbers))
    assert world.dynamodb.conflicts > 0, "they were in each other's way"
    assert world.counted_rightly()
    assert len(world.waf.updates) < 30, "far fewer updates than registrations"
    assert not any("healed" in look.facts for look in world.looks)


STARTS = st.lists(st.floats(0, 4), min_size=1, max_size=8)
TROUBLES = st.lists(
    st.sampled_from(
        ["", "WAFOptimisticLockException", "ThrottlingException", "AccessDeniedException", "no answer", "lost answer"]
    ),
    max_size=8,
)
TABLE_TROUBLES = st.lists(
    st.sampled_from(["", "TransactionConflict", "ThrottlingException", "no answer", "lost answer"]), max_size=8
)


@given(STARTS, TROUBLES, TABLE_TROUBLES, st.integers(0, 1_000), st.sampled_from([0.0, 0.02, 0.1]), st.data())
@settings(max_examples=60, deadline=None)
def test_whoever_is_acknowledged_is_in_the_sets(starts, updates, writes, seed, crashes, data) -> None:
    world = World(seed, crashes=crashes)
    world.waf.failures = {"update_ip_set": list(updates)}
    world.dynamodb.failures = {"transact_write_items": list(writes)}
    revoked = data.draw(st.sets(st.integers(0, len(starts) - 1)))
    machines = [world.registration(n, starts=start, address=address(n)) for n, start in enumerate(starts)]
    machines += [world.revocation(n, starts=10 + n) for n in revoked]
    # Twice the same person at once, from two addresses of a family.
    machines += [world.registration(0, starts=starts[0], address=address(100))]
    world.run(machines, seconds=data.draw(st.floats(1, 70)))
    world.look()
    assert world.waf.networks == world.cidrs
    assert world.counted_rightly()
    lost = {one for one in world.acknowledged if one not in world.cidrs}
    assert lost <= {cidr(n) for n in (*revoked, 0, 100)}


def test_whoever_is_acknowledged_is_let_through_soon_though_a_machine_is_gone() -> None:
    world = World(11, crashes=0.05)
    world.run([world.registration(n, starts=0.1 * n, address=address(n)) for n in range(30)], seconds=130)
    assert set(world.acknowledged) <= world.waf.networks == world.cidrs
    assert world.counted_rightly()


@given(st.integers(0, 1_000), st.sampled_from(["reset", "taken out", "put in"]))
@settings(max_examples=20, deadline=None)
def test_what_others_change_is_put_right_and_said(seed, how) -> None:
    world = World(seed)
    world.run([world.registration(n, starts=0.0, address=address(n)) for n in range(6)], seconds=60)
    world.look()
    right = set(world.waf.networks)
    changes: dict[str, Callable[[], None]] = {
        "reset": world.waf.reset,
        "taken out": lambda: world.waf.sets[V4].put(["8.8.0.1/32"], "by hand", world.time.now()),
        "put in": lambda: world.waf.sets[V6].put([*world.waf.sets[V6].addresses, "2600::/64"], None, world.time.now()),
    }
    changes[how]()
    look = world.look()
    assert world.waf.networks == right
    assert (look.level, look.facts["outcome"]) == ("WARN", "healed")
    assert {
        "reset": sorted([f"+{one}" for one in right]),
        "taken out": ["+8.8.0.3/32", "+8.8.0.5/32"],
        "put in": ["-2600::/64"],
    }[how] == sorted(look.facts["healed"])
    assert "healed" not in world.look().facts


@given(STARTS, st.integers(0, 1_000), st.lists(st.floats(0, 9), max_size=3), TROUBLES)
@settings(max_examples=40, deadline=None)
def test_ordinary_use_is_no_healing(starts, seed, revoked, troubles) -> None:
    world = World(seed)
    world.waf.failures = {"update_ip_set": list(troubles)}
    machines = [world.registration(n % 3, starts=start, address=address(n)) for n, start in enumerate(starts)]
    machines += [world.revocation(n, starts=start) for n, start in enumerate(revoked)]
    world.run(machines, seconds=70)
    world.look()
    assert world.waf.networks == world.cidrs
    assert not any("healed" in look.facts for look in world.looks)
