"""Scheduled tasks that behave in every way that the end-to-end tests ask for."""

import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from aws_cdk.aws_scheduler import ScheduleExpression
from constructs import Construct

from chatops_constructs import (
    Allow,
    Ec2Targets,
    Overlap,
    RunOn,
    RunScript,
    ScheduledRunCommand,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackNotifier,
    SlackWorkspace,
    SuccessIf,
)

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[3]
SCRIPTS = HERE / "scripts"

# Tests fire the schedules themselves; by simulated time these are not due.
YEARLY = ScheduleExpression.cron(minute="0", hour="0", day="1", month="1")
WEB = Ec2Targets.by_tag("Role", "web")
# For what has to be there and is not what a test is about.
LONG = cdk.Duration.minutes(30)


class Scheduled(cdk.Stack):
    """One task for each combination of parameters; the instances' state makes the scenarios."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self.succeeded = sns.Topic(self, "Succeeded", topic_name="succeeded")
        self.failed = sns.Topic(self, "Failed", topic_name="failed")
        self.add_fleet_tasks()
        self.add_overlap_tasks()
        self.add_any_one_tasks()
        self.add_scripts()
        self.add_notified_tasks()
        self.add_slash_command()
        self.add_waiting_machine()

    def add_fleet_tasks(self) -> None:
        """On all instances with a tag."""
        self.add("All")
        self.add("Sixty", targets=Ec2Targets.by_tag("Role", "sixty"), success_if=SuccessIf.percent(95))
        self.add("AtLeastTwo", success_if=SuccessIf.at_least(2))
        self.add("AtLeastThreeOnline", min_targets=3)
        self.add("StopEarly", max_errors="0", max_concurrency="1")
        self.add("Nobody", targets=Ec2Targets.by_tag("Role", "nobody"))
        self.add("Stopped", targets=Ec2Targets.by_tag("Role", "stopped"))
        self.add("WithoutSignal", completion_signal=False)
        self.add("Expected", timeout=cdk.Duration.hours(2), expected_duration=cdk.Duration.hours(1))
        self.add("Short", timeout=cdk.Duration.seconds(60), delivery_timeout=cdk.Duration.seconds(60))
        self.add(
            "OneByOne",
            max_concurrency="1",
            timeout=cdk.Duration.seconds(150),
            delivery_timeout=cdk.Duration.seconds(30),
        )

    def add_overlap_tasks(self) -> None:
        """With each way to treat an older run."""
        self.add("Locked", overlap=Overlap.LOCK)
        self.add("Allowed", overlap=Overlap.ALLOW)

    def add_any_one_tasks(self) -> None:
        """On one instance."""
        self.add("AnyOne", run_on=RunOn.ANY_ONE, delivery_timeout=cdk.Duration.minutes(2))
        self.add(
            "AnyOneShort",
            run_on=RunOn.ANY_ONE,
            timeout=cdk.Duration.seconds(30),
            delivery_timeout=cdk.Duration.seconds(60),
        )

    def add_scripts(self) -> None:
        """Scripts whose bytes matter."""
        one = Ec2Targets.by_tag("Role", "one")
        self.add("Awkward", script_file=SCRIPTS / "awkward.txt", targets=one)
        self.add("Apache", script_file=SCRIPTS / "apache.sh", targets=one)

    def add_notified_tasks(self) -> None:
        """Targets that are told, or cannot be."""
        notifier = SlackNotifier(
            self,
            "Notifier",
            channel="C0NIGHTLY",
            credentials=SlackCredentials.from_parameters("/scheduled/notifier", bot_token=True),
        )
        self.add("ToSlack", on_success=[notifier], on_failure=[notifier])
        gone = sns.Topic.from_topic_arn(self, "Gone", self.format_arn(service="sns", resource="gone"))
        self.add("HalfTold", on_success=[gone, self.succeeded], on_failure=[gone, self.failed])
        self.add("Missed", alarm_if_no_success_within=cdk.Duration.hours(2))

    def add_slash_command(self) -> None:
        """A command of Slack, which shares the signal."""
        endpoint = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T0SCHEDULED", app="A0SCHEDULED"),
            credentials=SlackCredentials.from_parameters("/scheduled/slack"),
        )
        action = RunScript(
            script_file=SCRIPTS / "obedient.sh",
            targets=WEB,
            timeout=cdk.Duration.minutes(15),
            expected_duration=cdk.Duration.minutes(15),
        )
        endpoint.add_command("/now", action, description="runs it now", allow=Allow.workspace())

    def add_waiting_machine(self) -> None:
        """A state machine of the user's own in which something else than a script is waited for."""
        state = tasks.SqsSendMessage(
            self,
            "Ask",
            queue=sqs.Queue(self, "Questions"),
            message_body=sfn.TaskInput.from_object({"token": sfn.JsonPath.task_token}),
            integration_pattern=sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
        )
        sfn.StateMachine(self, "Approval", definition_body=sfn.DefinitionBody.from_chainable(state))

    def add(self, id: str, **parameters: Any) -> None:
        """One task; what it is given beside its id is what it is about."""
        script = {} if "script_file" in parameters else {"script_file": SCRIPTS / "obedient.sh"}
        defaults: dict[str, Any] = {
            "schedule": YEARLY,
            "targets": WEB,
            "delivery_timeout": LONG,
            "on_success": [self.succeeded],
            "on_failure": [self.failed],
            **script,
        }
        ScheduledRunCommand(self, id, **{**defaults, **parameters})


