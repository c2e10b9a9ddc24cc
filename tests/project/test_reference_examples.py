"""The examples that the pages show, at the smallest and with everything: each synthesises, the big ones say all."""

from __future__ import annotations

import ast
import inspect
import runpy
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import chatops_constructs

ROOT = Path(__file__).parents[2]

SHOWN = {
    "approval": ["Approval"],
    "arguments": [
        "ChannelArg",
        "Choice",
        "Cidr",
        "DurationArg",
        "Flag",
        "Integer",
        "Text",
        "TimeArg",
        "UserArg",
    ],
    "authorization": [],
    "delivery_pipeline": ["DeliveryPipeline", "DeliveryStage", "GitHubSource"],
    "dual_stack_site": ["DualStackSite"],
    "invoke_function": ["CommandFunction", "InvokeFunction"],
    "ip_allowlist": ["IpAllowlistFunction"],
    "ip_set_pair": ["IpSetPair"],
    "log_search": ["LogSearch"],
    "other_accounts": ["TargetAccount", "TargetAccountRole"],
    "python_function": ["PythonFunction"],
    "run_script": ["RunScript"],
    "scheduled_run_command": ["ScheduledRunCommand"],
    "scheduled_slack_bot": ["BotFunction", "ScheduledSlackBot"],
    "slack_command_endpoint": ["SlackCommandEndpoint"],
    "slack_events": [],
    "slack_notifier": ["SlackNotifier"],
    "stages": ["Difference", "Stages"],
    "stage_secrets": ["StageSecrets"],
    "start_workflow": ["StartWorkflow"],
    "throttled_fan_out": ["JobFunction", "ThrottledFanOut"],
    "waf_maintenance_switch": ["WafMaintenanceSwitch"],
}
# Of a script and a file with one there is one; a site with a bucket of yours has none of its own to say anything about;
# a notifier's endpoint and other accounts are examples of their own.
LEFT_OUT = {
    "RunScript": {"account", "script"},
    "LogSearch": {"account"},
    "ScheduledRunCommand": {"script"},
    "DualStackSite": {"bucket"},
    "SlackNotifier": {"endpoint"},
}
FILES = sorted(path for size in ("minimal", "maximal") for path in ROOT.glob(f"examples/{size}/*.py"))


def test_there_is_a_small_and_a_big_one_of_each() -> None:
    assert [path.stem for path in FILES] == sorted(SHOWN) * 2


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_it_synthesises(path: Path) -> None:
    app: cdk.App = runpy.run_path(str(path))["app"]
    stacks = [each for each in app.node.find_all() if isinstance(each, cdk.Stack)]
    assert stacks
    for stack in stacks:
        assert Template.from_stack(stack).to_json()["Resources"]


@pytest.mark.parametrize(("name", "class_name"), [(name, one) for name, classes in SHOWN.items() for one in classes])
def test_the_big_one_says_everything(name: str, class_name: str) -> None:
    tree = ast.parse((ROOT / "examples" / "maximal" / f"{name}.py").read_text(encoding="utf-8"))
    said = {
        keyword.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == class_name
        for keyword in node.keywords
    }
    parameters = inspect.signature(getattr(chatops_constructs, class_name).__init__).parameters.values()
    there_are = {parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY}
    left_out = LEFT_OUT.get(class_name, set())
    assert left_out <= there_are | {"script"}
    assert said == there_are - left_out


@pytest.mark.parametrize("method", ["add_event_handler", "add_interaction_handler"])
def test_the_big_one_says_everything_about_handlers(method: str) -> None:
    tree = ast.parse((ROOT / "examples" / "maximal" / "slack_events.py").read_text(encoding="utf-8"))
    said = {
        keyword.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
        for keyword in node.keywords
    }
    parameters = inspect.signature(getattr(chatops_constructs.SlackCommandEndpoint, method)).parameters.values()
    assert said == {parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("size", ["minimal", "maximal"])
def test_its_page_shows_it(name: str, size: str) -> None:
    page = ROOT / "docs" / f"{name.replace('_', '-')}.md"
    assert f'--8<-- "examples/{size}/{name}.py"' in page.read_text(encoding="utf-8")


def test_the_api_page_has_every_name() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    shown = {line.rpartition(".")[2] for line in page.splitlines() if line.startswith("::: chatops_constructs.")}
    assert shown == set(chatops_constructs.__all__)
