"""Runs invocations of Python functions: environment, log lines, and the result as MiniStack wants it."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from chatops_local.ministack.functions.clock import ClockFile
from chatops_local.ministack.functions.credentials import session_credentials
from chatops_local.ministack.functions.environment import Blueprint, Environment
from chatops_local.ministack.functions.faults import Faults
from chatops_local.ministack.functions.invocation import Invocation
from chatops_local.ministack.functions.logs import LogStream, new_stream_name
from chatops_local.ministack.functions.packages import Packages, layer_paths
from chatops_local.ministack.functions.pool import Pool
from chatops_local.ministack.functions.variables import function_variables, log_group_of
from chatops_local.ministack.permissions.authorization import Principal
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chatops_local.ministack.emulator import Emulator

_resolve_layer_zip = private("services.lambda_svc:_resolve_layer_zip", "attachment")


@dataclass
class _Printed:
    """The lines of the invocation that an environment is running."""

    lines: list[str]
    lock: threading.Lock

    def add(self, line: str) -> None:
        with self.lock:
            self.lines.append(line)

    def take(self) -> list[str]:
        with self.lock:
            taken, self.lines = self.lines, []
        return taken


class Executor:
    """Runs functions.

    Args:
        emulator: where functions find the cloud, and who ends them.
    """

    def __init__(self, emulator: Emulator) -> None:
        """Start without environments."""
        self._emulator = emulator
        self._directory = emulator.directory / "functions"
        self._directory.mkdir()
        self._packages = Packages(self._directory / "packages")
        self._pool = Pool()
        self._faults = Faults()
        self._faults.apply(emulator)
        self._clock = emulator.clock
        self._clock.admit_signatures()
        emulator.calls["shift_clocks"] = self._clock.shift_to
        # Goes with the environment, wherever that ends.
        self._streams: WeakKeyDictionary[Environment, tuple[LogStream, _Printed]] = WeakKeyDictionary()
        emulator.at_exit.append(self._pool.close)

    def run(self, function: Mapping[str, Any], event: object, request_id: str) -> dict[str, object]:
        """Invoke a function and wait for the result."""
        configuration = function.get("config") or function
        throttled: dict[str, object] | None = self._faults.throttled(configuration["FunctionName"])
        if throttled is not None:
            return throttled
        blueprint = self._blueprint(function, configuration)
        key = _pool_key(configuration)
        environment = self._pool.take(key, blueprint.fingerprint, lambda: self._make(configuration, blueprint))
        stream, printed = self._streams[environment]
        invocation = Invocation(
            request_id=request_id,
            payload=json.dumps(event, ensure_ascii=False).encode(),
            function_arn=configuration["FunctionArn"],
            seconds=float(configuration.get("Timeout", 3)),
            clock_shift=self._clock.shift,
        )
        started = time.monotonic()
        try:
            self._faults.run(environment, invocation, configuration["FunctionName"])
        finally:
            self._pool.give_back(key, environment)
        lines = [*printed.take(), *_failure_lines(invocation)]
        stream.write(_framed(lines, invocation, configuration, time.monotonic() - started))
        return _result(invocation, lines)

    def _make(self, configuration: Mapping[str, Any], blueprint: Blueprint) -> Environment:
        region = configuration["FunctionArn"].split(":")[3]
        principal = Principal(configuration["Role"], configuration["FunctionName"], region)
        stream = LogStream(
            log_group_of(configuration), new_stream_name(configuration.get("Version", "$LATEST")), principal
        )
        printed = _Printed([], threading.Lock())
        temporary = self._directory / "tmp" / uuid4().hex
        temporary.mkdir(parents=True)

        def variables(runtime_api: str) -> dict[str, str]:
            return function_variables(
                configuration,
                runtime_variables={
                    **session_credentials(principal),
                    "AWS_LAMBDA_LOG_STREAM_NAME": stream.stream,
                    "AWS_LAMBDA_RUNTIME_API": runtime_api,
                    "AWS_REGION": region,
                    "AWS_DEFAULT_REGION": region,
                    "LAMBDA_TASK_ROOT": str(blueprint.code),
                    "LAMBDA_RUNTIME_DIR": str(self._packages.runtime),
                    "PATH": "/usr/local/bin:/usr/bin:/bin",
                    "PYTHONPATH": ":".join(str(path) for path in blueprint.path),
                    "PYTHONUNBUFFERED": "1",
                    "TMPDIR": str(temporary),
                },
                cloud_variables={
                    **self._emulator.settings.function_environment,
                    "AWS_ENDPOINT_URL": self._emulator.endpoint_url,
                },
            )

        clock = ClockFile(temporary.with_suffix(".clock"), self._clock.shift) if blueprint.shifts_clock else None
        environment = Environment(blueprint, variables, printed.add, clock)
        self._streams[environment] = (stream, printed)
        return environment

    def _blueprint(self, function: Mapping[str, Any], configuration: Mapping[str, Any]) -> Blueprint:
        archive: bytes | None = function.get("code_zip")
        if not archive:
            raise ValueError(f"function {configuration['FunctionName']!r} has no code; was its asset published?")
        code = self._packages.unpack(archive)
        layers = self._layers(configuration)
        # Everything that is fixed when an environment starts; a version or a code change makes another one.
        fixed = {name: configuration.get(name) for name in _FIXED_AT_START}
        shifts_clock = self._clock.was_shifted
        identity = json.dumps([str(code), [str(path) for path in layers], fixed, shifts_clock], sort_keys=True)
        return Blueprint(
            code=code,
            path=(code, *layers, self._packages.runtime),
            handler=configuration["Handler"],
            fingerprint=hashlib.sha256(identity.encode()).hexdigest(),
            shifts_clock=shifts_clock,
        )

    def _layers(self, configuration: Mapping[str, Any]) -> list[Path]:
        paths: list[Path] = []
        # The last layer is laid over the ones before it, so it comes first on the path.
        for attachment in reversed(configuration.get("Layers") or []):
            archive: bytes | None = _resolve_layer_zip.get()(attachment)
            if archive is None:
                raise ValueError(f"the content of layer {attachment!r} is missing; was its asset published?")
            paths += layer_paths(self._packages.unpack(archive), configuration["Runtime"])
        return paths


_FIXED_AT_START = ("Environment", "Handler", "LoggingConfig", "MemorySize", "Role", "Runtime", "Version")


def _pool_key(configuration: Mapping[str, Any]) -> str:
    return f"{configuration['FunctionArn']}:{configuration.get('Version', '$LATEST')}"


def _failure_lines(invocation: Invocation) -> list[str]:
    """What Lambda itself logs about a failure; the runtime client logs the handler's own exceptions."""
    if not invocation.failed:
        return []
    report: Untyped = json.loads(invocation.answer)
    if report["errorType"] in ("Sandbox.Timedout", "Runtime.ExitError", "Function.ResponseSizeTooLarge"):
        return [report["errorMessage"]]
    return []


def _framed(lines: list[str], invocation: Invocation, configuration: Mapping[str, Any], seconds: float) -> list[str]:
    milliseconds = seconds * 1000
    request = f"RequestId: {invocation.request_id}"
    return [
        f"START {request} Version: {configuration.get('Version', '$LATEST')}",
        *lines,
        f"END {request}",
        f"REPORT {request}\tDuration: {milliseconds:.2f} ms\tBilled Duration: {int(milliseconds) + 1} ms\t"
        f"Memory Size: {configuration.get('MemorySize', 128)} MB",
    ]


def _result(invocation: Invocation, lines: list[str]) -> dict[str, object]:
    log = "\n".join(lines)
    if invocation.failed:
        return {"body": json.loads(invocation.answer), "error": True, "log": log}
    answer = json.loads(invocation.answer)
    # MiniStack reads a returned string as JSON text once more, unless it comes as the bytes that the runtime sent.
    return {"body": answer if isinstance(answer, dict | list) else invocation.answer, "log": log}
