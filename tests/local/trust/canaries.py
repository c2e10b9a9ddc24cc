"""The canaries that tests of the local cloud are marked as: `@pytest.mark.trust(…)`, see tests/local/conftest.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[3]
_OUTPUT = "CHATOPS_TRUST_CANARIES"


@dataclass(frozen=True)
class Canary:
    """One mark of one test, or of one of its parameters."""

    file: str
    test: str
    behaviour: str
    source: str
    canary: str
    """`allow`: what may be done is done; `deny`: what may not be done is not."""
    actions: tuple[str, ...]


def collected() -> list[Canary]:
    """The canaries of all tests of the local cloud, which are not run."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "canaries.json"
        collecting = [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-p",
            "tests.local.trust.canaries",
            "tests/local",
        ]
        done = subprocess.run(
            collecting, cwd=ROOT, env={**os.environ, _OUTPUT: str(output)}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"the tests of the local cloud cannot be collected:\n{done.stdout}{done.stderr}")
        return [Canary(**{**each, "actions": tuple(each["actions"])}) for each in json.loads(output.read_text("utf-8"))]


def pytest_collection_finish(session: pytest.Session) -> None:
    """In the session that collects: write them down."""
    found = [asdict(canary) for item in session.items for canary in _of(item)]
    Path(os.environ[_OUTPUT]).write_text(json.dumps(found), encoding="utf-8")


def _of(item: pytest.Item) -> list[Canary]:
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    return [_canary(item, parameters, *mark.args, **mark.kwargs) for mark in item.iter_markers("trust")]


def _canary(
    item: pytest.Item,
    parameters: dict[str, Any],
    behaviour: str,
    *,
    source: str,
    canary: str,
    actions: list[str] | tuple[str, ...] = (),
) -> Canary:
    """A mark that has a misspelt or a missing part is an error of the collection."""
    if canary not in ("allow", "deny") or not source.startswith("https://"):
        raise ValueError(f"{item.nodeid}: canary {canary!r} must be allow or deny, and source {source!r} an address")
    filled = tuple(action.format(**parameters) for action in actions)
    test = item.nodeid.partition("[")[0].partition("::")[2].replace("::", ".")
    return Canary(str(item.path.relative_to(ROOT)), test, behaviour, source, canary, filled)
