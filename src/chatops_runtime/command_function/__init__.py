"""A user's own command: a plain Python function from a `SlackCommand` to a `Reply`.

    from chatops_runtime import Reply, SlackCommand

    def hello(command: SlackCommand) -> Reply:
        return Reply(f"Hello {command.text or command.user.name}")

The Lambda function's handler is `chatops_runtime.command_function.handler`; the environment variable `CHATOPS_HANDLER`
names the function, as in `greetings.hello`.
"""

from chatops_runtime.command_function.invocation import handler
from chatops_runtime.command_function.reply import Reply
from chatops_runtime.command_function.slack_command import Channel, SlackCommand, User
from chatops_runtime.user_function import HandlerConfigurationError

__all__ = ["Channel", "HandlerConfigurationError", "Reply", "SlackCommand", "User", "handler"]
