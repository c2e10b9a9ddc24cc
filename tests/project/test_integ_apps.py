"""The apps of integ/: synthesised, and compared with what was last looked at."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from syrupy.extensions.json import JSONSnapshotExtension

from tests.constructs.normalise import normalise

INTEG = Path(__file__).parents[2] / "integ"
APPS = sorted(INTEG.glob("integ_*.py"))


@pytest.fixture(scope="module", params=APPS, ids=lambda path: path.stem)
def assembly(request: pytest.FixtureRequest) -> Path:
    app = runpy.run_path(str(request.param))["app"]
    return Path(app.synth().directory)


def templates(assembly: Path) -> dict[str, dict[str, Any]]:
    return {file.name: json.loads(file.read_text()) for file in sorted(assembly.glob("*.template.json"))}


def without_salt(template: dict[str, Any]) -> dict[str, Any]:
    """Checks have the time of the synthesis in them, so that they run anew at each deployment."""
    for resource in template["Resources"].values():
        resource.get("Properties", {}).pop("salt", None)
    return template


def test_is_as_it_was(assembly: Path, snapshot: Any) -> None:
    """After looking: `python -m pytest tests/project/test_integ_apps.py --snapshot-update`."""
    kept = {name: without_salt(normalise(template, assembly)) for name, template in templates(assembly).items()}
    assert kept == snapshot.use_extension(JSONSnapshotExtension)


def test_has_a_test_case_with_checks(assembly: Path) -> None:
    (case,) = json.loads((assembly / "integ.json").read_text())["testCases"].values()
    assert case["stacks"]
    checks = [
        resource["Properties"]
        for resource in templates(assembly)[f"{case['assertionStackName']}.template.json"]["Resources"].values()
        if resource["Type"].startswith("Custom::DeployAssert@") and "expected" in resource["Properties"]
    ]
    assert checks
    # Nothing is checked in vain: each has something that it expects.
    assert all(json.loads(check["expected"]) for check in checks)


def test_the_checks_are_made_one_after_the_other(assembly: Path) -> None:
    (case,) = json.loads((assembly / "integ.json").read_text())["testCases"].values()
    resources = templates(assembly)[f"{case['assertionStackName']}.template.json"]["Resources"]
    steps = [id for id, resource in resources.items() if resource["Type"].startswith("Custom::DeployAssert@")]
    first = [id for id in steps if not set(resources[id].get("DependsOn", [])) & set(steps)]
    assert len(first) == 1


def test_every_app_is_in_the_readme_and_none_else() -> None:
    text = (INTEG / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(integ_\w+\.py)`", text)) == {path.name for path in APPS} != set()


def test_the_readme_tells_the_versions_that_are_pinned() -> None:
    text = (INTEG / "README.md").read_text(encoding="utf-8")
    pinned = (INTEG.parent / "requirements" / "development.txt").read_text(encoding="utf-8")
    match = re.search(r"^aws-cdk-lib==(\S+)", pinned, re.MULTILINE)
    assert match is not None
    assert f"`requirements/development.txt`: {match[1]}" in text
