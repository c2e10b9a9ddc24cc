"""Bringing messages to Slack: through the response_url while that lasts, else with the bot token."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from chatops_runtime.contracts.commands_table import VISIBLE_TO_CHANNEL
from chatops_runtime.log_line import LoggableError
from chatops_runtime.report import upload
from chatops_runtime.slack import refusals, response_url
from chatops_runtime.slack.token_way import TokenWay, WayClosedError
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from chatops_runtime.report.command import Command
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
    """The request's response_url, or itself, is not this team's in Slack: nothing is posted, there or elsewhere."""


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

    def deliver(self, command: Command, message: Message, uses: int) -> str:
        """Deliver `message`; which way it went.

        Args:
            command: Where to.
            message: What is said.
            uses: How many messages of this execution went before it.

        Raises:
            ResponseUrlRefusedError: The response_url is not the team's.
            UndeliverableError: Slack refused every way there is.
            SlackRetryable: Slack cannot take it now.
            SlackRefusedError: Slack does not like the message.
        """
        closed = []
        for way, post in self._ways(command, message, uses):
            why = _why_closed(post)
            if why is None:
                return way
            closed.append(f"{way}: {why}")
        raise UndeliverableError(f"no way to Slack is left ({'; '.join(closed)})")

    def respond(self, command: Command, message: Message, uses: int) -> None:
        """Post `message` through the response_url and no other way.

        Raises:
            ResponseUrlRefusedError: It is not the team's.
            WayClosedError: It is over, or spent.
            SlackRefusedError: Slack will not take it.
            SlackRetryable: Slack cannot take it now.
        """
        if self._now() - command.started_at >= RESPONSE_URL_LASTS:
            raise WayClosedError("it lasts for 30 minutes")
        if uses >= RESPONSE_URL_USES:
            raise WayClosedError(f"it takes {RESPONSE_URL_USES} messages")
        self.respond_at(
            command.request["response_url"], message, message.visible or command.visible, thread_ts=command.thread_ts
        )

    def respond_at(self, url: str, message: Message, visible: str, *, thread_ts: str = "") -> None:
        """Post `message` to any response_url of the team; raises what `respond` raises."""
        self._check(url)
        self._patiently(lambda: self._client.respond(url, message.for_response_url(visible, thread_ts)))

    def with_token(self, command: Command) -> TokenWay:
        """The way that the app's bot token opens, if it has one.

        Raises:
            ResponseUrlRefusedError: The command's response_url is not the team's, so that the command is not either.
        """
        return TokenWay(self._client, self._bot_token, self._patiently, gov=self._is_gov(command))

    def upload(self, command: Command, file: TextFile, visible: str) -> None:
        """Upload `file` to the channel, or in a direct message.

        Raises:
            WayClosedError: There is no token.
            SlackRefusedError: Slack will not take it.
            SlackRetryable: Slack cannot take it now.
        """
        token_way, request = self.with_token(command), command.request
        in_channel = visible == VISIBLE_TO_CHANNEL
        conversation = request["channel_id"] if in_channel else token_way.direct_message(request["user_id"])
        thread_ts = command.thread_ts if in_channel else ""
        upload.upload(token_way, file, conversation, gov=self._is_gov(command), thread_ts=thread_ts)

    def _ways(self, command: Command, message: Message, uses: int) -> Iterator[tuple[str, Callable[[], object]]]:
        """By name, in the order in which they are tried."""
        channel, user = command.request["channel_id"], command.request["user_id"]
        in_channel = (message.visible or command.visible) == VISIBLE_TO_CHANNEL
        direct = message.in_place_of_channel(channel) if in_channel and channel else message
        token_way = self.with_token(command)
        if command.request["response_url"]:
            yield RESPONSE_URL, lambda: self.respond(command, message, uses)
        if in_channel and channel:
            yield POST_MESSAGE, lambda: token_way.post(channel, message, thread_ts=command.thread_ts)
        if user:
            yield DIRECT_MESSAGE, lambda: token_way.post(user, direct)

    def _is_gov(self, command: Command) -> bool:
        """Whether the workspace is GovSlack's, which only a response_url says. Nobody but the team's is answered."""
        url = command.request["response_url"]
        if not command.has_handler or url:
            self._check(url)
        elif command.request["team_id"] != self._team_id:
            raise ResponseUrlRefusedError("it is of another workspace: the result was not posted")
        return response_url.is_gov(url)

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


def _why_closed(post: Callable[[], object]) -> str | None:
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
