"""The workspace: who one can be, and where one can write."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.slack import DEFAULT_CHANNEL, DEFAULT_USER, Person
from chatops_local.slack.ids import is_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chatops_local.slack import people as slack_people

SAM, KIM = "U0LOCALSAM", "U0LOCALKIM"
PERSONS = (
    Person(DEFAULT_USER, "alex"),
    Person(SAM, "sam"),
    Person(KIM, "kim"),
    Person("U0LOCALGUEST", "guest", single_channel=True),
    Person("U0LOCALEVE", "eve", team_id="T0LOCALOTHER"),
)
GROUP = (SAM, KIM)
GENERAL = "C0LOCALGENERAL"
MAX_CHANNEL_NAME = 80
"""https://docs.slack.dev/reference/methods/conversations.create#naming."""

_CHANNEL_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Channel:
    """A channel, or the direct messages of an app to one person."""

    id: str
    name: str
    person: str | None = None
    """Whose direct messages these are; `None`: a channel."""

    def as_json(self) -> dict[str, Any]:
        """For the browser."""
        return {"id": self.id, "name": self.name, "direct": self.person is not None}


def person_as_json(person: Person) -> dict[str, Any]:
    """For the browser."""
    return {"id": person.id, "name": person.name, "guest": person.single_channel, "external": bool(person.team_id)}


class People:
    """Persons and channels by id, and who is in which user group.

    Attributes:
        persons: The persons, as Slack's double knows them too.
        channels: The channels and direct messages.
    """

    def __init__(self, slack: slack_people.People) -> None:
        """Start with three members, a guest, somebody of another company, and two channels.

        Whatever user group an app asks for has two of the members: one person asks and another approves.
        """
        self._lock = threading.Lock()
        self._slack = slack
        self.persons: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        for person in PERSONS:
            self._add_person(person)
        slack.of_new_groups = GROUP
        self.channels[DEFAULT_CHANNEL] = Channel(DEFAULT_CHANNEL, "ops")
        self.channels[GENERAL] = Channel(GENERAL, "general")

    def know(self, ids: Iterable[str]) -> None:
        """Add whoever and whatever an app names by its id, such as in whom it allows what."""
        with self._lock:
            for id in ids:
                if is_id("user", id) and id not in self.persons:
                    self._add_person(self._slack.person(id))
                elif is_id("user group", id):
                    self._slack.users_of(id)
                elif is_id("channel", id) and id not in self.channels:
                    self.channels[id] = Channel(id, id.lower())

    def add_channel(self, name_or_id: str) -> Channel:
        """A new channel, by its name or by its id; or the one that is there.

        Raises:
            ValueError: It is neither a name nor an id.
        """
        given = name_or_id.strip().removeprefix("#")
        if is_id("channel", given) and given.startswith("C"):
            self.know([given])
            return self.channels[given]
        name = given.lower().replace(" ", "-")
        if not _CHANNEL_NAME.fullmatch(name) or len(name) > MAX_CHANNEL_NAME:
            raise ValueError(
                f"channel {name_or_id!r}: up to {MAX_CHANNEL_NAME} letters a-z, digits, - and _ are expected, "
                "such as deploys, or an id, such as C0123OPS"
            )
        id = "C0LOCAL" + re.sub(r"[^A-Z0-9]", "", name.upper())
        with self._lock:
            while self.channels.get(id, Channel(id, name)).name != name:
                id += "X"
            return self.channels.setdefault(id, Channel(id, name))

    def sees(self, person: str, channel: str | None, only: str | None) -> bool:
        """Whether `person` sees what is in `channel`, and is for `only`."""
        if only is not None and only != person:
            return False
        if channel is None:
            return True
        known = self.channels.get(channel)
        if known is not None and known.person is not None:
            return known.person == person
        return not self.persons[person].single_channel or channel == GENERAL

    @property
    def groups(self) -> dict[str, list[str]]:
        """The user groups that an app has named or asked for, each with its users."""
        return {group: list(users) for group, users in self._slack.groups.items()}

    def set_member(self, group: str, person: str, *, member: bool) -> None:
        """Let somebody join a user group, or leave it.

        Raises:
            ValueError: There is no such person or group.
        """
        with self._lock:
            users = [each for each in self.groups.get(group, []) if each != person]
            if group not in self.groups or person not in self.persons:
                raise ValueError(f"user group {group!r}, user {person!r}: there is no such group, or nobody of that id")
            self._slack.set_group(group, [*users, person] if member else users)

    def _add_person(self, person: Person) -> None:
        """With the channel in which apps write to this person."""
        self.persons[person.id] = person
        self._slack.add(person)
        direct = "D" + person.id[1:]
        self.channels[direct] = Channel(direct, "app messages", person.id)
