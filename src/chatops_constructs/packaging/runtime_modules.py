"""Which modules of `chatops_runtime` a handler needs: what its module imports, and what those import in turn."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import chatops_runtime.contracts

if TYPE_CHECKING:
    from collections.abc import Iterator

# The package's folder, wherever it is installed. `chatops_runtime` itself is imported for its contracts only.
PACKAGE = Path(chatops_runtime.contracts.__file__).parent.parent

# Read by pattern: syntax trees of all modules would take a twentieth of the time that a small app needs to synthesise.
# That this finds what the trees say is tested with every module of the package.
IMPORT = re.compile(
    r"^[ ]*(?:from[ ](?P<module>[\w.]+)[ ]import[ ](?P<names>\([^)]*\)|[^(\n][^\n]*)|import[ ](?P<modules>[^\n]+))",
    re.MULTILINE,
)
# Texts, with examples in them, and what stands below `if TYPE_CHECKING:`.
NOT_RUN = re.compile(r'"""[\s\S]*?"""|^if TYPE_CHECKING:\n(?:(?:[ ].*)?\n)*', re.MULTILINE)
COMMENT = re.compile(r"#.*| as \w+")


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
    return None if source is None else tuple(_imported(source.read_text(encoding="utf-8")))


def _source(module: str) -> Path | None:
    package, *names = module.split(".")
    if package != PACKAGE.name:
        return None
    path = PACKAGE.joinpath(*names)
    candidates = (path / "__init__.py", path.with_suffix(".py"))
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def _imported(source: str) -> Iterator[str]:
    """Each module that code imports, and each name that it takes from one: that may be a module as well."""
    for found in IMPORT.finditer(NOT_RUN.sub("", source)):
        module, names, modules = found.group("module", "names", "modules")
        if module:
            yield module
        for name in re.findall(r"[\w.]+", COMMENT.sub("", names or modules)):
            yield f"{module}.{name}" if module else name
