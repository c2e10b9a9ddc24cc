"""What Lambda refuses when a stream of a table is mapped to a function.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.event_sources.rules import poller
from chatops_local.ministack.permissions.authorization import Access, first_denial
from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.streams.table_streams import is_current, is_stream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.permissions.place import Directory

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_get_func_record_for_ref = private("services.lambda_svc:_get_func_record_for_ref")
_esms = private("services.lambda_svc:_esms")

POLLER_ACTIONS = ("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams")
"""Lambda names all four where it refuses a role, and AWS's examples grant ListStreams on the stream as well:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html.
Whether a role without ListStreams is really refused is not documented: here it is.
"""

DEFAULT_BATCH_SIZE = 100
_BATCH_SIZES = range(1, 10_001)
_WINDOWS = range(301)
_RETRIES = range(-1, 10_001)
_AGES = range(60, 604_801)
_POSITIONS = ("LATEST", "TRIM_HORIZON")

_OPTIONAL = frozenset(
    {
        "BisectBatchOnFunctionError",
        "Enabled",
        "FilterCriteria",
        "FunctionResponseTypes",
        "MaximumBatchingWindowInSeconds",
        "MaximumRecordAgeInSeconds",
        "MaximumRetryAttempts",
    }
)


def apply(directory: Directory) -> None:
    """Refuse mappings in templates as Lambda does."""
    handlers = _resource_handlers.get()["AWS::Lambda::EventSourceMapping"]
    handlers["create"] = _checked(handlers["create"], directory, properties_at=1)
    handlers["update"] = _checked(handlers["update"], directory, properties_at=2)


def poller_accesses(stream_arn: str, directory: Directory) -> list[Access]:
    """What the role of the function needs, so that Lambda can poll the stream with it."""
    needed = [Access(action, stream_arn) for action in POLLER_ACTIONS]
    key = directory.encryption_key_of_table(stream_arn.partition("/stream/")[0])
    if key is None:
        return needed
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    region = stream_arn.split(":")[3]
    return [*needed, Access("kms:Decrypt", key, {"kms:ViaService": f"dynamodb.{region}.amazonaws.com"})]


def _checked(original: Untyped, directory: Directory, *, properties_at: int) -> Untyped:
    def apply_properties(*arguments: Any, **options: Any) -> Untyped:  # noqa: ANN401 - MiniStack's arguments
        properties = arguments[properties_at]
        if not is_stream(str(properties["EventSourceArn"])):
            return original(*arguments, **options)
        problem = _problem(properties, directory)
        if problem is not None:
            raise ValueError(problem)
        # MiniStack's default is that of a queue.
        given = list(arguments)
        given[properties_at] = {"BatchSize": DEFAULT_BATCH_SIZE, **properties}
        uuid, attributes = original(*given, **options)
        # What an update drops is as if it had never been there; MiniStack would keep it.
        for name in _OPTIONAL - properties.keys():
            _esms.get()[uuid].pop(name, None)
        return uuid, attributes

    return apply_properties


def _problem(properties: Mapping[str, Any], directory: Directory) -> str | None:
    arn = str(properties["EventSourceArn"])
    _, configuration, _ = _get_func_record_for_ref.get()(properties["FunctionName"])
    if configuration is None:
        return f"Function not found: {properties['FunctionName']}"
    if not is_current(arn):
        return f"Stream not found: {arn}"
    denial = first_denial(poller(configuration), poller_accesses(arn, directory))
    if denial is not None:
        return (
            f"Cannot access stream {arn}. Please ensure the role can perform the GetRecords, GetShardIterator, "
            f"DescribeStream, and ListStreams Actions on your stream in IAM. ({denial})"
        )
    return _values_problem(properties)


def _values_problem(properties: Mapping[str, Any]) -> str | None:
    position = properties.get("StartingPosition")
    if position not in _POSITIONS:
        return (
            f"StartingPosition {position} is not allowed for a stream of DynamoDB: LATEST or TRIM_HORIZON is required"
        )
    for name, default, allowed in (
        ("BatchSize", DEFAULT_BATCH_SIZE, _BATCH_SIZES),
        ("MaximumBatchingWindowInSeconds", 0, _WINDOWS),
        ("MaximumRetryAttempts", -1, _RETRIES),
    ):
        value = int(properties.get(name, default))
        if value not in allowed:
            return f"{name} {value} is not between {allowed[0]} and {allowed[-1]}"
    age = int(properties.get("MaximumRecordAgeInSeconds", -1))
    if age != -1 and age not in _AGES:
        return f"MaximumRecordAgeInSeconds {age} is neither -1 nor between {_AGES[0]} and {_AGES[-1]}"
    return None
