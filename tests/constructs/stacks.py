"""The stacks that the tests look at, and what they need to look at them."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk.aws_cloudwatch_actions import SnsAction

from chatops_constructs import (
    Action,
    Allow,
    Approval,
    Choice,
    CommandFunction,
    Concurrency,
    Ec2Targets,
    EndpointAccess,
    EndpointCommand,
    Flag,
    InvokeFunction,
    IpAllowlistFunction,
    IpSetAddresses,
    IpSetPair,
    LogSearch,
    MaintenancePage,
    MaintenanceWindow,
    Overlap,
    RunOn,
    RunScript,
    ScheduledRunCommand,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackNotifier,
    SlackWorkspace,
    StartWorkflow,
    SuccessIf,
    SwitchedBy,
    Visibility,
    WafMaintenanceSwitch,
    WafScope,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from constructs import Construct

ROOT = Path(__file__).parents[2]
COMMANDS = ROOT / "examples" / "ops_bot" / "commands"

WORKSPACE = SlackWorkspace.team("T012AB3CD", app="A034CD5EF")
WEB = Ec2Targets.by_tag("Role", "web")

Resources = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Synthesised:
    """One stack of a synthesised app."""

    directory: Path
    template: dict[str, Any]

    @classmethod
    def of(cls, app: cdk.App, stack: cdk.Stack) -> Synthesised:
        assembly = app.synth()
        template = assembly.get_stack_artifact(stack.artifact_id).template
        return cls(Path(assembly.directory), template)

    def resources(self, resource_type: str) -> Resources:
        """Logical ids and properties of all resources of a type, `AWS::` left out."""
        return {
            id: resource.get("Properties", {})
            for id, resource in self.template["Resources"].items()
            if resource["Type"] == f"AWS::{resource_type}"
        }

    def count(self, resource_type: str) -> int:
        return len(self.resources(resource_type))

    def only(self, resource_type: str, part_of_id: str = "") -> dict[str, Any]:
        """The properties of the one resource of a type whose logical id contains a text."""
        found = [properties for id, properties in self.resources(resource_type).items() if part_of_id in id]
        assert len(found) == 1, f"{len(found)} {resource_type} with {part_of_id!r} in their ids"
        return found[0]

    def definitions(self) -> dict[str, dict[str, Any]]:
        """The definitions of all state machines by name, tokens replaced by `<…>`."""
        return {
            machine["StateMachineName"]: definition_of(machine, self.directory)
            for machine in self.resources("StepFunctions::StateMachine").values()
        }

    def definition(self, part_of_name: str) -> dict[str, Any]:
        """The definition of the one state machine whose name contains a text."""
        (definition,) = (one for name, one in self.definitions().items() if part_of_name in name)
        return definition

    def statements(self, part_of_id: str) -> list[dict[str, Any]]:
        """All statements of the policies whose logical ids contain a text."""
        return [
            statement
            for id, policy in {**self.resources("IAM::Policy"), **self.resources("IAM::ManagedPolicy")}.items()
            if part_of_id in id
            for statement in policy["PolicyDocument"]["Statement"]
        ]

    def asset(self, code: Mapping[str, Any]) -> Path:
        """The folder of an asset, from the `Code` or `Content` of a function or layer."""
        return self.directory / f"asset.{code['S3Key'].removesuffix('.zip')}"


def definition_of(machine: Mapping[str, Any], directory: Path) -> dict[str, Any]:
    """The definition of a state machine's properties, with its substitutions as `text_of` writes them."""
    if "DefinitionString" in machine:
        text = text_of(machine["DefinitionString"])
    else:
        text = (directory / f"asset.{machine['DefinitionS3Location']['Key']}").read_text(encoding="utf-8")
    for name, value in machine.get("DefinitionSubstitutions", {}).items():
        text = text.replace(f"${{{name}}}", text_of(value))
    definition: dict[str, Any] = json.loads(text)
    return definition


