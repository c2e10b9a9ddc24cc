"""Everything that a local cloud has logged, to look for what must be in none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.cloud import LocalCloud
from tests.local.ministack.stacks import WRITE_LOGS, allow, function, invoke, role, template, write_assembly

if TYPE_CHECKING:
    from pathlib import Path

CODE = "def handler(event, context): print('canary-' + event)"


def test_what_functions_print_and_what_the_emulator_complains_of(tmp_path: Path):
    resources = {
        "Logging": role("lambda", WRITE_LOGS),
        "Mute": role("lambda", allow("ssm:GetParameter")),
        "Logs": function(CODE, "Logging"),
        "MayNotLog": function(CODE, "Mute"),
    }
    with LocalCloud.start() as cloud:
        stack = cloud.deploy(write_assembly(tmp_path / "cdk.out", {"Logs": template(resources)}))
        invoke(cloud.server, stack.resource("Logs"), "one")
        invoke(cloud.server, stack.resource("MayNotLog"), "two")
        logs = cloud.all_logs()
        assert "canary-one" in logs
        assert [line for line in logs if stack.resource("MayNotLog") in line]
