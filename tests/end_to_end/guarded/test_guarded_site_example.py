"""The example's program for this machine, as its README drives it."""

from __future__ import annotations

import subprocess
import sys

from tests.end_to_end.guarded.guarded_site import EXAMPLE

TYPED = ["register", "/maintenance on for 10m new database", "/allow-me", "register", "wait 10", "/maintenance status"]


def test_what_the_readme_types():
    readme = (EXAMPLE / "README.md").read_text("utf-8")
    assert all(f"> {line}" in readme for line in TYPED[1:])
    done = subprocess.run(
        [sys.executable, EXAMPLE / "local.py"],
        input="\n".join([*TYPED, "", ""]),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = [answer.strip() for answer in done.stdout.split("> ")]
    for part, answer in zip(
        (
            "type /allow-me first",
            "*The site is closed* since",
            "Open your personal link (https://",
            '"cidr":"2001:db8:33::/64"',
            "10 minutes later.",
            ":white_check_mark: The site is open.",
        ),
        told[1:],
        strict=False,
    ):
        assert part in answer
