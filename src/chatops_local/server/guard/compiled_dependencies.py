"""Compiled dependencies of functions: they run here if they were built for this machine and this Python."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts.template_metadata import PYTHON, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HOST = "host"
_ARCHITECTURES = {"aarch64": "arm64", "arm64": "arm64", "amd64": "x86_64", "x86_64": "x86_64"}
_SHOWN = 3


def problems(resource: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    """Of a function: what was compiled for another machine or another Python than those that run it here."""
    mark = resource.get("Metadata", {}).get(PYTHON)
    if mark is None:
        return
    if mark.get("version") != VERSION:
        yield (
            f"its {PYTHON} metadata has version {mark.get('version')}, this chatops_local reads version {VERSION}: "
            "install the chatops-constructs that the app was synthesised with"
        )
    elif mark["built_for"] not in (HOST, this_machine()):
        compiled = mark.get("compiled", [])
        shown = ", ".join(compiled[:_SHOWN]) + (f" and {len(compiled) - _SHOWN} more" * (len(compiled) > _SHOWN))
        yield (
            f"its dependencies were compiled for {mark['built_for']} and are run by {this_machine()} here ({shown}): "
            "let chatops-local synthesise the app (name its folder, not a cdk.out), or synthesise it with "
            "`cdk synth -c chatops-constructs:build-for=host`"
        )


def this_machine() -> str:
    """The machine and Python that run functions here, as marks call them: `linux/x86_64/3.13`."""
    machine = platform.machine().lower()
    version = ".".join(map(str, sys.version_info[:2]))
    return f"{sys.platform}/{_ARCHITECTURES.get(machine, machine)}/{version}"
