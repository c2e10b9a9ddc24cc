"""Bringing messages to Slack: through the response_url while that lasts, then with the bot token if there is one."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts.commands_table import VISIBLE_TO_CHANNEL
from chatops_runtime.log_line import LoggableError
from chatops_runtime.slack import response_url, web_client
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.report.report import Report
    from chatops_runtime.slack.bot_token import BotToken
    from chatops_runtime.slack.message import Message
    from chatops_runtime.slack.web_client import WebClient

RESPONSE_URL = "response_url"
POST_MESSAGE = "chat.postMessage"

RESPONSE_URL_LASTS = timedelta(minutes=29)
"""Slack says 30 minutes and 5 uses; the clocks are not the same, and posting takes time.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

LONGEST_PAUSE_SECONDS = 10

_GONE_STATUSES = frozenset({404, 410})
_GONE_CODES = frozenset({"expired_url", "used_url"})


class ResponseUrlRefusedError(LoggableError):
    """The request's response_url is not this team's in Slack: nothing is posted there."""


class UndeliverableError(LoggableError):
    """The response_url is over, and there is no other way to the user."""


class Delivery:
    """Delivers what a report says."""

    def __init__(
        self,
        *,
        team_id: str,
        client: WebClient,
        bot_token: BotToken | None,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """To one team.

        Args:
            team_id: The workspace.
            client: Posts to Slack.
            bot_token: The app's token, or None when it has none.
            now: The time.
            sleep: Waits so many seconds.
        """
        self._team_id = team_id
        self._client = client
        self._bot_token = bot_token
        self._now = now
        self._sleep = sleep

    def deliver(self, report: Report, message: Message) -> str:
        """Deliver `message`; which way it went.

        Raises:
            ResponseUrlRefusedError: The response_url is not the team's.
            UndeliverableError: The response_url is over, and the app has no bot token.
            SlackRetryable: Slack cannot take it now.
            SlackRefusedError: Slack will not take it.
        """
        url = report.request["response_url"]
        self._check(url)
        visible = message.visible or report.visible
        if self._now() - report.started_at < RESPONSE_URL_LASTS:
            try:
                self._patiently(lambda: self._client.respond(url, message.for_response_url(visible)))
            except SlackRefusedError as error:
                if error.status not in _GONE_STATUSES and error.code not in _GONE_CODES:
                    raise
            else:
                return RESPONSE_URL
        in_channel = visible == VISIBLE_TO_CHANNEL
        conversation = report.request["channel_id"] if in_channel else report.request["user_id"]
        self._post(
            web_client.GOV_API if response_url.is_gov(url) else web_client.API, message.for_conversation(conversation)
        )
        return POST_MESSAGE

    def _check(self, url: str) -> None:
        """Dispatch has checked it, but an execution can be started without dispatch.

        An Enterprise organisation's id as the owner is accepted as it is: dispatch held it against the signed request,
        which is not here any more.
        """
        owner = response_url.owner(url) or ""
        organisation = {owner} if owner.startswith("E") else set()
        refusal = response_url.refusal(url, {self._team_id, *organisation})
        if refusal is not None:
            raise ResponseUrlRefusedError(f"{refusal}: the result was not posted")

    def _post(self, api: str, payload: dict[str, Any]) -> None:
        if self._bot_token is None:
            raise UndeliverableError(
                "the command's response_url is over (it lasts for 30 minutes and 5 messages) and the app has no bot "
                "token: with one, Slack takes late results as well"
            )
        token = self._bot_token.value()
        self._patiently(lambda: self._client.post_message(api, token, payload))

    def _patiently(self, post: Callable[[], None]) -> None:
        """Post, and once more if Slack asks for no more than a short pause; a longer one is for the state machine."""
        try:
            post()
        except SlackRetryable as busy:
            if busy.retry_after is None or busy.retry_after > LONGEST_PAUSE_SECONDS:
                raise
            self._sleep(busy.retry_after)
            post()
