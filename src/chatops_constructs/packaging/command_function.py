"""A user's plain Python function behind a slash command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from chatops_constructs._log_group import own_log_group
from chatops_constructs._problems import Problems
from chatops_constructs.packaging.runtime_asset import EXCLUDED
from chatops_constructs.packaging.runtime_function import (
    ARCHITECTURE,
    RUNTIME,
    role_for_function,
)
from chatops_constructs.packaging.runtime_layer import RuntimeLayer
from chatops_runtime.contracts import environment as variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

ENTRY_POINT = "chatops_runtime.command_function.handler"
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LONGEST_TIMEOUT = Duration.minutes(15)


class CommandFunction(lambda_.Function):
    """A Lambda function made of a plain Python function from a `SlackCommand` to a `Reply`.

    Creates the function, a role that may write to its log group only, that log group, and once per stack a layer with
    `chatops_runtime`. Bind it to a command with `InvokeFunction`.

    Example:
        `commands/hello.py`:

            from chatops_runtime import Reply, SlackCommand

            def hello(command: SlackCommand) -> Reply:
                return Reply(f"Hello {command.text or command.user.name}!")

        and in the stack:

            from chatops_constructs import Allow, CommandFunction, InvokeFunction

            hello = CommandFunction(self, "Hello", entry="commands", handler="hello.hello")
            slack.add_command("/hello", InvokeFunction(hello), description="says hello", allow=Allow.workspace())
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        entry: str | Path,
        handler: str,
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
            handler: `module.function` in that folder; `tools.hello.hello` is `hello` in `tools/hello.py`.
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
        _validate(f"CommandFunction '{scope.node.path}/{id}'", Path(entry), handler, timeout, environment)
        logs_of_function = log_group or own_log_group(scope, f"{id}Logs", encryption_key=encryption_key)
        super().__init__(
            scope,
            id,
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            handler=ENTRY_POINT,
            code=lambda_.Code.from_asset(
                str(Path(entry).absolute()), exclude=[f"**/{pattern}" for pattern in EXCLUDED]
            ),
            layers=[RuntimeLayer.of(scope)],
            description=description or f"Slash command handler {handler}",
            memory_size=memory_size,
            timeout=timeout or Duration.minutes(1),
            environment={**(environment or {}), variables.HANDLER: handler},
            log_group=logs_of_function,
            role=role_for_function(
                scope, f"{id}Role", log_group=logs_of_function, description=f"What the command handler {handler} may do"
            ),
        )


def _validate(
    where: str, entry: Path, handler: str, timeout: Duration | None, environment: Mapping[str, str] | None
) -> None:
    problems = Problems(where)
    problems.check(
        timeout is None or timeout.is_unresolved() or timeout.to_milliseconds() <= LONGEST_TIMEOUT.to_milliseconds(),
        "timeout",
        timeout and timeout.to_human_string(),
        f"up to {LONGEST_TIMEOUT.to_human_string()}",
        "shorten it, or split the work",
    )
    problems.check(
        variables.HANDLER not in (environment or {}),
        "environment",
        variables.HANDLER,
        "any variable but this one",
        "take it out: the parameter handler sets it",
    )
    problems.check(
        entry.is_dir(), "entry", str(entry), "a folder with Python source", f"make {entry.absolute()} or name another"
    )
    module, dot, function = handler.rpartition(".")
    names = [*module.split("."), function]
    problems.check(
        bool(dot) and all(name.isidentifier() for name in names),
        "handler",
        handler,
        "module.function",
        "write it as in `hello.hello` for the function hello in hello.py",
    )
    problems.raise_if_any()
    path = entry.joinpath(*module.split("."))
    problems.check(
        path.with_suffix(".py").is_file() or (path / "__init__.py").is_file(),
        "handler",
        handler,
        f"a module in {entry}",
        f"make {path.with_suffix('.py')} or name another module",
    )
    problems.raise_if_any()
