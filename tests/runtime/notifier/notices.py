"""Messages of the queue, as SNS and their publishers make them."""

import itertools
import json
from typing import Any

from tests.runtime.reports import instance, run_command

ACCOUNT = "123456789012"
REASON = "Threshold Crossed: 1 datapoint [12.0 (22/11/26 01:02:00)] was greater than the threshold (10.0)."

_numbers = itertools.count(1)


def raw(body: str) -> dict[str, Any]:
    """A record of an event: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html."""
    return {
        "messageId": f"message-{next(_numbers)}",
        "body": body,
        "attributes": {"SentTimestamp": "1795309431500"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
    }


def record(published: Any, *, subject: str | None = None, second: int = 0) -> dict[str, Any]:
    """With SNS's envelope: https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html."""
    envelope = {
        "Type": "Notification",
        "MessageId": "dc1e94d9-56c5-5e96-808d-cc7f68faa162",
        "TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:Ops-Topic",
        "Message": published if isinstance(published, str) else json.dumps(published),
        "Timestamp": f"2026-11-22T01:{second // 60:02d}:{second % 60:02d}.500Z",
        "SignatureVersion": "1",
    }
    return raw(json.dumps({**envelope, **({"Subject": subject} if subject else {})}))


def alarm(state: str = "ALARM", name: str = "orders-5xx", **changes: Any) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-notification-schemas.html"""
    return {
        "AlarmName": name,
        "AlarmDescription": "Too many 5xx answers.\nRunbook: https://wiki.example.com/orders",
        "AWSAccountId": ACCOUNT,
        "NewStateValue": state,
        "NewStateReason": REASON,
        "StateChangeTime": "2026-11-22T01:03:50.123+0000",
        "Region": "US East (N. Virginia)",
        "AlarmArn": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:{name}",
        "OldStateValue": "OK",
        "Trigger": {
            "MetricName": "5XXError",
            "Namespace": "AWS/ApiGateway",
            "Dimensions": [{"value": "orders", "name": "ApiName"}],
            "Threshold": 10.0,
        },
        **changes,
    }


def run(outcome: str, subject: str = "NightlyBatch failed on 1 of 3 instances", **changes: Any) -> dict[str, Any]:
    """`chatops_runtime.contracts.run_notice`."""
    return {
        "version": 1,
        "kind": "scheduled_run",
        "outcome": outcome,
        "task": "Ops/NightlyBatch",
        "subject": subject,
        "text": "as in a mail",
        "execution": f"arn:aws:states:us-east-1:{ACCOUNT}:execution:Ops-NightlyBatch:2026-11-22T02-00-00Z",
        "id": "2026-11-22T02-00-00Z",
        "scheduled_at": "2026-11-22T02:00:00Z",
        "started_at": "2026-11-22T02:00:01.123Z",
        "region": "us-east-1",
        **changes,
    }


def failed_run(**changes: Any) -> dict[str, Any]:
    broken = instance(2, status="Failed", exit_code=2, stdout="the end", stdout_cut=True, stderr="boom", is_end=True)
    quiet = instance(3, status="Failed", exit_code=1, stdout="", stdout_cut=True, is_end=True)
    return run("failed", result=run_command(instance(1), broken, quiet), **changes)
