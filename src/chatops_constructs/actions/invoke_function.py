"""A Lambda function behind a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs._problems import Problems
from chatops_constructs.actions import frozen_function
from chatops_constructs.actions.action import Action, ActionContext, BoundAction
from chatops_constructs.actions.command_fields import command_fields
from chatops_constructs.actions.frozen_function import FrozenFunction
from chatops_constructs.actions.function_call import NAME as INVOKE
from chatops_constructs.actions.function_call import call, longest, may_call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

FIELDS = ("version", "command", "text", "arguments", "team_id", "user", "channel", "request_id")


class InvokeFunction(Action):
    """Invoke a Lambda function and say what it answered.

    Creates nothing; the command's role may invoke that function, version or alias and nothing else. Any function will
    do: a `CommandFunction` made of a plain Python function, or an existing one in any language that keeps to the
    contract:

    It receives

        {"version": 1, "command": "/hello", "text": "world", "arguments": {}, "team_id": "T…", "request_id": "…",
         "user": {"id": "U…", "name": "taro"}, "channel": {"id": "C…", "name": "ops"}}

    and answers `null` (done), a string or `{"text": "…"}` (shown as plain text, so that it can ping nobody),
    `{"mrkdwn": "…"}` (Slack's own markup, shown as is) or `{"blocks": […], "text": "…"}` (Block Kit). With
    `"visible": "user"` or `"channel"` beside it the answer has another audience than the command's own.

    An error that the function raises is told in Slack by its type and message.

    With an approval, the function is invoked only if its code and its configuration are still those that were shown.

    Example:
        from chatops_constructs import Allow, InvokeFunction

        slack.add_command(
            "/seed", InvokeFunction(seed_function), description="loads test data", allow=Allow.channel("C0TEST")
        )
    """

    def __init__(
        self,
        function: lambda_.IFunction,
        *,
        accepts_text: bool = True,
        more_fields: Mapping[str, str | int | bool] | None = None,
    ) -> None:
        """Describe what to invoke.

        Args:
            function: The function, version or alias.
            accepts_text: Whether people may type something after the command. Default: True.
            more_fields: What the function receives beside the contract's fields, the same each time: that another
                command invokes it, for instance, with other rights. Nobody who types can change it. Default: nothing.

        Raises:
            ValueError: A field has the name of one of the contract's, or its value would be taken for an expression.
        """
        self._function = function
        self._accepts_text = accepts_text
        self._more_fields = dict(more_fields or {})
        self._check_more_fields()

    @property
    def accepts_text(self) -> bool:
        """Whether anything may be typed after the command."""
        return self._accepts_text

    def bind(self, scope: Construct, context: ActionContext) -> BoundAction:  # noqa: ARG002 - the interface's
        """Let the role invoke the function and hand out the one state that does.

        Args:
            scope: The command's own scope.
            context: The command.
        """
        may_call(context.role, self._function)
        frozen = FrozenFunction(self._function)
        if context.freezes:
            frozen.grant(context.role)
        return BoundAction(
            start_at=frozen_function.COMPARE if context.freezes else INVOKE,
            states={
                **(frozen.compare(then=INVOKE) if context.freezes else {}),
                INVOKE: call(self._function, {**command_fields(context.request), **self._more_fields}),
            },
            longest=longest(self._function),
            resources={},
            freeze=frozen.freeze() if context.freezes else None,
        )

    def _check_more_fields(self) -> None:
        problems = Problems("InvokeFunction")
        for name, value in self._more_fields.items():
            problems.check(
                name not in FIELDS, "more_fields", name, f"other names than {', '.join(FIELDS)}", "choose another name"
            )
            problems.check(
                not (isinstance(value, str) and value.startswith("{%")),
                f"more_fields[{name!r}]",
                value,
                "text that does not begin with {%, which would make it an expression",
                "begin it with something else",
            )
        problems.raise_if_any()
