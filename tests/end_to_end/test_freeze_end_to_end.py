"""What was asked for is what runs, whatever is deployed in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.cloud import InstanceSpec, LocalCloud
from tests.end_to_end.conftest import TIME_SCALE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def own_cloud(assembly: Path) -> Iterator[LocalCloud]:
    """A cloud of its own, since the test changes what is deployed."""
    with LocalCloud.start(time_scale=TIME_SCALE, instances=[InstanceSpec("one-1", {"Role": "one"})]) as cloud:
        cloud.deploy(assembly)
        yield cloud


def version_two(template: dict[str, Any]) -> None:
    """The same template with another script for /version, as a deploy of a changed script gives it."""
    (document,) = (
        resource
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == "AWS::SSM::Document" and "CommandsVersionDocument" in logical_id
    )
    lines = document["Properties"]["Content"]["mainSteps"][0]["inputs"]["runCommand"]
    # base64 of "echo version one" and "echo version two"
    lines[lines.index("ZWNobyB2ZXJzaW9uIG9uZQ==")] = "ZWNobyB2ZXJzaW9uIHR3bw=="


def test_the_frozen_version_runs(own_cloud: LocalCloud, assembly: Path):
    with own_cloud.server.hold("DescribeInstanceInformation"):
        sent = own_cloud.slack.send("/version", endpoint="A0FIRST1")
        own_cloud.server.wait_until_held("DescribeInstanceInformation")
        own_cloud.deploy(assembly, edit_template=version_two)
    (message,) = sent.wait(60)
    assert "version one" in message.shown
    (message,) = own_cloud.slack.send("/version", endpoint="A0FIRST1").wait(60)
    assert "version two" in message.shown
