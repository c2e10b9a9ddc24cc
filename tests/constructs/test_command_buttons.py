"""Buttons below notices: what may be offered, what the notifier's function gets, and that the endpoint takes clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chatops_constructs import CommandButton, SlackCommandEndpoint
from chatops_runtime.contracts import environment, template_metadata
from chatops_runtime.notifier.command_button import CommandButton as ButtonAtRunTime
from chatops_runtime.notifier.envelope import Envelope
from tests.constructs.stacks import Synthesised, add, endpoint, new_stack
from tests.constructs.test_nag import findings
from tests.constructs.test_slack_notifier import notifier
from tests.runtime.notifier.notices import record

if TYPE_CHECKING:
    import aws_cdk as cdk

SEARCH = CommandButton("/logsearch", label="Search the logs", argument_from=r"id=(\w+)", text=" --since 3h ")
STATUS = CommandButton("/ops status", label="Status", confirm=False)


def with_commands(stack: cdk.Stack, *names: str, **options: Any) -> SlackCommandEndpoint:
    slack = endpoint(stack, **options)
    for name in names:
        add(slack, name)
    return slack


def test_the_function_reads_what_was_declared() -> None:
    app, stack = new_stack()
    notifier(stack, commands=[SEARCH, STATUS])
    rendered = Synthesised.of(app, stack).only("Lambda::Function", "Notifier")["Environment"]["Variables"]
    first, second = ButtonAtRunTime.of_environment(rendered[environment.COMMAND_BUTTONS])
    envelope = Envelope.of(record("Order id=a1 failed"))
    assert first.command_line(envelope) == "/logsearch a1 --since 3h"
    assert second.command_line(envelope) == "/ops status"
    assert [each.declaration["confirm"] for each in (first, second)] == [True, False]


def test_without_commands_there_is_no_variable() -> None:
    app, stack = new_stack()
    notifier(stack)
    variables = Synthesised.of(app, stack).only("Lambda::Function", "Notifier")["Environment"]["Variables"]
    assert environment.COMMAND_BUTTONS not in variables


def test_the_endpoint_takes_clicks() -> None:
    app, stack = new_stack()
    slack = with_commands(stack, "/logsearch")
    notifier(stack, commands=[SEARCH], endpoint=slack)
    synthesised = Synthesised.of(app, stack)
    (mark,) = (
        resource["Metadata"][template_metadata.ENDPOINT]
        for resource in synthesised.template["Resources"].values()
        if template_metadata.ENDPOINT in resource.get("Metadata", {})
    )
    assert mark["interactivity"] is True


def test_no_finding_with_buttons() -> None:
    app, stack = new_stack()
    notifier(stack, commands=[SEARCH], endpoint=with_commands(stack, "/logsearch"))
    assert findings(app, stack) == set()


def test_without_a_button_it_is_left_alone() -> None:
    app, stack = new_stack()
    slack = with_commands(stack, "/logsearch")
    count = len(slack.node.children)
    notifier(stack, endpoint=slack)
    assert len(slack.node.children) == count
    app.synth()


def test_a_command_that_is_added_later_counts_and_so_does_an_alias() -> None:
    app, stack = new_stack()
    slack = endpoint(stack)
    notifier(stack, commands=[SEARCH, STATUS], endpoint=slack)
    add(slack, "/logsearch")
    add(slack, "/status", aliases=["/ops status"])
    app.synth()


def test_a_button_for_a_command_that_there_is_not() -> None:
    app, stack = new_stack()
    notifier(stack, commands=[SEARCH], endpoint=with_commands(stack, "/ps"))
    with pytest.raises(RuntimeError, match="'/logsearch', which is no command of the endpoint; allowed: /ps;"):
        app.synth()


def test_a_notice_chooses_no_sub_command() -> None:
    app, stack = new_stack()
    ops = CommandButton("/ops", label="Look", argument_from=r"id=(\w+)")
    notifier(stack, commands=[ops], endpoint=with_commands(stack, "/ops", "/ops wipe"))
    with pytest.raises(RuntimeError, match="there is '/ops wipe' as well: a notice could choose it"):
        app.synth()


def test_too_many_and_too_long() -> None:
    _, stack = new_stack()
    with pytest.raises(ValueError, match="commands is 'a list of 4'; allowed: up to 3"):
        notifier(stack, commands=[STATUS] * 4)
    long = CommandButton("/ps", label="再" * 75, text="再" * 200)
    with pytest.raises(ValueError, match=r"commands is 'a list that takes \d+ bytes'; allowed: up to 2500 bytes"):
        notifier(stack, "Second", commands=[long] * 3)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"command": "logsearch"}, "command is 'logsearch'; allowed: a command's name"),
        ({"command": "/ops a b"}, "command is '/ops a b'"),
        ({"label": " "}, "label is ' '; allowed: 1 to 75 characters in one line"),
        ({"label": "x" * 76}, "label is 'xxx"),
        ({"label": "a\nb"}, "label is "),
        ({"argument_from": "("}, r"argument_from is '\('; allowed: a regular expression of Python's"),
        ({"argument_from": "(a+)+"}, "argument_from is .* may take for ever"),
        ({"argument_from": ""}, "argument_from is ''"),
        ({"text": "x" * 201}, "text is 'xxx"),
        ({"text": "a\nb"}, "text is "),
        ({"text": None}, "text is None"),
    ],
)
def test_what_would_be_no_button(changes: dict[str, Any], problem: str) -> None:
    given = {"command": "/logsearch", "label": "Search", **changes}
    with pytest.raises(ValueError, match=problem):
        CommandButton(given.pop("command"), **given)


def test_all_problems_are_told_together() -> None:
    with pytest.raises(ValueError, match=r"(?s)^CommandButton: command is 'x'.*and label is ''"):
        CommandButton("x", label="")
