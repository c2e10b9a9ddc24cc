"""Definitions of state machines that a template has in an asset rather than in itself."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chatops_local.server.assembly import FileAsset


def read_in(template: dict[str, Any], assets: Iterable[FileAsset]) -> dict[str, Any]:
    """A copy of the template in which every definition is a `DefinitionString`, for whoever looks into them."""
    files = {asset.key: asset.path for asset in assets}
    complete = copy.deepcopy(template)
    for resource in complete.get("Resources", {}).values():
        properties = resource.get("Properties", {})
        location = properties.get("DefinitionS3Location", {})
        if resource["Type"] == "AWS::StepFunctions::StateMachine" and location.get("Key") in files:
            del properties["DefinitionS3Location"]
            properties["DefinitionString"] = files[location["Key"]].read_text("utf-8")
    return complete
