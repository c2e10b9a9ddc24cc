"""`python -m benchmarks.soak [MINUTES]`: fails if a slash command was lost or done twice."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.soak import round as one_round
from benchmarks.soak.tally import Tally
from chatops_local.app import synth

if TYPE_CHECKING:
    from collections.abc import Sequence

APP = Path(__file__).parents[2] / "examples" / "ops_bot"
MINUTES = 30.0
SHORT_ROUND_SECONDS = 5.0


def main(arguments: Sequence[str]) -> int:
    """Half of the time on one local cloud, which grows old; then on many young ones: what is first is lost first."""
    minutes = _minutes(arguments)
    if minutes is None:
        print(f"MINUTES {' '.join(arguments)!r}: one number greater than 0 is expected", file=sys.stderr)
        return 2
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="chatops-soak-") as output:
        assembly = synth(APP, Path(output)).directory
        end = time.monotonic() + minutes * 60
        _round(assembly, minutes * 60 / 2, tally)
        while (left := end - time.monotonic()) > 0:
            _round(assembly, min(left, SHORT_ROUND_SECONDS), tally)
    print("\n".join(tally.lines()))
    return 0 if tally.ok else 1


def _round(assembly: Path, seconds: float, tally: Tally) -> None:
    one_round.run(assembly, seconds, tally)
    print(f"{tally.sent} sent, {tally.lost} lost, {tally.doubled} doubled", file=sys.stderr, flush=True)


def _minutes(arguments: Sequence[str]) -> float | None:
    try:
        (minutes,) = map(float, arguments or [str(MINUTES)])
    except ValueError:
        return None
    return minutes if 0 < minutes < float("inf") else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
