"""Whether somebody is about to approve what they wrote themselves: in doubt, they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.authorization.slack_directory import WebApi, answer
from chatops_runtime.authorization.unknown import UnavailableError, UnknownError
from chatops_runtime.contracts.delivery import AUTOMATION
from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_runtime.delivery.commit import Commit

METHOD = "users.lookupByEmail"
"""https://docs.slack.dev/reference/methods/users.lookupByEmail: scopes `users:read.email` and `users:read`."""

NOBODY = frozenset({"users_not_found"})


class AuthorUnknownError(LoggableError):
    """Who wrote a commit cannot be told. The text says what to do."""


class Authors:
    """The authors of commits as users of Slack."""

    def __init__(self, people: Mapping[str, str], slack: WebApi | None) -> None:
        """Who is who.

        Args:
            people: The Slack user, or `AUTOMATION`, by e-mail address or login in small letters.
            slack: Asked for authors who are not among them; None: they are unknown.
        """
        self._people = dict(people)
        self._slack = slack

    def user_of(self, commit: Commit) -> str:
        """The Slack user who wrote a commit, or `AUTOMATION`.

        Raises:
            AuthorUnknownError: Nobody can tell.
            UnavailableError: Slack cannot tell now.
        """
        users = {self._people[key] for key in commit.author_keys if key in self._people}
        if len(users) > 1:
            raise AuthorUnknownError("`people` names two users of Slack for the author of this commit: correct it")
        if users:
            return users.pop()
        if not commit.author_keys:
            raise AuthorUnknownError("the source action does not say who wrote this commit")
        return self._found_in_slack(commit)

    def _found_in_slack(self, commit: Commit) -> str:
        if self._slack is None or not commit.author_email:
            raise AuthorUnknownError("the author of this commit is not in `people`: add the e-mail address or login")
        try:
            told = answer(self._slack, METHOD, nobody=NOBODY, email=commit.author_email)
        except UnavailableError:
            raise
        except UnknownError as unknown:
            raise AuthorUnknownError(
                f"Slack does not tell who wrote this commit ({unknown}): "
                "give the app the scopes users:read and users:read.email, or add the author to `people`"
            ) from None
        if told is None:
            raise AuthorUnknownError(
                "nobody in Slack has the e-mail address of this commit's author: add it to `people`, with the Slack "
                f"user's id, or with {AUTOMATION!r} if it is no person"
            )
        return _id_in(told)


def _id_in(told: Mapping[str, Any]) -> str:
    user = told.get("user")
    id = user.get("id") if isinstance(user, dict) else None
    if not isinstance(id, str) or not id:
        raise AuthorUnknownError(f"{METHOD}: Slack's answer names no user")
    return id
