"""The emulator's history is not looked through at every collection of garbage."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from chatops_local.ministack import garbage

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def _pauses_kept_short(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In this process, until the end of the test."""
    monkeypatch.setattr(garbage, "FULL_COLLECTIONS", 2)
    garbage.keep_pauses_short()
    try:
        yield
    finally:
        gc.callbacks.pop()
        gc.unfreeze()


@pytest.mark.usefixtures("_pauses_kept_short")
def test_what_is_there_is_set_aside_at_once():
    assert gc.get_freeze_count() > len(gc.get_objects())


@pytest.mark.usefixtures("_pauses_kept_short")
def test_history_is_set_aside_with_some_full_collections():
    history = [[number] for number in range(1_000)]
    gc.collect(0)
    gc.collect()
    set_aside = gc.get_freeze_count()
    gc.collect()
    assert gc.get_freeze_count() > set_aside + len(history)


@pytest.mark.usefixtures("_pauses_kept_short")
def test_young_cycles_are_freed():
    cycle: list[object] = []
    cycle.append(cycle)
    del cycle
    assert gc.collect() >= 1
