"""Definitions in assets: read in for whoever looks into a template, and judged before it is deployed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import UnsupportedError, definitions, guard
from chatops_local.server.assembly import FileAsset

if TYPE_CHECKING:
    from pathlib import Path

KEY = "0123.json"


def template(**properties: object) -> dict[str, Any]:
    return {
        "Resources": {
            "Machine": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {"DefinitionS3Location": {"Bucket": "assets", "Key": KEY}, **properties},
            }
        }
    }


def asset(folder: Path, resource: str) -> FileAsset:
    file = folder / KEY
    task = {"Type": "Task", "Resource": resource, "Arguments": {"FunctionName": "${Function}"}, "End": True}
    file.write_text(json.dumps({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": task}}))
    return FileAsset(file, "file", "assets", KEY)


def test_the_definition_is_read_in_and_the_template_stays(tmp_path: Path):
    given = template()
    complete = definitions.read_in(given, [asset(tmp_path, "arn:aws:states:::lambda:invoke")])
    properties = complete["Resources"]["Machine"]["Properties"]
    assert set(properties) == {"DefinitionString"}
    assert json.loads(properties["DefinitionString"])["StartAt"] == "A"
    assert given == template()


def test_a_definition_that_is_no_asset_stays(tmp_path: Path):
    other = FileAsset(tmp_path / "other", "file", "assets", "other.json")
    assert definitions.read_in(template(), [other]) == template()


def test_the_guard_looks_behind_the_names(tmp_path: Path):
    substitutions = {"Partition": {"Ref": "AWS::Partition"}, "Function": {"Fn::GetAtt": ["Hello", "Arn"]}}
    given = template(DefinitionSubstitutions=substitutions)
    fine = asset(tmp_path, "arn:${Partition}:states:::lambda:invoke")
    guard.check("Ops", definitions.read_in(given, [fine]))
    unknown = asset(tmp_path, "arn:${Partition}:states:::aws-sdk:braket:cancelJob")
    with pytest.raises(UnsupportedError, match=r"Machine.*state 'A'.*braket"):
        guard.check("Ops", definitions.read_in(given, [unknown]))
