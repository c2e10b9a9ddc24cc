"""How CodePipeline refuses."""

from __future__ import annotations


class CodePipelineError(Exception):
    """A call is refused, with CodePipeline's own code."""

    def __init__(self, code: str, message: str) -> None:
        """Refuse with `code`."""
        super().__init__(message)
        self.code = code
        self.message = message
