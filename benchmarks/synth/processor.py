"""Processor time, which says the same on a busy machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: utime and stime, in ticks. The second field is a name in
# parentheses, which may hold anything; these are the 12th and 13th behind it.
USER, SYSTEM = 11, 12


def processor_seconds() -> float:
    """What this process and all that it has started, jsii's JavaScript first of all, have used so far."""
    ticks = 0
    for pid in _with_descendants(os.getpid()):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks += int(fields[USER]) + int(fields[SYSTEM])
    return ticks / os.sysconf("SC_CLK_TCK")


def _with_descendants(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text(encoding="utf-8").split():
            yield from _with_descendants(int(child))
