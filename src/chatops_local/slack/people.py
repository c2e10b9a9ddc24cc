"""Who there is: persons and user groups, as `users.info` and `usergroups.users.list` tell of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.slack.ids import is_id, require_id

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Person:
    """One person.

    Args:
        id: The user's id (`U…` or `W…`).
        name: How they are called. Default: the id in small letters.
        team_id: The workspace that they are of. Default: that of whichever app asks.
        guest: Whether they are a guest.
        single_channel: Whether they are a guest of one channel only.
        stranger: Whether they are of another workspace and in no channel that the app sees.
        deleted: Whether their account is deactivated.
        bot: Whether it is an app's user.
        email: Their e-mail address; nobody can be found by an empty one.
    """

    id: str
    name: str = ""
    team_id: str = ""
    guest: bool = False
    single_channel: bool = False
    stranger: bool = False
    deleted: bool = False
    bot: bool = False
    email: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no id, and call who has no name by the id."""
        require_id("user", self.id)
        if self.team_id:
            require_id("team", self.team_id)
        if not self.name:
            object.__setattr__(self, "name", self.id.lower())

    def as_user(self, team_id: str) -> dict[str, Any]:
        """The user object that an app of workspace `team_id` is given.

        https://docs.slack.dev/reference/objects/user-object: of a deactivated user `is_restricted` and others are not
        told.
        """
        user: dict[str, Any] = {
            "id": self.id,
            "team_id": self.team_id or team_id,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.name,
            "profile": {"display_name": self.name, "real_name": self.name},
            "is_bot": self.bot,
        }
        if self.team_id not in ("", team_id):
            user["is_stranger"] = self.stranger
        if not self.deleted:
            user["is_restricted"] = self.guest or self.single_channel
            user["is_ultra_restricted"] = self.single_channel
        return user


class People:
    """Persons and user groups by id. Whoever is not known is a full member of the workspace.

    Attributes:
        of_new_groups: Who is in a user group that an app asks for and that nobody has set; `None`: there is no such
            group.
    """

    def __init__(self) -> None:
        """Start with nobody in particular, and without groups."""
        self.of_new_groups: tuple[str, ...] | None = None
        self._lock = threading.Lock()
        self._persons: dict[str, Person] = {}
        self._groups: dict[str, tuple[str, ...]] = {}

    def add(self, person: Person) -> None:
        """Let there be this person, in place of whoever had the id."""
        with self._lock:
            self._persons[person.id] = person

    def person(self, user_id: str) -> Person:
        """Who has that id."""
        with self._lock:
            return self._persons.get(user_id) or Person(user_id)

    def with_email(self, email: str) -> Person | None:
        """Who has that address, in any case of letters, and an account that is not deactivated."""
        with self._lock:
            found = (each for each in self._persons.values() if each.email and not each.deleted)
            return next((each for each in found if each.email.casefold() == email.casefold()), None)

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """The users of each user group, by the group's id."""
        with self._lock:
            return dict(self._groups)

    def set_group(self, group_id: str, user_ids: Iterable[str]) -> None:
        """Let a user group have exactly these users.

        Raises:
            ValueError: An id is malformed.
        """
        users = tuple(dict.fromkeys(require_id("user", each) for each in user_ids))
        with self._lock:
            self._groups[require_id("user group", group_id)] = users

    def users_of(self, group_id: str) -> tuple[str, ...] | None:
        """The users of a group; `None` if there is no such group."""
        with self._lock:
            if group_id not in self._groups and self.of_new_groups is not None and is_id("user group", group_id):
                self._groups[group_id] = self.of_new_groups
            return self._groups.get(group_id)
