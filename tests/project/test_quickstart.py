"""What the quickstart has a newcomer type on their own machine works, with the files as the page has them."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "quickstart.md").read_text(encoding="utf-8")


def block(language: str, beginning: str) -> str:
    """The one block of a language that begins so."""
    (found,) = re.findall(rf"^```{language}\n({re.escape(beginning)}.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def test_its_app_runs_on_this_machine(tmp_path: Path) -> None:
    included = block(" { .python }", '--8<-- "').split('"')[1]
    shutil.copy(ROOT / included, tmp_path / "app.py")
    # On this machine `python3` may be another one than that which has the library.
    (tmp_path / "cdk.json").write_text(block("json", "{").replace("python3", sys.executable))
    typed, _, shown = block("console", "$ chatops-local send").partition("\n")

    ran = subprocess.run(
        [sys.executable, "-m", "chatops_local", *shlex.split(typed.removeprefix("$ "))[1:]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    said = without_measures(ran.stdout)
    for line in shown.splitlines():
        if line.strip() != "…":
            assert without_measures(line) in said, line


def without_measures(text: str) -> str:
    """Without times and ids, which are others each time."""
    text = re.sub(r"\+?\d[\d,.]* (ms|s)\b", "TIME", text)
    return re.sub(r"\b[0-9a-f]{10}\b", "ID", text)
