"""The secrets that a local cloud holds, looked for wherever they must not be: every one of them is a canary."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from chatops_local.cloud import LocalCloud
from chatops_local.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pytest

ON_THE_DEVELOPERS_MACHINE = {
    name: f"canary-{secrets.token_hex(16)}"
    for name in ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "API_KEY", "DATABASE_PASSWORD")
}
"""Variables of whoever synthesises: nothing of these may get into what is deployed."""

SHORTEST = 16
"""What is shorter than any secret of Slack's, such as `x` in a test, is in many a line by chance."""


def in_assembly(directory: Path) -> list[Path]:
    """The templates and assets that have a variable of the developer's."""
    canaries = [canary.encode() for canary in ON_THE_DEVELOPERS_MACHINE.values()]
    files = (path for path in directory.rglob("*") if path.is_file())
    return [path for path in files if _holds(path.read_bytes(), canaries)]


def leaks(cloud: LocalCloud) -> list[str]:
    """Where a secret of the cloud is that must not be there, by the name of the secret."""
    stored = dict(_stored(cloud))
    return [
        f"{name} is in {place}"
        for place, text in _places(cloud)
        for value, name in stored.items()
        if value in text or json.dumps(value)[1:-1] in text
    ]


def _expect_none(found: Sequence[object]) -> None:
    if found:
        raise AssertionError(f"secrets are where they must not be: {', '.join(map(str, found))}")


def _holds(content: bytes, canaries: list[bytes]) -> bool:
    return any(canary in content for canary in canaries)


def _stored(cloud: LocalCloud) -> Iterator[tuple[str, str]]:
    """Every secret value and its name."""
    for region in _regions(cloud):
        ssm = cloud.server.client("ssm", region)
        for page in ssm.get_paginator("get_parameters_by_path").paginate(Path="/", Recursive=True, WithDecryption=True):
            for each in page["Parameters"]:
                if each["Type"] == "SecureString" and len(each["Value"]) >= SHORTEST:
                    yield each["Value"], each["Name"]
        secrets_manager = cloud.server.client("secretsmanager", region)
        for each in secrets_manager.list_secrets()["SecretList"]:
            value = secrets_manager.get_secret_value(SecretId=each["Name"]).get("SecretString", "")
            if len(value) >= SHORTEST:
                yield value, each["Name"]


def _places(cloud: LocalCloud) -> Iterator[tuple[str, str]]:
    """What people can read who may not read secrets."""
    for line in cloud.server.function_logs():
        yield f"the log {line.group}", line.message
    for message in cloud.slack.messages:
        yield "a message in Slack", repr(message)
    for region in _regions(cloud):
        for function in cloud.server.client("lambda", region).list_functions()["Functions"]:
            yield f"the settings of {function['FunctionName']}", json.dumps(function, default=str)
        cloudformation = cloud.server.client("cloudformation", region)
        for stack in cloudformation.describe_stacks()["Stacks"]:
            template = cloudformation.get_template(StackName=stack["StackName"])["TemplateBody"]
            yield f"the template of {stack['StackName']}", template if isinstance(template, str) else _text(template)
        for machine in cloud.server.client("stepfunctions", region).list_state_machines()["stateMachines"]:
            for execution in cloud.server.executions(machine["stateMachineArn"]):
                yield f"the history of {execution.arn}", _text(cloud.server.execution_history(execution.arn))


def _regions(cloud: LocalCloud) -> list[str]:
    return sorted(cloud.server._regions)


def _text(document: Any) -> str:
    return json.dumps(document, default=str)


def watch(patch: pytest.MonkeyPatch) -> None:
    """Have every local cloud looked through when it ends, and every assembly before it is deployed.

    Raises:
        AssertionError: Later, in the test that deploys, or when the cloud ends.
    """
    deploy, end = Server.deploy, LocalCloud.__exit__
    looked_at: set[Path] = set()

    def deployed(self: Server, assembly: Path, *arguments: Any, **options: Any) -> Any:
        if assembly not in looked_at:
            looked_at.add(assembly)
            _expect_none(in_assembly(assembly))
        return deploy(self, assembly, *arguments, **options)

    def ended(self: LocalCloud, kind: Any, error: Any, trace: Any) -> None:
        try:
            # After an error there may be nobody to ask, and the error says more. Nor is there if a test killed it.
            if kind is None and self.server._process._process.poll() is None:
                _expect_none(leaks(self))
        finally:
            end(self, kind, error, trace)

    for name, canary in ON_THE_DEVELOPERS_MACHINE.items():
        patch.setenv(name, canary)
    patch.setattr(Server, "deploy", deployed)
    patch.setattr(LocalCloud, "__exit__", ended)
