"""The dispatch function of an endpoint whose commands have arguments, rules of all kinds, approvals and aliases."""

from collections.abc import Iterator
from typing import Any

import pytest

from chatops_runtime.contracts import commands_table
from tests.runtime.aws_double import AwsDouble
from tests.runtime.conftest import Dispatch, environment


def entry(machine: str, usage: str, **more: Any) -> Any:
    """What the table says about a command that everybody may run and that takes no text."""
    own = {
        "machine": machine,
        "description": f"does what {machine} does",
        "usage": usage,
        "accepts_text": "arguments" in more,
        "visible": "channel",
        "allow": {"kind": "workspace"},
    }
    return {**own, **more}


SERVICE = {"name": "service", "kind": "choice", "required": True, "choices": ["nginx", "app"], "help": "what <it> is"}
STAGE = {"name": "stage", "kind": "choice", "required": True, "choices": ["dev", "prod"]}
ADMINS = {"kind": "user_group", "ids": ["S0ADMINS"]}
BOSS = {"kind": "user", "ids": ["U0BOSS"]}
PROD = {"kind": "argument", "name": "stage", "values": ["prod"]}
DEV = {"kind": "argument", "name": "stage", "values": ["dev"]}

TABLE = {
    "/ops restart": entry(
        "Ops-Restart",
        "/ops restart <nginx|app> [--since 3h] [--force]",
        arguments=[
            SERVICE,
            {"name": "since", "kind": "duration", "required": False, "most": 86_400},
            {"name": "force", "kind": "flag", "required": False},
        ],
    ),
    "/note": entry(
        "Ops-Note", "/note <why>", arguments=[{"name": "why", "kind": "text", "required": True, "rest": True}]
    ),
    "/deploy": entry(
        "Ops-Deploy",
        "/deploy <dev|prod>",
        arguments=[STAGE],
        allow={"kind": "any", "of": [DEV, {"kind": "all", "of": [BOSS, PROD]}]},
    ),
    "/wipe": entry("Ops-Wipe", "/wipe", allow=ADMINS),
    "/staff": entry("Ops-Staff", "/staff", allow={"kind": "members"}),
    "/here": entry("Ops-Here", "/here", allow={"kind": "channel", "ids": ["C0456ADM"]}),
    "/release": entry("Ops-Release", "/release", approval={"channel": "C0456ADM"}, cancellable=True),
    "/purge": entry("Ops-Purge", "/purge", confirms=True, visible="user"),
    "/long": entry("Ops-Long", "/long", cancellable=True, visible="user"),
}
ALIASES = {"/restart": "/ops restart", "/ops rs": "/ops restart", "/h": "/here"}


@pytest.fixture
def rendered() -> str:
    """The commands table."""
    return commands_table.render(TABLE, refusals="Refusals", aliases=ALIASES, decisions="Decisions")


@pytest.fixture
def dispatch_environment(tmp_path, monkeypatch, rendered) -> Iterator[AwsDouble]:
    with environment(tmp_path, monkeypatch, rendered) as aws:
        yield aws


@pytest.fixture
def dispatch(dispatch_environment) -> Dispatch:
    return Dispatch(dispatch_environment)
