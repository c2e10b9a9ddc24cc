"""The Lambda side of chatops-constructs: standard library and boto3 only.

One folder per capability; `contracts` is what it shares with the CDK side. Users' own handlers import what `__all__`
names from here; it is loaded when it is asked for, so that the ack path does not pay for it.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chatops_runtime.bot_function.scheduled_run import ScheduledRun
    from chatops_runtime.bot_function.slack_event import SlackEvent
    from chatops_runtime.bot_function.slack_interaction import SlackInteraction
    from chatops_runtime.command_function import Reply, SlackCommand
    from chatops_runtime.fan_out import FanOut, Job, NotPublishedError
    from chatops_runtime.secrets import SecretError, read_secret
    from chatops_runtime.slack.mrkdwn import escape
else:
    _HOMES = {
        "FanOut": "chatops_runtime.fan_out",
        "Job": "chatops_runtime.fan_out",
        "NotPublishedError": "chatops_runtime.fan_out",
        "Reply": "chatops_runtime.command_function",
        "ScheduledRun": "chatops_runtime.bot_function.scheduled_run",
        "SecretError": "chatops_runtime.secrets",
        "SlackCommand": "chatops_runtime.command_function",
        "SlackEvent": "chatops_runtime.bot_function.slack_event",
        "SlackInteraction": "chatops_runtime.bot_function.slack_interaction",
        "escape": "chatops_runtime.slack.mrkdwn",
        "read_secret": "chatops_runtime.secrets",
    }

    def __getattr__(name):  # noqa: ANN001, ANN202 - type checkers read the other branch
        """Load what users import from here (https://peps.python.org/pep-0562/)."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(_HOMES[name]), name)


__all__ = [
    "FanOut",
    "Job",
    "NotPublishedError",
    "Reply",
    "ScheduledRun",
    "SecretError",
    "SlackCommand",
    "SlackEvent",
    "SlackInteraction",
    "escape",
    "read_secret",
]
