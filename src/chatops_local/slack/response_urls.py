"""response_urls: five uses within 30 minutes (https://docs.slack.dev/interactivity/handling-user-interaction)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatops_local.slack.content import RejectedError
from chatops_local.slack.ids import new_number, new_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.slack.message import Message
    from chatops_local.slack.slash_command import SlashCommand
    from chatops_local.slack.workspace import SlackApp

HOST = "hooks.slack.com"
MAX_USES = 5
LIFETIME_SECONDS = 30 * 60.0


@dataclass
class ResponseUrl:
    """One response_url and what is left of it."""

    url: str = field(repr=False)
    app_id: str
    about: str
    """The command that was typed, or the label of the control that was clicked."""
    user_id: str
    channel_id: str
    expires_at: float
    original: str | None = None
    """The `ts` of the message that was clicked on; `None` for a slash command, whose original is what was typed."""
    uses: int = 0


class ResponseUrls:
    """All response_urls of a run, by path."""

    def __init__(self, clock: Callable[[], float], *, lifetime: float = LIFETIME_SECONDS) -> None:
        """Urls issued here expire `lifetime` seconds of `clock` after they were issued."""
        self._clock = clock
        self._lifetime = lifetime
        self._issued: dict[str, ResponseUrl] = {}
        self._lock = threading.Lock()

    def issue(self, app: SlackApp, command: SlashCommand) -> str:
        """A new, unguessable response_url for `command`."""
        return self._issue("commands", app, command.command, command.user_id, command.channel_id)

    def issue_for_action(self, app: SlackApp, message: Message, label: str, user_id: str) -> str:
        """A new, unguessable response_url for a click of `user_id` on a control of `message`."""
        return self._issue("actions", app, label, user_id, message.channel, message.ts)

    def of(self, path: str) -> ResponseUrl | None:
        """The response_url with that path; `None` if it was never issued."""
        with self._lock:
            return self._issued.get(path)

    def use(self, path: str) -> ResponseUrl:
        """Take one of the five uses.

        A post that Slack then refuses for its content counts as well: whether it does is not documented, and the
        double takes the stricter reading.

        Raises:
            RejectedError: `no_service` (never issued), `expired_url` or `used_url`.
        """
        with self._lock:
            issued = self._issued.get(path)
            if issued is None:
                raise RejectedError("no_service")
            if self._clock() >= issued.expires_at:
                raise RejectedError("expired_url")
            if issued.uses >= MAX_USES:
                raise RejectedError("used_url")
            issued.uses += 1
            return issued

    def _issue(
        self, kind: str, app: SlackApp, about: str, user_id: str, channel_id: str, original: str | None = None
    ) -> str:
        path = f"/{kind}/{app.team_id}/{new_number(13)}/{new_word(24)}"
        url, expires_at = f"https://{HOST}{path}", self._clock() + self._lifetime
        with self._lock:
            self._issued[path] = ResponseUrl(url, app.app_id, about, user_id, channel_id, expires_at, original)
        return url
