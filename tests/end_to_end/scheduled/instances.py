"""Instances that do what a test tells them: they run `app/scripts/obedient.sh`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.cloud import LocalCloud

RUNS, HOLD, SAYS, EXIT_CODE = "runs", "hold", "says", "exit-code"


class Instances:
    """The instances of a cloud, by name."""

    def __init__(self, cloud: LocalCloud) -> None:
        self._cloud = cloud
        self._paths = {instance.name: instance.path for instance in cloud.server.instances()}
        self._changed: set[str] = set()

    def id(self, name: str) -> str:
        """For calls to the server that change the instance."""
        self._changed.add(name)
        return self._cloud.instances[name]

    def path(self, name: str) -> Path:
        """The directory in which its scripts run."""
        return self._paths[name]

    def hold(self, *names: str) -> None:
        """Scripts that begin there do not end before `let_go`."""
        for name in names:
            self._tell(name, HOLD, "")

    def let_go(self, *names: str) -> None:
        """Let the scripts end."""
        for name in names:
            (self.path(name) / HOLD).unlink(missing_ok=True)

    def exit_with(self, code: int, *names: str) -> None:
        """Scripts end with this code."""
        for name in names:
            self._tell(name, EXIT_CODE, str(code))

    def say(self, text: str, *names: str) -> None:
        """Scripts write this."""
        for name in names:
            self._tell(name, SAYS, text)

    def go_offline(self, *names: str) -> None:
        """Their agents are not connected."""
        for name in names:
            self._cloud.server.set_online(self.id(name), False)

    def runs(self, task: str, scheduled_at: str) -> dict[str, int]:
        """How often the task's script began there for a scheduled time, by the instance's name."""
        line = f"{task} {scheduled_at}"
        counts = {name: self._lines(name).count(line) for name in self._paths}
        return {name: count for name, count in counts.items() if count}

    def wait_for_runs(self, task: str, scheduled_at: str, count: int) -> None:
        """Wait until the script has begun so often."""
        until(lambda: sum(self.runs(task, scheduled_at).values()) >= count)

    def restore(self) -> None:
        """Let all of them be as they were."""
        for name in self._changed:
            instance_id = self._cloud.instances[name]
            server = self._cloud.server
            for file in (HOLD, SAYS, EXIT_CODE):
                (self.path(name) / file).unlink(missing_ok=True)
            server.restore_delivery(instance_id)
            server.slow(instance_id)
            server.scripts_run(instance_id)
            server.set_online(instance_id, True)

    def _tell(self, name: str, file: str, content: str) -> None:
        self._changed.add(name)
        (self.path(name) / file).write_text(content, encoding="utf-8")

    def _lines(self, name: str) -> list[str]:
        file = self.path(name) / RUNS
        return file.read_text("utf-8").splitlines() if file.is_file() else []
