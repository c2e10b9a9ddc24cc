"""Templates as they are kept in snapshots: without what changes with every line of a handler or with every CDK."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.constructs.stacks import definition_of

if TYPE_CHECKING:
    from pathlib import Path

ASSET_HASH = re.compile(r"[0-9a-f]{64}")


def normalise(template: dict[str, Any], directory: Path) -> dict[str, Any]:
    """The template with `<asset-hash>` for hashes, definitions as JSON, and no check of the bootstrap version."""
    definitions = {
        id: definition_of(resource["Properties"], directory)
        for id, resource in template["Resources"].items()
        if resource["Type"] == "AWS::StepFunctions::StateMachine"
    }
    kept = {key: value for key, value in template.items() if key != "Rules"}
    kept["Parameters"] = {
        key: value for key, value in template.get("Parameters", {}).items() if key != "BootstrapVersion"
    }
    normalised: dict[str, Any] = json.loads(ASSET_HASH.sub("<asset-hash>", json.dumps(kept)))
    for id, definition in definitions.items():
        properties = normalised["Resources"][id]["Properties"]
        properties["DefinitionString" if "DefinitionString" in properties else "DefinitionS3Location"] = definition
    return {key: value for key, value in normalised.items() if value}
