"""cfn-lint on the stacks in the stages of examples: no finding in any template."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatops_local.app import synth
from tests.constructs.test_cfn_lint import unexplained

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("example", ["slack_bots", "delivery"])
def test_no_finding_in_any_stage(example: str, tmp_path: Path) -> None:
    assembly = synth(EXAMPLES / example, tmp_path)
    assert [path.rpartition("/")[2] for path in assembly.stages] == ["staging", "production"]
    for stage in assembly.stages.values():
        (template,) = stage.directory.glob("*.template.json")
        assert unexplained(json.loads(template.read_text())) == [], template.name
