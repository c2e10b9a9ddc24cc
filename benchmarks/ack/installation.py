"""Slack Bolt, installed for this benchmark alone: it is no dependency of the project's."""

from __future__ import annotations

import compileall
import hashlib
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).parent / "functions" / "bolt.txt"
CACHE = Path(__file__).parents[2] / ".cache" / "benchmarks" / "ack"


def bolt() -> Path:
    """The folder with Bolt and what it needs, installed when it is first asked for, each package checked by its hash.

    With byte code that holds wherever the files are put, so that Bolt need not be compiled at a cold start.
    """
    folder = CACHE / f"{_fingerprint()}-{sys.implementation.cache_tag}"
    if not folder.is_dir():
        unfinished = folder.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"),
                *("--require-hashes", "--requirement", str(REQUIREMENTS), "--target", str(unfinished)),
            ],
            check=True,
        )
        compileall.compile_dir(
            unfinished, quiet=1, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH, workers=1
        )
        unfinished.rename(folder)
    return folder


def _fingerprint() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:16]
