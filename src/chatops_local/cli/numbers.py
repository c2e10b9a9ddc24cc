"""Numbers on a command line."""

from __future__ import annotations

import argparse


def positive(text: str) -> float:
    """A number greater than 0, for argparse."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r}: a number greater than 0 is expected")
    return value
