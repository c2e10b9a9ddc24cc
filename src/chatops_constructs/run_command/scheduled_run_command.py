"""A script on EC2 instances, on a schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

from chatops_constructs._asked_once import path_of
from chatops_constructs._durations import in_seconds, of_seconds
from chatops_constructs._log_group import own_log_group
from chatops_constructs._problems import Problems
from chatops_constructs.run_command import run_overlap, scheduled_run_states
from chatops_constructs.run_command.completion_signal import CompletionSignal
from chatops_constructs.run_command.instance_policy import RunCommandInstancePolicy
from chatops_constructs.run_command.output_log import output_log_of
from chatops_constructs.run_command.overlap import Overlap
from chatops_constructs.run_command.run_locks import RunLocks
from chatops_constructs.run_command.run_notices import RunNotices
from chatops_constructs.run_command.run_on import RunOn
from chatops_constructs.run_command.scheduled_run_checks import check_choices, check_fleet
from chatops_constructs.run_command.scheduled_run_states import ScheduledRunStates
from chatops_constructs.run_command.script_document import ScriptDocument
from chatops_constructs.run_command.script_output import END_OF_FAILURES
from chatops_constructs.run_command.script_run import ScriptRun
from chatops_constructs.run_command.script_source import check_script, check_seconds, check_times, read_script
from chatops_constructs.run_command.success_if import SuccessIf
from chatops_constructs.schedules.alarms import no_success_alarm, not_started_alarm
from chatops_constructs.schedules.checks import (
    check_description,
    check_no_success_within,
    check_notified,
    check_schedule,
)
from chatops_constructs.schedules.endings_rule import EndingsRule
from chatops_constructs.schedules.scheduled_start import dead_letters_of_schedule, scheduled_start
from chatops_constructs.workflow.state_machine import StateMachine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_scheduler as scheduler
    from aws_cdk import aws_sns as sns

    from chatops_constructs.run_command.targets import Ec2Targets
    from chatops_constructs.schedules.notification_target import NotificationTarget

# Seconds for the states behind the run: the lock, the notices and their retries.
TELLING = 15 * 60


class ScheduledRunCommand(Construct):
    """Run a shell script on EC2 instances on a schedule, and tell how it went.

    No server and no function: EventBridge Scheduler starts a Step Functions state machine, which sends the script
    with Systems Manager's Run Command, waits for its end, looks at what became of it on every instance and tells the
    `on_success` or `on_failure` targets.

    Creates, for itself alone: the schedule and its role, an SSM document with the script and nothing but the script, a
    state machine with its role and log group, a dead-letter queue with an alarm for a schedule that cannot start, and
    a rule for endings that the machine itself cannot tell. Once per stack: the machine that makes one run of one
    scheduled time, what signals that commands are over, a log group for output, and the `RunCommandInstancePolicy`,
    which the instances' roles need. It can be removed by itself; topics and instances stay as they are.

    The script runs as root under `sh`, or under what its first line names with `#!`. It finds `CHATOPS_TASK`,
    `CHATOPS_SCHEDULED_AT` (UTC, such as `2026-11-22T02:00:00Z`; empty when started by hand) and `CHATOPS_REQUEST_ID` in
    its environment.

    A scheduled time starts one run, however often Scheduler delivers it. A script is sent at most once to an instance;
    it may be run in part when an instance dies.

    To run it now: start an execution of `state_machine` with any input, such as `{}`.

    Example:
        from aws_cdk import TimeZone
        from aws_cdk import aws_scheduler as scheduler
        from aws_cdk import aws_sns as sns

        from chatops_constructs import Ec2Targets, RunOn, ScheduledRunCommand

        failed = sns.Topic(self, "BatchFailed", enforce_ssl=True)
        ScheduledRunCommand(
            self,
            "NightlyBatch",
            schedule=scheduler.ScheduleExpression.cron(hour="2", minute="0", time_zone=TimeZone.ASIA_TOKYO),
            script="sudo -u app /srv/app/bin/nightly",
            targets=Ec2Targets.by_tag("Role", "batch"),
            run_on=RunOn.ANY_ONE,
            on_failure=[failed],
        )

    Attributes:
        state_machine: Each run is one execution of it.
        role: Its role.
        log_group: Its events, without data.
        document: The SSM document with the script.
        schedule: The schedule.
        dead_letter_queue: Scheduled times that could not be started.
        not_started_alarm: Goes off when there are such.
        no_success_alarm: Goes off when there was no success for too long, or None.
        output_log_group: Where the agent writes the script's whole output.
        instance_policy: What the roles of your instances need so that Run Command reaches them: attach it to them.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        schedule: scheduler.ScheduleExpression,
        targets: Ec2Targets,
        script: str | None = None,
        script_file: str | Path | None = None,
        description: str | None = None,
        enabled: bool = True,
        run_on: RunOn = RunOn.ALL,
        min_targets: int = 1,
        success_if: SuccessIf | None = None,
        max_concurrency: str = "100%",
        max_errors: str = "100%",
        timeout: Duration | None = None,
        delivery_timeout: Duration | None = None,
        expected_duration: Duration | None = None,
        completion_signal: bool = True,
        overlap: Overlap = Overlap.SKIP,
        start_within: Duration | None = None,
        on_success: Sequence[sns.ITopic | NotificationTarget] = (),
        on_failure: Sequence[sns.ITopic | NotificationTarget] = (),
        alarm_if_no_success_within: Duration | None = None,
        output_log_group: logs.ILogGroup | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        """Create the task.

        Args:
            scope: The parent.
            id: The id in `scope`. Its path is the task's name in notices.
            schedule: When it runs: `ScheduleExpression.cron`, `.rate` or `.at` of `aws_cdk.aws_scheduler`, with a time
                zone where it matters.
            targets: On which instances.
            script: The script, up to 48,000 bytes, compressed if need be. CDK tokens in it are filled in at deploy
                time. Default: `script_file` is given.
            script_file: A file with the script, instead of `script`. A relative path is taken from the working
                directory. Default: `script` is given.
            description: What the task is for, in up to 512 characters; shown in the console. Default: its path.
            enabled: Whether the schedule starts it. Default: True.
            run_on: On every instance that is online (`RunOn.ALL`), or on one, and on the next one if the script cannot
                be delivered there (`RunOn.ANY_ONE`). Default: `RunOn.ALL`.
            min_targets: How many instances have to be online; with fewer the script is not run and the run has failed.
                Default: 1.
            success_if: On how many of the instances that it runs on the script has to succeed, with exit code 0.
                Default: `SuccessIf.all()`.
            max_concurrency: On how many instances it runs at the same time: a number, or a part such as `"50%"`. The
                delivery timeout has to last for those that wait. Default: `"100%"`.
            max_errors: After how many failures it is not begun on further instances: a number, or a part such as
                `"10%"`. Default: `"100%"`, begun on all of them.
            timeout: How long the script may run on an instance before the agent ends it: 5 seconds to 48 hours.
                Default: 1 hour.
            delivery_timeout: How long an instance may take to fetch the script: 30 seconds to 30 days. With
                `RunOn.ANY_ONE` the next instance gets it then. Default: 60 seconds.
            expected_duration: How long the script usually runs: 1 second up to its timeout. It is looked after then
                first, which saves money. Default: not known, and it is looked after ever more seldom, at least once a
                minute.
            completion_signal: Whether an event of Systems Manager tells that the script is over, within a second or
                two. Without it, or when the event gets lost, the end is noticed after at most a quarter of the
                script's own time, and at most a minute. Default: True.
            overlap: What happens when another run is still under way. Default: `Overlap.SKIP`.
            start_within: How late a run may begin when AWS has trouble: 1 minute to 24 hours. Later than that it is
                not started, which is told. Default: 1 hour.
            on_success: Whom to tell of successes: topics, `SlackNotifier`s, or whatever is a `NotificationTarget`.
                Default: nobody.
            on_failure: Whom to tell of everything else: failures, runs that were skipped, that could not be started or
                were ended from outside, and the missing of a success. Default: nobody.
            alarm_if_no_success_within: Without a success for so long `no_success_alarm` goes off and `on_failure` is
                told: whole multiples of 5 minutes up to 1 day, of 1 hour up to 7 days. After the first deployment it
                is in alarm until the first success. Default: no such alarm.
            output_log_group: Where the agent writes the whole output. Default: the stack's own, kept for one month.
            encryption_key: Encrypts the machine, its log and the dead-letter queue. Default: keys that AWS owns.

        Raises:
            ValueError: A parameter is not as described; the text names it, what is allowed and what to do.
        """
        super().__init__(scope, id)
        timeout = timeout or Duration.hours(1)
        delivery_timeout = delivery_timeout or Duration.seconds(60)
        start_within = start_within or Duration.hours(1)
        problems = Problems(self)
        check_script(problems, script, script_file)
        check_times(problems, timeout=timeout, delivery_timeout=delivery_timeout, expected_duration=expected_duration)
        check_seconds(problems, "start_within", start_within, Duration.minutes(1), Duration.hours(24))
        check_description(problems, description)
        check_schedule(problems, schedule)
        check_choices(problems, targets=targets, run_on=run_on, overlap=overlap)
        check_fleet(
            problems,
            run_on=run_on,
            min_targets=min_targets,
            success_if=success_if,
            max_concurrency=max_concurrency,
            max_errors=max_errors,
        )
        check_notified(problems, "on_success", on_success)
        check_notified(problems, "on_failure", on_failure)
        if alarm_if_no_success_within is not None:
            check_no_success_within(problems, alarm_if_no_success_within)
        problems.raise_if_any()

        task = path_of(self)
        self.log_group = own_log_group(self, "Logs", encryption_key=encryption_key, delivered_by="states")
        self.output_log_group: logs.ILogGroup = output_log_group or output_log_of(self, encryption_key)
        self.instance_policy = RunCommandInstancePolicy.of(self)
        self.instance_policy.grant_write_output(self.output_log_group)
        script_document = ScriptDocument(
            self,
            "Document",
            script=read_script(self, script, script_file),
            timeout=timeout,
            description=description or task,
        )
        self.document = script_document.document
        if completion_signal:
            CompletionSignal.of(self, encryption_key=encryption_key)
        machine = StateMachine(self, "Machine", log_group=self.log_group, encryption_key=encryption_key)
        self.role: iam.Role = machine.role
        run = ScriptRun(
            document=script_document,
            targets=targets,
            timeout=timeout,
            delivery_timeout=delivery_timeout,
            environment=scheduled_run_states.environment(task),
            output_log_group=self.output_log_group,
            run_on=run_on,
            min_targets=min_targets,
            success_if=success_if or SuccessIf.all(),
            max_concurrency=max_concurrency,
            max_errors=max_errors,
            expected_duration=expected_duration,
            with_signal=completion_signal,
            output=END_OF_FAILURES,
        )
        run.grant(machine.role, script_document.arn)
        longest = int(in_seconds(run.longest)) + TELLING
        locks = RunLocks.of(self, encryption_key=encryption_key) if overlap is Overlap.LOCK else None
        if locks is not None:
            run_overlap.grant_lock(machine.role, locks)
        if overlap is Overlap.SKIP:
            run_overlap.grant_list(machine.role, machine.arn)
        states = ScheduledRunStates(
            run=run,
            notices=RunNotices(task, on_success, on_failure),
            overlap=overlap,
            locks=locks,
            lock_name=machine.name,
            longest_seconds=longest,
        ).states(machine.role)
        self.state_machine = machine.define(
            start_at=scheduled_run_states.FIRST,
            states=states,
            comment=description or f"The scheduled script {task}",
            timeout=of_seconds(longest),
        )
        self.dead_letter_queue = dead_letters_of_schedule(self, "NotStarted", encryption_key=encryption_key)
        self.schedule = scheduled_start(
            self,
            schedule=schedule,
            enabled=enabled,
            description=description,
            state_machine=self.state_machine,
            dead_letter_queue=self.dead_letter_queue,
            start_within=start_within,
            encryption_key=encryption_key,
        )
        self.not_started_alarm = not_started_alarm(self, self.dead_letter_queue)
        self.no_success_alarm = (
            no_success_alarm(self, self.state_machine, alarm_if_no_success_within)
            if alarm_if_no_success_within
            else None
        )
        if on_failure:
            alarms = [alarm for alarm in (self.not_started_alarm, self.no_success_alarm) if alarm]
            EndingsRule(self, "Endings", state_machine=self.state_machine, alarms=alarms)
