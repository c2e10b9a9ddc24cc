"""One invocation of the dispatch function: whose, until when, and what its log line may say."""

from __future__ import annotations

from chatops_runtime.dispatch.deadline import Deadline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Invocation:
    """What Lambda's context says, and the facts that are gathered for the log."""

    def __init__(self, *, request_id: str, function_arn: str, deadline: Deadline) -> None:
        """Of its parts.

        Args:
            request_id: Lambda's id of the invocation.
            function_arn: The function's ARN: the state machines are in its account and region.
            deadline: Until when to answer.
        """
        self.request_id = request_id
        self.function_arn = function_arn
        self.deadline = deadline
        self.is_click = False
        """Whether somebody clicked instead of typing, so that Slack shows nothing of the answer."""
        self.is_event = False
        """Whether it is a request of the Events API, which Slack delivers again if it is not answered well."""
        self._facts: dict[str, object] = {}

    @classmethod
    def from_context(cls, context: Any) -> Invocation:  # noqa: ANN401 - Lambda's context has no type of its own
        """The invocation that Lambda's `context` describes."""
        return cls(
            request_id=context.aws_request_id,
            function_arn=context.invoked_function_arn,
            deadline=Deadline.of_invocation(context),
        )

    @property
    def facts(self) -> dict[str, object]:
        """What the log line may say."""
        return self._facts

    def note(self, **facts: object) -> None:
        """Add what the log line may say: nothing that a user typed, no secret."""
        self._facts.update(facts)

    def machine_arn(self, machine: str) -> str:
        """The ARN of a state machine in the function's account and region."""
        _, partition, _, region, account, *_ = self.function_arn.split(":")
        return f"arn:{partition}:states:{region}:{account}:stateMachine:{machine}"
