"""Finds the Slack endpoints in a template, by the mark that the construct leaves there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts.template_metadata import ENDPOINT, VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Endpoint:
    """One endpoint of a template."""

    name: str
    """The construct's path, or the function's logical id if the template does not say."""
    function: str
    """The logical id of the function that answers."""
    url_output: str
    """The output whose value is the public URL."""
    team_id: str
    app_id: str
    signing_secret_parameter: str
    bot_token_parameter: str | None
    mention: str | None = None
    """What comes of a mention of the app, in a few words; `None` if it takes none."""
    subscriptions: frozenset[str] = frozenset()
    """What events the app subscribes to, such as `message.channels`."""


def endpoints_of(template: Mapping[str, Any]) -> list[Endpoint]:
    """The endpoints in `template`.

    Raises:
        ValueError: A mark is of another version than this code.
    """
    return [
        _endpoint(logical_id, resource["Metadata"])
        for logical_id, resource in template.get("Resources", {}).items()
        if ENDPOINT in resource.get("Metadata", {})
    ]


def _endpoint(logical_id: str, metadata: Mapping[str, Any]) -> Endpoint:
    mark = metadata[ENDPOINT]
    if mark.get("version") != VERSION:
        raise ValueError(
            f"{logical_id}: its {ENDPOINT} metadata has version {mark.get('version')}, this chatops_local reads "
            f"version {VERSION}: install the chatops-constructs that the app was synthesised with"
        )
    path = str(metadata.get("aws:cdk:path") or "")
    return Endpoint(
        # <path of the endpoint>/<id of its function>/Resource
        name=path.rsplit("/", 2)[0] if path.count("/") >= 2 else logical_id,
        function=logical_id,
        url_output=mark["url_output"],
        team_id=mark["team_id"],
        app_id=mark["app_id"],
        signing_secret_parameter=mark["signing_secret_parameter"],
        # Synthesis leaves out what is null.
        bot_token_parameter=mark.get("bot_token_parameter"),
        mention=mark.get("events", {}).get("app_mention", {}).get("description"),
        subscriptions=frozenset(name for each in mark.get("events", {}).values() for name in each["subscriptions"]),
    )
