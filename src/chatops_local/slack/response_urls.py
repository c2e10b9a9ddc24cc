"""response_urls: five uses within 30 minutes (https://docs.slack.dev/interactivity/handling-user-interaction)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatops_local.slack.content import RejectedError
from chatops_local.slack.ids import new_number, new_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.slack.slash_command import SlashCommand

HOST = "hooks.slack.com"
MAX_USES = 5
LIFETIME_SECONDS = 30 * 60.0


@dataclass
class ResponseUrl:
    """One response_url and what is left of it."""

    url: str = field(repr=False)
    command: SlashCommand
    expires_at: float
    uses: int = 0


class ResponseUrls:
    """All response_urls of a run, by path."""

    def __init__(self, clock: Callable[[], float], *, lifetime: float = LIFETIME_SECONDS) -> None:
        """Urls issued here expire `lifetime` seconds of `clock` after they were issued."""
        self._clock = clock
        self._lifetime = lifetime
        self._issued: dict[str, ResponseUrl] = {}
        self._lock = threading.Lock()

    def issue(self, team_id: str, command: SlashCommand) -> str:
        """A new, unguessable response_url for `command`."""
        path = f"/commands/{team_id}/{new_number(13)}/{new_word(24)}"
        with self._lock:
            self._issued[path] = ResponseUrl(f"https://{HOST}{path}", command, self._clock() + self._lifetime)
        return f"https://{HOST}{path}"

    def command(self, path: str) -> SlashCommand | None:
        """The command that a response_url answers; `None` if it was never issued."""
        with self._lock:
            issued = self._issued.get(path)
        return issued.command if issued else None

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
