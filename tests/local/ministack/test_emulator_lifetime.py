"""The emulator has a directory of its own, nothing of the user's, and ends with its controller."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.ministack.settings import Settings
from chatops_local.server import EmulatorError, Server
from chatops_local.server.emulator_process import EmulatorProcess, clean_environment
from tests.local.ministack.stacks import WRITE_LOGS, deploy, function, invoke, role

if TYPE_CHECKING:
    from collections.abc import Callable

PID_OF_FUNCTION = "import os\ndef handler(event, context):\n    return os.getpid()\n"


def becomes_true(condition: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" not in status.read_text()


def settings_in(directory: Path, **others: object) -> Settings:
    fixed = {"account": "123456789012", "region": "us-east-1", "access_key_id": "AKIA0", "secret_access_key": "secret"}
    return Settings(directory=str(directory), **{**fixed, **others})  # type: ignore[arg-type]


def test_stopping_ends_the_functions_and_removes_the_directory(tmp_path: Path):
    with Server.start(directory=tmp_path) as server:
        resources = {"Role": role("lambda", WRITE_LOGS), "Function": function(PID_OF_FUNCTION, "Role")}
        stack = deploy(server, tmp_path / "out", "Pid", resources)
        function_pid = invoke(server, stack.resource("Function"))["payload"]
        emulator_pid = server._process._process.pid
        assert is_alive(function_pid)
        assert server.directory.parent == tmp_path
    assert not server.directory.exists()
    assert not is_alive(emulator_pid)
    assert becomes_true(lambda: not is_alive(function_pid))


def test_the_emulator_ends_when_its_controller_is_killed(tmp_path: Path):
    controller = (
        "import sys, time\nfrom pathlib import Path\nfrom chatops_local.server import Server\n"
        "server = Server.start(directory=Path(sys.argv[1]))\n"
        "print(server._process._process.pid, flush=True)\ntime.sleep(60)\n"
    )
    started = subprocess.Popen([sys.executable, "-c", controller, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    with started.stdout:
        emulator_pid = int(started.stdout.readline())
    assert is_alive(emulator_pid)
    started.kill()
    started.wait()
    assert becomes_true(lambda: not is_alive(emulator_pid))


def test_the_emulator_ends_by_itself_after_its_longest_time(tmp_path: Path):
    # Shorter than its start, so that the test need not wait.
    with pytest.raises(EmulatorError, match=r"has ended \(exit status 0\)"):
        EmulatorProcess(settings_in(tmp_path, maximum_seconds=0.01))


def test_a_start_that_fails_says_why_and_leaves_nothing(tmp_path: Path):
    with pytest.raises(EmulatorError, match=r"loopback address.*'192\.0\.2\.1'"):
        EmulatorProcess(settings_in(tmp_path, host="192.0.2.1"))


def test_a_call_that_fails_there_is_an_error_here(server: Server):
    with pytest.raises(EmulatorError, match="KeyError"):
        server.set_online("i-none", online=True)
    with pytest.raises(EmulatorError, match=r"unknown call 'nonsense'; there are add_instance"):
        server._process.call("nonsense")


def test_nothing_of_the_users_environment_reaches_the_emulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    monkeypatch.setenv("MINISTACK_HOST", "0.0.0.0")
    environment = clean_environment(tmp_path)
    assert set(environment) == {"PATH", "HOME", "TMPDIR", "LANG", "TZ", "PYTHONUNBUFFERED", "PYTHONPATH"}
    assert environment["HOME"].startswith(str(tmp_path))
    assert environment["TMPDIR"].startswith(str(tmp_path))


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_the_process_was_started_with_that_environment_and_without_the_secret(server: Server):
    raw = Path(f"/proc/{server._process._process.pid}/environ").read_bytes()
    names = {line.partition(b"=")[0].decode() for line in raw.split(b"\0") if line}
    assert names == set(clean_environment(server.directory))
    arguments = Path(f"/proc/{server._process._process.pid}/cmdline").read_bytes()
    assert server._settings.secret_access_key.encode() not in raw + arguments


def test_the_secret_is_in_no_file_of_the_run(server: Server):
    secret = re.escape(server._settings.secret_access_key.encode())
    files = [path for path in server.directory.rglob("*") if path.is_file()]
    assert not [path for path in files if re.search(secret, path.read_bytes())]
