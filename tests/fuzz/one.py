"""`python -m tests.fuzz.one TARGET [libFuzzer's options, corpus folders, or an input to repeat]`.

It takes atheris, which is in an environment of its own: `make fuzz` calls this.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

with atheris.instrument_imports(include=["chatops_runtime"], enable_loader_override=False):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Fuzz until libFuzzer's options say that it is enough; it ends the process."""
    name, *options = sys.argv[1:]
    with ExitStack() as open_until_the_end:
        with atheris.instrument_imports(include=["chatops_runtime"], enable_loader_override=False):
            check = open_until_the_end.enter_context(TARGETS[name].check())
        atheris.Setup([sys.argv[0], *options], check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
