"""What is said with the app's bot token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from chatops_runtime.log_line import LoggableError
from chatops_runtime.slack import refusals, web_client
from chatops_runtime.slack.bot_token import BotTokenUnusableError
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from chatops_runtime.slack.bot_token import BotToken
    from chatops_runtime.slack.message import Message
    from chatops_runtime.slack.web_client import WebClient

    T = TypeVar("T")

NO_TOKEN = "the app has no bot token, with which Slack takes late results as well"  # noqa: S105 - no token, indeed

# Of ssm:GetParameter, when to ask again does not help:
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html#API_GetParameter_Errors
_LASTING = frozenset({"AccessDeniedException", "InvalidKeyId", "ParameterNotFound", "ValidationException"})


class WayClosedError(LoggableError):
    """Not even tried: what it needs is not there."""


class Patience(Protocol):
    """Makes a call, and once more after a short pause that Slack asks for."""

    def __call__(self, call: Callable[[], T], /) -> T:
        """What `call` returns."""


class TokenWay:
    """The Web API."""

    def __init__(self, client: WebClient, bot_token: BotToken | None, patiently: Patience, *, gov: bool) -> None:
        """Of GovSlack, or of everybody else; the token is read when it is needed."""
        self._client = client
        self._bot_token = bot_token
        self._patiently = patiently
        self._api = web_client.GOV_API if gov else web_client.API

    def post(self, conversation: str, message: Message, *, thread_ts: str = "") -> dict[str, Any]:
        """Post `message` to a channel or, by the user's id, as a direct message; Slack's answer.

        Args:
            conversation: The id of the channel or the user.
            message: The message.
            thread_ts: The message below which it goes. Default: below none.

        Raises:
            WayClosedError: There is no token.
            SlackRefusedError: Slack will not take it.
            SlackRetryable: Slack cannot take it now.
        """
        payload = message.for_conversation(conversation)
        if thread_ts:
            payload["thread_ts"] = thread_ts
        return self._with_token(lambda token: self._client.post_message(self._api, token, payload))

    def update(self, channel_id: str, message_ts: str, message: Message) -> None:
        """Put `message` in the place of one that was posted; raises what `post` raises."""
        payload = message.for_update(channel_id, message_ts)
        self._with_token(lambda token: self._client.update_message(self._api, token, payload))

    def call(self, method: str, **arguments: str) -> dict[str, Any]:
        """Call any method; raises what `post` raises."""
        return self._with_token(lambda token: self._client.call(self._api, method, token, **arguments))

    def send(self, url: str, content: bytes) -> None:
        """Post a file's bytes to an upload URL, which has been checked and needs no token."""
        self._patiently(lambda: self._client.upload(url, content))

    def direct_message(self, user_id: str) -> str:
        """The id of the conversation with a user: https://docs.slack.dev/reference/methods/conversations.open."""
        channel = self.call("conversations.open", users=user_id).get("channel")
        channel_id = channel.get("id") if isinstance(channel, dict) else None
        if not isinstance(channel_id, str):
            raise SlackRefusedError("no_channel_in_answer", 200)
        return channel_id

    def _with_token(self, call: Callable[[str], T]) -> T:
        if self._bot_token is None:
            raise WayClosedError(NO_TOKEN)
        token = _read(self._bot_token.value)
        try:
            return self._patiently(lambda: call(token))
        except SlackRefusedError as refused:
            if not refusals.is_of_token(refused.code) or not _read(self._bot_token.is_renewed):
                raise
        renewed = _read(self._bot_token.value)
        return self._patiently(lambda: call(renewed))


def _read(read: Callable[[], T]) -> T:
    """What `read` gives, which asks the Parameter Store.

    Raises:
        WayClosedError: There is no token to be read.
        SlackRetryable: It could not be read now.
    """
    try:
        return read()
    except BotTokenUnusableError as error:
        raise WayClosedError(str(error)) from None
    except Exception as error:
        # Not botocore's class: to import it takes longer than most reports, which need no token.
        response = getattr(error, "response", None)
        if not isinstance(response, dict):
            raise
        code = str(response.get("Error", {}).get("Code"))
        if code in _LASTING:
            raise WayClosedError(f"the bot token cannot be read: {code}") from None
        raise SlackRetryable(f"the bot token cannot be read: {code}") from None
