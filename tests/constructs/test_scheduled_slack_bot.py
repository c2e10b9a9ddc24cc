"""ScheduledSlackBot: what it creates, for itself and once per stack, and what its roles may do."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns
from syrupy.extensions.json import JSONSnapshotExtension

from chatops_constructs import BotFunction, RunOn, SlackCredentials
from chatops_runtime.contracts import environment, template_metadata
from tests.constructs.bot_double import CHANNEL, FAILURES, bot
from tests.constructs.event_patterns import matches
from tests.constructs.normalise import normalise
from tests.constructs.stacks import ROOT, Synthesised, new_stack, scheduled, text_of
from tests.constructs.test_cfn_lint import unexplained
from tests.constructs.test_nag import ROW, findings
from tests.constructs.test_run_notices import ALARM, TIMED_OUT
from tests.constructs.test_scheduled_run_command import allowed

if TYPE_CHECKING:
    from constructs import IConstruct
    from syrupy.assertion import SnapshotAssertion

PAGE = ROOT / "docs" / "scheduled-slack-bot.md"
BOTS = ROOT / "examples" / "minimal" / "bots"
CREDENTIALS = SlackCredentials.from_parameters("/ops/prod", bot_token=True)


def everything(stack: cdk.Stack, **options: Any) -> None:
    """A bot with all there is to say."""
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    bot(
        stack,
        **{
            "handler": BotFunction(stack, "Remind", entry=BOTS, handler="standup.remind", encryption_key=key),
            "failure_channel": FAILURES,
            "on_failure": [sns.Topic(stack, "Failed", enforce_ssl=True, master_key=key)],
            "enabled": False,
            "start_within": cdk.Duration.minutes(5),
            "alarm_if_no_success_within": cdk.Duration.days(3),
            "description": "Reminds of the standup",
            "encryption_key": key,
            "credentials": SlackCredentials.from_parameters("/ops/prod", bot_token=True, encryption_key=key),
            **options,
        },
    )


def synthesise(**options: Any) -> Synthesised:
    app, stack = new_stack()
    bot(stack, **options)
    return Synthesised.of(app, stack)


@pytest.fixture(scope="module")
def small() -> Synthesised:
    return synthesise()


@pytest.fixture(scope="module")
def big() -> Synthesised:
    app, stack = new_stack()
    everything(stack)
    return Synthesised.of(app, stack)


class TestMinimal:
    def test_creates_this_and_nothing_else(self, small: Synthesised) -> None:
        types = Counter(each["Type"].removeprefix("AWS::") for each in small.template["Resources"].values())
        assert types == {
            # The bot's own, and what starts it once.
            "StepFunctions::StateMachine": 2,
            "Lambda::Function": 1,
            "Logs::LogGroup": 3,
            "IAM::Role": 5,
            "IAM::Policy": 5,
            "IAM::ManagedPolicy": 1,
            "Scheduler::Schedule": 1,
            "SQS::Queue": 1,
            "SQS::QueuePolicy": 1,
            "CloudWatch::Alarm": 1,
            "Events::Rule": 1,
        }

    def test_logical_ids_stay(self, small: Synthesised) -> None:
        ids = {id[:-8] for id, one in small.template["Resources"].items() if "Policy" not in one["Type"]}
        assert ids == {
            "ScheduleTickLogs",
            "ScheduleTickMachine",
            "ScheduleTickMachineRole",
            "SlackPoster1882A293Function",
            "SlackPoster1882A293FunctionLogs",
            "SlackPoster1882A293FunctionRole",
            "StandupDeadLetterAlarm",
            "StandupDeadLetters",
            "StandupEndings",
            "StandupEndingsRole",
            "StandupLogs",
            "StandupMachine",
            "StandupMachineRole",
            "StandupSchedule",
            "StandupScheduleRole",
        }

    def test_the_schedule_keeps_its_zone_and_its_minute(self, small: Synthesised) -> None:
        schedule = small.only("Scheduler::Schedule")
        assert schedule["ScheduleExpression"] == "cron(30 8 ? * MON-FRI *)"
        assert schedule["ScheduleExpressionTimezone"] == "Asia/Tokyo"
        assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
        assert schedule["State"] == "ENABLED"
        target = schedule["Target"]
        assert target["Arn"]["Ref"].startswith("ScheduleTickMachine")
        assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] == 3_600
        given = json.loads(text_of(target["Input"]))
        assert given["scheduled_at"] == "<aws.scheduler.scheduled-time>"
        assert given["state_machine"].startswith("<StandupMachine")

    def test_its_machine_may_ask_post_and_keep(self, small: Synthesised) -> None:
        statements = small.statements("StandupMachineRole")
        assert {one["Sid"]: one["Action"] for one in statements} == {
            "AskTheBot": "lambda:InvokeFunction",
            "PostToSlack": "lambda:InvokeFunction",
            "KeepWhatNobodyWasTold": "sqs:SendMessage",
        }
        resources = {one["Sid"]: text_of(one["Resource"]) for one in statements}
        assert resources["AskTheBot"] == "arn:aws:lambda:us-east-1:123456789012:function:Remind"
        assert resources["PostToSlack"].startswith("<SlackPoster")
        assert resources["KeepWhatNobodyWasTold"].startswith("<StandupDeadLetters")

    def test_its_poster_may_read_the_token_and_write_its_log(self, small: Synthesised) -> None:
        assert set(allowed(small, "SlackPoster")) == {"ssm:GetParameter", "logs:CreateLogStream logs:PutLogEvents"}
        (parameter,) = allowed(small, "SlackPoster")["ssm:GetParameter"]
        assert parameter.endswith(":parameter/ops/prod/slack-bot-token")

    def test_its_poster_knows_the_tokens_name_and_says_so(self, small: Synthesised) -> None:
        ((id, function),) = small.resources("Lambda::Function").items()
        assert function["Handler"] == "chatops_runtime.bots.handler.handler"
        assert function["Environment"]["Variables"] == {environment.BOT_TOKEN_PARAMETER: "/ops/prod/slack-bot-token"}
        mark = small.template["Resources"][id]["Metadata"][template_metadata.SECRETS]
        assert mark["secrets"] == [{"name": "/ops/prod/slack-bot-token", "store": "parameter", "kind": "bot_token"}]

    def test_its_poster_brings_what_its_handler_needs(self, small: Synthesised) -> None:
        code = small.asset(small.only("Lambda::Function")["Code"]) / "chatops_runtime"
        assert (code / "bots" / "failure.py").is_file()
        assert (code / "notifier" / "run_notice.py").is_file()
        assert not (code / "dispatch").exists()

    def test_its_machine_logs_no_data(self, small: Synthesised) -> None:
        machine = small.only("StepFunctions::StateMachine", "StandupMachine")
        assert machine["StateMachineType"] == "STANDARD"
        assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False

    def test_what_the_rule_catches(self, small: Synthesised) -> None:
        rule = small.only("Events::Rule")
        pattern = json.loads(json.dumps(rule["EventPattern"]))
        endings, alarmed = pattern["$or"]
        endings["detail"]["stateMachineArn"] = [TIMED_OUT["detail"]["stateMachineArn"]]  # type: ignore[index]
        alarmed["resources"] = ALARM["resources"]
        assert matches(pattern, TIMED_OUT)
        assert matches(pattern, ALARM)
        told = {**TIMED_OUT, "detail": {**TIMED_OUT["detail"], "status": "FAILED", "error": "ChatOps.BotFailed"}}  # type: ignore[dict-item]
        assert not matches(pattern, told)


class TestOptions:
    def test_of_the_schedule(self, big: Synthesised) -> None:
        schedule = big.only("Scheduler::Schedule")
        assert (schedule["State"], schedule["Description"]) == ("DISABLED", "Reminds of the standup")
        assert schedule["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] == 300

    @pytest.mark.parametrize(
        ("schedule", "zone"),
        [
            (scheduler.ScheduleExpression.rate(cdk.Duration.hours(1)), "Etc/UTC"),
            (scheduler.ScheduleExpression.cron(hour="9", minute="0"), "Etc/UTC"),
            (scheduler.ScheduleExpression.cron(hour="9", time_zone=cdk.TimeZone.EUROPE_BERLIN), "Europe/Berlin"),
        ],
    )
    def test_the_zone_is_what_its_function_is_told(self, schedule: Any, zone: str) -> None:
        ask = synthesise(schedule=schedule).definition("Standup_Machine")["States"]["Ask the bot"]
        assert ask["Arguments"]["Payload"]["time_zone"] == zone

    def test_failures_are_told_in_the_channel_itself_by_default(self, small: Synthesised, big: Synthesised) -> None:
        for synthesised, channel in ((small, CHANNEL), (big, FAILURES)):
            tell = synthesised.definition("Standup_Machine")["States"]["Tell the channel of the failure"]
            assert tell["Arguments"]["Payload"]["channel_id"] == f'{{% "{channel}" %}}'

    def test_its_key_encrypts_all_that_rests(self, big: Synthesised) -> None:
        for id, machine in big.resources("StepFunctions::StateMachine").items():
            assert machine["EncryptionConfiguration"]["Type"] == "CUSTOMER_MANAGED_KMS_KEY", id
        assert all("KmsKeyId" in group for group in big.resources("Logs::LogGroup").values())
        assert all("KmsMasterKeyId" in queue for queue in big.resources("SQS::Queue").values())

    def test_no_success_for_too_long(self, big: Synthesised) -> None:
        alarm = big.only("CloudWatch::Alarm", "NoSuccess")
        assert (alarm["Period"], alarm["EvaluationPeriods"], alarm["TreatMissingData"]) == (3_600, 72, "breaching")
        (_, alarmed) = big.only("Events::Rule")["EventPattern"]["$or"]
        assert len(alarmed["resources"]) == 2

    @pytest.mark.parametrize(("minutes", "seconds"), [(None, 60), (10, 600)])
    def test_the_machine_lasts_for_the_function_and_an_hour_and_a_half_of_slack(
        self, minutes: int | None, seconds: int
    ) -> None:
        app, stack = new_stack()
        timeout = cdk.Duration.minutes(minutes) if minutes else None
        handler = BotFunction(stack, "Remind", entry=BOTS, handler="standup.remind", timeout=timeout)
        bot(stack, handler=handler)
        assert Synthesised.of(app, stack).definition("Standup_Machine")["TimeoutSeconds"] == seconds + 30 * 60 + 90 * 60


class TestSharing:
    def test_bots_with_one_token_share_the_poster_and_all_tasks_the_tick(self) -> None:
        app, stack = new_stack()
        alias = lambda_.Function.from_function_arn(
            stack, "Live", "arn:aws:lambda:us-east-1:123456789012:function:A:live"
        )
        first = bot(stack)
        second = bot(stack, "Second", handler=alias, credentials=CREDENTIALS)
        third = bot(
            stack,
            "Third",
            handler=alias,
            credentials=SlackCredentials.from_parameters("/other", bot_token=True),
        )
        scheduled(stack, run_on=RunOn.ANY_ONE)
        assert first.poster is second.poster
        assert third.poster is not first.poster
        synthesised = Synthesised.of(app, stack)
        assert synthesised.count("Lambda::Function") == 2
        ticks = [id for id in synthesised.resources("StepFunctions::StateMachine") if id.startswith("ScheduleTick")]
        assert len(ticks) == 1
        assert text_of(synthesised.statements("SecondMachineRole")[0]["Resource"]).endswith(":function:A:live")

    def test_a_prefix_that_is_known_at_deploy_time_only_has_its_poster(self) -> None:
        app, stack = new_stack()
        prefix = cdk.CfnParameter(stack, "Prefix").value_as_string
        bot(stack, credentials=SlackCredentials.from_parameters(prefix, bot_token=True))
        poster = Synthesised.of(app, stack).only("Lambda::Function")
        name = poster["Environment"]["Variables"][environment.BOT_TOKEN_PARAMETER]
        assert text_of(name) == "<Prefix>/slack-bot-token"


def test_is_as_it_was(small: Synthesised, snapshot: SnapshotAssertion) -> None:
    assert normalise(small.template, small.directory) == snapshot.use_extension(JSONSnapshotExtension)


def test_the_page_has_what_is_acknowledged_of_a_bot_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    collected: set[tuple[str, str, str]] = set()

    def of(child: IConstruct) -> Any:
        def acknowledge(*given: cdk.Acknowledgment) -> None:
            collected.update((child.node.path, one.id, one.reason) for one in given)

        return SimpleNamespace(acknowledge=acknowledge)

    monkeypatch.setattr(cdk, "Validations", SimpleNamespace(of=of))
    everything(new_stack()[1])
    rows = {match.groups() for match in ROW.finditer(PAGE.read_text(encoding="utf-8"))}
    own = {(path.rpartition("/")[2], id, reason) for path, id, reason in collected if "/Standup/" in path}
    assert rows == own != set()


@cache
def _checked(name: str) -> tuple[cdk.App, cdk.Stack, Synthesised]:
    app, stack = new_stack()
    if name == "big":
        everything(stack)
    else:
        bot(stack)
    return app, stack, Synthesised.of(app, stack)


@pytest.mark.parametrize("name", ["small", "big"])
def test_cdk_nag_and_cfn_lint_find_nothing(name: str) -> None:
    app, stack, synthesised = _checked(name)
    assert findings(app, stack) == set()
    assert unexplained(synthesised.template) == []
