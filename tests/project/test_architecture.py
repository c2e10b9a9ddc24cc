"""Who may import whom: constructs → runtime.contracts; runtime → nothing; local → nothing of the constructs."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SRC = Path(__file__).parents[2] / "src"
OURS = {"chatops_constructs", "chatops_runtime", "chatops_local", "chatops_setup"}


def imports(package: str, *, run_time_only: bool = False) -> set[str]:
    """The full names of all modules that any file of a package imports, be it inside of a function."""
    return {
        name
        for file in (SRC / package).rglob("*.py")
        for name in _imported(ast.parse(file.read_text(encoding="utf-8")), run_time_only=run_time_only)
    }


def _imported(node: ast.AST, *, run_time_only: bool) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            if child.level == 0:  # a relative import stays in its package
                yield from (f"{child.module}.{alias.name}" for alias in child.names)
        elif run_time_only and isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        else:
            yield from _imported(child, run_time_only=run_time_only)


def top_levels(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def test_constructs_import_nothing_of_the_runtime_but_its_contracts() -> None:
    of_runtime = {name for name in imports("chatops_constructs") if name.startswith("chatops_runtime")}
    assert of_runtime, "the check sees imports"
    assert {name for name in of_runtime if not name.startswith("chatops_runtime.contracts")} == set()


def test_constructs_need_only_cdk() -> None:
    others = top_levels(imports("chatops_constructs")) - set(sys.stdlib_module_names) - {"chatops_constructs"}
    assert others == {"aws_cdk", "constructs", "jsii", "chatops_runtime"}


def test_the_runtime_needs_only_the_standard_library_and_boto3() -> None:
    others = top_levels(imports("chatops_runtime")) - set(sys.stdlib_module_names) - {"chatops_runtime"}
    assert others <= {"boto3", "botocore"}


def test_contracts_need_only_the_standard_library_and_not_even_each_other() -> None:
    found = {
        name.rpartition(".")[0]
        for file in (SRC / "chatops_runtime" / "contracts").glob("*.py")
        for name in _imported(ast.parse(file.read_text(encoding="utf-8")), run_time_only=True)
    }
    assert {name for name in found if name.partition(".")[0] not in sys.stdlib_module_names} <= {"__future__", ""}


def test_the_local_cloud_knows_nothing_of_the_constructs() -> None:
    """It reads what was synthesised. Of CDK it may start the app, in a process of its own."""
    found = top_levels(imports("chatops_local"))
    assert "chatops_constructs" not in found
    assert not found & {"aws_cdk", "constructs", "jsii"}


@pytest.mark.parametrize("package", sorted(OURS))
def test_no_package_imports_a_tool_of_the_developers(package: str) -> None:
    found = top_levels(imports(package))
    assert not found & {"tests", "hypothesis", "cdk_nag", "cfnlint", "projen", "slack_sdk"}


def test_the_private_modules_of_the_runtime_stay_apart() -> None:
    """dispatch is the ack path: what it imports is loaded before Slack is answered, so nothing of the slow side."""
    found = {name for name in imports("chatops_runtime/dispatch") if name.startswith("chatops_runtime.")}
    of_authorization = {name for name in found if name.startswith("chatops_runtime.authorization")}
    assert of_authorization == {"chatops_runtime.authorization.rule"}, "what asks nobody"
    assert {".".join(name.split(".")[:2]) for name in found - of_authorization} <= {
        "chatops_runtime.arguments",
        "chatops_runtime.contracts",
        "chatops_runtime.dispatch",
        "chatops_runtime.durations",
        "chatops_runtime.embedded_metrics",
        "chatops_runtime.log_line",
        "chatops_runtime.slack",
    }
