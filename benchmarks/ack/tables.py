"""The results as tables."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from benchmarks.ack.measurement import SLACK_SECONDS
from benchmarks.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.ack.results import Summary

_HEADS = ("", "cold, ms", "CPU", "warm p50", "p99", "CPU", "peak MB", "asset KB")


def text(
    found: Mapping[str, Summary],
    ratios: Mapping[str, Mapping[str, float]],
    shares: Mapping[float, Mapping[str, float]],
    tls: Mapping[str, Mapping[str, float]],
) -> str:
    """All tables."""
    rows = [[name, *(f"{value:g}" for value in vars(one).values())] for name, one in found.items()]
    divided = [[f"dispatch / {name}", *(f"{value:.2f}" for value in one.values())] for name, one in ratios.items()]
    return "\n\n".join(
        [
            table("To the acknowledgement of a slash command", _HEADS, rows),
            table("Ratios", _HEADS, divided),
            _shares(shares),
            table("Cold start where AWS and Slack are asked over TLS", ("", "cold, ms", "CPU"), _rows(tls)),
        ]
    )


def _rows(found: Mapping[str, Mapping[str, float]]) -> list[list[str]]:
    return [[name, *(f"{value:g}" for value in of.values())] for name, of in found.items()]


def _shares(shares: Mapping[float, Mapping[str, float]]) -> str:
    names = list(next(iter(shares.values())))
    rows = [
        [f"{Fraction(share).limit_denominator(1000)}", *(_cell(found.get(name)) for name in names)]
        for share, found in shares.items()
    ]
    return table(f"Cold start in seconds by share of a processor (Slack waits {SLACK_SECONDS:g})", ["", *names], rows)


def _cell(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"{seconds:.2f}" if seconds <= SLACK_SECONDS else f"{seconds:.2f} too late"
