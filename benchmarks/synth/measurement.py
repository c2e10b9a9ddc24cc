"""Synthesises both designs, in turn, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.synth.designs import BY_HAND, OURS
from benchmarks.synth.parts import extract

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Run:
    """One synthesis.

    Attributes:
        design: `OURS` or `BY_HAND`.
        commands: How many commands the stack has.
        define: Seconds until the constructs were there.
        synth: Seconds of `app.synth()`.
        cpu: Processor seconds of both, jsii's process included.
        requests: What Python asked of jsii's kernel, by kind.
    """

    design: str
    commands: int
    define: float
    synth: float
    cpu: float
    requests: Mapping[str, int]

    @property
    def seconds(self) -> float:
        """All of it, but for the imports, which are the same."""
        return self.define + self.synth

    @property
    def calls(self) -> int:
        """How many requests there were."""
        return sum(self.requests.values())


def measure(sizes: Sequence[int], rounds: int) -> list[Run]:
    """Synthesise stacks of these sizes `rounds` times in each design; neither is always the first.

    Raises:
        RuntimeError: The two designs have not the same resources.
    """
    runs = []
    with TemporaryDirectory(prefix="chatops-benchmark-") as folder:
        for commands in sizes:
            directory = Path(folder, str(commands))
            directory.mkdir()
            _prepare(directory, commands)
            for number in range(rounds):
                designs = (OURS, BY_HAND) if number % 2 else (BY_HAND, OURS)
                runs += [_run(design, commands, directory) for design in designs]
    return runs


def _prepare(directory: Path, commands: int) -> None:
    """Take from ours what the other reads from files, and compare what comes of both."""
    _run(OURS, commands, directory)
    extract(directory / OURS, directory / "files")
    _run(BY_HAND, commands, directory)
    ours, by_hand = (_resources(directory / design) for design in (OURS, BY_HAND))
    if ours != by_hand:
        raise RuntimeError(f"not the same resources: only ours {ours - by_hand}, only by hand {by_hand - ours}")


def _resources(assembly: Path) -> Counter[tuple[str, ...]]:
    """How many resources there are of each type with which properties and attributes, and how many outputs."""
    template = json.loads((assembly / "S.template.json").read_text(encoding="utf-8"))
    # Metadata is for tools that read templates of ours.
    resources = [
        (one["Type"], *sorted({*one, *one["Properties"]} - {"Metadata"})) for one in template["Resources"].values()
    ]
    return Counter([*resources, *(("Output", *sorted(one)) for one in template["Outputs"].values())])


def _run(design: str, commands: int, directory: Path) -> Run:
    arguments = [design, str(commands), str(directory / "files"), str(directory / design)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.synth.once", *arguments],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return Run(design, commands, **found)
