"""The emulator's process as the controller sees it: started with a clean environment, called, and ended."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatops_local.ministack.settings import Settings

LOG_FILE = "emulator.log"


class EmulatorError(RuntimeError):
    """The emulator did not start, has ended, or refused a call."""


class EmulatorEndedError(EmulatorError):
    """The emulator has ended while it was in use. The text has the end of its log."""


class EmulatorProcess:
    """One running emulator.

    Args:
        settings: what it is started with.
    """

    def __init__(self, settings: Settings) -> None:
        """Start the process and wait until it serves."""
        directory = Path(settings.directory)
        self._log = directory / LOG_FILE
        self._lock = threading.Lock()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "chatops_local.ministack"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=clean_environment(directory),
                cwd=directory,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # Ctrl-C reaches the controller, which then ends the emulator in order.
            )
        try:
            self._send(settings.to_json())
            self.port = int(self._receive()["port"])
        except BaseException:
            self.stop()
            raise

    def call(self, name: str, /, **arguments: object) -> Any:  # noqa: ANN401 - JSON; each caller knows its shape
        """Call into the emulator.

        Raises:
            EmulatorError: if the call failed there.
            EmulatorEndedError: if it is not there any more.
        """
        with self._lock:
            try:
                self._send(json.dumps({"call": name, "arguments": arguments}))
                answer = self._receive()
            except EmulatorError as error:
                raise EmulatorEndedError(str(error)) from error
        if "error" in answer:
            raise EmulatorError(answer["error"])
        return answer["result"]

    def stop(self) -> None:
        """End the process: first by closing its standard input, then by force."""
        with contextlib.suppress(OSError):
            self._pipe(self._process.stdin).close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._pipe(self._process.stdout).close()

    def _send(self, line: str) -> None:
        pipe = self._pipe(self._process.stdin)
        try:
            pipe.write(line + "\n")
            pipe.flush()
        except (OSError, ValueError) as error:
            raise EmulatorError(self._why_it_ended()) from error

    def _receive(self) -> dict[str, Any]:
        line = self._pipe(self._process.stdout).readline()
        if not line:
            raise EmulatorError(self._why_it_ended())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _why_it_ended(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2)
        last_lines = "\n".join(self._log.read_text("utf-8", "replace").splitlines()[-15:])
        return f"the emulator has ended (exit status {self._process.returncode}); its last log lines:\n{last_lines}"

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        if pipe is None:  # pragma: no cover - both are opened in the constructor
            raise EmulatorError("the emulator has no pipe to its controller")
        return pipe


def clean_environment(directory: Path) -> dict[str, str]:
    """The environment of the emulator: nothing of the user's but the search path.

    No AWS profile, no proxy and no credentials of the user's can reach the emulator or what it runs, and what it
    writes to a home or a temporary directory stays in ``directory``.
    """
    home = directory / "home"
    temporary = directory / "tmp"
    for folder in (home, temporary):
        folder.mkdir(exist_ok=True)
    return {
        "PATH": _search_path(),
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONUNBUFFERED": "1",
        # The emulator imports chatops_local from where the controller did.
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }


def node_of_emulator() -> str | None:
    """The Node.js that the emulator finds, which functions of CloudFront's run in; ``None`` if there is none."""
    return shutil.which("node", path=_search_path())


def _search_path() -> str:
    """What is installed beside this Python comes first, as in an active virtual environment."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
