"""Bringing messages to Slack: through the response_url while that lasts, else with the bot token."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from chatops_runtime.contracts.commands_table import VISIBLE_TO_CHANNEL
from chatops_runtime.log_line import LoggableError
from chatops_runtime.report import upload
from chatops_runtime.report.token_way import TokenWay, WayClosedError
from chatops_runtime.slack import refusals, response_url
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from chatops_runtime.report.report import Report
    from chatops_runtime.slack.bot_token import BotToken
    from chatops_runtime.slack.message import Message
    from chatops_runtime.slack.text_file import TextFile
    from chatops_runtime.slack.web_client import WebClient

    T = TypeVar("T")

RESPONSE_URL = "response_url"
POST_MESSAGE = "chat.postMessage"
DIRECT_MESSAGE = "direct message"

RESPONSE_URL_LASTS = timedelta(minutes=29)
"""Slack says 30 minutes and 5 uses; the clocks are not the same, and posting takes time.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

RESPONSE_URL_USES = 5

LONGEST_PAUSE_SECONDS = 10
"""A longer one is for the state machine, which does not pay for waiting."""


class ResponseUrlRefusedError(LoggableError):
    """The request's response_url is not this team's in Slack: nothing is posted, there or elsewhere."""


class UndeliverableError(LoggableError):
    """Every way to the user is closed."""


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

    @property
    def takes_files(self) -> bool:
        """Whether the app has a bot token, without which Slack takes no file."""
        return self._bot_token is not None

    def deliver(self, report: Report, message: Message, uses: int) -> str:
        """Deliver `message`; which way it went.

        Args:
            report: Where to.
            message: What is said.
            uses: How many messages of this report went before it.

        Raises:
            ResponseUrlRefusedError: The response_url is not the team's.
            UndeliverableError: Slack refused every way there is.
            SlackRetryable: Slack cannot take it now.
            SlackRefusedError: Slack does not like the message.
        """
        self._check(report.request["response_url"])
        closed = []
        for way, post in self._ways(report, message, uses):
            why = _why_closed(post)
            if why is None:
                return way
            closed.append(f"{way}: {why}")
        raise UndeliverableError(f"no way to Slack is left ({'; '.join(closed)})")

    def upload(self, report: Report, file: TextFile, visible: str) -> None:
        """Upload `file` to the channel, or in a direct message.

        Raises:
            WayClosedError: There is no token.
            SlackRefusedError: Slack will not take it.
            SlackRetryable: Slack cannot take it now.
        """
        token_way = self._token_way(report)
        in_channel = visible == VISIBLE_TO_CHANNEL
        conversation = (
            report.request["channel_id"] if in_channel else token_way.direct_message(report.request["user_id"])
        )
        upload.upload(token_way, file, conversation, gov=response_url.is_gov(report.request["response_url"]))

    def _ways(self, report: Report, message: Message, uses: int) -> Iterator[tuple[str, Callable[[], None]]]:
        """By name, in the order in which they are tried."""
        channel, user = report.request["channel_id"], report.request["user_id"]
        visible = message.visible or report.visible
        in_channel = visible == VISIBLE_TO_CHANNEL
        direct = message.in_place_of_channel(channel) if in_channel else message
        token_way = self._token_way(report)
        yield RESPONSE_URL, lambda: self._respond(report, message, visible, uses)
        if in_channel:
            yield POST_MESSAGE, lambda: token_way.post(channel, message)
        yield DIRECT_MESSAGE, lambda: token_way.post(user, direct)

    def _respond(self, report: Report, message: Message, visible: str, uses: int) -> None:
        if self._now() - report.started_at >= RESPONSE_URL_LASTS:
            raise WayClosedError("it lasts for 30 minutes")
        if uses >= RESPONSE_URL_USES:
            raise WayClosedError(f"it takes {RESPONSE_URL_USES} messages")
        url = report.request["response_url"]
        self._patiently(lambda: self._client.respond(url, message.for_response_url(visible)))

    def _token_way(self, report: Report) -> TokenWay:
        gov = response_url.is_gov(report.request["response_url"])
        return TokenWay(self._client, self._bot_token, self._patiently, gov=gov)

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

    def _patiently(self, call: Callable[[], T]) -> T:
        """Call, and once more if Slack asks for no more than a short pause; a longer one is for the state machine."""
        try:
            return call()
        except SlackRetryable as busy:
            if busy.retry_after is None or busy.retry_after > LONGEST_PAUSE_SECONDS:
                raise
            self._sleep(busy.retry_after)
            return call()


def _why_closed(post: Callable[[], None]) -> str | None:
    """Post; why this way is closed, or None. What Slack does not like of the message it would not like elsewhere."""
    try:
        post()
    except WayClosedError as closed:
        return str(closed)
    except SlackRefusedError as refused:
        if refusals.is_of_content(refused.code):
            raise
        return refused.code
    return None
