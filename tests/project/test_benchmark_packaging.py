"""The benchmark of packages: its own reasoning. Nothing is timed."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

from benchmarks.__main__ import BENCHMARKS
from benchmarks.packaging import measurement, results
from benchmarks.packaging.measurement import CACHED, COLD, DOWNLOADED, OURS, PLAIN, SYNTHESIS, WITHOUT, Run
from chatops_constructs.packaging.dependencies import uv

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SECONDS = {
    (DOWNLOADED, OURS): 1.1,
    (DOWNLOADED, PLAIN): 1.0,
    (COLD, OURS): 0.3,
    (COLD, PLAIN): 0.25,
    (CACHED, OURS): 0.01,
    (CACHED, PLAIN): 0.25,
    (SYNTHESIS, OURS): 2.0,
    (SYNTHESIS, WITHOUT): 1.5,
}


def missed(**changes: float) -> list[str]:
    """The goals that are missed with other seconds for ours."""
    names = {"downloaded": DOWNLOADED, "cold": COLD, "cached": CACHED, "synthesis": SYNTHESIS}
    seconds = SECONDS | {(names[name], OURS): value for name, value in changes.items()}
    runs = [Run(what, design, value) for (what, design), value in seconds.items() for _ in range(3)]
    return [goal.name for goal in results.goals(results.medians(runs)) if not goal.met]


def test_it_is_one_of_the_benchmarks():
    assert "packaging" in BENCHMARKS


def test_goals():
    assert missed() == []
    assert missed(downloaded=1.3) == [DOWNLOADED]
    assert missed(cold=0.31) == [COLD]
    assert missed(cached=0.4) == [CACHED]
    assert missed(synthesis=2.6) == [SYNTHESIS]


def test_medians_and_ratios():
    runs = [Run(COLD, OURS, seconds) for seconds in (1.0, 9.0, 2.0)]
    assert results.medians(runs) == {COLD: {OURS: 2.0}}
    found = results.medians([Run(what, design, seconds) for (what, design), seconds in SECONDS.items()])
    assert results.ratios(found) == {DOWNLOADED: 1.1, COLD: 1.2, CACHED: 0.04}
    assert all(text in results.text(found) for text in (*found, "0.250", "-"))


def test_plain_uv_is_asked_for_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[list[str]] = []

    def run(command: list[str], **_: Any) -> None:
        asked.append(command)

    monkeypatch.setattr(subprocess, "run", run)
    measurement._plain(tmp_path, COLD)
    (command,) = asked
    platform = {
        command[command.index(option) + 1] for option in ("--python-version", "--python-platform", "--only-binary")
    }
    assert platform <= set(uv._for(measurement.TARGET))
    assert "--require-hashes" in command


def test_there_is_enough_to_install():
    assert measurement.packages() >= 15
