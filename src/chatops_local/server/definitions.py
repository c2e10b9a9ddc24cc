"""Definitions of state machines as a template has them: in itself or in an asset, with names for what is filled in."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from chatops_local.server.template_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


def parsed(properties: Mapping[str, Any]) -> dict[str, Any] | None:
    """The definition of a state machine's properties; what is not known yet is written as `plain_text` does.

    `None`: it is in an asset that was not read in, or what is not known yet is a part of its structure.
    """
    if "Definition" in properties:
        given: dict[str, Any] = properties["Definition"]
        return given
    text = plain_text(properties.get("DefinitionString", ""))
    for name, value in properties.get("DefinitionSubstitutions", {}).items():
        text = text.replace(f"${{{name}}}", json.dumps(plain_text(value))[1:-1])
    try:
        definition: dict[str, Any] = json.loads(text)
    except ValueError:
        return None
    return definition