def text_of(value: Any) -> str:
    """A template's string with its references written as `<LogicalId>` and `<LogicalId.Attribute>`."""
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        delimiter, parts = value["Fn::Join"]
        return str(delimiter.join(text_of(part) for part in parts))
    if "Fn::GetAtt" in value:
        return f"<{'.'.join(value['Fn::GetAtt'])}>"
    if "Ref" in value:
        return f"<{value['Ref']}>"
    raise AssertionError(f"cannot write {value} as text")


def load_example() -> ModuleType:
    """The module of `examples/ops_bot/app.py`, run but for its `app.synth()`."""
    path = ROOT / "examples" / "ops_bot" / "app.py"
    spec = importlib.util.spec_from_file_location("ops_bot_app", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with mock.patch.object(cdk.App, "synth"):
        spec.loader.exec_module(module)
    return module


def new_stack(id: str = "Ops", **options: Any) -> tuple[cdk.App, cdk.Stack]:
    app = cdk.App(analytics_reporting=False)
    return app, cdk.Stack(app, id, **options)


def endpoint(scope: Construct, id: str = "Slack", **options: Any) -> SlackCommandEndpoint:
    """An endpoint with what is required, unless the options say otherwise."""
    required: dict[str, Any] = {
        "workspace": WORKSPACE,
        "credentials": SlackCredentials.from_parameters("/ops/prod"),
    }
    return SlackCommandEndpoint(scope, id, **{**required, **options})


def add(slack: SlackCommandEndpoint, name: str, action: Action | None = None, **options: Any) -> EndpointCommand:
    """A command with what is required, unless the options say otherwise."""
    required: dict[str, Any] = {"description": "top processes", "allow": Allow.workspace()}
    return slack.add_command(name, action or RunScript("ps", targets=WEB), **{**required, **options})


def scheduled(stack: Construct, id: str = "Task", **options: Any) -> ScheduledRunCommand:
    """A scheduled task with what is required, unless the options say otherwise."""
    required: dict[str, Any] = {
        "schedule": scheduler.ScheduleExpression.rate(cdk.Duration.hours(1)),
        "targets": WEB,
        "script": "uptime",
    }
    return ScheduledRunCommand(stack, id, **{**required, **options})


def hello_function(stack: cdk.Stack, id: str = "Hello") -> CommandFunction:
    return CommandFunction(stack, id, entry=COMMANDS, handler="hello.hello")


def maximal(stack: cdk.Stack) -> None:
    """Every parameter of every class, and both kinds of access."""
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    slack = SlackCommandEndpoint(
        stack,
        "Slack",
        workspace=WORKSPACE,
        credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True, encryption_key=key),
        access=EndpointAccess.http_api(
            path="/chatops",
            throttle_rate=2.5,
            throttle_burst=7,
            access_log_group=logs.LogGroup(stack, "PassedAccessLogs"),
        ),
        encryption_key=key,
        log_group=logs.LogGroup(stack, "PassedLogs"),
        audit_retention=logs.RetentionDays.TEN_YEARS,
    )
    slack.alarms(
        actions=[SnsAction(sns.Topic(stack, "Alarmed", enforce_ssl=True))],
        ack_time=cdk.Duration.seconds(1),
        wrong_signatures=100,
    )
    slack.dashboard(dashboard_name="Ops")
    slack.add_command(
        "/ops restart",
        RunScript(
            script_file=COMMANDS / "uptime.sh",
            targets=Ec2Targets.by_tag("Role", "web", "app").and_tag("Stage", "production"),
            timeout=cdk.Duration.hours(2),
            delivery_timeout=cdk.Duration.minutes(5),
            accepts_text=True,
            output_log_group=logs.LogGroup.from_log_group_name(stack, "ImportedOutput", "/ops/output"),
            expected_duration=cdk.Duration.minutes(20),
            completion_signal=False,
        ),
        description="restarts the service",
        allow=Allow.channel("C0123OPS", "G0456OPS"),
        visible=Visibility.CHANNEL,
    )
    slack.add_command(
        "/bastion",
        RunScript("uptime", targets=Ec2Targets.by_ids("i-0123456789abcdef0", "i-01234567")),
        description="the bastion",
        allow=Allow.user("U012AB3CD", "W034CD5EF"),
        visible=Visibility.USER,
    )
    hello = CommandFunction(
        stack,
        "Hello",
        entry=COMMANDS,
        handler="hello.hello",
        description="Greets",
        timeout=cdk.Duration.minutes(15),
        memory_size=512,
        environment={"GREETING": "Hello"},
        log_group=logs.LogGroup.from_log_group_name(stack, "ImportedLogs", "/ops/hello"),
        encryption_key=key,
    )
    slack.add_command(
        "/hello", InvokeFunction(hello, accepts_text=False), description="says hello", allow=Allow.workspace()
    )
    slack.add_command(
        "/restore",
        StartWorkflow(
            sfn.StateMachine.from_state_machine_name(stack, "Restore", "Restore"),
            input={"table": "{% $command.text %}"},
            timeout=cdk.Duration.hours(1),
            accepts_text=True,
            express=False,
        ),
        description="restores a table",
        allow=Allow.channel("C0123OPS"),
    )
    slack.add_command(
        "/logsearch",
        LogSearch(
            log_groups={
                "orders": logs.LogGroup(stack, "OrdersLogs"),
                "mail": logs.LogGroup.from_log_group_name(stack, "ImportedMail", "/ops/mail"),
            },
            since=cdk.Duration.hours(12),
            timeout=cdk.Duration.minutes(10),
            correlation=[LogSearch.X_RAY_TRACE_ID, r"order=(\d+)"],
            insights_above=1,
            insights_above_size=cdk.Size.gibibytes(20),
        ),
        description="finds a request",
        allow=Allow.workspace(),
    )
    admins = Allow.user_group("S0ADMINS")
    slack.add_command(
        "/ops deploy",
        RunScript("deploy", targets=WEB.pick(max=3)),
        description="deploys the shop",
        allow=admins | Allow.user("U012AB3CD").when("stage", "dev"),
        visible=Visibility.CHANNEL,
        arguments=[Choice("stage", ["dev", "prod"], help="where to"), Flag("force")],
        aliases=["/deploy"],
        approval=Approval(by=admins, channel="C0123OPS", quorum=2, within=cdk.Duration.hours(1)),
        concurrency=Concurrency.ONE,
    )
    slack.add_command("/seed", InvokeFunction(hello), description="loads data", allow=Allow.workspace(), confirm=True)
    for name, action in (("/ops status", slack.status_action()), ("/ops history", slack.history_action())):
        slack.add_command(name, action, description="tells what runs and ran", allow=Allow.channel("C0123OPS"))
    simple = endpoint(
        stack,
        "Simple",
        access=EndpointAccess.function_url(),
        audit_log_group=logs.LogGroup(stack, "PassedAudit", retention=logs.RetentionDays.ONE_YEAR),
    )
    add(simple, "/ps")
    _maximal_tasks(stack, key)
    _maximal_ip_sets(stack)
    _maximal_guard(stack, key, slack)


