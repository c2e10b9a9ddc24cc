"""Which secrets a function reads, said in the template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template

from chatops_constructs._secret_parameter import declare_secrets
from chatops_runtime.contracts import template_metadata

if TYPE_CHECKING:
    from chatops_runtime.contracts.template_metadata import SecretMark

BOT_TOKEN: SecretMark = {"name": "/ops/prod/slack-bot-token", "store": "parameter", "kind": "bot_token"}
API_KEY: SecretMark = {
    "name": "/acme/prod/bot/api-key",
    "store": "secrets_manager",
    "kind": "text",
    "stage": "prod",
    "json_field": "key",
}


def test_what_is_declared_by_several_calls_is_in_one_mark_and_once() -> None:
    stack = Stack()
    both, one, none = (
        lambda_.Function(
            stack,
            id,
            code=lambda_.Code.from_inline("def handler(*_): ..."),
            handler="index.handler",
            runtime=lambda_.Runtime.PYTHON_3_14,
        )
        for id in ("Both", "One", "None")
    )
    declare_secrets(both, BOT_TOKEN)
    declare_secrets(both, API_KEY, BOT_TOKEN)
    declare_secrets(one, API_KEY)
    assert _mark(stack, both) == {"version": template_metadata.VERSION, "secrets": [BOT_TOKEN, API_KEY]}
    assert _mark(stack, one) == {"version": template_metadata.VERSION, "secrets": [API_KEY]}
    assert _mark(stack, none) is None


def _mark(stack: Stack, function: lambda_.Function) -> Any:
    logical_id = stack.get_logical_id(cast("lambda_.CfnFunction", function.node.default_child))
    resource = Template.from_stack(stack).find_resources("AWS::Lambda::Function")[logical_id]
    return resource.get("Metadata", {}).get(template_metadata.SECRETS)
