"""Bringing a message to a channel: in its turn, and again while Slack has trouble and there is time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.notifier.turns import SPACING_SECONDS, NotNowError
from chatops_runtime.slack import web_client
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable

if TYPE_CHECKING:
    from chatops_runtime.notifier.turns import Turns
    from chatops_runtime.slack.bot_token import BotToken
    from chatops_runtime.slack.message import Message
    from chatops_runtime.slack.web_client import WebClient

FIRST_PAUSE_SECONDS = 2.0
"""After a failure for which Slack names no pause; doubled each time."""

# What Slack says of a token that is not, or no longer, good:
# https://docs.slack.dev/reference/methods/chat.postMessage#errors
_OF_TOKEN = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked", "missing_scope"}
)


class Delivery:
    """Delivers to one channel."""

    def __init__(self, *, channel: str, client: WebClient, bot_token: BotToken, turns: Turns) -> None:
        """To a channel.

        Args:
            channel: The conversation's or the person's id.
            client: Posts to Slack.
            bot_token: The app's token.
            turns: Hands out turns to post.
        """
        self._channel = channel
        self._client = client
        self._bot_token = bot_token
        self._turns = turns

    def deliver(self, message: Message, deadline: float) -> None:
        """Post `message` in the channel's turn.

        Raises:
            NotNowError: Slack cannot take it before the deadline.
            SlackRefusedError: Slack will not take it.
            BotTokenUnusableError: There is no token.
        """
        next_pause = FIRST_PAUSE_SECONDS
        trouble: SlackRetryable | None = None
        while True:
            token = self._bot_token.value()
            try:
                turn = self._turns.take(self._channel, deadline)
            except NotNowError as no_turn:
                raise NotNowError(f"{no_turn}; before that: {trouble}" if trouble else str(no_turn)) from None
            pause = SPACING_SECONDS
            try:
                self._client.post_message(web_client.API, token, message.for_conversation(self._channel))
            except SlackRetryable as busy:
                # For everybody who posts to this channel.
                pause = max(SPACING_SECONDS, next_pause if busy.retry_after is None else busy.retry_after)
                next_pause, trouble = next_pause * 2, busy
            except SlackRefusedError as refused:
                if refused.code not in _OF_TOKEN or not self._bot_token.is_renewed():
                    raise
            else:
                return
            finally:
                turn.end(pause)
