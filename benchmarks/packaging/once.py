"""`python -m benchmarks.packaging.once DESIGN`: one synthesis of one function; prints how many seconds it took."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import aws_cdk as cdk

from benchmarks.packaging.measurement import OURS, REQUIREMENTS
from chatops_constructs import PythonDependencies, PythonFunction

FUNCTION = Path(__file__).with_name("function")


def main(design: str) -> None:
    """Synthesise into a folder that is new."""
    with TemporaryDirectory() as output:
        app = cdk.App(outdir=output, analytics_reporting=False)
        stack = cdk.Stack(app, "Stack")
        begun = time.perf_counter()
        PythonFunction(
            stack,
            "Function",
            entry=FUNCTION,
            handler="handler.handler",
            dependencies=PythonDependencies.from_requirements(REQUIREMENTS) if design == OURS else None,
        )
        app.synth()
        print(time.perf_counter() - begun)


if __name__ == "__main__":
    main(sys.argv[1])
