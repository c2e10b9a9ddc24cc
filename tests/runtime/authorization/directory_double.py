"""What Slack says of people, without Slack."""

from __future__ import annotations

from typing import Any

from chatops_runtime.authorization.authorizer import Authorizer
from chatops_runtime.authorization.groups import UserGroups
from chatops_runtime.authorization.members import Members
from chatops_runtime.slack.web_client import SlackRefusedError
from tests.runtime.slack_requests import TEAM


def person(user_id: str, **changes: Any) -> dict[str, Any]:
    """As users.info tells of a full member: https://docs.slack.dev/reference/objects/user-object."""
    return {
        "id": user_id,
        "team_id": TEAM,
        "deleted": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        **changes,
    }


class DirectoryDouble:
    """Groups and people, a clock, and what is to go wrong."""

    def __init__(self) -> None:
        self.groups: dict[str, list[str]] = {"S0ADMINS": ["U0ADA", "U0BEN"], "S0EMPTY": []}
        self.people = {each: person(each) for each in ("U0ADA", "U0BEN", "U0TARO")}
        self.failures: dict[str, Exception] = {}
        """By method, or by what is asked for."""
        self.answers: dict[str, dict[str, Any]] = {}
        """In place of the answers of methods."""
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.now = 1_000_000.0

    def authorizer(self) -> Authorizer:
        clock = lambda: self.now  # noqa: E731
        return Authorizer(UserGroups(self, TEAM, clock), Members(self, TEAM, clock))

    def call(self, method: str, **arguments: str) -> dict[str, Any]:
        self.calls.append((method, arguments))
        asked = arguments.get("usergroup") or arguments.get("user") or ""
        failure = self.failures.get(method) or self.failures.get(asked)
        if failure is not None:
            raise failure
        if method in self.answers:
            return self.answers[method]
        if method == "usergroups.users.list":
            if asked not in self.groups:
                raise SlackRefusedError("no_such_subteam", 200)
            return {"ok": True, "users": self.groups[asked]}
        if asked not in self.people:
            raise SlackRefusedError("user_not_found", 200)
        return {"ok": True, "user": self.people[asked]}
