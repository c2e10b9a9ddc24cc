"""What responses say of entries."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from chatops_runtime.allowlist.http.response import HttpError
from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chatops_runtime.allowlist.entry import Entry, Owner
    from chatops_runtime.allowlist.settings import Settings


def registered(owner: Owner, entries: Iterable[Entry]) -> dict[str, Any]:
    """Whose entries these are."""
    return {"name": owner.name, "registrations": [_described(entry) for entry in entries]}


def both_families(new: Entry, own: Iterable[Entry], settings: Settings) -> str:
    """What was registered, and what is registered of the other family: one call comes over one family only."""
    other = 10 - new.family
    said = f"registered IPv{new.family} {new.network} until {moment(new.expires_at)}"
    found = next((entry for entry in own if entry.family == other), None)
    if found is not None:
        return f"{said}; of IPv{other}, {found.network} is registered until {moment(found.expires_at)}"
    host = settings.ipv4_url if other == 4 else settings.url
    return (
        f"{said}; your IPv{other} is not registered: if you have one, call {host}{contract.IAM_REGISTRATIONS_PATH} too"
        f" (curl -{other})"
    )


def moment(seconds: int) -> str:
    """A moment, as RFC 3339 writes it."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def note(fields: Mapping[str, Any]) -> str:
    """The note in a request's body.

    Raises:
        HttpError: It is no text, or too long.
    """
    given = fields.get("note", "")
    if not isinstance(given, str) or len(given) > contract.LONGEST_NOTE:
        raise HttpError(400, "note_refused", f"note is a text of at most {contract.LONGEST_NOTE} characters")
    return one_line(given, contract.LONGEST_NOTE)


def _described(entry: Entry) -> dict[str, Any]:
    return {
        "family": entry.family,
        "cidr": str(entry.network),
        "note": entry.note,
        "registered_at": entry.registered_at,
        "expires_at": entry.expires_at,
    }
