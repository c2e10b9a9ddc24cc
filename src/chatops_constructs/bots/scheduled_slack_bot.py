"""A bot that speaks in Slack on a schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chatops_constructs._asked_once import path_of
from chatops_constructs._dead_letter_alarm import dead_letter_alarm
from chatops_constructs._durations import check_duration, in_seconds, of_seconds
from chatops_constructs._log_group import own_log_group
from chatops_constructs._problems import Problems
from chatops_constructs.bots import bot_states, posting_states
from chatops_constructs.bots.bot_states import BotStates
from chatops_constructs.bots.scheduled_bot_checks import check_handler
from chatops_constructs.bots.slack_poster import SlackPoster
from chatops_constructs.schedules.alarms import no_success_alarm
from chatops_constructs.schedules.checks import (
    check_description,
    check_no_success_within,
    check_notified,
    check_schedule,
)
from chatops_constructs.schedules.endings_rule import EndingsRule
from chatops_constructs.schedules.schedule_tick import grant_encrypt_messages
from chatops_constructs.schedules.scheduled_start import dead_letters_of_schedule, scheduled_start
from chatops_constructs.slack.posting_checks import check_channel, check_credentials
from chatops_constructs.workflow.state_machine import StateMachine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_scheduler as scheduler
    from aws_cdk import aws_sns as sns
    from aws_cdk import aws_sqs as sqs

    from chatops_constructs.schedules.notification_target import NotificationTarget
    from chatops_constructs.slack.credentials import SlackCredentials

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LONGEST_FUNCTION = Duration.minutes(15)
# Seconds for what Lambda turned away, and for topics.
RETRIES = 30 * 60


class ScheduledSlackBot(Construct):
    """Asks a function on a schedule what there is to say, and posts it to a channel of Slack.

    EventBridge Scheduler starts a Step Functions state machine, which invokes the function and posts its answer. A
    scheduled time is posted once, however often Scheduler delivers it. When Slack is busy or away, the machine waits
    and posts later, for half an hour.

    The function receives a `ScheduledRun` if it is a `BotFunction`; any other receives the same as JSON. It answers a
    `Reply`, a text, or None: nothing is posted then, and that is a success.

    A failure is told in `failure_channel` with the id of the execution, and to `on_failure`: the function raised, was
    out of time or throttled for minutes, answered what is no reply, or Slack refused its message. The function is not
    called again when it has raised.

    Creates, for itself alone: the schedule and its role, a state machine with its role and log group, a dead-letter
    queue with an alarm, and a rule for endings that the machine itself cannot tell. Once per stack: the machine that
    makes one run of one scheduled time, and for each bot token a function that posts, with its role and log group.

    The app needs the scope `chat:write` and has to be a member of the channels (`/invite @the-app`).

    To run it now: start an execution of `state_machine` with `{}`, or with `{"channel_id": "C…"}` to have it speak in
    another channel for once.

    Example:
        from aws_cdk import TimeZone
        from aws_cdk import aws_scheduler as scheduler

        from chatops_constructs import BotFunction, ScheduledSlackBot, SlackCredentials

        ScheduledSlackBot(
            self,
            "Standup",
            schedule=scheduler.ScheduleExpression.cron(
                week_day="MON-FRI", hour="9", minute="0", time_zone=TimeZone.ASIA_TOKYO
            ),
            handler=BotFunction(self, "Remind", entry="bots", handler="standup.remind"),
            channel="C0TEAM",
            credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
        )

    Attributes:
        state_machine: Each run is one execution of it.
        role: Its role.
        log_group: Its events, without data.
        poster: The function that posts; shared by the stack's bots with the same token.
        schedule: The schedule.
        dead_letter_queue: Scheduled times that could not be started, and failures of which nobody could be told.
        dead_letter_alarm: Goes off when there are such. Its actions are yours to add.
        no_success_alarm: Goes off when there was no success for too long, or None.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        schedule: scheduler.ScheduleExpression,
        handler: lambda_.IFunction,
        channel: str,
        credentials: SlackCredentials,
        failure_channel: str | None = None,
        on_failure: Sequence[sns.ITopic | NotificationTarget] = (),
        enabled: bool = True,
        start_within: Duration | None = None,
        alarm_if_no_success_within: Duration | None = None,
        description: str | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        """Create the bot.

        Args:
            scope: The parent.
            id: The id in `scope`.
            schedule: When, in which time zone: `ScheduleExpression.cron(…)`, `.rate(…)` or `.at(…)`.
            handler: The function, version or alias that says what is posted: usually a `BotFunction`.
            channel: The id of the channel, `C…`: at the bottom of a channel's details in Slack. Or of a person, `U…`,
                to whom the app writes a direct message.
            credentials: Where the bot token is: made with `bot_token=True`.
            failure_channel: The id of the channel, or person, that is told of failures. Default: `channel`.
            on_failure: Whom else to tell of failures: topics, `SlackNotifier`s, or whatever is a `NotificationTarget`.
                With a topic that mails, a failure is told when Slack itself is what fails. Default: nobody.
            enabled: Whether the schedule starts anything. Default: True.
            start_within: How late a run may begin when AWS has trouble: 1 minute to 24 hours. Later than that it is
                not started, which is told. Default: 1 hour.
            alarm_if_no_success_within: Without a success for so long `no_success_alarm` goes off and the failure is
                told: whole multiples of 5 minutes up to 1 day, of 1 hour up to 7 days. Nothing to say is a success.
                After the first deployment it is in alarm until the first one. Default: no such alarm.
            description: What the bot is for; shown with the schedule and the state machine. Default: its construct
                path.
            encryption_key: Encrypts the machine, its log, the dead-letter queue and the poster's log. Default: keys
                that AWS owns.

        Raises:
            ValueError: A parameter is not as described; the text names it, what is allowed and what to do.
        """
        super().__init__(scope, id)
        start_within = start_within or Duration.hours(1)
        problems = Problems(self)
        check_schedule(problems, schedule)
        check_handler(problems, handler)
        check_channel(problems, "channel", channel)
        if failure_channel is not None:
            check_channel(problems, "failure_channel", failure_channel)
        check_credentials(problems, credentials)
        check_notified(problems, "on_failure", on_failure)
        check_duration(problems, "start_within", start_within, least=60, most=24 * 3600)
        if alarm_if_no_success_within is not None:
            check_no_success_within(problems, alarm_if_no_success_within)
        check_description(problems, description)
        problems.raise_if_any()

        task = path_of(self)
        self.log_group = own_log_group(self, "Logs", encryption_key=encryption_key, delivered_by="states")
        poster = SlackPoster.of(self, credentials, encryption_key=encryption_key)
        self.poster: lambda_.Function = poster.function
        self.dead_letter_queue: sqs.Queue = dead_letters_of_schedule(self, "DeadLetters", encryption_key=encryption_key)
        machine = StateMachine(self, "Machine", log_group=self.log_group, encryption_key=encryption_key)
        self.role: iam.Role = machine.role
        function_arn = handler.function_arn
        self._let(self.role, "AskTheBot", "lambda:InvokeFunction", function_arn)
        poster.grant_post(self.role)
        self._let(self.role, "KeepWhatNobodyWasTold", "sqs:SendMessage", self.dead_letter_queue.queue_arn)
        grant_encrypt_messages(self.role, self.dead_letter_queue)
        time_zone = schedule.time_zone
        states = BotStates(
            task=task,
            function_arn=function_arn,
            time_zone=time_zone.timezone_name if time_zone else "Etc/UTC",
            channel=channel,
            failure_channel=failure_channel or channel,
            poster_arn=poster.arn,
            on_failure=on_failure,
            dead_letter_queue_url=self.dead_letter_queue.queue_url,
        ).states(self.role)
        self.state_machine = machine.define(
            start_at=bot_states.FIRST,
            states=states,
            comment=description or f"The bot {task}",
            timeout=_longest(handler),
        )
        self.schedule: scheduler.Schedule = scheduled_start(
            self,
            schedule=schedule,
            enabled=enabled,
            description=description,
            state_machine=self.state_machine,
            dead_letter_queue=self.dead_letter_queue,
            start_within=start_within,
            encryption_key=encryption_key,
        )
        self.dead_letter_alarm = dead_letter_alarm(
            self,
            "DeadLetterAlarm",
            self.dead_letter_queue,
            description=f"{task} could not be started at a scheduled time, or failed and nobody could be told. Its"
            " dead-letter queue says which, and why",
        )
        self.no_success_alarm = (
            no_success_alarm(self, self.state_machine, alarm_if_no_success_within)
            if alarm_if_no_success_within
            else None
        )
        alarms = [alarm for alarm in (self.dead_letter_alarm, self.no_success_alarm) if alarm]
        EndingsRule(self, "Endings", state_machine=self.state_machine, alarms=alarms)

    @staticmethod
    def _let(role: iam.Role, sid: str, action: str, resource: str) -> None:
        # Not CDK's own grants: of a function they add every version and alias, of a queue reading its attributes.
        role.add_to_policy(iam.PolicyStatement(sid=sid, actions=[action], resources=[resource]))


def _longest(handler: lambda_.IFunction) -> Duration:
    """What the function and, when Slack is away, the reply and the telling of the failure may take."""
    timeout = handler.timeout if isinstance(handler, lambda_.Function) else None
    known = timeout is not None and not timeout.is_unresolved()
    seconds = in_seconds(timeout if timeout is not None and known else LONGEST_FUNCTION)
    return of_seconds(int(seconds) + RETRIES + 2 * posting_states.LONGEST_SECONDS)
