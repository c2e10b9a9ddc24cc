"""Values for the secrets of users' own functions, where nobody is there to put some: on the command line."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from chatops_local.cloud.marks import read_mark
from chatops_runtime.contracts.template_metadata import PARAMETER, SECRETS, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chatops_local.server import Server


def make_up_secrets(server: Server, template: Mapping[str, Any], region: str) -> None:
    """Put a made-up value for each text that a function in `template` declares to read, unless there is one."""
    for secret in _texts_in(template):
        name, value = str(secret["name"]), f"made-up-{secrets.token_hex(16)}"
        if "json_field" in secret:
            value = json.dumps({secret["json_field"]: value})
        if secret["store"] == PARAMETER:
            ssm = server.client("ssm", region)
            if ssm.get_parameters(Names=[name])["InvalidParameters"]:
                server.put_secret(name, value, region)
        elif not _is_managed(server, name, region):
            server.put_managed_secret(name, value, region)


def _texts_in(template: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for logical_id, resource in template.get("Resources", {}).items():
        if SECRETS in resource.get("Metadata", {}):
            mark = read_mark(logical_id, SECRETS, resource["Metadata"])
            yield from (secret for secret in mark["secrets"] if secret["kind"] == TEXT)


def _is_managed(server: Server, name: str, region: str) -> bool:
    client = server.client("secretsmanager", region)
    try:
        client.describe_secret(SecretId=name)
    except client.exceptions.ResourceNotFoundException:
        return False
    return True
