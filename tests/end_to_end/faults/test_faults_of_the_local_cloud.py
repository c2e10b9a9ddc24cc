"""The local cloud ends while a command runs

The command is typed with `chatops-local send`, or on the page of `chatops-local up`. A local cloud keeps nothing: a new
one knows of no earlier command.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.cloud import LocalCloud
from chatops_local.page import Workbench
from chatops_local.page.people import GENERAL
from chatops_local.slack import DEFAULT_USER
from tests.end_to_end.faults.conftest import INSTANCES, TIME_SCALE
from tests.end_to_end.faults.outcome import Kept, Outcome, Seen
from tests.end_to_end.faults.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.end_to_end.faults.recorder import Recorder

_SECONDS = 60.0


@dataclass(frozen=True)
class CommandLine:
    """`chatops-local send`, with a script at work that does not come to its end."""

    process: subprocess.Popen[str]
    runs: Path
    """The file in which the script leaves a line."""

    def outcome(self) -> Outcome:
        """What the command line says at its end."""
        text = self.process.communicate(timeout=_SECONDS)[0]
        said = next(line for line in text.splitlines() if line.startswith("chatops-local: "))
        shows = (f"exit code {self.process.returncode}",)
        return Outcome("", "", "", (Seen("the terminal", said),), 1, Kept.TOLD, shows)

    def scripts(self) -> list[int]:
        """The processes of the instance's scripts."""
        found = subprocess.run(["ps", "axww", "-o", "pid=,stat=,args="], capture_output=True, text=True, check=True)
        lines = [line.split(None, 2) for line in found.stdout.splitlines()]
        return [int(pid) for pid, state, args in lines if str(self.runs.parent) in args and not state.startswith("Z")]

    def emulator(self) -> int:
        """The process of the local cloud."""
        found = subprocess.run(["ps", "ax", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
        lines = [line.split(None, 2) for line in found.stdout.splitlines()]
        (emulator,) = (
            int(pid) for pid, parent, args in lines if int(parent) == self.process.pid and "ministack" in args
        )
        return emulator


@contextmanager
def sending(assembly: Path, folder: Path) -> Iterator[CommandLine]:
    """Type a command whose script has begun and does not end."""
    # As in a terminal, also where these tests run in the background of a shell, which has Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    arguments = ["send", str(assembly), "/patient", "--endpoint", "A0PLAIN1", "--instances", "Role=one:1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "chatops_local", *arguments, "--time-scale", str(TIME_SCALE)],
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until(lambda: any(folder.glob("chatops-local-*/instances/*/runs")))
        (runs,) = folder.glob("chatops-local-*/instances/*/runs")
        command_line = CommandLine(process, runs)
        assert command_line.scripts()
        assert len(runs.read_text("utf-8").split()) == 1
        yield command_line
    finally:
        process.kill()
        process.communicate()


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until it is true."""
    deadline = time.monotonic() + _SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_interrupted(assembly_of_faults: Path, tmp_path: Path, record: Recorder):
    """`chatops-local send` is interrupted with Ctrl-C while the script runs."""
    with sending(assembly_of_faults, tmp_path) as command_line:
        command_line.process.send_signal(signal.SIGINT)
        outcome = command_line.outcome()
        wait_until(lambda: not command_line.scripts())
    record(outcome)


def test_killed(assembly_of_faults: Path, tmp_path: Path, record: Recorder):
    """The process of the local cloud is killed while the script runs, and so is the script, by its reaper."""
    with sending(assembly_of_faults, tmp_path) as command_line:
        os.kill(command_line.emulator(), signal.SIGKILL)
        outcome = command_line.outcome()
        wait_until(lambda: not command_line.scripts())
    record(outcome)


def test_killed_under_the_page(assembly_of_faults: Path, record: Recorder):
    """The process of the local cloud is killed while the script runs, under the page of `chatops-local up`."""
    with LocalCloud.start(time_scale=TIME_SCALE, instances=INSTANCES) as cloud:
        workbench = Workbench(assembly_of_faults, cloud)
        workbench.deploy()
        workbench.type(DEFAULT_USER, GENERAL, "/patient")
        runs = cloud.server.directory / "instances" / cloud.instances["one-1"] / "runs"
        wait_until(runs.exists)
        os.kill(cloud.server._process._process.pid, signal.SIGKILL)
        workbench.start()
        wait_until(lambda: shown_of_app(workbench)["status"] == "blind")
        problem = shown_of_app(workbench)["problem"].splitlines()[0]
        workbench.stop()
    outcome = Outcome("", "", "", (Seen("the page", problem),), 1, Kept.TOLD, ("the page",))
    record(outcome)


def shown_of_app(workbench: Workbench) -> dict[str, Any]:
    """What the page shows of the app as a whole."""
    (entry,) = (each for each in workbench.board.changes(0, lambda _: True)[1] if each.kind == "app")
    return entry.value


def test_started_again(assembly_of_faults: Path, record: Recorder):
    """The local cloud is stopped while the script runs, a new one is started, and the command is typed again there."""
    with LocalCloud.start(time_scale=TIME_SCALE, instances=INSTANCES) as first:
        first.deploy(assembly_of_faults)
        scene = Scene(first, 1)
        scene.type("/patient")
        scene.wait_until(lambda: scene.observation.runs() == 1)
    with LocalCloud.start(time_scale=TIME_SCALE, instances=INSTANCES) as second:
        second.deploy(assembly_of_faults)
        again = Scene(second, 1)
        outcome = again.run("/script")
        assert outcome.runs == 1
        assert len(second.slack.messages) == 1, "of the one that was stopped, nothing is heard"
    record(outcome)
