"""What the command line imports: a user who runs it has boto3, and nothing else of ours has to know it."""

from __future__ import annotations

import sys

import pytest

from tests.project.test_architecture import imports, top_levels


def test_it_needs_only_boto3() -> None:
    others = top_levels(imports("chatops_setup")) - set(sys.stdlib_module_names) - {"chatops_setup"}
    assert others == {"boto3", "botocore", "chatops_local", "chatops_runtime"}


def test_of_the_others_it_knows_the_contracts_and_how_to_run_an_app_and_write_to_a_terminal() -> None:
    ours = {name for name in imports("chatops_setup") if name.startswith(("chatops_runtime", "chatops_local"))}
    assert {name for name in ours if not name.startswith("chatops_runtime.contracts")} == {
        "chatops_local.app.Assembly",
        "chatops_local.app.AssemblyError",
        "chatops_local.app.SynthError",
        "chatops_local.app.cdk_json.CdkJsonError",
        "chatops_local.app.environment.NodeNotFoundError",
        "chatops_local.app.synth",
        "chatops_local.cli.style.Style",
        "chatops_local.cli.style.indented",
    }


@pytest.mark.parametrize("package", ["chatops_constructs", "chatops_runtime", "chatops_local"])
def test_nobody_knows_it(package: str) -> None:
    assert "chatops_setup" not in top_levels(imports(package))