class Neighbour(cdk.Stack):
    """A second stack, whose runs the first one's parts must not reach."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        ScheduledRunCommand(
            self,
            "Other",
            schedule=YEARLY,
            script_file=SCRIPTS / "obedient.sh",
            targets=WEB,
            timeout=cdk.Duration.hours(2),
            delivery_timeout=LONG,
            expected_duration=cdk.Duration.hours(1),
        )


class Restricted(cdk.Stack):
    """Tasks that have every permission there is, for tests that take one away."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        succeeded = sns.Topic(self, "Succeeded", topic_name="restricted-succeeded")
        failed = sns.Topic(self, "Failed", topic_name="restricted-failed")
        told: dict[str, Any] = {"on_success": [succeeded], "on_failure": [failed]}
        ScheduledRunCommand(
            self,
            "Plain",
            schedule=YEARLY,
            script_file=SCRIPTS / "obedient.sh",
            targets=WEB,
            delivery_timeout=LONG,
            **told,
        )
        ScheduledRunCommand(
            self,
            "Keyed",
            schedule=YEARLY,
            script_file=SCRIPTS / "obedient.sh",
            targets=Ec2Targets.by_ids("i-0123456789abcdef0"),
            run_on=RunOn.ANY_ONE,
            overlap=Overlap.LOCK,
            delivery_timeout=cdk.Duration.seconds(60),
            encryption_key=kms.Key(self, "Key"),
            **told,
        )


class Durations(cdk.Stack):
    """Jobs of many hours."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self.failed = sns.Topic(self, "Failed", topic_name="durations-failed")
        for job in ("Quarter", "Hour", "Day"):
            # Expected so late that nobody looks but once at the beginning.
            self.add(job, timeout=cdk.Duration.hours(48), expected_duration=cdk.Duration.hours(47))
        self.add("TooLong", timeout=cdk.Duration.hours(24), expected_duration=cdk.Duration.hours(24))
        self.add("Unsignalled", timeout=cdk.Duration.hours(24), completion_signal=False)

    def add(self, id: str, **parameters: Any) -> None:
        """One task on an instance of its own."""
        ScheduledRunCommand(
            self,
            id,
            schedule=YEARLY,
            script="true",
            targets=Ec2Targets.by_tag("Role", id.lower()),
            # Seconds here: no machine is so busy that it takes them.
            delivery_timeout=cdk.Duration.hours(96),
            on_success=[self.failed],
            on_failure=[self.failed],
            **parameters,
        )


class Clocks(cdk.Stack):
    """Schedules in zones in which clocks are put forward and back."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        for name in ("Europe/Berlin", "Asia/Tokyo"):
            ScheduledRunCommand(
                self,
                name.rpartition("/")[2],
                schedule=ScheduleExpression.cron(minute="30", hour="2", time_zone=cdk.TimeZone.of(name)),
                script_file=SCRIPTS / "obedient.sh",
                targets=WEB,
                delivery_timeout=LONG,
            )


class Migrated(cdk.Stack):
    """The example of the page on migration, as it stands there."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        page = (REPOSITORY / "docs" / "migrating-from-cron-template.md").read_text("utf-8")
        (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
        exec(example, {"self": self})


app = cdk.App()
Scheduled(app, "Scheduled")
Neighbour(app, "Neighbour")
Restricted(app, "Restricted")
Durations(app, "Durations")
Clocks(app, "Clocks")
Migrated(app, "Migrated")
app.synth()
