"""Who is in a user group: https://docs.slack.dev/reference/methods/usergroups.users.list."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from chatops_runtime.authorization.memory import Memory
from chatops_runtime.authorization.slack_directory import WebApi, answer
from chatops_runtime.authorization.unknown import UnknownError

if TYPE_CHECKING:
    from collections.abc import Callable

METHOD = "usergroups.users.list"
"""Takes the scope `usergroups:read`. A group that was disabled or deleted is refused as `no_such_subteam`."""


class UserGroups:
    """The user groups of one workspace."""

    def __init__(self, slack: WebApi, team_id: str, clock: Callable[[], float] = time.time) -> None:
        """Asked for through `slack` when they are needed.

        Args:
            slack: Slack's Web API.
            team_id: The workspace, which Slack wants to know of an app that is installed to a whole organisation.
            clock: Seconds, for the memory.
        """
        self._slack = slack
        self._team_id = team_id
        self._users: Memory[frozenset[str]] = Memory(clock)

    def has(self, group_id: str, user_id: str) -> bool:
        """Whether the user is in the group.

        Raises:
            UnknownError: Slack did not tell.
        """
        return user_id in self._users.of(group_id, self._ask)

    def _ask(self, group_id: str) -> frozenset[str]:
        told = answer(self._slack, METHOD, usergroup=group_id, team_id=self._team_id) or {}
        users = told.get("users")
        if not isinstance(users, list) or not all(isinstance(user, str) for user in users):
            raise UnknownError(f"{METHOD}: Slack's answer has no list of users")
        return frozenset(users)
