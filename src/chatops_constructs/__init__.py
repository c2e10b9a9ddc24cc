"""AWS CDK constructs with which a team runs its operations from Slack and on schedules, without a server.

Everything that is public is here; the modules below are private, wherever they are.
"""

from chatops_constructs.accounts.target_account import TargetAccount
from chatops_constructs.accounts.target_account_role import TargetAccountRole
from chatops_constructs.actions.action import Action, ActionContext, BoundAction, Freeze
from chatops_constructs.actions.invoke_function import InvokeFunction
from chatops_constructs.actions.log_search import LogSearch
from chatops_constructs.actions.run_script import RunScript
from chatops_constructs.actions.start_workflow import StartWorkflow
from chatops_constructs.bots.bot_function import BotFunction
from chatops_constructs.bots.scheduled_slack_bot import ScheduledSlackBot
from chatops_constructs.delivery.cdk_synth import CdkSynth
from chatops_constructs.delivery.delivery_pipeline import DeliveryPipeline
from chatops_constructs.delivery.delivery_stage import DeliveryStage
from chatops_constructs.delivery.github_source import GitHubSource
from chatops_constructs.fan_out.fan_out_alarms import FanOutAlarms
from chatops_constructs.fan_out.fan_out_metrics import FanOutMetrics
from chatops_constructs.fan_out.idempotency import Idempotency
from chatops_constructs.fan_out.job_function import JobFunction
from chatops_constructs.fan_out.lossy_throttles import refuse_lossy_throttles
from chatops_constructs.fan_out.throttled_fan_out import ThrottledFanOut
from chatops_constructs.packaging.command_function import CommandFunction
from chatops_constructs.packaging.python_dependencies import PythonDependencies
from chatops_constructs.packaging.python_function import PythonFunction
from chatops_constructs.packaging.runtime_layer import RuntimeLayer
from chatops_constructs.run_command.instance_policy import RunCommandInstancePolicy
from chatops_constructs.run_command.overlap import Overlap
from chatops_constructs.run_command.run_on import RunOn
from chatops_constructs.run_command.scheduled_run_command import ScheduledRunCommand
from chatops_constructs.run_command.success_if import SuccessIf
from chatops_constructs.run_command.targets import Ec2Targets, PickedTargets, TaggedTargets
from chatops_constructs.schedules.notification_target import NotificationTarget
from chatops_constructs.secrets.stage_secret import StageSecret
from chatops_constructs.secrets.stage_secrets import StageSecrets
from chatops_constructs.site.dual_stack_site import DualStackSite
from chatops_constructs.site.site_kind import SiteKind
from chatops_constructs.slack.access import BoundAccess, EndpointAccess
from chatops_constructs.slack.approval import Approval
from chatops_constructs.slack.arguments.argument import Argument
from chatops_constructs.slack.arguments.channel_arg import ChannelArg
from chatops_constructs.slack.arguments.choice import Choice
from chatops_constructs.slack.arguments.cidr import Cidr
from chatops_constructs.slack.arguments.duration_arg import DurationArg
from chatops_constructs.slack.arguments.flag import Flag
from chatops_constructs.slack.arguments.integer import Integer
from chatops_constructs.slack.arguments.text import Text
from chatops_constructs.slack.arguments.time_arg import TimeArg
from chatops_constructs.slack.arguments.user_arg import UserArg
from chatops_constructs.slack.authorization import Allow, Visibility
from chatops_constructs.slack.command import EndpointCommand
from chatops_constructs.slack.command_button import CommandButton
from chatops_constructs.slack.concurrency import Concurrency
from chatops_constructs.slack.credentials import SlackCredentials
from chatops_constructs.slack.endpoint import SlackCommandEndpoint
from chatops_constructs.slack.endpoint_alarms import EndpointAlarms
from chatops_constructs.slack.endpoint_dashboard import EndpointDashboard
from chatops_constructs.slack.endpoint_handlers import EndpointHandlers
from chatops_constructs.slack.endpoint_metrics import EndpointMetrics
from chatops_constructs.slack.endpoint_watch import EndpointWatch
from chatops_constructs.slack.handler import EndpointHandler
from chatops_constructs.slack.notifier import SlackNotifier
from chatops_constructs.slack.reply_in import ReplyIn
from chatops_constructs.slack.workspace import SlackWorkspace
from chatops_constructs.stages.difference import Difference
from chatops_constructs.stages.parity import assert_stage_parity
from chatops_constructs.stages.stage_settings import StageSettings
from chatops_constructs.stages.stages import Stages
from chatops_constructs.waf.forwarded_source import ForwardedSource
from chatops_constructs.waf.ip_allowlist_function import IpAllowlistFunction
from chatops_constructs.waf.ip_set_addresses import IpSetAddresses
from chatops_constructs.waf.ip_set_pair import IpSetPair
from chatops_constructs.waf.maintenance_page import MaintenancePage
from chatops_constructs.waf.maintenance_switch import WafMaintenanceSwitch
from chatops_constructs.waf.switched_by import MaintenanceWindow, SwitchedBy
from chatops_constructs.waf.waf_scope import WafScope

__all__ = [
    "Action",
    "ActionContext",
    "Allow",
    "Approval",
    "Argument",
    "BotFunction",
    "BoundAccess",
    "BoundAction",
    "CdkSynth",
    "ChannelArg",
    "Choice",
    "Cidr",
    "CommandButton",
    "CommandFunction",
    "Concurrency",
    "DeliveryPipeline",
    "DeliveryStage",
    "Difference",
    "DualStackSite",
    "DurationArg",
    "Ec2Targets",
    "EndpointAccess",
    "EndpointAlarms",
    "EndpointCommand",
    "EndpointDashboard",
    "EndpointHandler",
    "EndpointHandlers",
    "EndpointMetrics",
    "EndpointWatch",
    "FanOutAlarms",
    "FanOutMetrics",
    "Flag",
    "ForwardedSource",
    "Freeze",
    "GitHubSource",
    "Idempotency",
    "Integer",
    "InvokeFunction",
    "IpAllowlistFunction",
    "IpSetAddresses",
    "IpSetPair",
    "JobFunction",
    "LogSearch",
    "MaintenancePage",
    "MaintenanceWindow",
    "NotificationTarget",
    "Overlap",
    "PickedTargets",
    "PythonDependencies",
    "PythonFunction",
    "ReplyIn",
    "RunCommandInstancePolicy",
    "RunOn",
    "RunScript",
    "RuntimeLayer",
    "ScheduledRunCommand",
    "ScheduledSlackBot",
    "SiteKind",
    "SlackCommandEndpoint",
    "SlackCredentials",
    "SlackNotifier",
    "SlackWorkspace",
    "StageSecret",
    "StageSecrets",
    "StageSettings",
    "Stages",
    "StartWorkflow",
    "SuccessIf",
    "SwitchedBy",
    "TaggedTargets",
    "TargetAccount",
    "TargetAccountRole",
    "Text",
    "ThrottledFanOut",
    "TimeArg",
    "UserArg",
    "Visibility",
    "WafMaintenanceSwitch",
    "WafScope",
    "assert_stage_parity",
    "refuse_lossy_throttles",
]
