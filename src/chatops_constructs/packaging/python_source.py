"""A folder with a user's Python source, and the function in it that is the handler."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatops_constructs._problems import Problems


class PythonSource:
    """The folder, absolute, and `module.function` in it."""

    def __init__(self, entry: str | Path, handler: str) -> None:
        """Nothing is read yet.

        Args:
            entry: The folder. A relative path is taken from the working directory.
            handler: `module.function` in that folder.
        """
        self.entry = entry
        self.folder = Path(entry).absolute()
        self.handler = handler

    def check(self, problems: Problems) -> None:
        """Note what is wrong with either.

        Args:
            problems: Where to note it.
        """
        before = problems.count
        problems.check(
            self.folder.is_dir(),
            "entry",
            str(self.entry),
            "a folder with Python source",
            f"make {self.folder} or name another",
        )
        module, dot, function = self.handler.rpartition(".")
        names = [*module.split("."), function]
        problems.check(
            bool(dot) and all(name.isidentifier() for name in names),
            "handler",
            self.handler,
            "module.function",
            "write it as in `hello.hello` for the function hello in hello.py",
        )
        if problems.count == before:
            path = self.folder.joinpath(*module.split("."))
            problems.check(
                path.with_suffix(".py").is_file() or (path / "__init__.py").is_file(),
                "handler",
                self.handler,
                f"a module in {self.entry}",
                f"make {path.with_suffix('.py')} or name another module",
            )
