"""A user's plain Python function behind a bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs.packaging.handler_function import HandlerFunction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aws_cdk import Duration
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_logs as logs
    from constructs import Construct

    from chatops_constructs.packaging.python_dependencies import PythonDependencies

ENTRY_POINT = "chatops_runtime.bot_function.handler"


class BotFunction(HandlerFunction):
    """A Lambda function made of a plain Python function from what came to a `Reply`.

    Creates the function, a role that may write to its log group only, that log group, and once per stack a layer with
    `chatops_runtime`. Of a `ScheduledSlackBot` the function receives a `ScheduledRun`, of `add_event_handler` a
    `SlackEvent`, of `add_interaction_handler` a `SlackInteraction`.

    Example:
        `bots/standup.py`:

            from chatops_runtime import Reply, ScheduledRun

            def remind(run: ScheduledRun) -> Reply:
                return Reply(mrkdwn=f"*Standup* at {run.local_time:%H:%M}: what stands in your way?")

        and in the stack:

            from chatops_constructs import BotFunction

            remind = BotFunction(self, "Remind", entry="bots", handler="standup.remind")
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        entry: str | Path,
        handler: str,
        dependencies: PythonDependencies | None = None,
        runtime: lambda_.Runtime | None = None,
        architecture: lambda_.Architecture | None = None,
        description: str | None = None,
        timeout: Duration | None = None,
        memory_size: int = 256,
        environment: Mapping[str, str] | None = None,
        log_group: logs.ILogGroup | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        """Create the function.

        Args:
            scope: The parent.
            id: The id in `scope`.
            entry: The folder with the Python source. A relative path is taken from the working directory.
            handler: `module.function` in that folder; `standup.remind` is `remind` in `standup.py`.
            dependencies: The packages that the source needs. Default: those that `uv.lock`, `requirements.txt` or
                `pyproject.toml` in `entry` names; none if there is no such file.
            runtime: Lambda's Python. Default: the newest, 3.14.
            architecture: Of the function. Default: arm64.
            description: What the function does. Default: the handler's name.
            timeout: The longest that a call may take, at most 15 minutes. Default: 1 minute.
            memory_size: MiB. Default: 256.
            environment: The function's variables, but for `CHATOPS_HANDLER`, which is set here. Not for secrets: they
                can be read in the console. Default: none.
            log_group: An existing log group. Default: an own one, kept for one month, removed with the function.
            encryption_key: Encrypts the own log group. Default: a key that AWS owns.

        Raises:
            ValueError: `entry` is no folder, `handler` names no module in it, `timeout` is above 15 minutes, or
                `environment` names a variable that is set here.
        """
        super().__init__(
            scope,
            id,
            entry_point=ENTRY_POINT,
            entry=entry,
            handler=handler,
            dependencies=dependencies,
            runtime=runtime,
            architecture=architecture,
            description=description or f"Bot {handler}",
            timeout=timeout,
            memory_size=memory_size,
            environment=environment,
            log_group=log_group,
            encryption_key=encryption_key,
        )
