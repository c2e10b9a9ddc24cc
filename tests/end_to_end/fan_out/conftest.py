"""One local cloud with the app of this folder."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from chatops_local.app import synth
from chatops_local.cloud import LocalCloud

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatops_local.server import DeployedStack

T = TypeVar("T")

APP = Path(__file__).parent / "app"
# The 36 seconds after which a batch of a crashed consumer comes again are 1.8 here.
TIME_SCALE = 0.05
SECONDS = 40.0


class Line:
    """One of the app's fan-outs, deployed."""

    def __init__(self, cloud: LocalCloud, stack: DeployedStack, name: str) -> None:
        self.cloud = cloud
        self.name = name
        self._outputs = stack.outputs

    def __getitem__(self, output: str) -> str:
        """One of its outputs."""
        return self._outputs[f"{output}Of{self.name}"]

    def publish(self, *jobs: dict[str, Any], run: str = "") -> int:
        """Have the producer publish; each job as `Job` takes it."""
        answer = self.cloud.server.client("lambda").invoke(
            FunctionName=self["Producer"], Payload=json.dumps({"jobs": jobs, "run": run}).encode()
        )
        published = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, published
        return int(published)

    def ran(self) -> list[dict[str, Any]]:
        """What its consumer did, in order."""
        return [line for line in self._lines() if "job" in line]

    def outcomes(self) -> list[dict[str, Any]]:
        """The consumer's lines about its batches."""
        return [line for line in self._lines() if line.get("event") == "jobs"]

    def count(self, queue: str = "Queue") -> int:
        """How many messages are in a queue, be they visible or not."""
        sqs = self.cloud.server.client("sqs")
        attributes = sqs.get_queue_attributes(QueueUrl=self[queue], AttributeNames=["All"])["Attributes"]
        return sum(int(attributes[f"ApproximateNumberOfMessages{which}"]) for which in ("", "NotVisible", "Delayed"))

    def feeds(self, source: dict[str, Any]) -> bool:
        """Whether an event source mapping is of its queue."""
        return bool(source["EventSourceArn"].rpartition(":")[2] == self["Queue"].rpartition("/")[2])

    def until_empty(self) -> None:
        """Wait until no job is left."""
        self.until(lambda: self.count() == 0)

    @staticmethod
    def until(found: Callable[[], T]) -> T:
        """Wait until there is something."""
        deadline = time.monotonic() + SECONDS
        while not (value := found()):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return value

    def _lines(self) -> Iterator[dict[str, Any]]:
        for line in self.cloud.server.function_logs():
            if line.group == self["Logs"] and line.message.startswith("{"):
                yield json.loads(line.message)


@pytest.fixture(scope="session")
def fan_outs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalCloud, DeployedStack]]:
    """The app, deployed."""
    assembly = synth(APP, tmp_path_factory.mktemp("fan_out.cdk.out"), account="123456789012", region="us-east-1")
    with LocalCloud.start(time_scale=TIME_SCALE) as cloud:
        (stack,) = cloud.deploy_all(assembly.directory)
        yield cloud, stack


@pytest.fixture
def line(fan_outs: tuple[LocalCloud, DeployedStack]) -> Callable[[str], Line]:
    """Gives one of the fan-outs."""
    return lambda name: Line(*fan_outs, name)
