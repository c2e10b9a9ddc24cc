"""The one table of requests whose permissions the local cloud can check.

For each operation: the IAM action and the resources, as the service authorization reference has them
(https://docs.aws.amazon.com/service-authorization/latest/reference/). Calls of functions, tasks of state machines and
the guard all go by this table, so what is not in it is refused everywhere, by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from chatops_local.ministack.code_pipeline import permissions as code_pipeline
from chatops_local.ministack.messaging.encryption import to_read, to_write
from chatops_local.ministack.permissions import message_moves, secrets_manager, systems_manager
from chatops_local.ministack.permissions.authorization import Access
from chatops_local.ministack.permissions.batch_actions import ACTION_OF_BATCH
from chatops_local.ministack.permissions.leading_keys import leading_keys
from chatops_local.ministack.waf import permissions as waf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops_local.ministack.permissions.place import Place

Request: TypeAlias = "Mapping[str, Any]"
Rule: TypeAlias = "Callable[[Request, Place], list[Access]]"


_USES_OF_A_TABLES_KEY = (
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKey",
    "kms:DescribeKey",
)


_ACTIONS_OF_TRANSACTIONS = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
    "Get": "dynamodb:GetItem",
}
"""https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html"""

_TRANSACTIONS = ("TransactGetItems", "TransactWriteItems")


class UncheckableError(Exception):
    """A request that is not in the table, or that has a member which the table does not cover."""


def accesses_of(service: str, operation: str, request: Request, place: Place) -> list[Access]:
    """What a request needs to be allowed to do, in the order in which AWS checks it.

    Args:
        service: the IAM prefix, such as ``ssm``.
        operation: the operation of the API, such as ``SendCommand``.
        request: its parameters; the first letter of a name may be small or capital.
        place: where.

    Raises:
        UncheckableError: if the operation is not in the table.
    """
    rule = _RULES.get((service, operation))
    if rule is None:
        raise UncheckableError(
            f"{service}:{operation} is not emulated: the local cloud does not know which resources its permission names"
        )
    return rule({name[:1].upper() + name[1:]: value for name, value in request.items()}, place)


def is_checkable(service: str, operation: str) -> bool:
    """Whether the operation is in the table."""
    return (service, operation) in _RULES


def checkable_actions() -> frozenset[str]:
    """Every IAM action that some operation of the table needs."""
    actions = {_action(service, operation) for service, operation in _RULES if operation not in _TRANSACTIONS}
    return frozenset({*actions, *_ACTIONS_OF_TRANSACTIONS.values(), *_USES_OF_A_TABLES_KEY})


def _action(service: str, operation: str) -> str:
    if (service, operation) == ("lambda", "Invoke"):
        return "lambda:InvokeFunction"
    return f"{service}:{ACTION_OF_BATCH.get(operation, operation)}"


def _on(service: str, operation: str, resource: Callable[[Request, Place], str]) -> tuple[tuple[str, str], Rule]:
    action = _action(service, operation)
    return (service, operation), lambda request, place: [Access(action, resource(request, place))]


def _function(request: Request, place: Place) -> str:
    name = str(request["FunctionName"])
    # A name, a partial ARN "123456789012:function:name" or an ARN, each perhaps with a qualifier.
    local = name if name.startswith("arn:") else f"function:{name.rpartition('function:')[2]}"
    qualifier = request.get("Qualifier")
    return place.arn("lambda", local) + (f":{qualifier}" if qualifier else "")


def _state_machine(request: Request, _place: Place) -> str:
    return str(request["StateMachineArn"])


def _execution(request: Request, _place: Place) -> str:
    return str(request["ExecutionArn"])


def _waiting_state_machine(request: Request, place: Place) -> str:
    # A token that nobody waits for belongs to no machine: the service answers that, whoever may ask.
    return place.directory.state_machine_of(str(request.get("TaskToken", ""))) or place.arn("states", "stateMachine:*")


def _role(request: Request, _place: Place) -> str:
    return str(request["RoleArn"])


def _topic(request: Request, _place: Place) -> str:
    if "PhoneNumber" in request:
        raise UncheckableError("sns:Publish to a PhoneNumber is not emulated; publish to a topic")
    return str(request.get("TopicArn") or request["TargetArn"])


def _publish(request: Request, place: Place) -> list[Access]:
    topic = _topic(request, place)
    return [Access("sns:Publish", topic), *to_write(topic, place.directory.encryption_key_of(topic))]


def _queue(request: Request, place: Place) -> str:
    # GetQueueUrl has the name itself.
    name = str(request["QueueUrl"]).rstrip("/").rpartition("/")[2] if "QueueUrl" in request else request["QueueName"]
    return place.arn("sqs", str(name))


def _with_key(rule: Rule, needed: Callable[[str, str | None], list[Access]]) -> Rule:
    def with_key(request: Request, place: Place) -> list[Access]:
        queue = _queue(request, place)
        return [*rule(request, place), *needed(queue, place.directory.encryption_key_of(queue))]

    return with_key


def _on_queue(
    operation: str, needed: Callable[[str, str | None], list[Access]] | None = None
) -> tuple[tuple[str, str], Rule]:
    name, rule = _on("sqs", operation, _queue)
    return name, rule if needed is None else _with_key(rule, needed)


def _table(request: Request, place: Place) -> str:
    table = str(request["TableName"])
    return place.arn("dynamodb", table if table.startswith("arn:") else f"table/{table}")


def _on_item(operation: str, resource: Callable[[Request, Place], str] = _table) -> tuple[tuple[str, str], Rule]:
    def rule(request: Request, place: Place) -> list[Access]:
        context = leading_keys(request, place.directory)
        access = Access(f"dynamodb:{operation}", resource(request, place), context)
        return [access, *_use_of_key(_table(request, place), place)]

    return ("dynamodb", operation), rule


def _transaction(request: Request, place: Place) -> list[Access]:
    """Each item by itself, with the partition that it is in."""
    members = [(name, member) for item in request["TransactItems"] for name, member in item.items()]
    tables = dict.fromkeys(_table(member, place) for _, member in members)
    items = [
        Access(_ACTIONS_OF_TRANSACTIONS[name], _table(member, place), leading_keys(member, place.directory))
        for name, member in members
    ]
    return [*items, *(access for table in tables for access in _use_of_key(table, place))]


def _use_of_key(table: str, place: Place) -> list[Access]:
    """What the key of a table takes: DynamoDB uses it with the rights of who calls.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html#dynamodb-kms-authz
    names these as the least; which of them a single call takes is not documented.
    """
    key = place.directory.encryption_key_of_table(table)
    via = {"kms:ViaService": f"dynamodb.{place.region}.amazonaws.com"}
    return [] if key is None else [Access(action, key, via) for action in _USES_OF_A_TABLES_KEY]


def _table_or_index(request: Request, place: Place) -> str:
    index = request.get("IndexName")
    return _table(request, place) + (f"/index/{index}" if index else "")


def _log_streams(request: Request, place: Place) -> str:
    # Denials name it so: "…:log-group:NAME:log-stream:", which "…:log-group:NAME:*" in a policy covers.
    stream = request.get("LogStreamName", "")
    return place.arn("logs", f"log-group:{request['LogGroupName']}:log-stream:{stream}")


def _all_log_groups(_request: Request, place: Place) -> str:
    # Whatever prefix is asked for: denials name the group of an empty name.
    return place.arn("logs", "log-group::log-stream:")


def _start_query(request: Request, place: Place) -> list[Access]:
    one = [request["LogGroupName"]] if "LogGroupName" in request else []
    groups = [*one, *request.get("LogGroupNames", []), *request.get("LogGroupIdentifiers", [])]
    # An identifier may be an ARN, of which the last part is the name.
    names = dict.fromkeys(str(group).rpartition("log-group:")[2].removesuffix(":*") for group in groups)
    return [Access("logs:StartQuery", _log_streams({"LogGroupName": name}, place)) for name in names]


def _put_events(request: Request, place: Place) -> list[Access]:
    buses = [str(entry.get("EventBusName") or "default") for entry in request.get("Entries", [])]
    arns = [place.arn("events", bus if bus.startswith("arn:") else f"event-bus/{bus}") for bus in buses]
    return [Access("events:PutEvents", arn) for arn in dict.fromkeys(arns)]


_RULES: dict[tuple[str, str], Rule] = {
    **{("ssm", operation): rule for operation, rule in systems_manager.RULES.items()},
    **{("codepipeline", operation): rule for operation, rule in code_pipeline.RULES.items()},
    **{("secretsmanager", operation): rule for operation, rule in secrets_manager.RULES.items()},
    **{("sqs", operation): rule for operation, rule in message_moves.RULES.items()},
    **{("wafv2", operation): rule for operation, rule in waf.RULES.items()},
    ("events", "PutEvents"): _put_events,
    **{("dynamodb", operation): _transaction for operation in _TRANSACTIONS},
    ("logs", "StartQuery"): _start_query,
    ("sns", "Publish"): _publish,
    ("sns", "PublishBatch"): _publish,
    **dict(
        [
            _on("lambda", "Invoke", _function),
            _on("lambda", "GetFunctionConfiguration", _function),
            _on("states", "StartExecution", _state_machine),
            _on("states", "StartSyncExecution", _state_machine),
            _on("states", "ListExecutions", _state_machine),
            _on("states", "DescribeStateMachine", _state_machine),
            _on("states", "DescribeExecution", _execution),
            _on("states", "StopExecution", _execution),
            _on("states", "GetExecutionHistory", _execution),
            # https://docs.aws.amazon.com/step-functions/latest/dg/concept-create-iam-advanced.html
            _on("states", "SendTaskSuccess", _waiting_state_machine),
            _on("states", "SendTaskFailure", _waiting_state_machine),
            _on("states", "SendTaskHeartbeat", _waiting_state_machine),
            _on("sts", "AssumeRole", _role),
            _on_queue("SendMessage", to_write),
            _on_queue("SendMessageBatch", to_write),
            _on_queue("ReceiveMessage", to_read),
            _on_queue("DeleteMessage"),
            _on_queue("DeleteMessageBatch"),
            _on_queue("ChangeMessageVisibility"),
            _on_queue("ChangeMessageVisibilityBatch"),
            _on_queue("GetQueueAttributes"),
            _on_queue("GetQueueUrl"),
            _on_item("GetItem"),
            _on_item("PutItem"),
            _on_item("UpdateItem"),
            _on_item("DeleteItem"),
            _on_item("Query", _table_or_index),
            _on_item("Scan", _table_or_index),
            _on("logs", "FilterLogEvents", _log_streams),
            _on("logs", "CreateLogStream", _log_streams),
            _on("logs", "PutLogEvents", _log_streams),
            _on("logs", "DescribeLogStreams", _log_streams),
            _on("logs", "DescribeLogGroups", _all_log_groups),
            # A query is nobody's resource.
            _on("logs", "GetQueryResults", lambda _request, _place: "*"),
            _on("logs", "StopQuery", lambda _request, _place: "*"),
        ]
    ),
}
