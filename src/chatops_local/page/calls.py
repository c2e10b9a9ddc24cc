"""The API calls that belong to a command, and what allowed each."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from chatops_local.page.construct_paths import ConstructPaths
    from chatops_local.server.observations import Decision

_SESSION_LENGTH = 64
_EXECUTION = re.compile(r"[0-9a-f]{64}")
"""How the session of a command's state machine is called: after its execution."""


@dataclass
class Call:
    """A call, or several of the same kind.

    Args:
        at: when the first was made, Unix time.
        times: how many.
        action: the IAM action.
        resource: what it was done to.
        role: who did it.
        allowed: whether it was allowed.
        policy: the policy that decided; empty if none allows it.
        statement: which of its statements.
    """

    at: float
    times: int
    action: str
    resource: str
    role: str
    allowed: bool
    policy: str
    statement: str

    def as_json(self) -> dict[str, Any]:
        """For the browser."""
        return asdict(self)


def belongs(decision: Decision, executions: Collection[str], since: float, until: float | None) -> bool:
    """Whether a call was made for a command.

    A state machine acts under the name of its execution. Functions and services do not say for whom they act: theirs
    are those that were made while the command ran.

    Args:
        decision: about the call.
        executions: the names of the command's executions.
        since: when it was typed.
        until: when it was over; `None` if it is not.
    """
    session = decision.principal.rpartition("/")[2]
    if _EXECUTION.fullmatch(session):
        return session in {name[:_SESSION_LENGTH] for name in executions}
    return since <= decision.at and (until is None or decision.at <= until)


def calls_in(decisions: Iterable[Decision], paths: ConstructPaths) -> list[Call]:
    """The calls in the order of their first time; the same by the same counted together."""
    calls: dict[tuple[object, ...], Call] = {}
    for each in decisions:
        role = _role(each.principal, paths)
        policy = f"resource {each.policy}" if each.policy.startswith("policy of ") else paths.of(each.policy)
        key = (role, each.action, each.resource, each.allowed, policy, each.statement)
        if key in calls:
            calls[key].times += 1
        else:
            calls[key] = Call(each.at, 1, each.action, each.resource, role, each.allowed, policy, each.statement)
    return list(calls.values())


def _role(principal: str, paths: ConstructPaths) -> str:
    if ":assumed-role/" not in principal:
        return principal
    return paths.of(principal.split("/")[1])
