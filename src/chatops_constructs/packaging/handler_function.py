"""A user's plain Python function, called by an entry point of `chatops_runtime`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs._problems import check
from chatops_constructs.packaging.python_function import PythonFunction
from chatops_constructs.packaging.runtime_layer import RuntimeLayer
from chatops_runtime.contracts import environment as variables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aws_cdk import Duration
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_logs as logs
    from constructs import Construct

    from chatops_constructs.packaging.python_dependencies import PythonDependencies


class HandlerFunction(PythonFunction):
    """A `PythonFunction` whose handler is called by an entry point of `chatops_runtime`, not by Lambda.

    Adds once per stack a layer with `chatops_runtime`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        entry_point: str,
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
        """Create the function; all but `entry_point` and `environment` is as `PythonFunction` has it.

        Args:
            scope: The parent.
            id: The id in `scope`.
            entry_point: The function of `chatops_runtime` that Lambda calls.
            entry: The folder with the Python source.
            handler: `module.function` in that folder.
            dependencies: The packages that the source needs.
            runtime: Lambda's Python.
            architecture: Of the function.
            description: What the function does.
            timeout: The longest that a call may take.
            memory_size: MiB.
            environment: The function's variables, but for `CHATOPS_HANDLER`, which is set here.
            log_group: An existing log group.
            encryption_key: Encrypts the own log group.

        Raises:
            ValueError: As `PythonFunction`, or `environment` names the variable that is set here.
        """
        check(
            variables.HANDLER not in (environment or {}),
            f"{type(self).__name__} '{scope.node.path}/{id}'",
            "environment",
            variables.HANDLER,
            "any variable but this one",
            "take it out: the parameter handler sets it",
        )
        super().__init__(
            scope,
            id,
            entry_point=entry_point,
            entry=entry,
            handler=handler,
            dependencies=dependencies,
            runtime=runtime,
            architecture=architecture,
            description=description,
            timeout=timeout,
            memory_size=memory_size,
            environment={**(environment or {}), variables.HANDLER: handler},
            layers=[RuntimeLayer.of(scope)],
            log_group=log_group,
            encryption_key=encryption_key,
        )
