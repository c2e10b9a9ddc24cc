"""Posting a bot's messages, one after the other, as far as Slack takes them now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.contracts import bot_post, report
from chatops_runtime.slack import advice
from chatops_runtime.slack.token_way import WayClosedError
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chatops_runtime.slack.message import Message
    from chatops_runtime.slack.token_way import TokenWay

LONGEST_PAUSE_SECONDS = 60
"""Between two tries, unless Slack asks for a longer one."""


class Posting:
    """One invocation's share of it."""

    def __init__(self, channel_id: str, way: TokenWay, *, said: int, tries: int, has_time: Callable[[], bool]) -> None:
        """Not begun.

        Args:
            channel_id: Where to.
            way: Brings it to Slack.
            said: How many of the messages earlier invocations posted.
            tries: How many of these there were.
            has_time: Whether there is time for one more message.
        """
        self._channel_id = channel_id
        self._way = way
        self._said = said
        self._tries = tries
        self._has_time = has_time

    def answer(self, messages: Sequence[Message]) -> dict[str, object]:
        """Post what earlier invocations have not: the answer of `chatops_runtime.contracts.bot_post`."""
        try:
            self._post(messages)
        except SlackRetryable as busy:
            pause = _pause(busy, self._tries)
            return {"done": False, "said": self._said, "retry_after": pause, "detail": str(busy)}
        except SlackRefusedError as refused:
            return self._never(f"Slack answered {refused.code} for {self._channel_id}: {advice.on(refused.code)}")
        except WayClosedError as closed:
            return self._never(str(closed))
        return {"done": True, "said": self._said}

    def _post(self, messages: Sequence[Message]) -> None:
        first = self._said
        for message in messages[first:]:
            if self._said > first and not self._has_time():
                raise SlackRetryable("the rest is for another invocation", 1)
            self._way.post(self._channel_id, message)
            self._said += 1

    def _never(self, cause: str) -> dict[str, object]:
        return {"done": True, "said": self._said, "error": bot_post.SLACK_REFUSED, "cause": cause}


def _pause(busy: SlackRetryable, tries: int) -> int:
    """In seconds: what Slack asks for, else longer each time."""
    wanted = min(2 ** (tries + 1), LONGEST_PAUSE_SECONDS) if busy.retry_after is None else busy.retry_after
    return min(max(wanted, 1), report.MOST_RETRY_AFTER)
