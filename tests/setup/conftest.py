"""The app of this folder, synthesised once, on local clouds; and the command line, run as whoever a test says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.app import synth
from chatops_local.cloud import InstanceSpec, LocalCloud
from chatops_setup.stack import Stack
from tests.setup.command_line import CommandLine

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = Path(__file__).parent / "app"
STAGES = Path(__file__).parent / "stages"
TIME_SCALE = 0.05


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's cdk.out."""
    return synth(APP, tmp_path_factory.mktemp("cdk.out"), account="123456789012", region="us-east-1").directory


@pytest.fixture(scope="session")
def shared_stack(assembly: Path) -> Stack:
    """The stack with the endpoint, as it was synthesised."""
    return Stack.synthesised("Ops", assembly)


@pytest.fixture(scope="session")
def shared_cloud(assembly: Path) -> Iterator[LocalCloud]:
    """The app, deployed, with two instances that are well."""
    instances = [InstanceSpec("web-1", {"Role": "web"}), InstanceSpec("web-2", {"Role": "web"})]
    with LocalCloud.start(time_scale=TIME_SCALE, instances=instances) as cloud:
        cloud.deploy_all(assembly)
        yield cloud


@pytest.fixture
def fresh_cloud(assembly: Path) -> Iterator[LocalCloud]:
    """One of its own, whose functions have read no secret yet."""
    with LocalCloud.start(time_scale=TIME_SCALE, instances=[InstanceSpec("web-1", {"Role": "web"})]) as cloud:
        cloud.deploy_all(assembly)
        yield cloud


@pytest.fixture
def empty_cloud(assembly: Path) -> Iterator[LocalCloud]:
    """One of its own, without instances."""
    with LocalCloud.start(time_scale=TIME_SCALE, instances=[]) as cloud:
        cloud.deploy_all(assembly)
        yield cloud


@pytest.fixture
def cloud(shared_cloud: LocalCloud) -> Iterator[LocalCloud]:
    """The same, left as it was found: secrets and instances."""
    ssm = shared_cloud.server.client("ssm")
    names = ["/ops/prod/slack-signing-secret", "/ops/prod/slack-bot-token"]
    before = {name: ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] for name in names}
    yield shared_cloud
    for name, value in before.items():
        ssm.delete_parameters(Names=[name])
        shared_cloud.server.put_secret(name, value)
    for name in shared_cloud.instances:
        shared_cloud.set_online(name, True)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[Any]) -> CommandLine:
    """Runs `chatops-constructs`."""
    return CommandLine(monkeypatch, capsys)


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cdk.out of an app with stages."""
    return synth(STAGES, tmp_path_factory.mktemp("cdk.out"), bundling=False).directory


@pytest.fixture(scope="session")
def bare_cloud() -> Iterator[LocalCloud]:
    """Nothing is deployed."""
    with LocalCloud.start(instances=[]) as cloud:
        yield cloud
