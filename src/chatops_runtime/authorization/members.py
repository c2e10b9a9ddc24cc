"""Who is a full member of the workspace: https://docs.slack.dev/reference/methods/users.info."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from chatops_runtime.authorization.memory import Memory
from chatops_runtime.authorization.slack_directory import WebApi, answer
from chatops_runtime.authorization.unknown import UnknownError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

METHOD = "users.info"
"""Takes the scope `users:read`."""

_NOBODY = frozenset({"user_not_found", "user_not_visible"})


class Members:
    """The members of one workspace."""

    def __init__(self, slack: WebApi, team_id: str, clock: Callable[[], float] = time.time) -> None:
        """Asked for through `slack` when they are needed.

        Args:
            slack: Slack's Web API.
            team_id: The workspace.
            clock: Seconds, for the memory.
        """
        self._slack = slack
        self._team_id = team_id
        self._are_members: Memory[bool] = Memory(clock)

    def has(self, user_id: str) -> bool:
        """Whether the user is a member: of this workspace, and no guest in it.

        Raises:
            UnknownError: Slack did not tell.
        """
        return self._are_members.of(user_id, self._ask)

    def _ask(self, user_id: str) -> bool:
        told = answer(self._slack, METHOD, nobody=_NOBODY, user=user_id)
        if told is None:
            return False
        user = told.get("user")
        if not isinstance(user, dict) or user.get("id") != user_id:
            raise UnknownError(f"{METHOD}: Slack's answer is about nobody who was asked for")
        return self._is_member(user)

    def _is_member(self, user: Mapping[str, Any]) -> bool:
        """Only who is said to be none is no guest: https://docs.slack.dev/reference/objects/user-object.

        `is_ultra_restricted` is a guest of one channel, `is_restricted` any guest. `is_stranger` is not there for
        people of other workspaces in a shared channel, whom only their own workspace tells apart.
        """
        is_guest = user.get("is_restricted") is not False or user.get("is_ultra_restricted") is not False
        is_there = not user.get("deleted") and not user.get("is_stranger")
        return is_there and not is_guest and self._team_id in _teams(user)


def _teams(user: Mapping[str, Any]) -> set[object]:
    """The user's own workspace, and the others in the same organisation."""
    enterprise = user.get("enterprise_user")
    others = enterprise.get("teams") if isinstance(enterprise, dict) else None
    return {user.get("team_id"), *(each for each in others or () if isinstance(each, str))}
