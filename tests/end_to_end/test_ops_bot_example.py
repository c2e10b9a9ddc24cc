"""The example, as the README drives it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "ops_bot"


def test_send_ps_and_hello_on_a_cold_start():
    done = subprocess.run(
        [sys.executable, "-m", "chatops_local", "send", EXAMPLE, "/ps", "/hello world", "--json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    ps, hello = report["commands"]
    said = "\n".join(message["text"] for message in ps["messages"])
    assert "web-1" in said
    assert "web-2" in said
    assert "Hello world!" in "\n".join(message["text"] for message in hello["messages"])
