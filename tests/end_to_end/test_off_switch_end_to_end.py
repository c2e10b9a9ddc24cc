"""What may change without a deployment: the off-switch, the signing secret, and both being gone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.cloud import LocalCloud
from tests.end_to_end.conftest import INSTANCES, TIME_SCALE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST = "A0FIRST1"
SECRET = "/end-to-end/first/slack-signing-secret"
NEXT_READING = timedelta(seconds=45)


class Owner:
    """Who looks after the endpoint: changes parameters, and reads the log."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud
        self.ssm = cloud.server.client("ssm")
        functions = cloud.server.client("lambda").list_functions()["Functions"]
        (dispatch,) = (
            one for one in functions if one.get("Environment", {}).get("Variables", {}).get("CHATOPS_APP_ID") == FIRST
        )
        self.switch: str = dispatch["Environment"]["Variables"]["CHATOPS_OFF_SWITCH_PARAMETER"]

    def write(self, name: str, value: str, **options: Any) -> None:
        """As `aws ssm put-parameter --overwrite` does; functions read it before a minute has passed."""
        self.ssm.put_parameter(Name=name, Value=value, Overwrite=True, **options)
        self.cloud.advance(by=NEXT_READING)

    def typed(self, text: str) -> str:
        """What Slack shows at once after a command."""
        ack = self.cloud.slack.send(text, endpoint=FIRST).ack
        assert ack.ok
        return ack.text

    def logged(self) -> dict[str, Any]:
        """The latest line about a request."""
        lines: list[dict[str, Any]] = [
            json.loads(line.message) for line in self.cloud.server.function_logs() if '"request"' in line.message
        ]
        return [line for line in lines if line.get("event") == "request"][-1]


@pytest.fixture(scope="module")
def owner(assembly: Path) -> Iterator[Owner]:
    """Of a cloud of these tests' own, since they change what holds for every command."""
    with LocalCloud.start(time_scale=TIME_SCALE, instances=INSTANCES) as cloud:
        cloud.deploy(assembly)
        yield Owner(cloud)


def test_off_stops_commands_within_a_minute_and_on_lets_them_run(owner: Owner) -> None:
    assert "Running" in owner.typed("/quick")
    owner.write(owner.switch, "off release 4.2")
    assert owner.typed("/quick") == "`/quick` was not run. Commands are switched off: release 4.2"
    assert owner.logged()["outcome"] == "switched_off"
    assert owner.typed("/quick help").startswith("Commands are switched off: release 4.2\n")
    owner.write(owner.switch, "on")
    assert "Running" in owner.typed("/quick")


def test_a_rotated_secret_takes_effect_without_a_deployment(owner: Owner) -> None:
    app = owner.cloud.slack.workspace.endpoint(FIRST).app
    before = app.signing_secret
    body = owner.cloud.slack.form("/quick", endpoint=FIRST)
    old = owner.cloud.slack.sign(body, app)
    owner.write(SECRET, "0f1e2d3c4b5a69788796a5b4c3d2e1f0", Type="SecureString")
    assert owner.cloud.slack.deliver(old, endpoint=FIRST).status == 200, "signed just before"
    owner.write(SECRET, before, Type="SecureString")
    assert "Running" in owner.typed("/quick")


def test_a_deleted_switch_stops_commands(owner: Owner) -> None:
    owner.ssm.delete_parameter(Name=owner.switch)
    owner.cloud.advance(by=NEXT_READING)
    assert "their off-switch cannot be used: its parameter does not exist" in owner.typed("/quick")
    assert owner.logged()["outcome"] == "off_switch_unusable"
    owner.write(owner.switch, "on", Type="String")
    assert "Running" in owner.typed("/quick")


def test_a_missing_secret_is_said_and_logged(owner: Owner) -> None:
    secret = owner.cloud.slack.workspace.endpoint(FIRST).app.signing_secret
    owner.ssm.delete_parameter(Name=SECRET)
    owner.cloud.advance(by=NEXT_READING)
    assert "this endpoint has no signing secret" in owner.typed("/quick")
    line = owner.logged()
    assert (line["outcome"], line["detail"]) == ("secret_missing", f"parameter {SECRET} does not exist")
    owner.write(SECRET, secret, Type="SecureString")
    assert "Running" in owner.typed("/quick")


def test_another_deployment_leaves_the_switch_off(owner: Owner, assembly: Path) -> None:
    owner.write(owner.switch, "off release 4.2")
    owner.cloud.deploy(assembly)
    assert owner.ssm.get_parameter(Name=owner.switch)["Parameter"]["Value"] == "off release 4.2"
    owner.write(owner.switch, "on")
