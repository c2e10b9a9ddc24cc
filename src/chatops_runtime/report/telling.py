"""Saying an account, message by message, as far as Slack takes it now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chatops_runtime.contracts import report as contract
from chatops_runtime.report import following
from chatops_runtime.slack import mrkdwn, refusals
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.token_way import WayClosedError
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.report.account import Account
    from chatops_runtime.report.delivery import Delivery
    from chatops_runtime.report.report import Report
    from chatops_runtime.slack.text_file import TextFile

LONGEST_PAUSE_SECONDS = 60
"""Between two tries, unless Slack asks for a longer one."""

TRIES_OF_FILE = 3
"""After so many invocations a file that Slack does not take is given up, and the messages in its place are said."""


class Telling:
    """One invocation's share of it.

    Attributes:
        facts: What the log line says about it.
    """

    def __init__(self, report: Report, account: Account, delivery: Delivery, has_time: Callable[[], bool]) -> None:
        """Not begun.

        Args:
            report: What the account is of.
            account: What is to be said.
            delivery: Brings it to Slack.
            has_time: Whether there is time for one more step.
        """
        self._report = report
        self._account = account
        self._delivery = delivery
        self._has_time = has_time
        self._said = report.said
        self.facts: dict[str, object] = {}

    def answer(self) -> dict[str, object]:
        """Say what earlier invocations have not: the answer of `chatops_runtime.contracts.report`.

        Raises:
            Exception: It can never be said.
        """
        try:
            self._say_all()
        except SlackRetryable as busy:
            pause = _pause(busy, self._report.tries)
            return {"done": False, "said": self._said, "retry_after": pause, "detail": str(busy)}
        return {"done": True, "said": self._said, "delivered_by": self.facts.get("delivered_by")}

    def _say_all(self) -> None:
        while self._said < len(self._account.messages):
            if self._said > self._report.said and not self._has_time():
                raise SlackRetryable("the rest is for another invocation", 1)
            message = self._account.messages[self._said]
            # A report goes on with the second message only after the file was refused.
            if self._said == 1 and self._account.file is not None:
                refusal = self._file_refused(self._account.file)
                if refusal is None:
                    self._said += 1
                    return
                message = replace(message, text=f"{following.instead_of_file(refusal)}\n{message.text}")
            self._say(message)
            self._said += 1

    def _file_refused(self, file: TextFile) -> str | None:
        """Upload `file`; why Slack did not take it, or None."""
        visible = self._account.messages[0].visible or self._report.visible
        refusal: str | None = None
        try:
            self._delivery.upload(self._report, file, visible)
        except SlackRefusedError as refused:
            refusal = refused.code
        except WayClosedError as closed:
            refusal = str(closed)
        except SlackRetryable as busy:
            if self._report.tries + 1 < TRIES_OF_FILE:
                raise
            refusal = str(busy)
        self.facts["file"] = refusal or "uploaded"
        return refusal

    def _say(self, message: Message) -> None:
        """Deliver `message`. If Slack does not like it, such as blocks of a user's function, say at least that."""
        report, uses = self._report, self._report.used + self._said
        try:
            self.facts["delivered_by"] = self._delivery.deliver(report, message, uses)
        except SlackRefusedError as refused:
            if not refusals.is_of_content(refused.code):
                raise
            self.facts["refused"] = refused.code
            reason = mrkdwn.code(refused.code)
            sorry = f":x: {report.command} is over, but Slack refused its message: {reason} {report.origin}"
            instead = Message(sorry, visible=message.visible)
            self.facts["delivered_by"] = self._delivery.deliver(report, instead, uses + 1)


def _pause(busy: SlackRetryable, tries: int) -> int:
    """In seconds: what Slack asks for, else longer each time."""
    wanted = min(2 ** (tries + 1), LONGEST_PAUSE_SECONDS) if busy.retry_after is None else busy.retry_after
    return min(max(wanted, 1), contract.MOST_RETRY_AFTER)
