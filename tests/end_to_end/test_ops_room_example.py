"""The example, as its README drives it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "ops_room"
STEPS = (
    "/service cron",
    "/drain",
    "choose web-1, web-3",
    "click Submit",
    "click Approve as U0LOCALSAM",
    "/order 13",
    "/logsearch pieces",
    "/ops status",
    "/ops history",
)


def test_everything_that_the_readme_names():
    done = subprocess.run(
        [sys.executable, "-m", "chatops_local", "send", EXAMPLE, *STEPS, "--instances", "Role=web:3", "--json"],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    said = {each["command"]: "\n".join(message["text"] for message in each["messages"]) for each in report["commands"]}
    assert "web-1" in said["/service cron"]
    assert "web-3" in said["/drain"]
    assert "web-2" not in said["/drain"].rpartition("Approved")[2]
    assert "Not so many in stock" in said["/order 13"]
    assert "there are not 13 pieces in stock" in said["/logsearch pieces"]
    assert "Nothing is running" in said["/ops status"]
    assert "/drain" in said["/ops history"]
