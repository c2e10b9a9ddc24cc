"""All that is known of a script's output, as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.run_command.invocation_status import is_success
from chatops_runtime.run_command.output import Output
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LONGEST_NAME = 100


def text(result: Mapping[str, Any]) -> str:
    """The outputs of all instances of a run_command `result`, those that failed first."""
    return "\n".join(line for instance in sorted(result["instances"], key=is_success) for line in _of(instance))


def _of(instance: Mapping[str, Any]) -> Iterator[str]:
    name = one_line(instance.get("name") or "", _LONGEST_NAME)
    instance_id = one_line(instance["instance_id"], _LONGEST_NAME)
    called = instance_id if name in {"", instance_id} else f"{name} ({instance_id})"
    exit_code = instance.get("exit_code")
    code = "" if exit_code is None else f", exit code {exit_code}"
    yield f"===== {called}: {one_line(str(instance['status']), _LONGEST_NAME)}{code}"
    for stream in ("stdout", "stderr"):
        output = Output.of(instance, stream)
        if not output.is_empty:
            yield f"----- {stream}"
            yield output.text
            if not output.is_whole:
                yield f"----- {stream} was longer: this is the beginning of it"
    yield ""
