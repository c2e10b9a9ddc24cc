"""users.info, users.lookupByEmail and usergroups.users.list: what an app with a token learns about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.slack.content import RejectedError
from chatops_local.slack.ids import is_id

if TYPE_CHECKING:
    from chatops_local.slack.people import People
    from chatops_local.slack.workspace import SlackApp

Json = dict[str, Any]


class PeopleMethods:
    """The methods."""

    def __init__(self, people: People) -> None:
        """Tell of `people`."""
        self._people = people

    def info(self, app: SlackApp, arguments: Json) -> Json:
        """https://docs.slack.dev/reference/methods/users.info. Every well-formed id is somebody."""
        user = str(arguments.get("user") or "")
        if not is_id("user", user):
            raise RejectedError("user_not_found")
        return {"user": self._people.person(user).as_user(app.team_id)}

    def by_email(self, app: SlackApp, arguments: Json) -> Json:
        """https://docs.slack.dev/reference/methods/users.lookupByEmail. Whoever was not added has no address."""
        person = self._people.with_email(str(arguments.get("email") or ""))
        if person is None:
            raise RejectedError("users_not_found")
        return {"user": person.as_user(app.team_id)}

    def users_of_group(self, _: SlackApp, arguments: Json) -> Json:
        """https://docs.slack.dev/reference/methods/usergroups.users.list. Only groups that were set exist.

        Deactivated users are no members any more.
        """
        group = str(arguments.get("usergroup") or "")
        users = self._people.users_of(group)
        if users is None:
            raise RejectedError("no_such_subteam")
        return {"users": [user for user in users if not self._people.person(user).deleted]}
