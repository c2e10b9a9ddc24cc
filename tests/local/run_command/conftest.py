"""A Run Command for tests: AWS's seconds pass a hundred times faster, and every wait is for an event."""

from __future__ import annotations

import json
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.run_command import Instance, RunCommand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Dict = dict[str, Any]

ACCOUNT = "123456789012"
REGION = "eu-west-1"
WAIT_SECONDS = 20
"""How long a test waits for what must come. Only a failing test waits that long."""


class Cloud:
    """A RunCommand whose status changes can be waited for."""

    def __init__(self, directory: Path, **options: Any) -> None:
        self.events: list[Dict] = []
        self._arrived: Queue[Dict] = Queue()
        self.service = RunCommand(
            account=ACCOUNT,
            region=REGION,
            directory=directory,
            **{"time_scale": 0.01, "on_status_change": self._arrived.put, **options},
        )
        self.fleet = self.service.fleet

    def call(self, action: str, **request: Any) -> Any:
        return self.service.call(action, request)

    def send(self, *commands: str, document: str = "AWS-RunShellScript", **request: Any) -> str:
        """Send a command and return its id. `commands` are those of AWS-RunShellScript."""
        if commands:
            request["Parameters"] = {"commands": list(commands), **request.get("Parameters", {})}
        return str(self.call("SendCommand", DocumentName=document, **request)["Command"]["CommandId"])

    def wait_for(self, command_id: str, *statuses: str, instance: Instance | None = None) -> Dict:
        """The first event of the command, or of its invocation on `instance`, with one of `statuses`."""
        while True:
            for event in self.events:
                detail = event["detail"]
                who = (command_id, instance.instance_id if instance else None)
                if (detail["command-id"], detail.get("instance-id")) == who and detail["status"] in statuses:
                    return event
            self.events.append(self._arrived.get(timeout=WAIT_SECONDS))

    def ended(self, command_id: str) -> Any:
        """The command, once it has ended."""
        self.wait_for(command_id, "Success", "Failed", "TimedOut", "Cancelled")
        return self.command(command_id)

    def run(self, *commands: str, on: Instance, **request: Any) -> Any:
        """What GetCommandInvocation says once the command has ended on `on`."""
        command_id = self.send(*commands, InstanceIds=[on.instance_id], **request)
        self.ended(command_id)
        return self.invocation(command_id, on)

    def command(self, command_id: str) -> Any:
        return self.call("ListCommands", CommandId=command_id)["Commands"][0]

    def invocation(self, command_id: str, instance: Instance, **request: Any) -> Any:
        return self.call("GetCommandInvocation", CommandId=command_id, InstanceId=instance.instance_id, **request)

    def create_document(self, *steps: list[str] | Dict, name: str = "Test", parameters: Dict | None = None) -> str:
        """Create a document with steps `step1`, `step2`, …; a step is its runCommand or all its inputs."""
        self.call("CreateDocument", Name=name, Content=content(*steps, parameters=parameters), DocumentType="Command")
        return name


def content(*steps: list[str] | Dict, parameters: Dict | None = None) -> str:
    names = ("step1", "step2", "step3")  # PluginName has at least 4 characters
    return json.dumps(
        {
            "schemaVersion": "2.2",
            "description": "a test",
            "parameters": parameters or {},
            "mainSteps": [
                {
                    "action": "aws:runShellScript",
                    "name": name,
                    "inputs": step if isinstance(step, dict) else {"runCommand": step},
                }
                for name, step in zip(names, steps, strict=False)
            ],
        }
    )


@pytest.fixture
def clouds(tmp_path: Path) -> Iterator[Callable[..., Cloud]]:
    """Makes clouds, and closes them."""
    made: list[Cloud] = []

    def make(**options: Any) -> Cloud:
        made.append(Cloud(tmp_path / f"cloud-{len(made)}", **options))
        return made[-1]

    yield make
    for cloud in made:
        cloud.service.close()


@pytest.fixture
def cloud(clouds: Callable[..., Cloud]) -> Cloud:
    return clouds()


@pytest.fixture
def web(cloud: Cloud) -> Instance:
    return cloud.fleet.add("web-1", {"Role": "web"})


@pytest.fixture
def document_content():
    return content
