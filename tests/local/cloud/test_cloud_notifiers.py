"""What the local cloud reads of Slack notifiers from a template."""

from typing import Any

import pytest

from chatops_local.cloud.notifiers import bot_token_parameters_of
from chatops_runtime.contracts.template_metadata import NOTIFIER, SECRETS


def template(*marks: dict[str, Any]) -> dict[str, Any]:
    functions = {
        f"Function{number}": {"Type": "AWS::Lambda::Function", "Metadata": {NOTIFIER: mark}}
        for number, mark in enumerate(marks)
    }
    return {"Resources": {"Other": {"Type": "AWS::SNS::Topic"}, **functions}}


def test_the_parameters_of_all_notifiers_once_each():
    marks = [{"version": 1, "bot_token_parameter": name} for name in ("/b/token", "/a/token", "/b/token")]
    assert bot_token_parameters_of(template(*marks)) == ["/a/token", "/b/token"]


def test_the_bot_tokens_that_are_declared_as_secrets():
    declared = [
        {"name": "/a/slack-bot-token", "store": "parameter", "kind": "bot_token"},
        {"name": "/a/api-key", "store": "parameter", "kind": "text"},
        {"name": "/a/slack-signing-secret", "store": "parameter", "kind": "signing_secret"},
    ]
    function = {"Type": "AWS::Lambda::Function", "Metadata": {SECRETS: {"version": 1, "secrets": declared}}}
    assert bot_token_parameters_of({"Resources": {"Poster": function}}) == ["/a/slack-bot-token"]


def test_no_notifier():
    assert bot_token_parameters_of(template()) == []
    assert bot_token_parameters_of({}) == []


def test_a_mark_of_another_version():
    with pytest.raises(ValueError, match=r"Function0: its chatops:notifier metadata has version 2, .* reads version 1"):
        bot_token_parameters_of(template({"version": 2}))
