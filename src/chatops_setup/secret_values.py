"""Whether what is stored can be the secret. Nothing of it is ever quoted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chatops_runtime.contracts import template_metadata
from chatops_runtime.contracts.placeholders import is_placeholder
from chatops_setup import secret_kinds

if TYPE_CHECKING:
    from chatops_setup.declared_secrets import DeclaredSecret
    from chatops_setup.parameters import Secret

_KINDS = {
    template_metadata.SIGNING_SECRET: secret_kinds.SIGNING_SECRET,
    template_metadata.BOT_TOKEN: secret_kinds.BOT_TOKEN,
}


def trouble_with(declared: DeclaredSecret, stored: Secret) -> str | None:
    """What is wrong with a value, after the secret's name; None if it can be the secret.

    Args:
        declared: What it is to be.
        stored: What is there.
    """
    if not declared.json_fields:
        return _trouble("", stored.value, declared.kind)
    try:
        document = json.loads(stored.value)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        return f"is no JSON object, and {_listed(declared.json_fields)} of it is read"
    for field in sorted(declared.json_fields):
        value = document.get(field)
        if not isinstance(value, str):
            return f"has no text in {_listed({field})}"
        trouble = _trouble(f"{_listed({field})} of it ", value, declared.kind)
        if trouble:
            return trouble
    return None


def _trouble(what: str, value: str, kind: str) -> str | None:
    value = value.strip()
    if not value:
        return f"{what}is empty"
    if is_placeholder(value):
        return f"{what}holds a placeholder"
    slacks = _KINDS.get(kind)
    if slacks is not None and not slacks.pattern.fullmatch(value):
        return f"{what}does not hold {slacks.shape}"
    return None


def _listed(fields: set[str] | frozenset[str]) -> str:
    return f"the field{'s' if len(fields) > 1 else ''} {', '.join(sorted(fields))}"
