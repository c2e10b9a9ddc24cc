"""Telling who clicked what became of it, through the click's own response_url."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from chatops_runtime.log_line import LoggableError
from chatops_runtime.slack import response_url
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.decide.click import Click
    from chatops_runtime.decide.outcome import Outcome
    from chatops_runtime.slack.web_client import WebClient

LONGEST_PAUSE_SECONDS = 10
"""A longer one is for the state machine, which does not pay for waiting."""


class ResponseUrlRefusedError(LoggableError):
    """The click's response_url is not this team's in Slack: whoever sent that, it was not dispatch."""


class Telling:
    """Tells people of one team."""

    def __init__(self, client: WebClient, team_id: str, sleep: Callable[[float], None] = time.sleep) -> None:
        """Through `client`; with what waits so many seconds."""
        self._client = client
        self._team_id = team_id
        self._sleep = sleep

    def check(self, click: Click) -> None:
        """See that the click is the team's, before anything is done for it.

        An Enterprise organisation's id as the owner is accepted as it is: dispatch held it against the signed request,
        which is not here any more.

        Raises:
            ResponseUrlRefusedError: It is not.
        """
        owner = response_url.owner(click.response_url) or ""
        organisation = {owner} if owner.startswith("E") else set()
        refusal = response_url.refusal(click.response_url, {self._team_id, *organisation})
        if refusal is not None:
            raise ResponseUrlRefusedError(f"{refusal}: nothing was decided")
        if click.team_id != self._team_id:
            raise ResponseUrlRefusedError("click_of_another_team: nothing was decided")

    def tell(self, click: Click, outcome: Outcome) -> str | None:
        """Tell it; Slack's word for why it will not take it, or None.

        https://docs.slack.dev/interactivity/handling-user-interaction#message_responses

        Raises:
            SlackRetryable: Slack cannot take it now.
        """
        if not outcome.text:
            return None
        private = {"response_type": "ephemeral", "replace_original": False}
        message = {"text": outcome.text, **({"replace_original": True} if outcome.replaces else private)}
        try:
            self._patiently(lambda: self._client.respond(click.response_url, message))
        except SlackRefusedError as refused:
            return refused.code
        return None

    def _patiently(self, call: Callable[[], None]) -> None:
        try:
            call()
        except SlackRetryable as busy:
            if busy.retry_after is None or busy.retry_after > LONGEST_PAUSE_SECONDS:
                raise
            self._sleep(busy.retry_after)
            call()
