"""Cancelling a command: by answering the question that it asks, or by stopping it and what it has started."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import asking, decision
from chatops_runtime.contracts.report import CANCELLED_ERROR
from chatops_runtime.decide import words
from chatops_runtime.decide.history import End
from chatops_runtime.decide.looks import Looks
from chatops_runtime.decide.outcome import Outcome
from chatops_runtime.decide.turn import Ending

if TYPE_CHECKING:
    from datetime import datetime

    from chatops_runtime.decide.click import Click
    from chatops_runtime.decide.history import Histories, Standing
    from chatops_runtime.decide.running_commands import RunningCommands
    from chatops_runtime.decide.target import Target
    from chatops_runtime.decide.tokens import Tokens
    from chatops_runtime.decide.turn import Turn


class Cancelling:
    """Cancels commands for those who asked for them."""

    def __init__(
        self,
        histories: Histories,
        tokens: Tokens,
        running: RunningCommands,
        client: Any,  # noqa: ANN401 - boto3's clients have no type
        looks: Looks | None = None,
    ) -> None:
        """With what it takes.

        Args:
            histories: How far the command is.
            tokens: What its question is answered with.
            running: What it has started on instances.
            client: boto3's Step Functions client.
            looks: How often it is looked whether a question waits.
        """
        self._histories = histories
        self._tokens = tokens
        self._running = running
        self._client = client
        self._looks = looks or Looks()

    def outcome(self, click: Click, target: Target) -> Outcome:
        """Cancel the target for who clicked, if it is theirs and not over."""
        beginning = self._histories.beginning(target)
        if beginning is None:
            return Outcome(decision.UNKNOWN, words.UNKNOWN)
        requester = beginning.request["user_id"]
        if click.user_id != requester:
            return Outcome(decision.NOT_ALLOWED, words.only_requester(target, requester))
        for _ in self._looks:
            standing = self._histories.newest_question(target)
            outcome = self._settled(click, target, standing, beginning.at)
            if outcome is not None:
                return outcome
            turn = standing.open_turn
            if turn is not None and self._tokens.redeem(turn.token, _withdrawal(click, turn)):
                return _cancelled(click, target)
            if turn is None and not standing.is_about_to_wait:
                break
        self._stop(click, target, beginning.at)
        return Outcome(asking.CANCELLED, words.cancelling(target, click.user_id), replaces=True)

    def _settled(self, click: Click, target: Target, standing: Standing, since: datetime) -> Outcome | None:
        """What is said if it is over, or was cancelled before, such as by this click in an earlier try; else None.

        It is over as soon as its result is being told, which would be lost if it was stopped.
        """
        if standing.turn is not None and standing.turn.ending == Ending(asking.CANCELLED, (click.user_id,)):
            return _cancelled(click, target)
        if standing.end is None and not standing.is_told:
            return None
        if standing.end == End("ExecutionAborted", CANCELLED_ERROR, click.user_id):
            self._running.cancel(target, since=since)
            return _cancelled(click, target)
        return Outcome(decision.OVER, words.over(target))

    def _stop(self, click: Click, target: Target, since: datetime) -> None:
        """What runs first: stopped after its machine, it would run on for whoever could not stop it.

        And once more, for what the machine sent in the meantime: from now on it sends nothing. What was sent just now
        is not in lists yet (https://github.com/aws/aws-cli/issues/3546), so if there is nothing at all it is looked
        for some seconds longer.
        """
        found = self._running.cancel(target, since=since)
        self._client.stop_execution(executionArn=target.execution_arn, error=CANCELLED_ERROR, cause=click.user_id)
        for _ in self._looks if target.entry.get("documents") else ():
            found = self._running.cancel(target, since=since) or found
            if found:
                return


def _withdrawal(click: Click, turn: Turn) -> dict[str, str]:
    return {"kind": turn.kind, "decision": asking.CANCELLED, "by": click.user_id}


def _cancelled(click: Click, target: Target) -> Outcome:
    text = words.ended(target, Ending(asking.CANCELLED, (click.user_id,)))
    return Outcome(asking.CANCELLED, text, replaces=True)
