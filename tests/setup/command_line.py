"""Runs `chatops-constructs` in this process, in the environment that a local cloud gives to a program."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_setup.cli import main

if TYPE_CHECKING:
    import pytest

    from chatops_local.cloud import LocalCloud
    from chatops_local.server import Credentials


@dataclass(frozen=True)
class Ran:
    """What came of it."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Of `--json`."""
        document: dict[str, Any] = json.loads(self.out)
        return document

    def failures(self) -> list[tuple[str, str, str]]:
        """Check, what it says and what to do, of everything that is not well."""
        return [
            (each["check"], each["says"], each["remedy"])
            for each in self.document["checks"]
            if each["level"] in ("problem", "unknown")
        ]

    def failures_of(self, check: str) -> list[tuple[str, str]]:
        """What it says and what to do, of one check."""
        return [(says, remedy) for name, says, remedy in self.failures() if name == check]

    def says_of(self, check: str) -> list[tuple[str, str]]:
        """Level and words."""
        return [(each["level"], each["says"]) for each in self.document["checks"] if each["check"] == check]


class CommandLine:
    """Call it with the arguments."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[Any]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(
        self, cloud: LocalCloud, *arguments: str, credentials: Credentials | None = None, stdin: str = ""
    ) -> Ran:
        for name, value in cloud.environment(credentials).items():
            # boto3's default session, which the local cloud uses in this process, has read its profiles already.
            if not name.endswith("_PROFILE"):
                self._monkeypatch.setenv(name, value)
        self._monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        self._capsys.readouterr()
        code = main(arguments)
        captured = self._capsys.readouterr()
        return Ran(code, captured.out, captured.err)
