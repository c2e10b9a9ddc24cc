"""The prior design: a producer that publishes one by one, and a consumer that SNS invokes."""

import os
from http.client import HTTPConnection
from typing import Any

import boto3


def produce(event: dict[str, Any], context: object) -> int:
    """Publish so many jobs of a run."""
    del context
    sns = boto3.client("sns")
    for number in range(event["jobs"]):
        sns.publish(TopicArn=os.environ["TOPIC"], Message=f"{event['run']}-{number}")
    return int(event["jobs"])


def call(event: dict[str, Any], context: object) -> None:
    """Call the API once."""
    del context
    connection = HTTPConnection("127.0.0.1", int(os.environ["API_PORT"]), timeout=30)
    try:
        connection.request("POST", "/", body=event["Records"][0]["Sns"]["Message"])
        status = connection.getresponse().status
    finally:
        connection.close()
    if status != 200:
        raise RuntimeError(f"the API answered {status}")
