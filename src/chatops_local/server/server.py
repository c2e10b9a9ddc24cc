"""The local cloud: one emulator process, and what a test or a command line does with it."""

from __future__ import annotations

import copy
import secrets
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from chatops_local.ministack.settings import Settings
from chatops_local.server import definitions, guard
from chatops_local.server.addresses import local_address
from chatops_local.server.assembly import StackArtifact, read_stacks
from chatops_local.server.assets import publish
from chatops_local.server.callers import Callers, Credentials
from chatops_local.server.controls import Controls
from chatops_local.server.deployment import DeployedStack, Deployer
from chatops_local.server.dynamodb import DynamoDb
from chatops_local.server.edge import Edge
from chatops_local.server.emulator_process import LOG_FILE, EmulatorProcess
from chatops_local.server.functions import Functions
from chatops_local.server.logs import Logs
from chatops_local.server.messaging import Messaging
from chatops_local.server.observations import Decision, Execution, LogLine, Usage, log_lines
from chatops_local.server.pipelines import Pipelines
from chatops_local.server.scheduler import Scheduler
from chatops_local.server.sns import Sns
from chatops_local.server.step_functions import StepFunctions
from chatops_local.server.waf import Waf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

_CLIENT_CONFIG = Config(
    # The user's proxy cannot reach this machine's loopback interface.
    proxies={},
    retries={"total_max_attempts": 1},
    s3={"addressing_style": "path"},
)


