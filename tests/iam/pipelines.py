"""Apps that deliver themselves: here there are their functions, without CDK's pipeline and without its stages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOT_HERE = ("Pipeline", "Artifacts", "ArtifactsKey", "Builds", "Connection", "NoticesRetries")
"""What is below a `DeliveryPipeline`, but does not run here: also what Lambda does with events that failed."""

_STAGE = "cdk:cloud-assembly"


def without_pipeline(id: str) -> Callable[[dict[str, Any]], None]:
    """Leaves CDK's pipeline out of a template, and all that is there for it alone.

    Args:
        id: the id of the `DeliveryPipeline` in its stack.
    """
    beginnings = tuple(f"{id}{part}" for part in NOT_HERE)

    def edit(template: dict[str, Any]) -> None:
        resources = template["Resources"]
        for logical_id in [each for each in resources if each.startswith(beginnings)]:
            del resources[logical_id]
        outputs = template.get("Outputs", {})
        for name in [each for each in outputs if each.startswith(beginnings)]:
            del outputs[name]

    return edit


def without_stages(assembly: Path) -> Path:
    """Leaves the stages out of a cdk.out: they are apps of their own."""
    file = assembly / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    manifest["artifacts"] = {
        name: artifact for name, artifact in manifest["artifacts"].items() if artifact["type"] != _STAGE
    }
    file.write_text(json.dumps(manifest), "utf-8")
    return assembly
