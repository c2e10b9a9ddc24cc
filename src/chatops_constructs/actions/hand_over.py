"""Handing an event or an interaction to a function: what `add_event_handler` and `add_interaction_handler` do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_constructs.actions import function_call
from chatops_constructs.actions.action import Action, ActionContext, BoundAction
from chatops_constructs.workflow.asl import EXECUTION, expr
from chatops_runtime.contracts import bot

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

# Of the request's `occurrence`, and of the request itself.
OCCURRENCE = {
    bot.EVENT: ("event_type", "event", "event_id", "event_time", "ts", "thread_ts"),
    bot.INTERACTION: ("type", "id", "value", "payload"),
}
REQUEST = {
    bot.EVENT: ("team_id", "user_id", "channel_id", "text"),
    bot.INTERACTION: ("team_id", "user_id", "channel_id"),
}


class HandOver(Action):
    """Invokes a Lambda function with what happened, as `chatops_runtime.contracts.bot` says, and says what it answered.

    Creates nothing; the role may invoke that function, version or alias and nothing else.
    """

    def __init__(self, function: lambda_.IFunction, kind: str) -> None:
        """Describe what to invoke.

        Args:
            function: The function, version or alias.
            kind: With which kind of the contract's events.
        """
        self._function = function
        self._kind = kind

    @property
    def accepts_text(self) -> bool:
        """Nobody types anything."""
        return False

    def bind(self, scope: Construct, context: ActionContext) -> BoundAction:  # noqa: ARG002 - the interface's
        """Let the role invoke the function and hand out the one state that does.

        Args:
            scope: Its own scope.
            context: What it is bound to.
        """
        function_call.may_call(context.role, self._function)
        return BoundAction(
            start_at=function_call.NAME,
            states={function_call.NAME: function_call.call(self._function, self._payload(context.request))},
            longest=function_call.longest(self._function),
            resources={},
        )

    def _payload(self, request: str) -> dict[str, Any]:
        return {
            "version": bot.VERSION,
            "kind": self._kind,
            **{name: expr(f"{request}.occurrence.{name}") for name in OCCURRENCE[self._kind]},
            **{name: expr(f"{request}.{name}") for name in REQUEST[self._kind]},
            "request_id": expr(f"{EXECUTION}.Name"),
        }
