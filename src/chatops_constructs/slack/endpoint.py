"""The endpoint that receives a workspace's slash commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from chatops_constructs._log_group import own_log_group
from chatops_constructs._physical_name import physical_name
from chatops_constructs._problems import Problems
from chatops_constructs.actions.action import Action
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_constructs.run_command.instance_policy import RunCommandInstancePolicy
from chatops_constructs.slack.access import EndpointAccess
from chatops_constructs.slack.authorization import Allow, Visibility
from chatops_constructs.slack.command import CommandSettings, EndpointCommand, EndpointParts
from chatops_constructs.slack.command_name import CommandName
from chatops_constructs.slack.commands_layer import CommandsLayer
from chatops_runtime.contracts import environment as variables
from chatops_runtime.contracts import template_metadata

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    from chatops_constructs.slack.credentials import SlackCredentials
    from chatops_constructs.slack.workspace import SlackWorkspace
    from chatops_runtime.contracts.commands_table import CommandEntry

# https://docs.slack.dev/reference/app-manifest: features.slash_commands, a maximum of 50.
MOST_SLASH_COMMANDS = 50
# The same place: description of a slash command, 2,000 characters; what people see of it while they type is far less.
MOST_DESCRIPTION_CHARACTERS = 2_000

COMMANDS_IN_A_STATEMENT = 20

# A level of its off-switch's name, and the value of a metric's dimension.
LONGEST_NAME = 80


class SlackCommandEndpoint(Construct):
    """Receives the slash commands of one Slack app in one workspace and runs what you bind to them.

    Creates an HTTP API (or a function URL), the *dispatch* function, which verifies Slack's signature and answers
    within Slack's three seconds, the *report* function, which posts results, a log group for the state machines, and
    an output with the URL for Slack. Each command adds a state machine, its role and what its action needs.

    A command typed is one execution of its state machine, named after the request's body: the same request, delivered
    or replayed again, starts nothing. Executions keep what was typed and what came of it for 90 days; with
    `encryption_key` they are encrypted with your key.

    Example:
        from aws_cdk import Stack
        from chatops_constructs import (
            Allow, Ec2Targets, RunScript, SlackCommandEndpoint, SlackCredentials, SlackWorkspace,
        )

        class OpsStack(Stack):
            def __init__(self, scope, id, **kwargs):
                super().__init__(scope, id, **kwargs)
                slack = SlackCommandEndpoint(
                    self, "Slack",
                    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
                    credentials=SlackCredentials.from_parameters("/ops/prod"),
                )
                slack.add_command(
                    "/ps",
                    RunScript("ps aux --sort=-%cpu | head -20", targets=Ec2Targets.by_tag("Role", "web")),
                    description="top processes",
                    allow=Allow.channel("C0123OPS"),
                )

    Attributes:
        access: How Slack reaches the endpoint: the API with its stage, routes and log, or the function URL.
        commands: The commands so far, by name.
        dispatch: The function that receives Slack's requests.
        report: The function that posts results.
        name: The endpoint's physical name, by which its metrics are told from those of others.
        log_group: Where the state machines' events go.
        url: Where Slack sends its requests: the "Request URL" of every slash command of the app.
        url_output: The output with that URL.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        workspace: SlackWorkspace,
        credentials: SlackCredentials,
        access: EndpointAccess | None = None,
        encryption_key: kms.IKey | None = None,
        log_group: logs.ILogGroup | None = None,
    ) -> None:
        """Create the endpoint, without commands.

        Args:
            scope: The parent.
            id: The id in `scope`.
            workspace: The workspace and the app that are served. Any other is refused.
            credentials: Where the signing secret and the bot token are.
            access: How Slack reaches the endpoint. Default: `EndpointAccess.http_api()`.
            encryption_key: A customer-managed key for everything that is kept: executions and logs. The policy of an
                imported key has to let CloudWatch Logs use it. Default: keys that AWS owns.
            log_group: An existing log group for the state machines' events. Default: an own one, kept for one month.
        """
        super().__init__(scope, id)
        self.name: str = physical_name(self, longest=LONGEST_NAME)
        self._encryption_key = encryption_key
        self._credentials = credentials
        self._workspace = workspace
        self.commands: dict[str, EndpointCommand] = {}
        self.log_group: logs.ILogGroup = log_group or own_log_group(
            self, "Logs", encryption_key=encryption_key, delivered_by="states"
        )
        self.dispatch: lambda_.Function = self._create_dispatch(workspace)
        self.report: lambda_.Function = self._create_report(workspace)
        self.access = (access or EndpointAccess.http_api()).bind(self, self.dispatch, encryption_key)
        self.url: str = self.access.url
        self.url_output = CfnOutput(
            self, "Url", value=self.url, description="Request URL of the slash commands of the Slack app"
        )
        self._layer = CommandsLayer(self, "CommandsTable", function=self.dispatch, entries=self._entries)
        self._commands_scope = Construct(self, "Commands")
        self._describe()

    def add_command(
        self,
        name: str,
        action: Action,
        *,
        description: str,
        allow: Allow,
        visible: Visibility = Visibility.USER,
    ) -> EndpointCommand:
        """Bind an action to a slash command.

        The command has to be made in the Slack app as well, with the endpoint's URL as its Request URL.

        Args:
            name: The command, `/ps`, or one with a sub-command, `/ops restart`: Slack knows `/ops` then, and any number
                of sub-commands share it. `help` is built in for every command.
            action: What it does: `RunScript`, `InvokeFunction` or an `Action` of your own.
            description: What it does in a few words, for `help`.
            allow: Who may run it. Required: nobody gets a command by forgetting a parameter.
            visible: Who sees command and result. Default: only the person who typed it.

        Returns:
            The command with its state machine and role.

        Raises:
            ValueError: The name is no command's name or there already, the description is empty, the app would have
                more than 50 slash commands, or the result may come when Slack no longer takes it.
        """
        parsed = CommandName.parse(name)
        self._check_name(parsed)
        self._check_settings(action, description, allow, visible)
        command = EndpointCommand(
            self._commands_scope,
            parsed.construct_id,
            settings=CommandSettings(name=parsed, action=action, description=description, allow=allow, visible=visible),
            endpoint=EndpointParts(
                report=self.report,
                log_group=self.log_group,
                encryption_key=self._encryption_key,
                has_bot_token=self._credentials.bot_token_parameter is not None,
            ),
        )
        self._grant_start(command)
        self.commands[str(parsed)] = command
        self._describe()
        return command

    @property
    def instance_policy(self) -> RunCommandInstancePolicy:
        """What the roles of your instances need so that Run Command reaches them: attach it to them."""
        return RunCommandInstancePolicy.of(self)

    def _create_dispatch(self, workspace: SlackWorkspace) -> lambda_.Function:
        function = RuntimeFunction(
            self,
            "Dispatch",
            handler="chatops_runtime.dispatch.handler.handler",
            description="verifies Slack's requests and starts commands",
            memory_size=256,
            timeout=Duration.seconds(10),
            environment={
                variables.ENDPOINT: self.name,
                variables.TEAM_ID: workspace.team_id,
                variables.APP_ID: workspace.app_id,
                variables.SIGNING_SECRET_PARAMETER: self._credentials.signing_secret_parameter,
            },
            encryption_key=self._encryption_key,
        )
        self._credentials.grant_read_signing_secret(function)
        return function

    def _create_report(self, workspace: SlackWorkspace) -> lambda_.Function:
        bot_token = self._credentials.bot_token_parameter
        function = RuntimeFunction(
            self,
            "Report",
            handler="chatops_runtime.report.handler.handler",
            description="posts the results of commands to Slack",
            memory_size=256,
            timeout=Duration.minutes(1),
            environment={
                variables.TEAM_ID: workspace.team_id,
                **({variables.BOT_TOKEN_PARAMETER: bot_token} if bot_token else {}),
            },
            encryption_key=self._encryption_key,
        )
        self._credentials.grant_read_bot_token(function)
        return function

    def _check_name(self, name: CommandName) -> None:
        problems = Problems(self)
        problems.check(
            str(name) not in self.commands, "name", str(name), "a name that is not there yet", "choose another one"
        )
        problems.check(
            self._commands_scope.node.try_find_child(name.construct_id) is None or str(name) in self.commands,
            "name",
            str(name),
            f"a name whose construct id, {name.construct_id}, is not there yet",
            "choose one that differs in more than '-' and '_'",
        )
        slash_commands = {other.partition(" ")[0] for other in self.commands} | {name.slash_command}
        problems.check(
            len(slash_commands) <= MOST_SLASH_COMMANDS,
            "name",
            str(name),
            f"{MOST_SLASH_COMMANDS} slash commands in a Slack app",
            "make it a sub-command, like '/ops restart', or add a second endpoint with an app of its own",
        )
        problems.check(
            not self._layer.written,
            "name",
            str(name),
            "commands before synthesis",
            "add it before app.synth() is called",
        )
        problems.raise_if_any()

    def _check_settings(self, action: Action, description: str, allow: Allow, visible: Visibility) -> None:
        problems = Problems(self)
        problems.check(
            isinstance(action, Action),
            "action",
            action,
            "RunScript(…), InvokeFunction(…) or an Action of your own",
            "say what the command does",
        )
        problems.check(
            isinstance(description, str) and 0 < len(description.strip()) <= MOST_DESCRIPTION_CHARACTERS,
            "description",
            description,
            f"1 to {MOST_DESCRIPTION_CHARACTERS} characters",
            "say in a few words what the command does",
            tokens=False,
        )
        problems.check(
            isinstance(allow, Allow),
            "allow",
            allow,
            "Allow.channel(…), Allow.user(…) or Allow.workspace()",
            "say who may run the command",
        )
        problems.check(
            isinstance(visible, Visibility),
            "visible",
            visible,
            "Visibility.USER or Visibility.CHANNEL",
            "say who sees command and result, or leave it out",
        )
        problems.raise_if_any()

    def _grant_start(self, command: EndpointCommand) -> None:
        # Each machine by its ARN. In statements of twenty, of which CDK makes a policy more when one is full.
        if len(self.commands) % COMMANDS_IN_A_STATEMENT == 0:
            self._start_commands = iam.PolicyStatement(actions=["states:StartExecution"])
            self.dispatch.add_to_role_policy(self._start_commands)
        self._start_commands.add_resources(command.state_machine.state_machine_arn)

    def _entries(self) -> dict[str, CommandEntry]:
        return {name: command.entry for name, command in self.commands.items()}

    def _describe(self) -> None:
        # By this mark tools that read the template find the endpoint: its URL, its app, its commands and the names of
        # its secrets.
        cast("lambda_.CfnFunction", self.dispatch.node.default_child).add_metadata(
            template_metadata.ENDPOINT,
            {
                "version": template_metadata.VERSION,
                "url_output": Stack.of(self).get_logical_id(self.url_output),
                "team_id": self._workspace.team_id,
                "app_id": self._workspace.app_id,
                "signing_secret_parameter": self._credentials.signing_secret_parameter,
                "bot_token_parameter": self._credentials.bot_token_parameter,
                "commands": {name: command.description_for_slack for name, command in self.commands.items()},
            },
        )
