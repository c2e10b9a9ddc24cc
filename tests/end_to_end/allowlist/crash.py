"""Functions that end in the middle of what they do."""

from __future__ import annotations

import os
import signal
from pathlib import Path


def kill_function(name: str) -> int:
    """End the processes that a function of the local cloud runs in, and say how many those were."""
    variable = f"AWS_LAMBDA_FUNCTION_NAME={name}".encode()
    pids = [
        int(process.name) for process in Path("/proc").iterdir() if process.name.isdigit() and _has(process, variable)
    ]
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return len(pids)


def _has(process: Path, variable: bytes) -> bool:
    try:
        return variable in (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return False
