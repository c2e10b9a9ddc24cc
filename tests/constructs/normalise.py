"""Templates as they are kept in snapshots: without what changes with every line of a handler or with every CDK."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.constructs.stacks import text_of

ASSET_HASH = re.compile(r"[0-9a-f]{64}")


def normalise(template: dict[str, Any]) -> dict[str, Any]:
    """The template with `<asset-hash>` for hashes, definitions as JSON, and no check of the bootstrap version."""
    kept = {key: value for key, value in template.items() if key != "Rules"}
    kept["Parameters"] = {
        key: value for key, value in template.get("Parameters", {}).items() if key != "BootstrapVersion"
    }
    normalised: dict[str, Any] = json.loads(ASSET_HASH.sub("<asset-hash>", json.dumps(kept)))
    for resource in normalised["Resources"].values():
        properties = resource.get("Properties", {})
        if "DefinitionString" in properties:
            properties["DefinitionString"] = json.loads(text_of(properties["DefinitionString"]))
    return {key: value for key, value in normalised.items() if value}
