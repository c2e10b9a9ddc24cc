"""Finds what Slack notifiers need in a template, by the mark that the construct leaves there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts.template_metadata import NOTIFIER, VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

APP_ID, TEAM_ID = "A0NOTIFIER", "T0NOTIFIER"
"""The app that posts for notifiers whose bot token belongs to no endpoint."""


def bot_token_parameters_of(template: Mapping[str, Any]) -> list[str]:
    """The names of the parameters from which the notifiers in `template` read their bot tokens.

    Raises:
        ValueError: A mark is of another version than this code.
    """
    return sorted(
        {
            _parameter(logical_id, resource["Metadata"][NOTIFIER])
            for logical_id, resource in template.get("Resources", {}).items()
            if NOTIFIER in resource.get("Metadata", {})
        }
    )


def _parameter(logical_id: str, mark: Mapping[str, Any]) -> str:
    if mark.get("version") != VERSION:
        raise ValueError(
            f"{logical_id}: its {NOTIFIER} metadata has version {mark.get('version')}, this chatops_local reads "
            f"version {VERSION}: install the chatops-constructs that the app was synthesised with"
        )
    return str(mark["bot_token_parameter"])
