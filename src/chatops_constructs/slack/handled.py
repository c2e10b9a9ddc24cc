"""What a function of the user's answers: events of one kind, or interactions with one id."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, cast

from chatops_constructs.slack.known_events import subscriptions
from chatops_runtime.contracts import bot

if TYPE_CHECKING:
    from chatops_constructs.slack.endpoint_task import TaskSettings
    from chatops_constructs.slack.reply_in import ReplyIn
    from chatops_runtime.contracts.commands_table import EventEntry, HandlerEntry
    from chatops_runtime.contracts.template_metadata import EventMark, InteractionMark

SHORTCUT = "shortcut"
MESSAGE_ACTION = "message_action"
BLOCK_ACTIONS = "block_actions"
VIEW_SUBMISSION = "view_submission"

INTERACTIONS = (BLOCK_ACTIONS, SHORTCUT, MESSAGE_ACTION, VIEW_SUBMISSION)
"""https://docs.slack.dev/reference/interaction-payloads, in Slack's words."""

SHORTCUTS = {SHORTCUT: "global", MESSAGE_ACTION: "message"}
"""Those that the app's manifest lists, with its words for them."""

WITHOUT_RESPONSE_URL = (SHORTCUT, VIEW_SUBMISSION)
"""Those that nothing can be said to but with a bot token."""


class Handled(ABC):
    """What is handled."""

    kind: ClassVar[str]

    @property
    @abstractmethod
    def key(self) -> str:
        """Its name in the commands table."""

    @property
    def construct_id(self) -> str:
        """The id of its construct: `OnAppMention`."""
        words = re.findall(r"[A-Za-z0-9]+", self.key.replace("*", " Any"))
        return "On" + "".join(word[0].upper() + word[1:] for word in words)


@dataclass(frozen=True)
class HandledEvent(Handled):
    """Events of one kind."""

    kind: ClassVar[str] = bot.EVENT

    name: str
    reply_in: ReplyIn
    from_bots: bool
    channels: tuple[str, ...]
    subtypes: tuple[str, ...]
    scopes: tuple[str, ...]

    @property
    def key(self) -> str:
        """`app_mention`, `message.im`."""
        return self.name

    def entry(self, settings: TaskSettings, machine: str) -> EventEntry:
        """It in the commands table.

        Args:
            settings: For whom.
            machine: The state machine's name.
        """
        of_any = _entry(settings, machine)
        entry: EventEntry = {
            "machine": of_any["machine"],
            "description": of_any["description"],
            "visible": of_any["visible"],
            "allow": of_any["allow"],
            "reply_in": cast("Literal['thread', 'channel']", self.reply_in.value),
        }
        if self.from_bots:
            entry["from_bots"] = True
        if self.channels:
            entry["channels"] = list(self.channels)
        if self.subtypes:
            entry["subtypes"] = list(self.subtypes)
        return entry

    def mark(self, settings: TaskSettings) -> EventMark:
        """It in the template's mark.

        Args:
            settings: For whom.
        """
        return {
            "description": settings.description,
            "subscriptions": list(subscriptions(self.name, in_channels=bool(self.channels))),
            "scopes": sorted({*self.scopes, *settings.allow.scopes}),
        }


@dataclass(frozen=True)
class HandledInteraction(Handled):
    """Interactions of one type and with one id, or with ids of one beginning."""

    kind: ClassVar[str] = bot.INTERACTION

    type: str
    id: str
    title: str | None

    @property
    def key(self) -> str:
        """`block_actions:deploy_now`."""
        return f"{self.type}:{self.id}"

    def entry(self, settings: TaskSettings, machine: str) -> HandlerEntry:
        """It in the commands table.

        Args:
            settings: For whom.
            machine: The state machine's name.
        """
        return _entry(settings, machine)

    def mark(self, settings: TaskSettings) -> InteractionMark:
        """It in the template's mark.

        Args:
            settings: For whom.
        """
        mark: InteractionMark = {
            "type": self.type,
            "id": self.id,
            "description": settings.description,
            "scopes": sorted(settings.allow.scopes),
        }
        if self.title is not None:
            mark["title"] = self.title
        return mark


def _entry(settings: TaskSettings, machine: str) -> HandlerEntry:
    return {
        "machine": machine,
        "description": settings.description,
        "visible": cast("Literal['channel', 'user']", settings.visible.value),
        "allow": settings.allow.render(),
    }
