"""The whole local cloud: AWS's half, Slack's half, and instances."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatops_local.app import Assembly, synth
from chatops_local.cloud.endpoint_log import EndpointLog
from chatops_local.cloud.endpoints import endpoints_of
from chatops_local.cloud.executions import Execution, Executions
from chatops_local.cloud.instance_role import InstanceRole
from chatops_local.cloud.instances import (
    InstanceGroup,
    InstanceSpec,
    NoSuchInstanceError,
    groups_for,
    named,
    specs_by_id,
)
from chatops_local.cloud.made_up_secrets import make_up_secrets
from chatops_local.cloud.notifiers import bot_token_parameters_of
from chatops_local.cloud.outside import Outside
from chatops_local.cloud.simulated_time import SimulatedTime
from chatops_local.cloud.slack_secrets import SlackSecrets
from chatops_local.cloud.time_controls import TimeControls
from chatops_local.cloud.verdict import problems_of, problems_of_event
from chatops_local.cloud.wall_clocks import WallClocks
from chatops_local.server import DeployedStack, Server
from chatops_local.server.assembly import StackArtifact, read_stacks
from chatops_local.slack import SentEvent, SlackDouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from types import TracebackType

    from typing_extensions import Self

    from chatops_local.server import Credentials
    from chatops_local.slack import SentClick, SentCommand, SentInteraction


ACCOUNT = "123456789012"
"""The account id, unless stacks say another one."""

REGION = "us-east-1"
"""The region, unless stacks say another one."""


class LocalCloud(TimeControls):
    """A running local cloud with its Slack. Start it with `start`; it is a context manager.

    Example:
        >>> with LocalCloud.start(time_scale=0.05) as cloud:       # doctest: +SKIP
        ...     cloud.deploy(Path("examples/ops_bot"))
        ...     sent = cloud.slack.send("/ps")
        ...     print(sent.ack.ms, [message.shown for message in sent.wait()])

    Attributes:
        server: AWS's half.
        slack: Slack's half.
        instances: The ids of the instances, by name.
    """

    def __init__(
        self,
        server: Server,
        slack: SlackDouble,
        executions: Executions,
        instances: Sequence[InstanceSpec] | None,
        time: SimulatedTime,
        ending: ExitStack,
        *,
        make_up_secrets: bool = False,
    ) -> None:
        """Put the halves together; use `start`."""
        self.server = server
        self.slack = slack
        self.instances: dict[str, str] = {}
        self._specs = None if instances is None else list(instances)
        self._groups: list[InstanceGroup] = []
        self._ending = ending
        self._executions = executions
        self._endpoint_logs: dict[str, EndpointLog] = {}
        self._slack_secrets = SlackSecrets(server, slack.workspace)
        self._instance_role = InstanceRole(server)
        self._time = time
        self._outside: Outside | None = None
        self._makes_up_secrets = make_up_secrets

    @classmethod
    def start(
        cls,
        *,
        time_scale: float = 1.0,
        visibility_lag: float = 0.0,
        instances: Sequence[InstanceSpec] | None = None,
        now: datetime | None = None,
        account: str = ACCOUNT,
        region: str = REGION,
        make_up_secrets: bool = False,
    ) -> LocalCloud:
        """Start a local cloud with nothing deployed.

        Args:
            time_scale: What waits are multiplied with, such as 0.05 in tests. A response_url's 30 minutes are scaled
                too.
            visibility_lag: Seconds until a sent command shows up in Systems Manager's lists.
            instances: The instances, started with the first deployment, so that they have the app's instance policy.
                Default: two online ones for each tag that the app's state machines look for.
            now: The simulated time that schedules and the clocks of functions begin with; without a zone it is in UTC.
                Default: now.
            account: The account id; stacks whose environment says another one are not deployed here.
            region: The region.
            make_up_secrets: Whether secrets that your functions declare to read, and that nobody has put, get made-up
                values. Default: False, as a test is to say what is there.
        """
        with ExitStack() as starting:
            slack = starting.enter_context(SlackDouble(time_scale=time_scale))
            server = starting.enter_context(
                Server.start(
                    time_scale=time_scale,
                    visibility_lag=visibility_lag,
                    function_environment=slack.environment,
                    account=account,
                    region=region,
                )
            )
            executions = Executions(server, visibility_lag=visibility_lag)
            slack.is_over = executions.are_over
            slack.is_click_over = executions.have_ended
            slack.is_event_over = executions.are_over_for
            clocks = WallClocks(server, slack)
            time = SimulatedTime(server, slack, now or clocks.started, clocks.show)
            return cls(server, slack, executions, instances, time, starting.pop_all(), make_up_secrets=make_up_secrets)

    def stop(self) -> None:
        """End everything."""
        self._ending.close()

    def __enter__(self) -> Self:
        """Return the cloud."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the cloud."""
        self.stop()

    def deploy(
        self,
        app: Path,
        *,
        stage: str | None = None,
        edit_template: Callable[[dict[str, Any]], None] | None = None,
    ) -> DeployedStack:
        """Deploy an app of one stack, or update it.

        Args:
            app: The folder of a CDK app, or its cdk.out.
            stage: Which stage of the app, by the id or path of its construct; `.` for the stacks that are in none.
                Default: everything, if the app has one stage at most.
            edit_template: Changes the template before it is deployed, for a test that takes a permission away.
                Default: deployed as it was synthesised.

        Raises:
            ValueError: The app has several stacks: use `deploy_all`.
        """
        stacks = self.deploy_all(app, stage=stage, edit_template=edit_template)
        if len(stacks) != 1:
            raise ValueError(
                f"{app} has the stacks {', '.join(stack.name for stack in stacks)}: use deploy_all for several"
            )
        return stacks[0]

    def deploy_all(
        self,
        app: Path | Assembly,
        *,
        stage: str | None = None,
        edit_template: Callable[[dict[str, Any]], None] | None = None,
    ) -> list[DeployedStack]:
        """Deploy or update all stacks of an app, or of one of its stages, and start the instances; see `deploy`.

        Raises:
            StageError: There is no such stage, or the app has several and none was chosen.
            AssemblyError: A stack is for another account than this one.
        """
        with tempfile.TemporaryDirectory(prefix="chatops-local-synth-") as output:
            if not isinstance(app, Assembly):
                app = synth(app, Path(output), account=self.server.account, region=self.server.region)
            assembly = app.of_stage(stage)
            assembly.require_account(self.server.account)
            deployed = [
                self._deploy_stack(directory, stack, edit_template)
                for directory in assembly.directories
                for stack in read_stacks(directory, account=self.server.account, region=self.server.region)
            ]
        self._start_instances(deployed)
        return deployed

    def executions_of(self, sent: SentCommand | SentClick | SentEvent | SentInteraction) -> list[Execution]:
        """The executions that a slash command, a click, an event, a shortcut or a modal started."""
        return self._executions.of(sent)

    def problems_of(self, sent: SentCommand | SentEvent, *, timed_out_after: float | None = None) -> list[str]:
        """What went wrong with a command or an event that is over, or that was given up; empty if nothing did."""
        executions = self.executions_of(sent)
        if isinstance(sent, SentEvent):
            found = problems_of_event(sent, executions, timed_out_after=timed_out_after)
        else:
            found = problems_of(sent, executions, timed_out_after=timed_out_after)
        if executions or not sent.ack.ok:
            return found
        return found + self._endpoint_logs[sent.endpoint].problems_of(sent)

    def all_logs(self) -> list[str]:
        """Everything that was logged so far, line by line: by functions, executions and whatever else writes logs.

        That is each line in every log group of every region, access logs among them, and what the emulator itself has
        printed. A secret that is in none of them was logged nowhere.
        """
        lines = [line.message for line in self.server.function_logs()]
        return [*lines, *self.server.emulator_log().splitlines()]

    def add_instance(self, spec: InstanceSpec) -> str:
        """Start an instance with the role that the app's instance policy gives; its id.

        Raises:
            ValueError: There is an instance of that name.
        """
        if spec.name in self.instances:
            raise ValueError(f"instance {spec.name!r}: the name is taken; give each instance its own")
        instance_id = self.server.add_instance(
            spec.name,
            spec.tags,
            online=spec.online,
            role_arn=self._instance_role.arn,
            instance_id=spec.instance_id,
        )
        self.instances[spec.name] = instance_id
        return instance_id

    def set_online(self, name: str, online: bool) -> None:
        """Connect an instance's agent, or cut it off.

        Raises:
            NoSuchInstanceError: There is no instance of that name.
        """
        if name not in self.instances:
            raise NoSuchInstanceError(f"there is no instance {name!r}; there are {', '.join(self.instances) or 'none'}")
        self.server.set_online(self.instances[name], online)

    def environment(self, credentials: Credentials | None = None) -> dict[str, str]:
        """The environment variables with which another program takes this local cloud for AWS and Slack.

        Slack and everything that is deployed are then reached under their real names, over HTTPS, and nothing else is.
        Put them over those that the program has: `{**os.environ, **cloud.environment()}`.

        Args:
            credentials: Whose rights the program has, such as `server.user_credentials(…)`. Default: the root user's.
        """
        if self._outside is None:
            self._outside = Outside(self.server, self.slack)
            self._ending.callback(self._outside.stop)
        return self._outside.environment(credentials or self.server.root_credentials)

    def _deploy_stack(
        self, directory: Path, stack: StackArtifact, edit_template: Callable[[dict[str, Any]], None] | None
    ) -> DeployedStack:
        endpoints = endpoints_of(stack.template)
        for endpoint in endpoints:
            self._slack_secrets.put(endpoint, stack.region)
        for parameter in bot_token_parameters_of(stack.template):
            self._slack_secrets.put_notifier_token(parameter, stack.region)
        if self._makes_up_secrets:
            make_up_secrets(self.server, stack.template, stack.region)
        deployed = self.server.deploy(directory, stack.name, edit_template=edit_template)
        for endpoint in endpoints:
            local_url, host = self.server.url_of(deployed.outputs[endpoint.url_output])
            self.slack.set_request_url(endpoint.name, self._slack_secrets.app_of(endpoint), local_url, host)
            self._endpoint_logs[endpoint.name] = EndpointLog(
                self.server, deployed.resource(endpoint.function), deployed.region
            )
        self._executions.watch(deployed)
        self._time.watch(deployed)
        self._instance_role.attach_policies_of(deployed)
        return deployed

    def _start_instances(self, deployed: Iterable[DeployedStack]) -> None:
        groups = [group for stack in deployed for group in groups_for(stack.template)]
        self._groups += [group for group in groups if group not in self._groups]
        by_id = [spec for stack in deployed for spec in specs_by_id(stack.template)]
        for spec in [*named(self._groups), *by_id] if self._specs is None else self._specs:
            if spec.name not in self.instances:
                self.add_instance(spec)
