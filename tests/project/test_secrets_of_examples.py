"""What every example is synthesised to has nothing of the machine on which that is done but what the app names."""

from __future__ import annotations

import runpy
from functools import partialmethod
from pathlib import Path

import aws_cdk as cdk
import pytest

from tests.end_to_end import canaries

EXAMPLES = Path(__file__).parents[2] / "examples"
APPS = sorted([*EXAMPLES.glob("*/app.py"), *EXAMPLES.glob("minimal/*.py"), *EXAMPLES.glob("maximal/*.py")])

NOT_BUILT: dict[str, list[str]] = {"aws:cdk:bundling-stacks": []}
"""Dependencies of functions come from an index, and take their time."""


@pytest.mark.parametrize("path", APPS, ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_no_variable_of_the_developer_is_in_a_template_or_an_asset(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, canary in canaries.ON_THE_DEVELOPERS_MACHINE.items():
        monkeypatch.setenv(name, canary)
    monkeypatch.chdir(path.parent)
    monkeypatch.syspath_prepend(str(path.parent))
    to_be_looked_at = partialmethod(cdk.App.__init__, outdir=str(tmp_path), context=NOT_BUILT)
    monkeypatch.setattr(cdk.App, "__init__", to_be_looked_at)
    runpy.run_path(str(path))
    assert (tmp_path / "manifest.json").is_file()
    assert canaries.in_assembly(tmp_path) == []
