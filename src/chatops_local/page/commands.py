"""Which slash commands an app has: read from the table that its endpoints have been deployed with."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chatops_local.cloud.endpoints import Endpoint, endpoints_of
from chatops_runtime.contracts import commands_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chatops_local.server import DeployedStack, Server

_FILE = f"{commands_table.LAYER_FOLDER}/{commands_table.FILE_NAME}"


@dataclass(frozen=True)
class Command:
    """A slash command, or one of its sub-commands.

    Args:
        name: such as `/ps` or `/ops restart`.
        description: what it does.
        usage: how it is typed.
        app: the app that has it.
        endpoint: the endpoint that it is sent to.
        arguments: what may be typed after it, as the commands table declares it.
        named: the users, user groups and channels that it names.
    """

    name: str
    description: str
    usage: str
    app: str
    endpoint: str
    arguments: tuple[dict[str, Any], ...]
    named: tuple[str, ...]

    @property
    def slash(self) -> str:
        """What Slack takes for the command."""
        return self.name.partition(" ")[0]

    def as_json(self) -> dict[str, Any]:
        """For the browser."""
        return {
            "name": self.name,
            "description": self.description,
            "usage": self.usage,
            "app": self.app,
            "arguments": list(self.arguments),
        }


def commands_of(stacks: Iterable[DeployedStack], server: Server) -> list[Command]:
    """The commands of all endpoints, in order of their names."""
    found = [
        command
        for stack in stacks
        for endpoint in endpoints_of(stack.template)
        for command in _commands(endpoint, stack, server)
    ]
    return sorted(found, key=lambda command: command.name)


def _commands(endpoint: Endpoint, stack: DeployedStack, server: Server) -> Iterator[Command]:
    for layer in _layers(endpoint, stack, server):
        with zipfile.ZipFile(io.BytesIO(layer)) as archive:
            if _FILE not in archive.namelist():
                continue
            table: commands_table.CommandsTable = json.loads(archive.read(_FILE))
        for name, entry in table["commands"].items():
            yield _command(name, entry, endpoint)
        for alias, name in table.get("aliases", {}).items():
            original = _command(name, table["commands"][name], endpoint)
            usage = alias + original.usage.removeprefix(name)
            yield replace(original, name=alias, usage=usage, description=f"{original.description} (is {name})")


def _command(name: str, entry: commands_table.CommandEntry, endpoint: Endpoint) -> Command:
    approval = entry.get("approval")
    named = (*_ids_in(entry["allow"]), *([approval["channel"]] if approval else []))
    app = app_name(endpoint.name)
    arguments = tuple(dict(each) for each in entry.get("arguments", ()))
    return Command(name, entry["description"], entry["usage"], app, endpoint.name, arguments, named)


def app_name(endpoint: str) -> str:
    """What an app is called, from the path of its endpoint: what the endpoint is in, such as its stack."""
    return endpoint.rpartition("/")[0].rpartition("/")[2] or endpoint


def _ids_in(rule: dict[str, Any]) -> Iterator[str]:
    yield from rule.get("ids", ())
    for each in rule.get("of", ()):
        yield from _ids_in(each)


def _layers(endpoint: Endpoint, stack: DeployedStack, server: Server) -> Iterator[bytes]:
    """The archives of the layers that are in the same stack as the endpoint's function."""
    resources = stack.template["Resources"]
    for layer in resources[endpoint.function]["Properties"].get("Layers", []):
        content = resources.get(layer.get("Ref") if isinstance(layer, dict) else None, {}).get("Properties", {})
        if "Content" in content:
            place = content["Content"]
            bucket = _filled(place["S3Bucket"], server.account, stack.region)
            yield server.client("s3", stack.region).get_object(Bucket=bucket, Key=place["S3Key"])["Body"].read()


def _filled(bucket: Any, account: str, region: str) -> str:  # noqa: ANN401 - a text, or a Fn::Sub of CDK's
    text: str = bucket["Fn::Sub"] if isinstance(bucket, dict) else bucket
    return text.replace("${AWS::AccountId}", account).replace("${AWS::Region}", region)
