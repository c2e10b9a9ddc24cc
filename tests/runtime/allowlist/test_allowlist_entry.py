"""Entries as the table has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.allowlist.actions import plain, put
from chatops_runtime.allowlist.entry import KEPT_PREVIOUS, TRACE_SECONDS, Entry, Owner
from chatops_runtime.contracts.ip_ranges import parse

if TYPE_CHECKING:
    from chatops_runtime.contracts.ip_ranges import Network

TIMES = st.integers(1_700_000_000, 1_900_000_000)
NETWORKS = st.integers(0, 255).map(
    lambda number: parse(f"8.8.8.{number}/32" if number % 2 else f"2600:{number:x}::/64")
)
ENTRIES = st.builds(
    Entry,
    owner=st.builds(Owner, id=st.text(min_size=1), name=st.text()),
    network=NETWORKS,
    note=st.text(),
    by=st.text(),
    registered_at=TIMES,
    expires_at=TIMES,
    previous=st.dictionaries(NETWORKS.map(str), TIMES, max_size=5),
)


@given(ENTRIES, st.none() | TIMES)
def test_what_is_written_is_read_again(entry: Entry, ended_at: int | None) -> None:
    if ended_at is not None:
        entry = entry.ended(ended_at, "somebody")
        assert not entry.counts(ended_at)
    item = put(entry.to_item()).rendered("Table")["Put"]["Item"]
    assert Entry.from_item(plain(item)) == entry


@given(st.lists(st.tuples(st.sampled_from([0, 1, 1, 5, 60, 299, 300]), NETWORKS), min_size=1, max_size=40))
def test_ranges_that_were_replaced_leave_a_trace_that_does_not_grow(steps: list[tuple[int, Network]]) -> None:
    now = 1_800_000_000
    entry = None
    ended: dict[str, int] = {}
    for seconds, network in steps:
        now += seconds
        new = Entry(Owner("slack:U1", "alice"), network, "", "alice", now, now + 36_000)
        if entry is not None and entry.network != network:
            ended[str(entry.network)] = now
        entry = new if entry is None else entry.replaced_by(new)
        lately = {cidr: at for cidr, at in ended.items() if now - at < TRACE_SECONDS}
        latest = sorted(lately.items(), key=lambda item: item[1])[-KEPT_PREVIOUS:]
        assert len(entry.previous) == len(latest)
        assert sorted(entry.previous.values()) == [at for _, at in latest]


def test_only_the_latest_ranges_are_kept() -> None:
    now = 1_800_000_000
    entry = Entry(Owner("slack:U1", "alice"), parse("8.8.8.0/32"), "", "alice", now, now + 36_000)
    for number in range(1, 20):
        network = parse(f"8.8.8.{number}/32")
        entry = entry.replaced_by(Entry(entry.owner, network, "", "alice", now + number, now + 36_000))
    assert set(entry.previous) == {f"8.8.8.{number}/32" for number in range(9, 19)}
