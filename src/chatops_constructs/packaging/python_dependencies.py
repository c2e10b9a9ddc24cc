"""Where the packages that a function needs are written down."""

from __future__ import annotations


class PythonDependencies:
    """What a `PythonFunction` needs besides its own source."""

    @staticmethod
    def none() -> PythonDependencies:
        """Just the source, whatever else lies in its folder."""
        return PythonDependencies()
