"""The inputs of an aws:runShellScript step, as the agent reads them once everything is put in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_TIMEOUT = 3600
_MIN_TIMEOUT, _MAX_TIMEOUT = 5, 172800


@dataclass(frozen=True)
class ScriptInputs:
    """What a step is to run."""

    script: str
    working_directory: Path | None
    """Only an absolute one; the agent looks for others where downloads are, and there are none."""

    timeout_seconds: int

    @classmethod
    def read(cls, inputs: Mapping[str, Any]) -> ScriptInputs:
        """The inputs of a step.

        Raises:
            ValueError: runCommand is no list of strings. A reference to a StringList that is an *item* of
                runCommand makes it one list in another; it has to be runCommand's whole value.
        """
        commands, directory = inputs["runCommand"], inputs.get("workingDirectory", "")
        if not isinstance(commands, list) or not all(isinstance(line, str) for line in [*commands, directory]):
            raise ValueError(
                "Invalid format in plugin properties: runCommand has to be a list of strings, workingDirectory a string"
            )
        return cls(
            script="\n".join(commands) + "\n",
            working_directory=Path(directory) if Path(directory).is_absolute() else None,
            timeout_seconds=execution_timeout(inputs.get("timeoutSeconds")),
        )

    @property
    def interpreter(self) -> list[str]:
        """What runs the script: the program of its first line (`#!`) with its one argument, else `sh`."""
        first_line = self.script.partition("\n")[0]
        return first_line[2:].strip().split(maxsplit=1) if first_line.startswith("#!") else ["sh"]


def execution_timeout(given: object) -> int:
    """Seconds that a step may run: 5 to 172,800, and 3,600 instead of anything else.

    That is amazon-ssm-agent's `ValidateExecutionTimeout`: a step with timeoutSeconds 4 may run for an hour.
    """
    try:
        seconds = int(float(given)) if isinstance(given, (str, int, float)) else 0
    except (ValueError, OverflowError):
        return DEFAULT_TIMEOUT
    return seconds if _MIN_TIMEOUT <= seconds <= _MAX_TIMEOUT else DEFAULT_TIMEOUT
