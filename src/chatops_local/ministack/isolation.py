"""MiniStack looks for start scripts and containers on the machine that it runs on. Ours must see neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator

_collect_scripts = private("app:_collect_scripts", "dirs")
_docker_socket_present = private("app:_docker_socket_present", "")


def apply(_emulator: Emulator) -> None:
    """Run no scripts from ``/docker-entrypoint-initaws.d`` or ``/etc/localstack``, and talk to no Docker."""
    _collect_scripts.wrap(lambda _original: lambda *_dirs: [])
    _docker_socket_present.wrap(lambda _original: lambda: False)
