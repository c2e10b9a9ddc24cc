"""Functions whose dependencies were compiled for another machine are refused with what to do."""

from __future__ import annotations

from typing import Any

import pytest

from chatops_local.server import UnsupportedError
from chatops_local.server.guard import check
from chatops_local.server.guard.compiled_dependencies import this_machine
from chatops_runtime.contracts.template_metadata import PYTHON
from tests.local.ministack.stacks import function, role, template


def marked(**mark: Any) -> dict[str, Any]:
    metadata = {PYTHON: {"version": 1, "compiled": ["markupsafe/_speedups.so"], **mark}}
    return template({"Role": role("lambda"), "Function": {**function("", "Role"), "Metadata": metadata}})


@pytest.mark.parametrize("built_for", ["host", this_machine()])
def test_what_runs_here(built_for: str):
    check("Stack", marked(built_for=built_for))


@pytest.mark.parametrize("built_for", ["linux/riscv64/3.13", this_machine().rpartition("/")[0] + "/3.99"])
def test_what_was_compiled_for_another_machine_or_python(built_for: str):
    with pytest.raises(UnsupportedError) as refused:
        check("Stack", marked(built_for=built_for))
    text = str(refused.value)
    assert f"Function (AWS::Lambda::Function): its dependencies were compiled for {built_for}" in text
    assert f"run by {this_machine()} here (markupsafe/_speedups.so)" in text
    assert "-c chatops-constructs:build-for=host" in text


def test_of_many_files_the_first_are_named():
    with pytest.raises(UnsupportedError, match=r"a\.so, b\.so, c\.so and 2 more"):
        check("Stack", marked(built_for="linux/riscv64/3.13", compiled=["a.so", "b.so", "c.so", "d.so", "e.so"]))


def test_a_mark_of_another_version():
    with pytest.raises(UnsupportedError, match="has version 2, this chatops_local reads version 1"):
        check("Stack", marked(built_for="host", version=2))
