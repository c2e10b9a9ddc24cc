"""Starts MiniStack in this process: loopback only, as the controller says, and gone when the controller is."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.metadata
import json
import os
import sys
import threading
from typing import TYPE_CHECKING, TextIO

from chatops_local.edge.front import with_viewers
from chatops_local.ministack.closed_paths import without_administration
from chatops_local.ministack.control import serve_calls
from chatops_local.ministack.emulator import Emulator
from chatops_local.ministack.garbage import keep_pauses_short
from chatops_local.ministack.loopback import listen_on_loopback
from chatops_local.ministack.private import MINISTACK_VERSION, MiniStackChangedError, Untyped
from chatops_local.ministack.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def main() -> None:
    """Read the settings, serve, and end with the controller."""
    answers = _standard_output_for_answers_only()
    settings = Settings.from_json(sys.stdin.readline())
    listener = listen_on_loopback(settings.host)
    emulator = Emulator(settings, port=listener.getsockname()[1])
    lifetime = threading.Timer(settings.maximum_seconds, end, [emulator])
    lifetime.daemon = True
    lifetime.start()
    os.environ.update(ministack_environment(emulator))
    _check_version()
    # Only now: MiniStack reads its environment while it is imported.
    importlib.import_module("chatops_local.ministack.corrections").apply_all(emulator)

    def on_ready() -> None:
        keep_pauses_short()
        answers.write(json.dumps({"port": emulator.port}) + "\n")
        answers.flush()
        threading.Thread(target=follow_controller, name="controller", daemon=True).start()

    def follow_controller() -> None:
        serve_calls(sys.stdin, answers, emulator.calls)
        end(emulator)

    asyncio.run(_serve(listener.detach(), settings.secret_access_key, on_ready))


def ministack_environment(emulator: Emulator) -> dict[str, str]:
    """The variables that configure MiniStack.

    Everything that MiniStack could take from the machine is switched off: Docker, files of an earlier run, listeners
    of services that we do not use.
    """
    settings = emulator.settings
    return {
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": settings.access_key_id,
        "AWS_SECRET_ACCESS_KEY": settings.secret_access_key,
        "AWS_ENDPOINT_URL": emulator.endpoint_url,
        "GATEWAY_PORT": str(emulator.port),
        "MINISTACK_HOST": settings.host,
        "MINISTACK_ACCOUNT_ID": settings.account,
        "MINISTACK_REGION": settings.region,
        "SFN_WAIT_SCALE": str(settings.time_scale),
        "DOCKER_HOST": f"unix://{emulator.directory}/no-docker.sock",
        "S3_DATA_DIR": str(emulator.directory / "s3"),
        "STATE_DIR": str(emulator.directory / "state"),
        "PERSIST_STATE": "0",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "HYPERCORN_LOG_LEVEL": "WARNING",
    }


def end(emulator: Emulator) -> None:
    """End this process and every process that its parts have started."""
    for stop in emulator.at_exit:
        with contextlib.suppress(Exception):
            stop()
    # Worker threads of MiniStack wait for events that no longer come, so a regular exit would hang.
    os._exit(0)


def _standard_output_for_answers_only() -> TextIO:
    """The pipe to the controller. Whatever else prints goes to the log, standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _check_version() -> None:
    version = importlib.metadata.version("ministack")
    if version != MINISTACK_VERSION:
        raise MiniStackChangedError(f"ministack {version} is installed; install ministack=={MINISTACK_VERSION}")


async def _serve(listener: int, secret: str, on_ready: Callable[[], None]) -> None:
    from hypercorn.asyncio import serve  # noqa: PLC0415 - MiniStack has to be imported first; it changes hypercorn
    from hypercorn.config import Config  # noqa: PLC0415

    app = with_viewers(without_administration(importlib.import_module("ministack.app").app), secret)
    config = Config()
    config.bind = [f"fd://{listener}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    await serve(_reporting_start(app, on_ready), config)


def _reporting_start(app: Untyped, on_ready: Callable[[], None]) -> Callable[..., Awaitable[None]]:
    """The application, and a word to the controller once it has started."""

    async def reporting(scope: Untyped, receive: Untyped, send: Untyped) -> None:
        async def report_start(message: Untyped) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                on_ready()

        await app(scope, receive, report_start if scope["type"] == "lifespan" else send)

    return reporting
