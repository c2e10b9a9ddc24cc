"""docs/fault-matrix.md has the rows of these tests and no others."""

from __future__ import annotations

import ast

from tests.end_to_end.faults.page import FOLDER, MODULES, PAGE, page, rows_on_the_page, sections


def test_the_page_is_made_of_the_tests() -> None:
    assert PAGE.read_text("utf-8") == page(rows_on_the_page()), "python -m tests.end_to_end.faults writes the page"


def test_every_test_has_its_row() -> None:
    causes = [cause for section in sections() for cause in section.causes]
    assert all(causes), "the docstring of a test says what goes wrong"
    assert len(set(causes)) == len(causes)
    assert set(causes) <= set(rows_on_the_page())


def test_every_module_is_a_section() -> None:
    assert {path.stem for path in FOLDER.glob("test_faults_of_*.py")} == set(MODULES)


def test_every_test_records_its_outcome() -> None:
    for module in MODULES:
        for node in ast.parse((FOLDER / f"{module}.py").read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                assert ast.unparse(node.body[-1]) == "record(outcome)", f"{module}.{node.name}"
