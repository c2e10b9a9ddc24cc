"""A Lambda function made of a folder with Python source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from aws_cdk import Annotations, Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from chatops_constructs._log_group import own_log_group
from chatops_constructs._problems import Problems
from chatops_constructs.packaging.python_code import code_of
from chatops_constructs.packaging.python_source import PythonSource
from chatops_constructs.packaging.runtime_function import ARCHITECTURE, RUNTIME, role_for_function
from chatops_runtime.contracts import template_metadata

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from constructs import Construct

    from chatops_constructs.packaging.python_code import PythonCode
    from chatops_constructs.packaging.python_dependencies import PythonDependencies

_PYTHON = re.compile(r"python3\.\d+")
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LONGEST_TIMEOUT = Duration.minutes(15)


class PythonFunction(lambda_.Function):
    """A Lambda function made of a folder with Python source, with the packages that it needs.

    Creates the function, a role that may write to its log group only, and that log group. Packages are installed
    without Docker for the function's architecture and Python, on whatever machine the app is synthesised.

    Example:
        from chatops_constructs import PythonFunction

        PythonFunction(self, "Orders", entry="functions/orders", handler="orders.handler")
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        entry: str | Path,
        handler: str,
        dependencies: PythonDependencies | None = None,
        entry_point: str | None = None,
        runtime: lambda_.Runtime | None = None,
        architecture: lambda_.Architecture | None = None,
        description: str | None = None,
        timeout: Duration | None = None,
        memory_size: int = 256,
        environment: Mapping[str, str] | None = None,
        layers: Sequence[lambda_.ILayerVersion] = (),
        log_group: logs.ILogGroup | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        """Create the function, its role and, unless one is passed in, its log group.

        Args:
            scope: The parent.
            id: The id in `scope`; the role and the log group stand beside it as `<id>Role` and `<id>Logs`.
            entry: The folder with the Python source. A relative path is taken from the working directory.
            handler: `module.function` in that folder; `tools.hello.hello` is `hello` in `tools/hello.py`.
            dependencies: The packages that the source needs. Default: those that `uv.lock`, `requirements.txt` or
                `pyproject.toml` in `entry` names; none if there is no such file.
            entry_point: What Lambda calls instead of `handler`, in a layer, as wrappers have it. Default: `handler`.
            runtime: Lambda's Python. Default: the newest, 3.14.
            architecture: Of the function. Default: arm64.
            description: What the function does. Default: the handler's name.
            timeout: The longest that a call may take, at most 15 minutes. Default: 1 minute.
            memory_size: MiB; the share of a processor follows it. Default: 256.
            environment: The function's variables. Not for secrets: they can be read in the console. Default: none.
            layers: Layers of the function. Default: none.
            log_group: An existing log group. Default: an own one, kept for one month, removed with the function.
            encryption_key: Encrypts the own log group. Default: a key that AWS owns.

        Raises:
            ValueError: `entry` is no folder, `handler` names no module in it, `runtime` is no Python, or `timeout` is
                above 15 minutes.
            DependenciesError: The packages could not be had, or could not run there; the text says what to do.
        """
        where = f"{type(self).__name__} '{scope.node.path}/{id}'"
        source = PythonSource(entry, handler)
        _validate(where, source, runtime, timeout)
        runtime, architecture = runtime or RUNTIME, architecture or ARCHITECTURE
        code = code_of(scope, where, source.folder, dependencies, runtime, architecture)
        logs_of_function = log_group or own_log_group(scope, f"{id}Logs", encryption_key=encryption_key)
        super().__init__(
            scope,
            id,
            runtime=runtime,
            architecture=architecture,
            handler=entry_point or handler,
            code=code.code,
            layers=list(layers),
            description=description or f"Handler {handler}",
            memory_size=memory_size,
            timeout=timeout or Duration.minutes(1),
            environment=dict(environment or {}),
            log_group=logs_of_function,
            role=role_for_function(
                scope, f"{id}Role", log_group=logs_of_function, description=f"What the handler {handler} may do"
            ),
        )
        self._say(code)

    def _say(self, code: PythonCode) -> None:
        """What the code is, for tools that run it on another machine, and what is wrong with it, for people."""
        if code.compiled:
            cast("lambda_.CfnFunction", self.node.default_child).add_metadata(
                template_metadata.PYTHON,
                {"version": template_metadata.VERSION, "built_for": code.built_for, "compiled": code.compiled},
            )
        if code.warning:
            Annotations.of(self).add_warning_v2("chatops-constructs:dependencies-not-locked", code.warning)


def _validate(where: str, source: PythonSource, runtime: lambda_.Runtime | None, timeout: Duration | None) -> None:
    problems = Problems(where)
    problems.check(
        runtime is None or _PYTHON.fullmatch(runtime.name) is not None,
        "runtime",
        runtime and runtime.name,
        "one of Lambda's Pythons",
        "write it as in lambda_.Runtime.PYTHON_3_13",
    )
    problems.check(
        timeout is None or timeout.is_unresolved() or timeout.to_milliseconds() <= LONGEST_TIMEOUT.to_milliseconds(),
        "timeout",
        timeout and timeout.to_human_string(),
        f"up to {LONGEST_TIMEOUT.to_human_string()}",
        "shorten it, or split the work",
    )
    source.check(problems)
    problems.raise_if_any()
