"""Which modules of `chatops_runtime` a handler needs: what its module imports, and what those import in turn."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import chatops_runtime.contracts

if TYPE_CHECKING:
    from collections.abc import Iterator

# The package's folder, wherever it is installed. `chatops_runtime` itself is imported for its contracts only.
PACKAGE = Path(chatops_runtime.contracts.__file__).parent.parent


@cache
def modules_of(handler: str) -> frozenset[str]:
    """The names of the modules without which `handler` could not do its work, packages among them.

    What is imported only when it is needed counts as well. Read from the source, since what a handler imports may need
    variables that only Lambda sets. Imports for types alone do not count.

    Args:
        handler: Module and function, such as `chatops_runtime.dispatch.handler.handler`.

    Raises:
        ValueError: It is no handler of the package.
    """
    module = handler.rpartition(".")[0]
    if _source(module) is None:
        raise ValueError(f"handler is {handler!r}, which is in no module of {PACKAGE.name}: name one that is")
    found: set[str] = set()
    pending = [module]
    while pending:
        module = pending.pop()
        if module not in found and (needed := _needed_by(module)) is not None:
            found.add(module)
            pending += [module.rpartition(".")[0], *needed]
    return frozenset(found)


@cache
def _needed_by(module: str) -> tuple[str, ...] | None:
    """What a module of the package imports; None if it is no such module."""
    source = _source(module)
    return None if source is None else tuple(_imported(ast.parse(source.read_bytes())))


def _source(module: str) -> Path | None:
    package, *names = module.split(".")
    if package != PACKAGE.name:
        return None
    path = PACKAGE.joinpath(*names)
    candidates = (path / "__init__.py", path.with_suffix(".py"))
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def _imported(node: ast.AST) -> Iterator[str]:
    """Each module that code imports, and each name that it takes from one: that may be a module as well."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        # No import stands in an expression, of which code has most.
        if not isinstance(child, ast.expr) and not _is_for_types(child):
            yield from _imported(child)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
