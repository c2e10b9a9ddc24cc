"""Every example in a docstring of the public API runs as it stands."""

from __future__ import annotations

import inspect
import textwrap
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

import chatops_constructs
from chatops_constructs import DeliveryStage, SlackCredentials
from tests.constructs.deliveries import BotsStage, pipeline
from tests.constructs.stacks import COMMANDS, endpoint, hello_function

if TYPE_CHECKING:
    from pathlib import Path


def documented() -> dict[str, str]:
    """Docstrings of all public classes and of their own public functions, by name."""
    found = {}
    for class_name in chatops_constructs.__all__:
        cls = getattr(chatops_constructs, class_name)
        found[class_name] = inspect.getdoc(cls) or ""
        for name, member in vars(cls).items():
            if not name.startswith("_") and (inspect.isroutine(member) or isinstance(member, property)):
                found[f"{class_name}.{name}"] = inspect.getdoc(member) or ""
    return found


def examples(documentation: str) -> list[str]:
    """The code of the Example section: all of it, or the indented blocks if there is prose between them."""
    lines = documentation.splitlines()
    if "Example:" not in lines:
        return []
    body = []
    for line in lines[lines.index("Example:") + 1 :]:
        if line and not line.startswith("    "):
            break
        body.append(line[4:])
    text = "\n".join(body).strip("\n")
    if not text.startswith("`"):
        return [text]
    # Prose is left out by a mark at which the indented blocks part.
    marked = "\n".join(line if line.startswith("    ") or not line else "\0" for line in text.splitlines())
    return [textwrap.dedent(block) for block in marked.split("\0") if block.strip()]


EXAMPLES = {
    f"{name} {number}": code
    for name, documentation in documented().items()
    for number, code in enumerate(examples(documentation), start=1)
}


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 12


@pytest.mark.parametrize("code", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_example(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what its context would have: a stack as `self`, an endpoint, a function, instances with a role."""
    app = cdk.App()
    stack = cdk.Stack(app, "Stack")
    for folder in ("commands", "lambda/seed"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "hello.py").write_text((COMMANDS / "hello.py").read_text())
    (tmp_path / "bots").mkdir()
    (tmp_path / "bots" / "standup.py").write_text("def remind(run): ...\n")
    (tmp_path / "bots" / "helper.py").write_text("def answer(event): ...\n")
    (tmp_path / "bots" / "tickets.py").write_text("def file(interaction): ...\n")
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "calls.py").write_text("def call(job): ...\ndef publish(event, context): ...\n")
    (tmp_path / "functions" / "orders").mkdir(parents=True)
    (tmp_path / "functions" / "orders" / "orders.py").write_text("def handler(event, context): ...\n")
    (tmp_path / "functions" / "orders" / "requirements.txt").touch()
    (tmp_path / "uv.lock").touch()
    monkeypatch.chdir(tmp_path)
    role = iam.Role(stack, "Web", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    names: dict[str, Any] = {
        "self": stack,
        "slack": endpoint(stack, credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True)),
        "seed_function": hello_function(stack, "SeedFunction"),
        "web": SimpleNamespace(role=role),
        "BotsStage": BotsStage,
    }
    if "delivery." in code:
        production = DeliveryStage(BotsStage(stack, "production"), approval=True, secrets_check=False)
        names["delivery"] = pipeline(stack, stages=[production])
    # CDK runs in a process of its own, which does not follow into another working directory.
    code = code.replace("lambda/seed", str(tmp_path / "lambda" / "seed"))
    exec(compile(code, "example", "exec"), names)
    for stack_class in (value for value in names.values() if isinstance(value, type) and issubclass(value, cdk.Stack)):
        if stack_class is not cdk.Stack:
            stack_class(app, stack_class.__name__)
    app.synth()
