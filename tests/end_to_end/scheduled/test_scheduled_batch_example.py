"""The command line on the example, as its README shows it, and on a task that fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]


def tick(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `chatops-local tick`."""
    command = [str(Path(sys.executable).with_name("chatops-local")), "tick", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False)


def test_the_command_line_of_the_readme():
    command = "chatops-local tick examples/scheduled_batch NightlyBatch"
    assert command in (REPOSITORY / "examples" / "scheduled_batch" / "README.md").read_text("utf-8")
    done = tick("examples/scheduled_batch", "NightlyBatch")
    assert done.returncode == 0, done.stderr
    for part in (
        "ScheduledBatch/NightlyBatch",
        "SUCCEEDED",
        "batch-1: Success, exit code 0",
        "the batch of 20",
        "succeeded on batch-1",
        "all went well",
    ):
        assert part in done.stdout


def test_a_task_that_fails(scheduled_assembly: Path):
    done = tick(str(scheduled_assembly), "Scheduled/Nobody", "--instances", "Role=web:1")
    assert done.returncode == 1, done.stderr
    for part in ("Scheduled/Nobody", "FAILED", "ran nowhere", "Role=nobody", "1 of 1 schedule failed"):
        assert part in done.stdout
