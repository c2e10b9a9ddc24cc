"""SlackNotifier: what it creates, what its parts may do, what is passed in, what it refuses."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns

from chatops_constructs import SlackCredentials, SlackNotifier
from chatops_runtime.contracts import channel_turns, environment, template_metadata
from tests.constructs.stacks import Synthesised, new_stack, text_of

CHANNEL = "C0123OPS"
CREDENTIALS = SlackCredentials.from_parameters("/ops/prod", bot_token=True)
NONE: Any = None


def notifier(stack: cdk.Stack, id: str = "Notifier", **options: Any) -> SlackNotifier:
    return SlackNotifier(stack, id, **{"channel": CHANNEL, "credentials": CREDENTIALS, **options})


@pytest.fixture(scope="module")
def plain() -> Synthesised:
    app, stack = new_stack()
    notifier(stack)
    return Synthesised.of(app, stack)


@pytest.fixture(scope="module")
def with_key() -> Synthesised:
    app, stack = new_stack()
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    credentials = SlackCredentials.from_parameters("/ops/prod", bot_token=True, encryption_key=key)
    notifier(stack, credentials=credentials, encryption_key=key)
    return Synthesised.of(app, stack)


def statements(policy: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return found


class TestThePathOfANotice:
    def test_from_the_topic_to_the_queue_with_subject_and_all(self, plain: Synthesised) -> None:
        subscription = plain.only("SNS::Subscription")
        assert subscription["Protocol"] == "sqs"
        assert subscription["TopicArn"] == {"Ref": next(iter(plain.resources("SNS::Topic")))}
        assert text_of(subscription["Endpoint"]).startswith("<NotifierQueue")
        assert "RawMessageDelivery" not in subscription
        assert "FilterPolicy" not in subscription

    def test_what_sns_cannot_hand_on_goes_to_the_dead_letters(self, plain: Synthesised) -> None:
        redrive = plain.only("SNS::Subscription")["RedrivePolicy"]
        assert text_of(redrive["deadLetterTargetArn"]).startswith("<NotifierDeadLetters")
        (allowed,) = (
            one for one in statements(plain.only("SQS::QueuePolicy", "DeadLetters")) if one["Effect"] == "Allow"
        )
        assert allowed["Principal"] == {"Service": "sns.amazonaws.com"}

    def test_only_the_topic_may_send_to_the_queue(self, plain: Synthesised) -> None:
        allowed = [
            one for one in statements(plain.only("SQS::QueuePolicy", "NotifierQueue")) if one["Effect"] == "Allow"
        ]
        assert [(one["Principal"], one["Action"]) for one in allowed] == [
            ({"Service": "sns.amazonaws.com"}, "sqs:SendMessage")
        ]
        assert text_of(allowed[0]["Condition"]["ArnEquals"]["aws:SourceArn"]).startswith("<NotifierTopic")

    def test_from_the_queue_to_the_function_in_large_batches(self, plain: Synthesised) -> None:
        mapping = plain.only("Lambda::EventSourceMapping")
        assert text_of(mapping["EventSourceArn"]).startswith("<NotifierQueue")
        assert {key: value for key, value in mapping.items() if key not in {"EventSourceArn", "FunctionName"}} == {
            "BatchSize": 10_000,
            "MaximumBatchingWindowInSeconds": 5,
            "ScalingConfig": {"MaximumConcurrency": 2},
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
        }
        assert "ReservedConcurrentExecutions" not in plain.only("Lambda::Function")
        assert plain.count("Lambda::Permission") == 0

    def test_an_outage_of_hours_loses_nothing(self, plain: Synthesised) -> None:
        queue = plain.only("SQS::Queue", "NotifierQueue")
        function = plain.only("Lambda::Function")
        mapping = plain.only("Lambda::EventSourceMapping")
        # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"] + mapping["MaximumBatchingWindowInSeconds"]
        hours = queue["VisibilityTimeout"] * queue["RedrivePolicy"]["maxReceiveCount"] / 3_600
        assert 12 <= hours < queue["MessageRetentionPeriod"] / 3_600
        assert queue["RedrivePolicy"]["maxReceiveCount"] <= 1_000
        # The longest there is: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
        assert plain.only("SQS::Queue", "DeadLetters")["MessageRetentionPeriod"] == 14 * 24 * 3_600

    def test_alarms_of_the_account_may_publish_and_nobody_without_tls(self, plain: Synthesised) -> None:
        denied, allowed = statements(plain.only("SNS::TopicPolicy"))
        assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
        assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert allowed["Action"] == "sns:Publish"
        arn = text_of(allowed["Condition"]["ArnLike"]["aws:SourceArn"])
        assert arn == "arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:*"


class TestTheFunction:
    def test_it_may_do_this_and_nothing_else(self, plain: Synthesised) -> None:
        allowed = [
            action
            for statement in plain.statements("NotifierFunctionRole")
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        ]
        assert set(allowed) == {
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "ssm:GetParameter",
            "dynamodb:UpdateItem",
            "sqs:SendMessage",
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
        }
        assert "*" not in json.dumps(plain.statements("NotifierFunctionRole"))
        (send,) = (one for one in plain.statements("NotifierFunctionRole") if one["Action"] == "sqs:SendMessage")
        assert text_of(send["Resource"]).startswith("<NotifierDeadLetters")
        (read,) = (one for one in plain.statements("NotifierFunctionRole") if one["Action"] == "ssm:GetParameter")
        assert text_of(read["Resource"]).endswith(":parameter/ops/prod/slack-bot-token")

    def test_its_environment_is_what_the_handler_reads(self, plain: Synthesised) -> None:
        function = plain.only("Lambda::Function")
        assert function["Handler"] == "chatops_runtime.notifier.handler.handler"
        assert {name: text_of(value) for name, value in function["Environment"]["Variables"].items()} == {
            environment.CHANNEL_ID: CHANNEL,
            environment.BOT_TOKEN_PARAMETER: "/ops/prod/slack-bot-token",
            environment.TURNS_TABLE: f"<{next(iter(plain.resources('DynamoDB::Table')))}>",
            environment.DEAD_LETTER_QUEUE_URL: text_of({"Ref": next(iter(plain.resources("SQS::Queue")))}),
        }

    def test_tools_find_the_name_of_its_token(self, plain: Synthesised) -> None:
        (function,) = (one for one in plain.template["Resources"].values() if one["Type"] == "AWS::Lambda::Function")
        assert function["Metadata"][template_metadata.NOTIFIER] == {
            "version": template_metadata.VERSION,
            "bot_token_parameter": "/ops/prod/slack-bot-token",
        }

    def test_its_handler_is_in_the_asset(self, plain: Synthesised) -> None:
        folder = plain.asset(plain.only("Lambda::Function")["Code"])
        assert (folder / "chatops_runtime" / "notifier" / "handler.py").is_file()

    def test_there_is_time_to_post_after_the_last_turn_is_waited_for(self, plain: Synthesised) -> None:
        from chatops_runtime.notifier.handler import RESERVE_SECONDS  # noqa: PLC0415 - not of the constructs
        from chatops_runtime.notifier.turns import LEASE_SECONDS  # noqa: PLC0415
        from chatops_runtime.slack.web_client import TIMEOUT_SECONDS  # noqa: PLC0415

        assert TIMEOUT_SECONDS * 2 < RESERVE_SECONDS < LEASE_SECONDS < plain.only("Lambda::Function")["Timeout"]


class TestTheTableOfTurns:
    def test_it_is_on_demand_and_forgets(self, plain: Synthesised) -> None:
        table = plain.only("DynamoDB::Table")
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["KeySchema"] == [{"AttributeName": channel_turns.KEY, "KeyType": "HASH"}]
        assert table["TimeToLiveSpecification"] == {"AttributeName": channel_turns.EXPIRES_AT, "Enabled": True}

    def test_all_notifiers_of_a_stack_share_it(self) -> None:
        app, stack = new_stack()
        one, two = notifier(stack, "One"), notifier(stack, "Two", channel="C0456DEV")
        assert one.turns_table is two.turns_table
        synthesised = Synthesised.of(app, stack)
        assert synthesised.count("DynamoDB::Table") == 1
        assert synthesised.count("SNS::Topic") == 2
        for id in ("One", "Two"):
            (update,) = (
                each for each in synthesised.statements(f"{id}FunctionRole") if each["Action"] == "dynamodb:UpdateItem"
            )
            assert text_of(update["Resource"]).startswith("<SlackChannelTurns")


class TestTheAlarms:
    def test_one_dead_letter_is_enough(self, plain: Synthesised) -> None:
        alarm = plain.only("CloudWatch::Alarm", "DeadLetter")
        assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
        assert text_of(alarm["Dimensions"][0]["Value"]).startswith("<NotifierDeadLetters")
        assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (1, "GreaterThanOrEqualToThreshold")
        assert (alarm["Period"], alarm["EvaluationPeriods"], alarm["TreatMissingData"]) == (60, 1, "notBreaching")
        assert "AlarmActions" not in alarm

    def test_a_delay_is_seen_while_the_metric_still_shows_it(self, plain: Synthesised) -> None:
        alarm = plain.only("CloudWatch::Alarm", "Delay")
        visibility = plain.only("SQS::Queue", "NotifierQueue")["VisibilityTimeout"]
        assert alarm["MetricName"] == "ApproximateAgeOfOldestMessage"
        assert visibility < alarm["Threshold"] < 3 * visibility


class TestEncryption:
    def test_without_a_key_the_queues_have_one_of_sqs(self, plain: Synthesised) -> None:
        assert all(queue["SqsManagedSseEnabled"] is True for queue in plain.resources("SQS::Queue").values())

    def test_with_a_key_everything_that_holds_a_notice_has_it(self, with_key: Synthesised) -> None:
        key = {"Fn::GetAtt": [next(iter(with_key.resources("KMS::Key"))), "Arn"]}
        encrypted = [*with_key.resources("SQS::Queue").values(), *with_key.resources("SNS::Topic").values()]
        assert [one["KmsMasterKeyId"] for one in encrypted] == [key] * 3
        assert with_key.only("Logs::LogGroup")["KmsKeyId"] == key

    def test_its_policy_lets_the_notice_through(self, with_key: Synthesised) -> None:
        """https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"""
        allowed = {
            statement["Principal"]["Service"]: set(statement["Action"])
            for statement in with_key.only("KMS::Key")["KeyPolicy"]["Statement"]
            if isinstance(statement["Principal"].get("Service"), str)
        }
        assert {"kms:Decrypt", "kms:GenerateDataKey"} <= allowed["sns.amazonaws.com"]
        assert {"kms:Decrypt", "kms:GenerateDataKey"} <= allowed["cloudwatch.amazonaws.com"]
        (topics,) = (
            text_of(statement["Condition"]["ArnLike"]["aws:SourceArn"])
            for statement in with_key.only("KMS::Key")["KeyPolicy"]["Statement"]
            if statement["Principal"].get("Service") == "sns.amazonaws.com"
        )
        assert topics == "arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>:*"

    def test_the_function_may_use_it_for_both_queues_and_the_token(self, with_key: Synthesised) -> None:
        uses = [one for one in with_key.statements("NotifierFunctionRole") if "kms:" in json.dumps(one["Action"])]
        actions = sorted(json.dumps(one["Action"]) for one in uses)
        assert actions == ['"kms:Decrypt"', '["kms:Decrypt", "kms:GenerateDataKey"]']
        # Each for what it is for only: a key may encrypt other things as well.
        conditions = sorted(key for one in uses for key in one["Condition"]["StringEquals"])
        assert conditions == ["kms:EncryptionContext:PARAMETER_ARN", "kms:ViaService"]


class TestWhatIsPassedIn:
    def test_a_topic_of_the_stack_gets_the_subscription_and_nothing_else(self) -> None:
        app, stack = new_stack()
        topic = sns.Topic(stack, "Mine")
        made = notifier(stack, topic=topic)
        synthesised = Synthesised.of(app, stack)
        assert made.topic is topic
        ((id, properties),) = synthesised.resources("SNS::Topic").items()
        assert id.startswith("Mine")
        assert properties == {}
        assert synthesised.count("SNS::TopicPolicy") == 0
        assert synthesised.only("SNS::Subscription")["TopicArn"] == {"Ref": id}

    def test_an_imported_topic(self) -> None:
        app, stack = new_stack()
        arn = "arn:aws:sns:us-east-1:210987654321:theirs"
        notifier(stack, topic=sns.Topic.from_topic_arn(stack, "Theirs", arn), encryption_key=kms.Key(stack, "Key"))
        synthesised = Synthesised.of(app, stack)
        subscription = synthesised.only("SNS::Subscription")
        assert (subscription["TopicArn"], subscription["Region"]) == (arn, "us-east-1")
        (statement,) = (
            one
            for one in synthesised.only("KMS::Key")["KeyPolicy"]["Statement"]
            if one["Principal"].get("Service") == "sns.amazonaws.com"
        )
        assert text_of(statement["Condition"]["ArnLike"]["aws:SourceArn"]).endswith(":sns:us-east-1:210987654321:*")

    def test_a_log_group(self) -> None:
        app, stack = new_stack()
        notifier(stack, log_group=logs.LogGroup.from_log_group_name(stack, "Logs", "/ops/notifier"))
        synthesised = Synthesised.of(app, stack)
        assert synthesised.count("Logs::LogGroup") == 0
        assert synthesised.only("Lambda::Function")["LoggingConfig"] == {"LogGroup": "/ops/notifier"}


@pytest.mark.parametrize("channel", ["C0123OPS", "G0123OPS", "D0123OPS", "U0123ABC", "W0123ABC"])
def test_channels_that_are_ids(stack: cdk.Stack, channel: str) -> None:
    assert notifier(stack, channel=channel)


@pytest.mark.parametrize("channel", ["#ops", "ops", "C", "c0123ops", "T0123OPS", "C0123OPS ", "", NONE])
def test_channels_that_are_none(stack: cdk.Stack, channel: str) -> None:
    with pytest.raises(ValueError, match="SlackNotifier 'Ops/Notifier': channel is") as raised:
        notifier(stack, channel=channel)
    assert f"{channel!r}; allowed: an id: C (or G, D, U, W) and capital letters or digits" in str(raised.value)
    assert "copy the id at the bottom of the channel's details" in str(raised.value)


def test_a_channel_that_is_known_at_deploy_time(stack: cdk.Stack) -> None:
    assert notifier(stack, channel=cdk.CfnParameter(stack, "Channel").value_as_string)


def test_both_problems_of_a_call_are_told_together(stack: cdk.Stack) -> None:
    with pytest.raises(ValueError, match="'#ops'") as raised:
        notifier(stack, channel="#ops", credentials=SlackCredentials.from_parameters("/ops/prod"))
    assert "credentials is 'SlackCredentials without a bot token'" in str(raised.value)
    assert "write SlackCredentials.from_parameters(…, bot_token=True)" in str(raised.value)
