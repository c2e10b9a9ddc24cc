"""A consumer that knows nothing of this library, by the documented contract."""

import json
import sys
from typing import Any


def consume(event: dict[str, Any], context: object) -> dict[str, list[dict[str, str]]]:
    """Do what SQS brings, and say what is to come again."""
    del context
    failed = []
    for record in event["Records"]:
        body, key = json.loads(record["body"]), record["messageAttributes"]["key"]["stringValue"]
        sys.stdout.write(json.dumps({"job": key, "body": body}) + "\n")
        if body.get("fails") and record["attributes"]["ApproximateReceiveCount"] == "1":
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
