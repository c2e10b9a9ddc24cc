"""What MiniStack leaves out of topics that CloudFormation makes: the default policy's condition, and the key.

The default policy is open to the account's own users only, and a policy of the template's takes its place:
https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html (MiniStack's is open to everybody.)
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_topics = private("services.sns:_topics")

_DEFAULT_STATEMENT = "__default_statement_ID"
_KEY = "KmsMasterKeyId"


def apply(emulator: Emulator) -> None:
    """Close the default policy, and keep the key."""

    def completing(original: Untyped) -> Untyped:
        def create(logical_id: str, properties: Mapping[str, Any], stack_name: str) -> Untyped:
            arn, attributes = original(logical_id, properties, stack_name)
            topic = _topics.get()[arn]["attributes"]
            topic["Policy"] = _closed(topic["Policy"], emulator.account)
            _set_key(topic, properties)
            return arn, attributes

        return create

    def keeping(original: Untyped) -> Untyped:
        def update(physical_id: str, old: object, new: Mapping[str, Any], *others: object, **options: Any) -> Untyped:  # noqa: ANN401
            arn, attributes = original(physical_id, old, new, *others, **options)
            _set_key(_topics.get()[arn]["attributes"], new)
            return arn, attributes

        return update

    handlers = _resource_handlers.get()["AWS::SNS::Topic"]
    handlers["create"], handlers["update"] = completing(handlers["create"]), keeping(handlers["update"])


def _closed(policy: str, account: str) -> str:
    document = json.loads(policy)
    for statement in document["Statement"]:
        if statement.get("Sid") == _DEFAULT_STATEMENT:
            statement["Condition"] = {"StringEquals": {"AWS:SourceOwner": account}}
    return json.dumps(document)


def _set_key(topic: dict[str, str], properties: Mapping[str, Any]) -> None:
    if _KEY in properties:
        topic[_KEY] = str(properties[_KEY])
    else:
        topic.pop(_KEY, None)
