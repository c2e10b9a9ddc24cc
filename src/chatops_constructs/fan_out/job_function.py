"""A user's plain Python function that does the jobs of a fan-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs._problems import check
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

ENTRY_POINT = "chatops_runtime.fan_out.handler"


class JobFunction(HandlerFunction):
    """A Lambda function made of a plain Python function that does one `Job`.

    Creates the function, a role that may write to its log group only, that log group, and once per stack a layer with
    `chatops_runtime`. Give it to a `ThrottledFanOut`.

    What the function returns is of no interest. What it raises is a job that failed: it is tried again, and comes to
    the dead-letter queue in the end.

    Example:
        `jobs/calls.py`:

            from urllib.request import urlopen
            from chatops_runtime import Job

            def call(job: Job) -> None:
                urlopen(f"https://api.example.com/users/{job.body['user']}", timeout=5).close()

        and in the stack:

            from chatops_constructs import JobFunction, ThrottledFanOut

            ThrottledFanOut(self, "Calls", consumer=JobFunction(self, "Call", entry="jobs", handler="calls.call"))
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
            handler: `module.function` in that folder; `tools.calls.call` is `call` in `tools/calls.py`.
            dependencies: The packages that the source needs. Default: those that `uv.lock`, `requirements.txt` or
                `pyproject.toml` in `entry` names; none if there is no such file.
            runtime: Lambda's Python. Default: the newest, 3.14.
            architecture: Of the function. Default: arm64.
            description: What the function does. Default: the handler's name.
            timeout: The longest that a batch of jobs may take, at most 15 minutes. Default: 1 minute.
            memory_size: MiB. Default: 256.
            environment: The function's variables, but for those that are set here. Not for secrets: they can be read in
                the console. Default: none.
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
            description=description or f"Does jobs with {handler}",
            timeout=timeout,
            memory_size=memory_size,
            environment=environment,
            log_group=log_group,
            encryption_key=encryption_key,
        )
        self._serves = ""

    def serve(self, fan_out: Construct, variables: Mapping[str, str]) -> None:
        """Be the consumer of a fan-out: `ThrottledFanOut` calls it.

        Args:
            fan_out: The fan-out.
            variables: What the entry point has to know of it.

        Raises:
            ValueError: It is another one's already.
        """
        path = fan_out.node.path
        check(
            self._serves in ("", path),
            fan_out,
            "consumer",
            self.node.path,
            f"a JobFunction that serves no other fan-out than this, while it serves '{self._serves}'",
            "make another JobFunction of the same source",
        )
        self._serves = path
        for name, value in variables.items():
            self.add_environment(name, value)
