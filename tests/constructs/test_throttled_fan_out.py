"""ThrottledFanOut: its path, its numbers, its permissions, and what its functions are told."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import boto3
import pytest
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from syrupy.extensions.json import JSONSnapshotExtension

from chatops_constructs import CommandFunction, Idempotency, PythonFunction, RuntimeLayer
from chatops_runtime import FanOut, Job, user_function
from chatops_runtime.contracts import fan_out as contract
from chatops_runtime.contracts import queue_desk
from chatops_runtime.fan_out import handler, invocation
from chatops_runtime.queue_desk.handler import handler as desk_handler
from tests.constructs.fan_outs import CALLS, everything, fan_out, job_function, other_function, smallest
from tests.constructs.normalise import normalise
from tests.constructs.stacks import COMMANDS, Synthesised, new_stack, text_of
from tests.constructs.test_cfn_lint import unexplained
from tests.constructs.test_nag import findings
from tests.runtime.fan_out.fan_out_doubles import SnsDouble, SqsDouble, TableDouble, record

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

IDS = {
    "CallsCall": "AWS::Lambda::Function",
    "CallsDeadLetters": "AWS::SQS::Queue",
    "CallsEventSource": "AWS::Lambda::EventSourceMapping",
    "CallsQueue": "AWS::SQS::Queue",
    "CallsSubscription": "AWS::SNS::Subscription",
    "CallsTable": "AWS::DynamoDB::Table",
    "CallsTopic": "AWS::SNS::Topic",
}


@pytest.fixture(scope="module")
def plain() -> Synthesised:
    return smallest()


@pytest.fixture(scope="module")
def whole() -> Synthesised:
    return Synthesised.of(*everything())


def actions_of(synthesised: Synthesised, role: str) -> set[str]:
    listed = (one["Action"] for one in synthesised.statements(role))
    return {action for one in listed for action in ([one] if isinstance(one, str) else one)}


def payloads_of(states: Any) -> list[dict[str, Any]]:
    """What the function for commands is invoked with, wherever in a definition."""
    if isinstance(states, dict):
        payload = states.get("Payload")
        if isinstance(payload, dict) and "view" in payload:
            return [payload]
        return [found for each in states.values() for found in payloads_of(each)]
    return [found for each in states for found in payloads_of(each)] if isinstance(states, list) else []


class TestThePathOfAJob:
    def test_from_the_topic_to_the_queue_as_it_is(self, plain: Synthesised) -> None:
        subscription = plain.only("SNS::Subscription")
        assert (subscription["Protocol"], subscription["RawMessageDelivery"]) == ("sqs", True)
        assert text_of(subscription["Endpoint"]).startswith("<CallsQueue")
        assert text_of(subscription["RedrivePolicy"]["deadLetterTargetArn"]).startswith("<CallsDeadLetters")
        assert "FilterPolicy" not in subscription

    def test_from_the_queue_to_a_few_invocations(self, plain: Synthesised) -> None:
        mapping = plain.only("Lambda::EventSourceMapping")
        assert {key: value for key, value in mapping.items() if key not in {"EventSourceArn", "FunctionName"}} == {
            "BatchSize": 10,
            "ScalingConfig": {"MaximumConcurrency": 5},
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
        }
        assert "ReservedConcurrentExecutions" not in plain.only("Lambda::Function", "CallsCall")
        assert plain.count("Lambda::Permission") == 0

    def test_after_five_tries_to_the_dead_letters(self, plain: Synthesised) -> None:
        queue, dead = plain.only("SQS::Queue", "CallsQueue"), plain.only("SQS::Queue", "DeadLetters")
        assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
        assert queue["VisibilityTimeout"] == 6 * plain.only("Lambda::Function", "CallsCall")["Timeout"]
        assert queue["MessageRetentionPeriod"] < dead["MessageRetentionPeriod"] == 14 * 24 * 3600

    def test_all_of_it_is_encrypted_and_takes_tls_only(self, plain: Synthesised) -> None:
        assert text_of(plain.only("SNS::Topic")["KmsMasterKeyId"]).endswith(":alias/aws/sns")
        assert all(queue["SqsManagedSseEnabled"] for queue in plain.resources("SQS::Queue").values())
        for kind in ("SNS::TopicPolicy", "SQS::QueuePolicy"):
            for policy in plain.resources(kind).values():
                assert '"aws:SecureTransport": "false"' in json.dumps(policy)

    def test_with_a_key_everything_that_holds_a_job_has_it(self, whole: Synthesised) -> None:
        (key,) = whole.resources("KMS::Key")
        arn = {"Fn::GetAtt": [key, "Arn"]}
        assert whole.only("SNS::Topic", "Calls")["KmsMasterKeyId"] == arn
        queues = [one for id, one in whole.resources("SQS::Queue").items() if id.startswith("Calls")]
        assert [one["KmsMasterKeyId"] for one in queues] == [arn] * 2
        assert whole.only("DynamoDB::Table", "Calls")["SSESpecification"]["KMSMasterKeyId"] == arn


class TestPermissions:
    def test_the_consumer_may_do_this_and_nothing_else(self, plain: Synthesised) -> None:
        assert actions_of(plain, "CallsCallRole") == {
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ChangeMessageVisibility",
            "sqs:SendMessage",
            "dynamodb:UpdateItem",
        }
        assert "*" not in json.dumps(plain.statements("CallsCallRole"))

    def test_the_producer_may_publish(self, plain: Synthesised) -> None:
        (publish,) = (one for one in plain.statements("PublishRole") if one["Action"] == "sns:Publish")
        assert text_of(publish["Resource"]).startswith("<CallsTopic")

    def test_with_a_key_each_may_use_it_through_its_service_only(self, whole: Synthesised) -> None:
        for role, services in (
            ("ConsumerRole", {"sqs", "dynamodb"}),
            ("PublishRole", {"sns"}),
            ("CallsDeskFunctionRole", {"sqs"}),
        ):
            uses = [one for one in whole.statements(role) if "kms:" in json.dumps(one["Action"])]
            via = {text_of(one["Condition"]["StringEquals"]["kms:ViaService"]).partition(".")[0] for one in uses}
            assert via == services

    def test_a_function_of_ones_own_may_receive_only(self) -> None:
        app, stack = new_stack()
        fan_out(stack, consumer=other_function(stack), idempotency=None)
        synthesised = Synthesised.of(app, stack)
        assert actions_of(synthesised, "OtherServiceRole") == {
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
        }
        assert synthesised.count("DynamoDB::Table") == 0


class TestWhatFunctionsAreTold:
    """The rendered environment is fed to the real handlers."""

    def environment(self, synthesised: Synthesised, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
        function = synthesised.only("Lambda::Function", part)
        for name, value in function["Environment"]["Variables"].items():
            monkeypatch.setenv(name, text_of(value))

    def test_the_consumer(
        self, whole: Synthesised, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ran: list[Job] = []
        self.environment(whole, "Consumer", monkeypatch)
        doubles = {"sqs": SqsDouble(), "dynamodb": TableDouble()}
        monkeypatch.setattr(boto3, "client", lambda service, **_: doubles[service])
        monkeypatch.setattr(user_function, "load", lambda name: ran.append if name == "calls.call" else None)
        invocation._consumer.cache_clear()
        context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000, aws_request_id="r")
        event = {
            "Records": [record('{"user": 1}', id="a", key="k"), record("{}", id="b", key="k"), record("no", id="c")]
        }
        assert handler(event, context) == {"batchItemFailures": [{"itemIdentifier": "c"}]}
        invocation._consumer.cache_clear()
        assert [(job.key, job.body) for job in ran] == [("k", {"user": 1})]
        told = json.loads(capsys.readouterr().out.splitlines()[-1])
        found = [told[name] for name in (contract.METRIC_DONE, contract.METRIC_FAILED, contract.METRIC_DUPLICATES)]
        assert found == [1, 1, 1]
        alarm = whole.only("CloudWatch::Alarm", "GivenBack")
        (directive,) = told["_aws"]["CloudWatchMetrics"]
        assert alarm["Namespace"] == directive["Namespace"]
        assert alarm["Dimensions"] == [{"Name": contract.DIMENSION, "Value": told[contract.DIMENSION]}]
        assert alarm["MetricName"] in {one["Name"] for one in directive["Metrics"]}

    def test_the_producer(self, plain: Synthesised, monkeypatch: pytest.MonkeyPatch) -> None:
        function = plain.only("Lambda::Function", "Publish")
        assert text_of(function["Environment"]["Variables"][contract.TOPIC]).startswith("<CallsTopic")
        assert len(function["Layers"]) == 1
        monkeypatch.setenv(contract.TOPIC, "arn:aws:sns:us-east-1:123456789012:calls")
        assert FanOut(client=SnsDouble()).publish([Job(1)]) == 1

    @pytest.mark.parametrize("view", [queue_desk.STATUS, queue_desk.REDRIVE])
    def test_the_commands(self, whole: Synthesised, monkeypatch: pytest.MonkeyPatch, view: str) -> None:
        self.environment(whole, "CallsDeskFunction", monkeypatch)
        (definition,) = (
            one for name, one in whole.definitions().items() if f"Calls{view.capitalize()}" in name.replace("_", "")
        )
        (payload,) = payloads_of(definition)
        assert payload["view"] == view
        moved: list[dict[str, Any]] = []

        def counts(**request: Any) -> dict[str, Any]:
            count = "1" if "DeadLetters" in request["QueueUrl"] else "2"
            return {"Attributes": dict.fromkeys(request["AttributeNames"], count)}

        sqs = SimpleNamespace(
            get_queue_attributes=counts,
            list_message_move_tasks=lambda **_: {"Results": []},
            start_message_move_task=lambda **request: moved.append(request),
        )
        monkeypatch.setattr(boto3, "client", lambda _: sqs)
        user, channel = {"id": "U1", "name": "u"}, {"id": "C1", "name": "c"}
        asked = {"command": "/calls", "text": "", "team_id": "T1", "request_id": "r", "arguments": {}}
        event = {**payload, **asked, "user": user, "channel": channel}
        desk_handler.__globals__["_desk"].cache_clear()
        answer = desk_handler(event, None)
        desk_handler.__globals__["_desk"].cache_clear()
        if view == queue_desk.STATUS:
            assert answer["text"] == "Calls: 2 waiting, 2 in flight, 2 to be tried again later, 3 dead."
            assert moved == []
        else:
            assert answer["text"] == "Calls: 3 dead ones go back into the queue."
            assert "DeadLetters" in moved[0]["SourceArn"]
            assert "CallsQueue" in moved[0]["DestinationArn"]


class TestWhatIsPassedIn:
    def test_a_topic_gets_the_subscription_and_nothing_else(self) -> None:
        app, stack = new_stack()
        topic = sns.Topic(stack, "Mine")
        fan_out(stack, topic=topic, filter_policy={"kind": sns.SubscriptionFilter.string_filter(allowlist=["user"])})
        synthesised = Synthesised.of(app, stack)
        ((id, properties),) = synthesised.resources("SNS::Topic").items()
        assert id.startswith("Mine")
        assert properties == {}
        assert synthesised.only("SNS::Subscription")["FilterPolicy"] == {"kind": ["user"]}

    def test_an_own_topic_takes_further_subscribers(self) -> None:
        app, stack = new_stack()
        fan_out(stack).topic.add_subscription(subscriptions.EmailSubscription("ops@example.com"))
        assert Synthesised.of(app, stack).count("SNS::Subscription") == 2

    def test_a_function_known_by_its_arn(self) -> None:
        app, stack = new_stack()
        arn = "arn:aws:lambda:us-east-1:123456789012:function:theirs"
        theirs = lambda_.Function.from_function_attributes(stack, "Theirs", function_arn=arn, same_environment=True)
        fan_out(stack, consumer=theirs, idempotency=None, visibility_timeout=cdk.Duration.minutes(3))
        assert Synthesised.of(app, stack).only("SQS::Queue", "CallsQueue")["VisibilityTimeout"] == 180

    def test_a_producer_that_has_the_layer_gets_it_once(self) -> None:
        app, stack = new_stack()
        made = fan_out(stack)
        layer = RuntimeLayer.of(stack)
        made.publish_from(PythonFunction(stack, "Layered", entry=CALLS, handler="calls.publish", layers=[layer]))
        command = CommandFunction(stack, "Command", entry=COMMANDS, handler="hello.hello")
        made.publish_from(command)
        synthesised = Synthesised.of(app, stack)
        assert len(synthesised.only("Lambda::Function", "Layered")["Layers"]) == 1
        assert len(synthesised.only("Lambda::Function", "Command")["Layers"]) == 1


def test_a_rate_alone_needs_the_table_and_remembers_nothing() -> None:
    app, stack = new_stack()
    made = fan_out(stack, idempotency=None, per_second=10)
    assert made.table is not None
    synthesised = Synthesised.of(app, stack)
    variables = synthesised.only("Lambda::Function", "CallsCall")["Environment"]["Variables"]
    assert variables[contract.PER_SECOND] == "10"
    assert contract.REMEMBERED_SECONDS not in variables


@pytest.mark.parametrize(
    ("options", "seconds"),
    [({}, "900"), ({"visibility_timeout": cdk.Duration.hours(1)}, "7200")],
)
def test_what_is_remembered_by_default_outlasts_what_may_come_again(options: dict[str, Any], seconds: str) -> None:
    app, stack = new_stack()
    fan_out(stack, **options)
    variables = Synthesised.of(app, stack).only("Lambda::Function", "CallsCall")["Environment"]["Variables"]
    assert variables[contract.REMEMBERED_SECONDS] == seconds


def test_what_is_remembered_may_be_said() -> None:
    app, stack = new_stack()
    fan_out(stack, idempotency=Idempotency(remembered=cdk.Duration.hours(3)))
    variables = Synthesised.of(app, stack).only("Lambda::Function", "CallsCall")["Environment"]["Variables"]
    assert variables[contract.REMEMBERED_SECONDS] == "10800"


@pytest.mark.parametrize(
    ("concurrency", "per_second", "seconds"), [(5, None, 60), (2, None, 150), (5, 10, 102), (5, 100, 60)]
)
def test_how_long_it_takes(concurrency: int, per_second: float | None, seconds: int) -> None:
    _, stack = new_stack()
    made = fan_out(stack, max_concurrency=concurrency, per_second=per_second)
    assert made.drain_time(1000, cdk.Duration.millis(300)).to_seconds() == seconds


def test_the_alarms(whole: Synthesised) -> None:
    alarms = {id: one for id, one in whole.resources("CloudWatch::Alarm").items() if id.startswith("CallsAlarms")}
    assert len(alarms) == 4
    assert all(one["AlarmActions"] and one["TreatMissingData"] == "notBreaching" for one in alarms.values())
    thresholds = sorted(one["Threshold"] for one in alarms.values())
    assert thresholds == [1, 1, 600, 3600]
    drain = whole.only("CloudWatch::Alarm", "DrainTime")
    assert drain["Metrics"][0]["Expression"].startswith("IF(FILL(done, 0) > 0")


def test_logical_ids_that_a_deployed_stack_must_keep(plain: Synthesised) -> None:
    found = {id[:-8]: resource["Type"] for id, resource in plain.template["Resources"].items()}
    assert {id: found.get(id) for id in IDS} == IDS


def test_nothing_is_found_by_cdk_nag_and_cfn_lint(plain: Synthesised, whole: Synthesised) -> None:
    app, stack = everything()
    assert findings(app, stack) == set()
    assert unexplained(plain.template) == []
    assert unexplained(whole.template) == []


def test_the_whole_template(plain: Synthesised, snapshot: SnapshotAssertion) -> None:
    assert normalise(plain.template, plain.directory) == snapshot.use_extension(JSONSnapshotExtension)


def test_a_job_function_serves_one_fan_out() -> None:
    _, stack = new_stack()
    consumer = job_function(stack)
    fan_out(stack, consumer=consumer)
    with pytest.raises(ValueError, match="consumer is 'Ops/Call'") as raised:
        fan_out(stack, "Others", consumer=consumer)
    assert "serves 'Ops/Calls'" in str(raised.value)
