"""A command document's content: schema 2.2, JSON, steps of aws:runShellScript.

https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html#aws-runShellScript
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .document_parameters import DocumentParameter
from .errors import ServiceError, not_emulated

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_VERSION = "2.2"
ACTION = "aws:runShellScript"
MAX_BYTES = 65536
"""https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html: 64 KB."""

_STEP_NAME = re.compile(r"[a-zA-Z0-9_\-.:]{1,128}")
_TOP_MEMBERS = frozenset({"schemaVersion", "description", "parameters", "mainSteps"})
_STEP_MEMBERS = frozenset({"action", "name", "inputs", "precondition", "description"})
_INPUTS = frozenset({"runCommand", "workingDirectory", "timeoutSeconds"})


@dataclass(frozen=True)
class Step:
    """One step, its inputs still with their `{{ }}`."""

    name: str
    inputs: Mapping[str, Any]
    platform_type: str | None
    """The platform that the step is for, from its precondition; none: every platform."""


@dataclass(frozen=True)
class DocumentContent:
    """What a document says."""

    description: str
    parameters: Mapping[str, DocumentParameter]
    steps: tuple[Step, ...]

    @classmethod
    def read(cls, text: str) -> DocumentContent:
        """The content that `text` holds.

        Raises:
            ServiceError: `MaxDocumentSizeExceeded`, `InvalidDocumentContent`, `InvalidDocumentSchemaVersion`, or
                `NotEmulated`, naming what is wrong.
        """
        document = _json_object(text)
        if document.get("schemaVersion") != SCHEMA_VERSION:
            raise ServiceError(
                "InvalidDocumentSchemaVersion",
                f"schemaVersion {document.get('schemaVersion')!r}: {SCHEMA_VERSION} is what is emulated",
            )
        _refuse_unknown(document, _TOP_MEMBERS, "a document")
        declared = document.get("parameters", {})
        return cls(
            description=document.get("description", ""),
            parameters={name: DocumentParameter.read(name, parameter) for name, parameter in declared.items()},
            steps=_steps(document.get("mainSteps")),
        )


def _json_object(text: str) -> dict[str, Any]:
    size = len(text.encode())
    if size > MAX_BYTES:
        raise ServiceError("MaxDocumentSizeExceeded", f"the content has {size} bytes, {MAX_BYTES} are allowed")
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise _invalid(f"JSON not well-formed: {error}. (YAML is not emulated.)") from None
    if not isinstance(document, dict):
        raise _invalid("an object is allowed")
    return document


def _steps(steps: object) -> tuple[Step, ...]:
    if not isinstance(steps, list) or not steps or not all(isinstance(step, dict) for step in steps):
        raise _invalid("mainSteps: a list of at least one step is required")
    names = [step.get("name") for step in steps]
    if len(set(names)) != len(names):
        raise _invalid(f"mainSteps: every step needs a name of its own, not {names}")
    return tuple(_step(step) for step in steps)


def _step(step: Mapping[str, Any]) -> Step:
    name = step.get("name")
    if not isinstance(name, str) or not _STEP_NAME.fullmatch(name):
        raise _invalid(f"mainSteps: step name {name!r}: 1 to 128 letters, digits, '_', '-', '.' and ':' are allowed")
    if step.get("action") != ACTION:
        raise not_emulated(f"action {step.get('action')!r} of step {name}", f"use {ACTION}")
    _refuse_unknown(step, _STEP_MEMBERS, f"step {name}")
    inputs = step.get("inputs")
    if not isinstance(inputs, dict) or "runCommand" not in inputs:
        raise _invalid(f"step {name}: inputs with a runCommand are required")
    _refuse_unknown(inputs, _INPUTS, f"the inputs of step {name}")
    return Step(name, inputs, _platform_type(name, step.get("precondition")))


def _platform_type(name: str, precondition: object) -> str | None:
    if precondition is None:
        return None
    operands = precondition.get("StringEquals") if isinstance(precondition, dict) and len(precondition) == 1 else None
    if not isinstance(operands, list) or len(operands) != 2 or operands.count("platformType") != 1:
        raise not_emulated(
            f"the precondition of step {name}", 'the one that is known is {"StringEquals": ["platformType", "Linux"]}'
        )
    return str(operands[1 - operands.index("platformType")])


def _refuse_unknown(members: Mapping[str, Any], known: frozenset[str], of: str) -> None:
    unknown = sorted(set(members) - known)
    if unknown:
        raise not_emulated(f"member {unknown[0]} of {of}", f"known members are {', '.join(sorted(known))}")


def _invalid(problem: str) -> ServiceError:
    return ServiceError("InvalidDocumentContent", problem)
