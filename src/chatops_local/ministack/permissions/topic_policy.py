"""The policy of a topic that a template does not give one: open to the account's own users only.

https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html (MiniStack's is open to everybody.)
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_topics = private("services.sns:_topics")

_DEFAULT_STATEMENT = "__default_statement_ID"


def apply(emulator: Emulator) -> None:
    """Close the default policy of topics that CloudFormation makes."""

    def closing(original: Untyped) -> Untyped:
        def create(*arguments: object) -> Untyped:
            arn, attributes = original(*arguments)
            topic = _topics.get()[arn]["attributes"]
            policy = json.loads(topic["Policy"])
            for statement in policy["Statement"]:
                if statement.get("Sid") == _DEFAULT_STATEMENT:
                    statement["Condition"] = {"StringEquals": {"AWS:SourceOwner": emulator.account}}
            topic["Policy"] = json.dumps(policy)
            return arn, attributes

        return create

    handlers = _resource_handlers.get()["AWS::SNS::Topic"]
    handlers["create"] = closing(handlers["create"])
