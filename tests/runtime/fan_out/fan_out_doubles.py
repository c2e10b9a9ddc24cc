"""Doubles of the table, of SQS and of SNS, and a clock that moves when somebody sleeps."""

from __future__ import annotations

import re
from typing import Any

from botocore.exceptions import ClientError

from chatops_runtime.contracts import fan_out as contract

START = 1_800_000_000.0


class Clock:
    """Says what time it is, and moves on by what is slept."""

    def __init__(self) -> None:
        self.now = START
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class TableDouble:
    """`UpdateItem` of DynamoDB, with the expressions that the fan-out uses, evaluated as they are written."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.failures = 0
        self.updates = 0

    def update_item(self, **request: Any) -> dict[str, Any]:
        """Check the condition and set what is to be set."""
        self.updates += 1
        if self.failures:
            self.failures -= 1
            raise client_error("ProvisionedThroughputExceededException", "UpdateItem")
        key = request["Key"][contract.TABLE_KEY]["S"]
        item = self.items.get(key)
        before = dict(item or {})
        names, values = request["ExpressionAttributeNames"], request["ExpressionAttributeValues"]
        # DynamoDB refuses requests with names or values that nobody uses.
        used = f"{request['UpdateExpression']} {request['ConditionExpression']}"
        assert set(re.findall(r"#\w+", used)) == set(names)
        assert set(re.findall(r":\w+", used)) == set(values)
        if not _holds(request["ConditionExpression"], item, names, values):
            raise client_error("ConditionalCheckFailedException", "UpdateItem", Item=before)
        changed = dict(before) or {contract.TABLE_KEY: {"S": key}}
        for part in request["UpdateExpression"].removeprefix("SET ").split(", "):
            name, _, value = part.partition(" = ")
            changed[names[name]] = _value(value, before, names, values)
        self.items[key] = changed
        return {"Attributes": before} if request.get("ReturnValues") == "UPDATED_OLD" and before else {}


def client_error(code: str, operation: str, status: int = 400, **more: Any) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}, **more}
    return ClientError(response, operation)


def _value(text: str, item: dict[str, Any], names: dict[str, str], values: dict[str, Any]) -> Any:
    left, plus, right = text.partition(" + ")
    if plus:
        summands = [int(_value(one, item, names, values)["N"]) for one in (left, right)]
        return {"N": str(sum(summands))}
    return values[left] if left in values else item[names[left]]


def _holds(condition: str, item: dict[str, Any] | None, names: dict[str, str], values: dict[str, Any]) -> bool:
    return any(
        all(_is_true(part.strip("()"), item, names, values) for part in alternative.strip("()").split(" AND "))
        for alternative in condition.split(" OR ")
    )


def _is_true(part: str, item: dict[str, Any] | None, names: dict[str, str], values: dict[str, Any]) -> bool:
    if part.startswith("attribute_not_exists"):
        return item is None or names[part.partition("(")[2].rstrip(")")] not in item
    name, operator, value = part.split(" ")
    if item is None or names[name] not in item:
        return False
    ((kind, has),), ((_, asked),) = item[names[name]].items(), values[value].items()
    left, right = (float(has), float(asked)) if kind == "N" else (has, asked)
    return bool({"=": left == right, "<=": left <= right, ">": left > right}[operator])


class SqsDouble:
    """What is done to the queue."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.later: dict[str, int] = {}
        self.fails = False

    def send_message(self, **request: Any) -> dict[str, str]:
        """Take a message."""
        if self.fails:
            raise client_error("ServiceUnavailable", "SendMessage", 503)
        self.sent.append(request)
        return {}

    def change_message_visibility(self, **request: Any) -> dict[str, str]:
        """Note when a message comes again."""
        if self.fails:
            raise client_error("ServiceUnavailable", "ChangeMessageVisibility", 503)
        self.later[request["ReceiptHandle"]] = request["VisibilityTimeout"]
        return {}


class SnsDouble:
    """Takes batches; each answer may be scripted."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[list[dict[str, Any]]] = []
        self.taken: list[str] = []

    def publish_batch(self, **request: Any) -> dict[str, Any]:
        """Answer as scripted: an error is raised, a dict has codes by Id; without a script all is taken."""
        entries = request["PublishBatchRequestEntries"]
        self.requests.append(entries)
        answer = self.answers.pop(0) if self.answers else {}
        if isinstance(answer, Exception):
            raise answer
        failed = [
            {"Id": id, "Code": code.rstrip("!"), "SenderFault": code.endswith("!")}
            for id, code in answer.items()
            if code
        ]
        successful = [entry for entry in entries if entry["Id"] not in answer]
        self.taken += [entry["Message"] for entry in successful]
        return {"Successful": [{"Id": entry["Id"]} for entry in successful], "Failed": failed}


def record(body: str = "{}", *, id: str = "m1", key: str = "", received: int = 1, **attributes: str) -> dict[str, Any]:
    """A record of SQS's event."""
    texts = {**({contract.KEY_ATTRIBUTE: key} if key else {}), **attributes}
    return {
        "messageId": id,
        "receiptHandle": f"handle-{id}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(received)},
        "messageAttributes": {name: {"stringValue": text, "dataType": "String"} for name, text in texts.items()},
    }
