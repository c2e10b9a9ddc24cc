"""Batches are allowed by the permission for one message; MiniStack asks for permissions that do not exist.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_action_from_target = private("core.iam_actions:_action_from_target", "headers")
_action_from_query = private("core.iam_actions:_action_from_query", "query_params, body, content_type")

ACTION_OF_BATCH = {
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
    "PublishBatch": "Publish",
}
"""The action that allows a batch operation."""


def apply() -> None:
    """Ask for the permissions that AWS asks for."""
    _action_from_target.wrap(lambda original: lambda headers: _action(original(headers)))

    def by_query(original: Untyped) -> Untyped:
        def action_from_query(query_params: Mapping[str, object], body: bytes, content_type: str) -> str | None:
            return _action(original(query_params, body, content_type))

        return action_from_query

    _action_from_query.wrap(by_query)


def _action(operation: str | None) -> str | None:
    return ACTION_OF_BATCH.get(operation, operation) if operation else operation