def _maximal_ip_sets(stack: cdk.Stack) -> None:
    """One pair for each owner of addresses, and who keeps the one of the run time."""
    IpSetPair(
        stack,
        "Office",
        waf_scope=WafScope.REGIONAL,
        addresses=IpSetAddresses.in_template("10.0.0.0/8", "2a00:1450::/32", allow_private=True),
        description="The office, both lines",
    )
    registered = IpSetPair(stack, "Registered", waf_scope=WafScope.REGIONAL, addresses=IpSetAddresses.at_run_time())
    registered.grant_update(iam.Role(stack, "Keeper", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")))


def _maximal_guard(stack: cdk.Stack, key: kms.IKey, slack: SlackCommandEndpoint) -> None:
    """A switch whose site stays open for those on an allow-list; both from Slack."""
    developers = IpSetPair(stack, "Developers", waf_scope=WafScope.REGIONAL, addresses=IpSetAddresses.at_run_time())
    allowlist = IpAllowlistFunction(
        stack,
        "Allowlist",
        ip_sets=developers,
        valid_for=cdk.Duration.hours(10),
        link_valid_for=cdk.Duration.minutes(5),
        ipv6_prefix_length=56,
        shared_secret_parameter="/ops/prod/allowlist-secret",
        shared_secret_key=key,
        throttle_rate=20,
        throttle_burst=40,
        encryption_key=key,
        access_log_group=logs.LogGroup(stack, "PassedHostLogs"),
    )
    maintenance = WafMaintenanceSwitch(
        stack,
        "Maintenance",
        waf_scope=WafScope.REGIONAL,
        pass_through=["2a00:1450:4001::/48"],
        allow=[developers],
        switched_by=SwitchedBy.run_time(
            windows=[
                MaintenanceWindow(
                    name="SundayNight",
                    schedule=scheduler.ScheduleExpression.cron(
                        week_day="SUN", hour="2", minute="0", time_zone=cdk.TimeZone.ASIA_TOKYO
                    ),
                    duration=cdk.Duration.hours(1),
                )
            ],
            alarm_if_on_longer_than=cdk.Duration.hours(2),
        ),
        page=MaintenancePage.standard(),
        json_body={"error": "maintenance"},
        json_paths=["/api/"],
        retry_after=cdk.Duration.minutes(10),
        encryption_key=key,
        log_group=logs.LogGroup(stack, "PassedSwitchLogs"),
    )
    _ = maintenance.web_acl, maintenance.rule_group
    for name, action in (
        ("/maintenance", maintenance.slack_action()),
        ("/allow-me", allowlist.slack_action()),
        ("/allow-list", allowlist.slack_admin_action()),
    ):
        slack.add_command(name, action, description="guards the site", allow=Allow.channel("C0123OPS"))
    robot = iam.Role(stack, "Robot", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    allowlist.grant_register(robot)
    allowlist.grant_administration(robot)


def _maximal_tasks(stack: cdk.Stack, key: kms.IKey) -> None:
    """Scheduled tasks: one on all instances, one on any one, one with nothing but what is required."""
    ended = sns.Topic(stack, "Ended", enforce_ssl=True)
    notifier = SlackNotifier(
        stack,
        "Notifier",
        channel="C0123OPS",
        credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True, encryption_key=key),
        encryption_key=key,
        log_group=logs.LogGroup(stack, "PassedNotifierLogs"),
    )
    scheduled(
        stack,
        "NightlyBatch",
        schedule=scheduler.ScheduleExpression.cron(hour="2", minute="0", time_zone=cdk.TimeZone.ASIA_TOKYO),
        targets=Ec2Targets.by_tag("Role", "batch", "spare").and_tag("Stage", "production"),
        script=None,
        script_file=COMMANDS / "uptime.sh",
        description="What the night is for",
        enabled=False,
        run_on=RunOn.ALL,
        min_targets=2,
        success_if=SuccessIf.percent(50),
        max_concurrency="10",
        max_errors="10%",
        timeout=cdk.Duration.hours(3),
        delivery_timeout=cdk.Duration.minutes(5),
        expected_duration=cdk.Duration.minutes(40),
        completion_signal=True,
        overlap=Overlap.SKIP,
        start_within=cdk.Duration.minutes(10),
        on_success=[ended],
        on_failure=[ended, notifier],
        alarm_if_no_success_within=cdk.Duration.hours(30),
        output_log_group=logs.LogGroup(stack, "PassedOutput"),
        encryption_key=key,
    )
    scheduled(
        stack,
        "Hourly",
        targets=Ec2Targets.by_ids("i-0123456789abcdef0", "i-01234567"),
        run_on=RunOn.ANY_ONE,
        overlap=Overlap.LOCK,
        completion_signal=False,
        on_failure=[ended],
        encryption_key=key,
    )
    scheduled(stack, "Small")
