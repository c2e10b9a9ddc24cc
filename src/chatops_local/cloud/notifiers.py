"""Finds the bot tokens that notifiers and scheduled bots read, by the marks that constructs leave in a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.cloud.marks import read_mark
from chatops_runtime.contracts.template_metadata import BOT_TOKEN, NOTIFIER, PARAMETER, SECRETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

APP_ID, TEAM_ID = "A0NOTIFIER", "T0NOTIFIER"
"""The app that posts with a bot token that belongs to no endpoint."""


def bot_token_parameters_of(template: Mapping[str, Any]) -> list[str]:
    """The names of the parameters from which functions in `template` that are no endpoint's read bot tokens.

    Raises:
        ValueError: A mark is of another version than this code.
    """
    return sorted(
        {
            name
            for logical_id, resource in template.get("Resources", {}).items()
            for name in _parameters(logical_id, resource.get("Metadata", {}))
        }
    )


def _parameters(logical_id: str, metadata: Mapping[str, Any]) -> Iterator[str]:
    if NOTIFIER in metadata:
        yield str(read_mark(logical_id, NOTIFIER, metadata)["bot_token_parameter"])
    if SECRETS in metadata:
        for secret in read_mark(logical_id, SECRETS, metadata)["secrets"]:
            if (secret["kind"], secret["store"]) == (BOT_TOKEN, PARAMETER):
                yield str(secret["name"])
