"""For whoever signs requests by AWS Signature Version 4: IAM says who it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.allowlist import ranges
from chatops_runtime.allowlist.counts import FAMILIES
from chatops_runtime.allowlist.entry import IAM, Owner
from chatops_runtime.allowlist.http import words
from chatops_runtime.allowlist.http.request import Request, unauthorized
from chatops_runtime.allowlist.http.response import HttpError, answer
from chatops_runtime.contracts.allowlist import LONGEST_NAME
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from chatops_runtime.allowlist.registrations import Registrations
    from chatops_runtime.allowlist.settings import Settings


class BySignature:
    """The routes of those whom IAM knows. They see and change their own only."""

    def __init__(self, settings: Settings, registrations: Registrations) -> None:
        """With the entries."""
        self._settings = settings
        self._registrations = registrations

    def list(self, request: Request, deadline: float, facts: dict[str, Any]) -> dict[str, Any]:
        """The caller's entries."""
        del deadline
        owner = _owner(request, facts)
        return answer(words.registered(owner, self._registrations.of(owner)))

    def register(self, request: Request, deadline: float, facts: dict[str, Any]) -> dict[str, Any]:
        """Register the address that the request came from, and say what of the other family is registered."""
        owner = _owner(request, facts)
        network = ranges.of_caller(request.source, ipv6_prefix=self._settings.ipv6_prefix)
        (entry,) = self._registrations.register(
            owner,
            [network],
            by=owner.name,
            note=words.note(request.fields()),
            seconds=self._settings.valid_seconds,
            deadline=deadline,
        )
        facts.update(registered=[str(network)])
        entries = self._registrations.of(owner)
        message = words.both_families(entry, entries, self._settings)
        return answer({**words.registered(owner, entries), "message": message})

    def revoke(self, request: Request, deadline: float, facts: dict[str, Any]) -> dict[str, Any]:
        """Revoke the caller's entries, of one family if the query says so."""
        owner = _owner(request, facts)
        families = _families(request)
        own = [entry for entry in self._registrations.of(owner) if entry.family in families]
        ended = self._registrations.revoke(own, by=owner.name, deadline=deadline)
        facts.update(revoked=[str(entry.network) for entry in ended])
        return answer({"revoked": [{"family": entry.family, "cidr": str(entry.network)} for entry in ended]})


def _owner(request: Request, facts: dict[str, Any]) -> Owner:
    """The caller, by API Gateway's word. Without it nobody is let in, even if the route should have no authorizer."""
    arn = request.caller_arn
    if arn is None:
        raise unauthorized("sign the request by AWS Signature Version 4, for the service execute-api")
    facts.update(owner=f"{IAM}:{arn}")
    return Owner.of(IAM, arn, one_line(arn.rpartition(":")[2], LONGEST_NAME))


def _families(request: Request) -> tuple[int, ...]:
    given = request.query.get("family")
    if given is None:
        return FAMILIES
    if given not in ("4", "6"):
        raise HttpError(400, "family_refused", "family is 4 or 6; leave it out for both")
    return (int(given),)
