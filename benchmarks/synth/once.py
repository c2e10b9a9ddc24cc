"""`python -m benchmarks.synth.once DESIGN COMMANDS FILES DIRECTORY`: synthesises one stack and prints what it took."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import aws_cdk as cdk

from benchmarks.synth import calls
from benchmarks.synth.by_hand import ByHand
from benchmarks.synth.designs import OURS
from benchmarks.synth.ours import Ours
from benchmarks.synth.processor import processor_seconds


def main(design: str, commands: str, files: str, directory: str) -> None:
    """Synthesise into `directory`."""
    calls.count()
    used = processor_seconds()
    began = time.perf_counter()
    app = cdk.App(outdir=directory)
    if design == OURS:
        Ours(app, "S", commands=int(commands))
    else:
        ByHand(app, "S", commands=int(commands), files=Path(files))
    defined = time.perf_counter()
    app.synth()
    synthesised = time.perf_counter()
    found = {
        "define": defined - began,
        "synth": synthesised - defined,
        "cpu": processor_seconds() - used,
        "requests": dict(calls.requests),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
