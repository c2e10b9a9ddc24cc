"""How the scripts of a run went: Systems Manager's command invocations, by the name of the execution that sent them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

_NO_EXIT_CODE = -1
"""What Systems Manager gives for a script that has none, as it did not run or does not any more."""


@dataclass(frozen=True)
class Invocation:
    """A script on one instance.

    Args:
        command_id: the command.
        run: the execution that sent it, by name.
        instance_id: where.
        instance_name: its name.
        status: the ``StatusDetails``, such as ``Success`` or ``Undeliverable``.
        exit_code: the script's exit code; ``None`` if it has none.
        output: what it wrote.
    """

    command_id: str
    run: str
    instance_id: str
    instance_name: str
    status: str
    exit_code: int | None
    output: str


def invocations_for(runs: Collection[str], ssm: Any) -> list[Invocation]:  # noqa: ANN401 - a boto3 client
    """The invocations of commands whose comment begins with the name of an execution, in the order of sending.

    Args:
        runs: the names of the executions.
        ssm: a boto3 client.
    """
    pages = ssm.get_paginator("list_command_invocations").paginate(Details=True)
    found = [each for page in pages for each in page["CommandInvocations"]]
    ours = [each for each in found if _run_of(each) in runs]
    return [_invocation(each) for each in sorted(ours, key=lambda each: each["RequestedDateTime"])]


def _run_of(found: dict[str, Any]) -> str:
    return str(found.get("Comment", "")).partition(" ")[0]


def _invocation(found: dict[str, Any]) -> Invocation:
    plugins = found.get("CommandPlugins") or []
    codes = [plugin.get("ResponseCode", _NO_EXIT_CODE) for plugin in plugins]
    return Invocation(
        command_id=found["CommandId"],
        run=_run_of(found),
        instance_id=found["InstanceId"],
        instance_name=found.get("InstanceName", ""),
        status=found["StatusDetails"],
        exit_code=codes[-1] if codes and codes[-1] != _NO_EXIT_CODE else None,
        output="".join(plugin.get("Output", "") for plugin in plugins),
    )