class Server(Controls, Messaging, Callers):
    """A running local cloud. Start it with :meth:`start`; it is a context manager.

    Example:
        >>> with Server.start(time_scale=0.05) as server:          # doctest: +SKIP
        ...     server.add_instance("web-1", {"Role": "web"})
        ...     stack = server.deploy(Path("cdk.out"))

    Attributes:
        edge: Viewers of sites and APIs, at any address.
    """

    def __init__(self, process: EmulatorProcess, settings: Settings) -> None:
        """Take over a process that was started; use :meth:`start`."""
        self._process = process
        self._settings = settings
        self._clients: dict[tuple[str, str], Any] = {}
        self._regions = {settings.region}
        self.account = settings.account
        self.region = settings.region
        self.access_key_id = settings.access_key_id
        self.endpoint_url = f"http://{settings.host}:{process.port}"
        self.directory = Path(settings.directory)
        self.edge = Edge(process, process.port, settings.secret_access_key, self.client, self.directory)

    @classmethod
    def start(
        cls,
        *,
        directory: Path | None = None,
        time_scale: float = 1.0,
        visibility_lag: float = 0.0,
        execution_list_lag: float = 0.0,
        function_environment: Mapping[str, str] | None = None,
        account: str = "123456789012",
        region: str = "us-east-1",
    ) -> Server:
        """Start a local cloud with nothing in it.

        Args:
            directory: where to make the directory of this run, which :meth:`stop` removes.
                Default: the system's directory for temporary files.
            time_scale: what the waits of state machines are multiplied with, such as 0.05 in tests.
            visibility_lag: seconds until a sent command shows up in lists, as on AWS now and then.
            execution_list_lag: seconds until ListExecutions knows that an execution has started or ended.
            function_environment: variables for every function, beside those that Lambda sets and its own,
                such as ``HTTPS_PROXY``.
            account: the account id.
            region: the region.

        Raises:
            EmulatorError: if the emulator does not start; with the end of its log.
        """
        settings = Settings(
            directory=tempfile.mkdtemp(prefix="chatops-local-", dir=directory),
            account=account,
            region=region,
            access_key_id=f"AKIA{secrets.token_hex(8).upper()}",
            secret_access_key=secrets.token_urlsafe(30),
            time_scale=time_scale,
            visibility_lag=visibility_lag,
            execution_list_lag=execution_list_lag,
            function_environment=dict(function_environment or {}),
        )
        try:
            return cls(EmulatorProcess(settings), settings)
        except BaseException:
            shutil.rmtree(settings.directory, ignore_errors=True)
            raise

    def stop(self) -> None:
        """End the emulator, its functions and its instances, and remove what they wrote."""
        self.edge.stop()
        self._process.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> Self:
        """Return the server."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server."""
        self.stop()

    def client(self, service: str, region: str | None = None) -> Any:  # noqa: ANN401 - it depends on the argument
        """A boto3 client of the local cloud, with the rights of the account's root user.

        Args:
            service: boto3's name of the service.
            region: the region that it calls. Default: the local cloud's own.
        """
        where = region or self.region
        if (service, where) not in self._clients:
            self._clients[service, where] = boto3.client(  # type: ignore[call-overload]
                service,
                endpoint_url=self.endpoint_url,
                region_name=where,
                aws_access_key_id=self.access_key_id,
                aws_secret_access_key=self._settings.secret_access_key,
                config=_CLIENT_CONFIG,
            )
        return self._clients[service, where]

    @property
    def root_credentials(self) -> Credentials:
        """Those of the account's root user, which :meth:`client` uses."""
        return Credentials(self.access_key_id, self._settings.secret_access_key)

    def put_secret(self, name: str, value: str, region: str | None = None) -> None:
        """Store a SecureString parameter, replacing what it had; in the local cloud's own region or in another."""
        self.client("ssm", region).put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)

    def put_managed_secret(self, name: str, value: str, region: str | None = None) -> None:
        """Store a secret of Secrets Manager, replacing what it had; in the local cloud's own region or in another."""
        secrets_manager = self.client("secretsmanager", region)
        try:
            secrets_manager.create_secret(Name=name, SecretString=value)
        except secrets_manager.exceptions.ResourceExistsException:
            secrets_manager.put_secret_value(SecretId=name, SecretString=value)

    def deploy(
        self,
        assembly: Path,
        stack_name: str | None = None,
        *,
        edit_template: Callable[[dict[str, Any]], None] | None = None,
    ) -> DeployedStack:
        """Publish the assets of a stack and create or update it.

        Args:
            assembly: the ``cdk.out`` of the app.
            stack_name: which of its stacks, which is put where its environment says. Default: the only one.
            edit_template: changes the template in place before it is deployed, for a test that takes a
                permission away. Default: deployed as it was synthesised.

        Raises:
            ValueError: if there is no such stack.
            UnsupportedError: if the stack uses what the local cloud cannot emulate or check.
            DeploymentFailedError: with the reason of each resource that failed.
        """
        stack = self._choose(read_stacks(assembly, account=self.account, region=self.region), stack_name)
        template = copy.deepcopy(stack.template)
        if edit_template:
            edit_template(template)
        readable = definitions.read_in(template, stack.assets)
        guard.check(stack.name, readable, elsewhere=stack.region != self.region)
        self._regions.add(stack.region)
        publish(self.client("s3", stack.region), stack.assets)
        return replace(self._deployer(stack.region).deploy(stack.name, template, stack.tags), template=readable)

    def deploy_all(self, assembly: Path) -> dict[str, DeployedStack]:
        """Deploy every stack of an assembly, each after those that it depends on; by their names."""
        stacks = read_stacks(assembly, account=self.account, region=self.region)
        return {stack.name: self.deploy(assembly, stack.name) for stack in stacks}

    def destroy(self, stack: DeployedStack | str) -> None:
        """Delete a stack; by its name if it is in the local cloud's own region."""
        if isinstance(stack, str):
            self._deployer(self.region).destroy(stack)
        else:
            self._deployer(stack.region).destroy(stack.name)

    def url_of(self, public_url: str) -> tuple[str, str]:
        """How a URL from a stack's output is reached here: the local URL and the ``Host`` header to send."""
        return local_address(public_url, self.endpoint_url)

    def executions(self, state_machine: str) -> list[Execution]:
        """The executions of a state machine, the latest first, of Express ones too, which AWS shows to nobody.

        Args:
            state_machine: its ARN or its name.
        """
        arn = state_machine
        if not arn.startswith("arn:"):
            arn = f"arn:aws:states:{self.region}:{self.account}:stateMachine:{state_machine}"
        return [Execution(**execution) for execution in self._process.call("executions", state_machine=arn)]

    def execution_history(self, execution_arn: str) -> list[dict[str, Any]]:
        """Every event of an execution; of an Express one with its timestamps as text."""
        if ":express:" in execution_arn:
            events: list[dict[str, Any]] = self._process.call("execution_history", execution=execution_arn)
            return events
        pages = (
            self.client("stepfunctions", execution_arn.split(":")[3])
            .get_paginator("get_execution_history")
            .paginate(executionArn=execution_arn, PaginationConfig={"PageSize": 1000})
        )
        return [event for page in pages for event in page["events"]]

    def state_transitions(self, execution_arn: str) -> int:
        """How many transitions AWS would have billed for a Standard execution by now: states entered and retries."""
        transitions: int = self._process.call("state_transitions", execution=execution_arn)
        return transitions

    def usage(self) -> Usage:
        """What has been used since the start; subtract an earlier one to see what a part has used."""
        return Usage(**self._process.call("usage"))

    def decisions(self, since: int = 0) -> list[Decision]:
        """What was decided about permissions, in order: the latest thousands, of roles and of services.

        Args:
            since: leaves out those up to this number.
        """
        return [Decision(**decision) for decision in self._process.call("decisions", number=since)]

    def function_logs(self) -> list[LogLine]:
        """Every line in every log group, in all regions: of functions, and of what else writes logs."""
        return [line for region in sorted(self._regions) for line in log_lines(self.client("logs", region))]

    def emulator_log(self) -> str:
        """What the emulator complained about, such as log lines that a role may not write."""
        return (self.directory / LOG_FILE).read_text("utf-8", "replace")

    @property
    def scheduler(self) -> Scheduler:
        """EventBridge Scheduler: the schedules, which fire when they are told to."""
        return Scheduler(self._process)

    @property
    def dynamodb(self) -> DynamoDb:
        """DynamoDB: what goes wrong with its API, and what expires."""
        return DynamoDb(self._process)

    @property
    def sns(self) -> Sns:
        """SNS: what goes wrong with its API."""
        return Sns(self._process)

    @property
    def pipelines(self) -> Pipelines:
        """CodePipeline: how far pipelines are."""
        return Pipelines(self._process, self.region)

    @property
    def logs(self) -> Logs:
        """CloudWatch Logs: searches that are slow and hard."""
        return Logs(self._process)

    @property
    def functions(self) -> Functions:
        """Lambda: functions that are throttled, or crash."""
        return Functions(self._process)

    @property
    def step_functions(self) -> StepFunctions:
        """Step Functions: what goes wrong with its API."""
        return StepFunctions(self._process)

    @property
    def waf(self) -> Waf:
        """AWS WAF: what goes wrong with its API, and what it has decided."""
        return Waf(self._process)

    def _deployer(self, region: str) -> Deployer:
        return Deployer(*(self.client(service, region) for service in ("cloudformation", "s3", "ssm")))

    @staticmethod
    def _choose(stacks: Sequence[StackArtifact], name: str | None) -> StackArtifact:
        names = ", ".join(stack.name for stack in stacks)
        if name is None:
            if len(stacks) != 1:
                raise ValueError(f"the assembly has the stacks {names}; say which one with stack_name")
            return stacks[0]
        for stack in stacks:
            if stack.name == name:
                return stack
        raise ValueError(f"stack_name {name!r} is not in the assembly; it has {names}")
