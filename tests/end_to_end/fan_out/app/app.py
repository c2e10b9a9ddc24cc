"""Fan-outs of every sort, and a producer for each."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chatops_constructs import (
    Allow,
    JobFunction,
    PythonFunction,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    ThrottledFanOut,
)

JOBS = Path(__file__).parent / "jobs"


class FanOuts(cdk.Stack):
    """A plain one, one with a rate, one with a key, one with a consumer of one's own."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T0FANOUT", app="A0FANOUT"),
            credentials=SlackCredentials.from_parameters("/fan-out"),
        )
        calls = self.fan_out("Calls", self.job_function("Calls"), max_receives=2)
        for name, action in (("status", calls.status_action()), ("redrive", calls.redrive_action())):
            slack.add_command(f"/calls {name}", action, description="about calls", allow=Allow.workspace())
        alarms = calls.alarms(drain_time=cdk.Duration.minutes(10))
        assert alarms.drain_time is not None
        cdk.CfnOutput(self, "DrainTimeOfCalls", value=alarms.drain_time.alarm_name)
        self.fan_out("Rated", self.job_function("Rated"), per_second=10)
        self.fan_out("Keyed", self.job_function("Keyed"), encryption_key=kms.Key(self, "Key"), per_second=50)
        raw = PythonFunction(self, "RawConsumer", entry=JOBS, handler="plain.consume", timeout=cdk.Duration.seconds(3))
        self.fan_out("Raw", raw, idempotency=None)

    def job_function(self, id: str) -> JobFunction:
        return JobFunction(self, f"{id}Consumer", entry=JOBS, handler="work.work", timeout=cdk.Duration.seconds(6))

    def fan_out(self, id: str, consumer: lambda_.Function, **options: Any) -> ThrottledFanOut:
        made = ThrottledFanOut(self, id, consumer=consumer, max_concurrency=2, **{"batch_size": 5, **options})
        producer = PythonFunction(self, f"{id}Producer", entry=JOBS, handler="work.produce")
        made.publish_from(producer)
        for name, value in {
            "Producer": producer.function_name,
            "Queue": made.queue.queue_url,
            "DeadLetters": made.dead_letter_queue.queue_url,
            "Logs": consumer.log_group.log_group_name,
            "Topic": made.topic.topic_arn,
        }.items():
            cdk.CfnOutput(self, f"{name}Of{id}", value=value)
        return made


app = cdk.App()
FanOuts(app, "FanOuts")
app.synth()
