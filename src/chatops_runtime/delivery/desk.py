"""What becomes of an order: an approval is given or refused, and whoever asked is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chatops_runtime.authorization.unknown import UnavailableError
from chatops_runtime.command_function.reply import Reply
from chatops_runtime.contracts.delivery import AUTOMATION, LONGEST_SUMMARY
from chatops_runtime.delivery import orders, telling
from chatops_runtime.delivery.authors import AuthorUnknownError
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from chatops_runtime.command_function.slack_command import SlackCommand
    from chatops_runtime.delivery.authors import Authors
    from chatops_runtime.delivery.commit import Commit
    from chatops_runtime.delivery.orders import Answer
    from chatops_runtime.delivery.pipeline import Pipeline, Waiting

# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html#API_PutApprovalResult_Errors
_ANSWERED = frozenset({"ApprovalAlreadyCompletedException", "InvalidApprovalTokenException"})

_LONGEST_NAME = 80


class Desk:
    """Obeys orders, one for each invocation of the function."""

    def __init__(self, pipeline: Pipeline, authors: Authors | None, facts: dict[str, Any]) -> None:
        """Without looking at anything yet.

        Args:
            pipeline: The pipeline.
            authors: Know who wrote a commit; None: everybody may approve what they wrote.
            facts: Takes what the log line says.
        """
        self._pipeline = pipeline
        self._authors = authors
        self._facts = facts

    def obey(self, command: SlackCommand) -> Reply:
        """Do what was typed, and say what became of it.

        Raises:
            ClientError: CodePipeline refused.
        """
        self._facts.update(by=command.user.id, id=command.request_id)
        try:
            order = orders.parse(command.text, self._pipeline.names)
        except orders.OrderError as error:
            self._facts.update(order="none")
            return _privately(telling.usage(error))
        if isinstance(order, orders.Status):
            self._facts.update(order="status")
            return self._status()
        self._facts.update(order="approve" if order.approved else "reject", stage=order.stage)
        return self._answer(order, command)

    def _status(self) -> Reply:
        states, waiting = self._pipeline.look()
        commits = {one.execution: self._pipeline.commit_of(one.execution) for one in waiting}
        return Reply(mrkdwn=telling.status(states, waiting, commits))

    def _answer(self, order: Answer, command: SlackCommand) -> Reply:
        waiting = next((one for one in self._pipeline.look()[1] if one.name == order.stage), None)
        if waiting is None:
            return self._refused("nothing_waits", telling.nothing_waits(order))
        self._facts.update(execution=waiting.execution)
        if order.execution and order.execution != waiting.execution:
            return self._refused("another_execution", telling.another_waits(order, waiting))
        commit = self._pipeline.commit_of(waiting.execution)
        self._facts.update(commit=commit.id or None)
        refusal = self._own(commit, command.user.id) if order.approved else None
        return refusal or self._put(order, waiting, commit, command)

    def _own(self, commit: Commit, user_id: str) -> Reply | None:
        """The refusal, unless it is known that somebody else wrote the commit."""
        if self._authors is None:
            return None
        try:
            author = self._authors.user_of(commit)
        except AuthorUnknownError as unknown:
            return self._refused("author_unknown", telling.author_unknown(commit, unknown))
        except UnavailableError as unavailable:
            return self._refused("slack_unavailable", telling.slack_unavailable(unavailable))
        self._facts.update(author=author)
        return self._refused("own_commit", telling.own_commit(commit)) if author == user_id != AUTOMATION else None

    def _put(self, order: Answer, waiting: Waiting, commit: Commit, command: SlackCommand) -> Reply:
        try:
            self._pipeline.answer(waiting, approved=order.approved, summary=_summary(order, command))
        except ClientError as error:
            if error.response["Error"]["Code"] not in _ANSWERED:
                raise
            return self._refused("answered_before", telling.answered_before(waiting))
        self._facts.update(outcome="approved" if order.approved else "rejected")
        return Reply(mrkdwn=telling.answered(order, waiting, commit, command.user.id))

    def _refused(self, why: str, text: str) -> Reply:
        self._facts.update(outcome="refused", why=why)
        return _privately(text)


def _privately(text: str) -> Reply:
    return Reply(mrkdwn=text, visible="user")


def _summary(order: Answer, command: SlackCommand) -> str:
    """What CodePipeline keeps of it, and shows in its console."""
    who = f"{one_line(command.user.name, _LONGEST_NAME)} in Slack ({command.user.id})"
    summary = f"{'Approved' if order.approved else 'Rejected'} by {who}" + (f": {order.reason}" if order.reason else "")
    return summary[:LONGEST_SUMMARY]
