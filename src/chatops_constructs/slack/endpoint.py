"""The endpoint that receives a workspace's slash commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput
from aws_cdk import aws_logs as logs
from constructs import Construct

from chatops_constructs._at_synthesis import at_synthesis
from chatops_constructs._log_group import own_log_group
from chatops_constructs._physical_name import physical_name
from chatops_constructs.run_command.instance_policy import RunCommandInstancePolicy
from chatops_constructs.slack.access import EndpointAccess
from chatops_constructs.slack.admission_checks import check_admission
from chatops_constructs.slack.admission_desk import AdmissionDesk
from chatops_constructs.slack.audit_log import AuditLog
from chatops_constructs.slack.authorization import Allow, Visibility
from chatops_constructs.slack.command import CommandSettings, EndpointCommand
from chatops_constructs.slack.command_checks import check_name, check_settings, checked_aliases, declared_arguments
from chatops_constructs.slack.command_name import CommandName
from chatops_constructs.slack.commands_layer import CommandsLayer
from chatops_constructs.slack.concurrency import Concurrency
from chatops_constructs.slack.dead_letters import DeadLetters
from chatops_constructs.slack.endings import Endings
from chatops_constructs.slack.endpoint_functions import Dispatch, Report
from chatops_constructs.slack.endpoint_handlers import EndpointHandlers
from chatops_constructs.slack.endpoint_mark import describe_endpoint
from chatops_constructs.slack.endpoint_watch import EndpointWatch
from chatops_constructs.slack.handler_entries import event_entries, interaction_entries
from chatops_constructs.slack.off_switch import OffSwitch
from chatops_constructs.slack.refusals import Refusals
from chatops_constructs.slack.rule_checks import check_rule
from chatops_constructs.slack.saved_query import saved_query
from chatops_constructs.slack.status_actions import StatusActions
from chatops_constructs.slack.telling import Telling, telling_policy
from chatops_runtime.contracts import commands_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_sqs as sqs
    from aws_cdk import aws_ssm as ssm

    from chatops_constructs.actions.action import Action
    from chatops_constructs.slack.approval import Approval
    from chatops_constructs.slack.arguments.argument import Argument
    from chatops_constructs.slack.credentials import SlackCredentials
    from chatops_constructs.slack.decisions import Clickable, Decisions
    from chatops_constructs.slack.workspace import SlackWorkspace

# A level of its off-switch's name, and the value of a metric's dimension.
LONGEST_NAME = 80


class SlackCommandEndpoint(StatusActions, EndpointHandlers, EndpointWatch, Construct):
    """Receives the slash commands of one Slack app in one workspace, and its events, and runs what you bind to them.

    Creates an HTTP API (or a function URL), the *dispatch* function, which verifies Slack's signature and answers
    within Slack's three seconds, the *report* function, which posts results, a log group for the state machines, and
    an output with the URL for Slack. Each command adds a state machine, its role and what its action needs.

    For what goes wrong or is looked into later, it creates a log group with an audit line for each command, which
    outlives the stack, a dead-letter queue, a state machine with rules that tells of commands that were aborted, timed
    out or broke, one that keeps audit lines of refusals, and a saved query for CloudWatch Logs Insights.

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
        off_switch: The SSM parameter that stops all commands within a minute, and whose value is on, off, or off and a
            reason. CloudFormation leaves it as it is, unless the resource itself or the stack's tags change.
        log_group: Where the state machines' events go.
        audit_log_group: Where the audit lines are; it is kept when the stack is deleted.
        dead_letter_queue: Results that Slack did not take, audit lines that could not be written, and events that
            started nothing; kept for 14 days.
        endings: Tells of commands that ended in a way that no state can catch.
        refusals: Keeps audit lines of commands that were refused.
        decisions: Handles clicks; None as long as there is nothing to click on.
        saved_query: Finds everything about a command by its id, in all logs of the endpoint.
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
        off_switch: ssm.IStringParameter | None = None,
        encryption_key: kms.IKey | None = None,
        log_group: logs.ILogGroup | None = None,
        audit_log_group: logs.ILogGroup | None = None,
        audit_retention: logs.RetentionDays | None = None,
    ) -> None:
        """Create the endpoint, without commands.

        Args:
            scope: The parent.
            id: The id in `scope`.
            workspace: The workspace and the app that are served. Any other is refused.
            credentials: Where the signing secret and the bot token are.
            access: How Slack reaches the endpoint. Default: `EndpointAccess.http_api()`.
            off_switch: An existing parameter, such as another endpoint's off_switch, which then stops both. Default: an
                own one, which is on.
            encryption_key: A customer-managed key for everything that is kept: executions, logs, dead letters. The
                policy of an imported key has to let CloudWatch Logs and EventBridge use it. Default: keys of AWS.
            log_group: An existing log group for the state machines' events. Default: an own one, kept for one month.
            audit_log_group: An existing log group for audit lines, which should keep them for a year or more. Default:
                an own one, which nobody may delete before somebody takes its deletion protection away.
            audit_retention: How long the own one keeps its lines. Default: one year, and no less is possible.

        Raises:
            ValueError: `audit_retention` is less than a year, or comes with an `audit_log_group`.
        """
        super().__init__(scope, id)
        self.name: str = physical_name(self, longest=LONGEST_NAME)
        self._credentials = credentials
        self._workspace = workspace
        self.commands: dict[str, EndpointCommand] = {}
        self._aliases: dict[str, str] = {}
        self._command_ids: set[str] = set()
        self.log_group: logs.ILogGroup = log_group or own_log_group(
            self, "Logs", encryption_key=encryption_key, delivered_by="states"
        )
        self._switch = OffSwitch.shared(self, off_switch) if off_switch else OffSwitch.own(self, self.name)
        self.off_switch: ssm.IStringParameter = self._switch.parameter
        self._dispatch = Dispatch(
            self,
            "Dispatch",
            endpoint_name=self.name,
            workspace=workspace,
            credentials=credentials,
            off_switch=self._switch,
            encryption_key=encryption_key,
        )
        self.dispatch: lambda_.Function = self._dispatch
        self.report: lambda_.Function = Report(
            self,
            "Report",
            endpoint_name=self.name,
            workspace=workspace,
            credentials=credentials,
            encryption_key=encryption_key,
        )
        self.access = (access or EndpointAccess.http_api()).bind(self, self.dispatch, encryption_key)
        self.url: str = self.access.url
        self.url_output = CfnOutput(
            self, "Url", value=self.url, description="Request URL of the slash commands of the Slack app"
        )
        audit_log = AuditLog(
            self, "AuditLog", log_group=audit_log_group, retention=audit_retention, encryption_key=encryption_key
        )
        self.audit_log_group: logs.ILogGroup = audit_log.log_group
        dead_letters = DeadLetters(self, "DeadLetters", encryption_key=encryption_key)
        self.dead_letter_queue: sqs.Queue = dead_letters.queue
        self._telling = Telling(
            report_arn=self.report.function_arn,
            audit_log=audit_log,
            dead_letters=dead_letters,
            log_group=self.log_group,
            encryption_key=encryption_key,
        )
        self._telling_policy = telling_policy(self, "TellingPolicy", self._telling)
        self.endings = Endings(
            self, "Endings", telling=self._telling, policy=self._telling_policy, commands=self._machine_arns
        )
        self.refusals = Refusals(self, "Refusals", telling=self._telling)
        self._dispatch.may_start(self.refusals.arn)
        self.saved_query = saved_query(
            self,
            "SavedQuery",
            endpoint_name=self.name,
            log_groups=[self.dispatch.log_group, self.report.log_group, self.log_group, self.audit_log_group],
        )
        self.decisions: Decisions | None = None
        self._desk = AdmissionDesk(
            self,
            team_id=workspace.team_id,
            credentials=credentials,
            telling=self._telling,
            clickables=self._clickables,
            when_clickable=self._receive_clicks,
            when_created=self._find_in_log_of,
        )
        self._layer = CommandsLayer(self, "CommandsTable", function=self.dispatch, table=self._table)
        self._commands_scope = Construct(self, "Commands")
        at_synthesis(self._layer, self._describe)

    def add_command(
        self,
        name: str,
        action: Action,
        *,
        description: str,
        allow: Allow,
        visible: Visibility = Visibility.USER,
        arguments: Sequence[Argument] = (),
        aliases: Sequence[str] = (),
        approval: Approval | None = None,
        confirm: bool = False,
        concurrency: Concurrency = Concurrency.MANY,
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
            arguments: What may be typed after it, in this order or by name. Default: what the action declares itself,
                or free text if it accepts that.
            aliases: Other names for it, `/restart` or `/ops rs`. One that is a slash command of its own counts among
                the app's 50. Default: none.
            approval: Who has to agree before it runs. What they are shown is what runs. Default: nobody.
            confirm: Whether the user is asked if it is meant, and shown what would run. Default: False.
            concurrency: Whether it may be run while it runs. Default: `Concurrency.MANY`.

        Returns:
            The command with its state machine and role.

        Raises:
            ValueError: The name is no command's name or there already, the description is empty, the app would have
                more than 50 slash commands, the result may come when Slack no longer takes it, or nobody could be asked
                for the approval.
        """
        parsed = CommandName.parse(name)
        names = {*self.commands, *self._aliases}
        check_name(self, parsed, names=names, ids=self._command_ids, too_late=self._layer.written)
        others = checked_aliases(self, aliases, names={*names, str(parsed)})
        check_settings(self, action=action, description=description, allow=allow, visible=visible)
        declared = declared_arguments(self, action, arguments)
        has_bot_token = self._credentials.bot_token_parameter is not None
        check_rule(self, "allow", allow, arguments=declared, has_bot_token=has_bot_token)
        settings = CommandSettings(
            name=parsed,
            action=action,
            description=description,
            allow=allow,
            visible=visible,
            arguments=declared,
            aliases=others,
            approval=approval,
            confirm=confirm,
            concurrency=concurrency,
        )
        check_admission(self, settings, has_bot_token=has_bot_token)
        self._command_ids.add(parsed.construct_id)
        command = EndpointCommand(
            self._commands_scope,
            parsed.construct_id,
            settings=settings,
            telling=self._telling,
            policy=self._telling_policy,
            has_bot_token=has_bot_token,
            desk=self._desk,
        )
        self._dispatch.may_start_command(command.state_machine.state_machine_arn)
        self.commands[str(parsed)] = command
        self._aliases |= command.aliases
        return command

    def take_clicks(self) -> None:
        """Have buttons run commands, those below the notices of a `SlackNotifier` for instance.

        An endpoint takes clicks anyway if one of its commands has something to click on, an approval or a Cancel button
        for instance, or if it is the `endpoint` of a notifier with `commands`. Without that it needs to be told.
        """
        self._desk.take_clicks()

    @property
    def instance_policy(self) -> RunCommandInstancePolicy:
        """What the roles of your instances need so that Run Command reaches them: attach it to them."""
        return RunCommandInstancePolicy.of(self)

    def _machine_arns(self) -> list[str]:
        return [task.machine_arn for task in (*self.commands.values(), *self.handlers.values())]

    def _find_in_log_of(self, function: lambda_.Function) -> None:
        others = self.saved_query.log_group_names or []
        self.saved_query.log_group_names = [*others, function.log_group.log_group_name]

    def _receive_clicks(self, decisions: Decisions) -> None:
        self.decisions = decisions
        self._dispatch.may_start(decisions.arn)
        self._layer.add_function(decisions.function)

    def _clickables(self) -> list[Clickable]:
        return [command.clickable for command in self.commands.values() if command.clickable]

    def _table(self) -> str:
        entries = {name: command.entry for name, command in self.commands.items()}
        return commands_table.render(
            entries,
            aliases=self._aliases,
            events=event_entries(self.handlers),
            interactions=interaction_entries(self.handlers),
            refusals=self.refusals.name,
            decisions=self.decisions.name if self.decisions else "",
        )

    def _describe(self) -> None:
        describe_endpoint(
            self.dispatch,
            url_output=self.url_output,
            workspace=self._workspace,
            credentials=self._credentials,
            off_switch=self._switch.name,
            mutual_tls=self.access.mutual_tls,
            interactivity=self.decisions is not None,
            commands=self.commands.values(),
            handlers=self.handlers,
        )
