"""Assets of stages are compared by what is in them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3_assets as s3_assets

from chatops_constructs import (
    Difference,
    assert_stage_parity,
)
from tests.constructs.staged import BotSettings, app_of, is_staging, told

if TYPE_CHECKING:
    from pathlib import Path


def test_another_code_is_another_function(tmp_path: Path) -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        code = tmp_path / settings.name
        code.mkdir()
        (code / "index.py").write_text(f"STAGE = '{settings.name}'\n{'x = 1' if is_staging(settings) else ''}")
        lambda_.Function(
            stack,
            "Greet",
            code=lambda_.Code.from_asset(str(code)),
            handler="index.handler",
            runtime=lambda_.Runtime.PYTHON_3_14,
        )

    app = app_of(define)
    message = told(app)
    assert "Bots/Greet (AWS::Lambda::Function) Code.S3Key: index.py\n" in message
    assert "x = 1" in message
    assert_stage_parity(app, differences=[Difference("Bots/Greet", properties=["Code.S3Key"], reason="a trial")])


def test_the_places_in_files_of_assets_are_told(tmp_path: Path) -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        code = tmp_path / settings.name
        code.mkdir()
        (code / "table.json").write_text(json.dumps({"stage": settings.name, "limit": len(settings.name)}))
        (code / "picture.png").write_bytes(b"\x89PNG" + settings.name.encode())
        (code / f"only_{len(settings.name)}.txt").write_text("here")
        files = s3_assets.Asset(stack, "Files", path=str(code))
        cdk.CfnOutput(stack, "Key", value=files.s3_object_key)

    message = told(app_of(define))
    places = re.findall(r"^Bots/Outputs/Key \(Outputs\) (Value: .*)", message, re.MULTILINE)
    assert places == [
        "Value: only_10.txt",
        "Value: only_7.txt",
        "Value: picture.png",
        "Value: table.json limit",
    ]
    assert 'Value: only_7.txt\n  staging: "a file"\n  production: (nothing)\n' in message
    assert "staging: 7\n  production: 10\n" in message


def test_of_a_stage_that_is_not_selected_folders_are_not_compared(tmp_path: Path) -> None:
    """With `cdk deploy "staging/*"`, nothing is built for production."""

    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        code = tmp_path / settings.name
        code.mkdir()
        (code / ("built.py" if stack.bundling_required else "index.py")).write_text("")
        files = s3_assets.Asset(stack, "Files", path=str(code))
        file = tmp_path / f"{settings.name}.txt"
        file.write_text(str(len(settings.name)))
        cdk.CfnOutput(stack, "Folder", value=files.s3_object_key)
        cdk.CfnOutput(stack, "File", value=s3_assets.Asset(stack, "Text", path=str(file)).s3_object_key)

    message = told(app_of(define, context={"aws:cdk:bundling-stacks": ["staging/*"]}))
    assert "Bots/Outputs/File" in message
    assert "Bots/Outputs/Folder" not in message


def test_the_same_code_with_the_name_of_the_stage_in_it_is_the_same(tmp_path: Path) -> None:
    def define(stack: cdk.Stack, settings: BotSettings) -> None:
        code = tmp_path / settings.name
        code.mkdir()
        (code / "index.py").write_text(f"STAGE = '{settings.name}'\n")
        (code / "table.json").write_text(f'{{"{settings.name}": ["{settings.account}"]}}')
        (code / "picture.png").write_bytes(b"\x89PNG")
        lambda_.Function(
            stack,
            "Greet",
            code=lambda_.Code.from_asset(str(code)),
            handler="index.handler",
            runtime=lambda_.Runtime.PYTHON_3_14,
        )

    assert_stage_parity(app_of(define))
