"""`chatops-local coverage`: its table, its document, and how it exits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.cli import main
from tests.local.ministack.stacks import allow, document, role, template, write_assembly

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {"Document": document("true"), "Role": role("lambda", allow("ssm:GetParameter"))}
BAD = {"Db": {"Type": "AWS::RDS::DBInstance"}}


@pytest.fixture
def assembly(tmp_path: Path):
    def written(**stacks: dict[str, Any]) -> str:
        return str(write_assembly(tmp_path, {name: template(resources) for name, resources in stacks.items()}))

    return written


def test_nothing_is_refused(assembly, capsys):
    assert main(["coverage", assembly(Good=GOOD)]) == 0
    said = capsys.readouterr().out
    assert "emulated  AWS::SSM::Document" in said
    assert "what its state machines call: none" in said
    assert "checked   ssm:GetParameter" in said
    assert "✔ nothing is refused" in said


def test_each_stack_has_its_own_verdict(assembly, capsys):
    assert main(["coverage", assembly(Good=GOOD, Bad=BAD)]) == 1
    good, bad = capsys.readouterr().out.split("Bad us-east-1")
    assert "✔ nothing is refused" in good
    assert "refused   AWS::RDS::DBInstance" in bad
    assert "Db: this resource type is not emulated" in bad
    assert "✘ 1 of 1 are refused: the stack cannot be deployed to the local cloud" in bad


def test_run_command_is_at_home_only(assembly, capsys, tmp_path):
    folder = assembly(Good=GOOD)
    manifest = tmp_path / "manifest.json"
    manifest.write_text(manifest.read_text().replace("aws://unknown-account/unknown-region", "aws://1/eu-west-1"))
    assert main(["coverage", folder]) == 1
    assert "Document: this is emulated in the local cloud's own region only" in capsys.readouterr().out
    assert main(["coverage", folder, "--region", "eu-west-1"]) == 0


def test_an_empty_stack(assembly, capsys):
    assert main(["coverage", assembly(Empty={})]) == 0
    assert "resource types: none" in capsys.readouterr().out


def test_json(assembly, capsys):
    assert main(["coverage", assembly(Good=GOOD, Bad=BAD), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    assert [stack["stack"] for stack in found["stacks"]] == ["Good", "Bad"]
    (item,) = found["stacks"][1]["items"]
    assert (item["kind"], item["name"], item["standing"], item["count"]) == (
        "resource type",
        "AWS::RDS::DBInstance",
        "refused",
        1,
    )


def test_an_app_that_does_not_synthesise(tmp_path, capsys):
    (tmp_path / "app.py").write_text("raise SystemExit('no')\n")
    assert main(["coverage", str(tmp_path)]) == 1
    assert "failed with exit code 1" in capsys.readouterr().err


def test_an_assembly_without_stacks(tmp_path, capsys):
    (tmp_path / "manifest.json").write_text('{"artifacts": {}}')
    assert main(["coverage", str(tmp_path), "--json"]) == 1
    told = capsys.readouterr()
    assert "the app has no stacks; create a Stack in the App" in told.err
    assert json.loads(told.out)["ok"] is False
