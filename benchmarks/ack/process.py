"""A function's process under AWS's runtime client, and what it costs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from benchmarks.ack import request
from chatops_local.ministack.functions.invocation import Invocation
from chatops_local.ministack.functions.runtime_api import RuntimeApi

if TYPE_CHECKING:
    from types import TracebackType

    from benchmarks.ack.subjects import Subject

FUNCTION_ARN = "arn:aws:lambda:eu-central-1:123456789012:function:ack"

# Long enough for the slowest at the smallest share of a processor; the functions themselves look at it.
_PATIENCE_SECONDS = 120.0


class FunctionProcess:
    """One execution environment. What it is given it takes up as soon as it has started."""

    def __init__(self, subject: Subject, *, endpoint_url: str, runtime: Path) -> None:
        """Start it.

        Args:
            subject: The function.
            endpoint_url: Where AWS is.
            runtime: The folder with the runtime's own packages.
        """
        self._subject = subject
        self._api = RuntimeApi()
        self._process = subprocess.Popen(
            # -S keeps the packages of this machine off the path, -B keeps the code as it is, as on Lambda.
            [sys.executable, "-S", "-B", "-m", "awslambdaric", subject.handler],
            cwd=subject.path[0],
            env=_variables(subject, endpoint_url, runtime, self._api.address),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def __enter__(self) -> FunctionProcess:
        """Return the process."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._end()
        self._api.close()

    @property
    def pid(self) -> int:
        """Its id."""
        return self._process.pid

    @property
    def cpu_seconds(self) -> float:
        """What it has used of a processor so far."""
        return cpu_seconds(self.pid)

    @property
    def peak_bytes(self) -> int:
        """The most memory that it has had at a time."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        raise ValueError(f"process {self.pid} has no VmHWM")

    def acknowledge(self) -> float:
        """Give it a slash command; the instant of its acknowledgement.

        Raises:
            RuntimeError: It answered with anything else, or not at all.
        """
        invocation = Invocation(uuid4().hex, request.new(), FUNCTION_ARN, _PATIENCE_SECONDS)
        invocation.start_clock()
        self._api.hand_over(invocation)
        while not invocation.wait(0.5):
            if self._process.poll() is not None or self._api.initialisation_error or invocation.remaining_seconds <= 0:
                break
        at = time.perf_counter()
        if not invocation.is_finished or invocation.failed or not self._is_acknowledged(invocation.answer):
            raise RuntimeError(self._failure(invocation))
        return at

    def _is_acknowledged(self, answer: bytes) -> bool:
        response = json.loads(answer)
        return response["statusCode"] == 200 and self._subject.says in response["body"]

    def _failure(self, invocation: Invocation) -> str:
        errors = self._end()[-2000:]
        answer = self._api.initialisation_error or invocation.answer
        return f"{self._subject.name} did not acknowledge: {answer!r}; it wrote {errors!r}"

    def _end(self) -> str:
        """End the process; what it wrote."""
        self._process.kill()
        self._process.wait()
        if self._process.stderr is None or self._process.stderr.closed:
            return ""
        with self._process.stderr as written:
            return written.read().decode(errors="replace")


def cpu_seconds(pid: int) -> float:
    """What a process has used of a processor, by its own clock: MAKE_PROCESS_CPUCLOCK of clock_getcpuclockid(3)."""
    return time.clock_gettime((~pid << 3) | 2)


def _variables(subject: Subject, endpoint_url: str, runtime: Path, runtime_api: str) -> dict[str, str]:
    return {
        **subject.variables,
        "_HANDLER": subject.handler,
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_LAMBDA_FUNCTION_NAME": "ack",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/ack",
        "AWS_LAMBDA_LOG_STREAM_NAME": "benchmark",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "benchmark",
        "AWS_SESSION_TOKEN": "benchmark",
        "AWS_ENDPOINT_URL": endpoint_url,
        "LAMBDA_TASK_ROOT": str(subject.path[0]),
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": ":".join(map(str, (*subject.path, runtime))),
        "TZ": ":UTC",
    }
