"""Stacks with a PythonFunction, and what there is to see of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from chatops_constructs import PythonFunction
from tests.constructs.stacks import Synthesised

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HANDLER = "def handler(event, context):\n    return 'fast'\n"


def synthesised(entry: Path, context: Mapping[str, Any] | None = None, **options: Any) -> Synthesised:
    """A stack with a function of this folder and these options."""
    app = cdk.App(context=dict(context or {}))
    stack = cdk.Stack(app, "Test")
    PythonFunction(stack, "Orders", **{"entry": entry, "handler": "orders.handler", **options})
    return Synthesised.of(app, stack)


def files(found: Synthesised) -> list[str]:
    """What is in the asset of the function."""
    folder = found.asset(found.only("Lambda::Function")["Code"])
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def mark(found: Synthesised) -> Any:
    """What the template says of compiled packages, or None."""
    (function,) = (one for one in found.template["Resources"].values() if one["Type"] == "AWS::Lambda::Function")
    return function.get("Metadata", {}).get("chatops:python")


def key(found: Synthesised) -> str:
    """The key of the function's asset, which is its hash."""
    return str(found.only("Lambda::Function")["Code"]["S3Key"])
