"""The role of the function behind a custom resource: what CDK's function would do is judged by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.authorization import Principal, first_denial
from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chatops_local.ministack.permissions.authorization import Access

_function_record = private("services.lambda_svc:_get_func_record_for_ref", "function_ref")


def check(properties: Mapping[str, Any], accesses: Iterable[Access]) -> None:
    """Fail like the function if its role may not do something.

    Raises:
        ValueError: with AWS's words.
    """
    function = str(properties["ServiceToken"])
    _, configuration, name = _function_record.get()(function)
    denial = first_denial(Principal(configuration["Role"], name, function.split(":")[3]), accesses)
    if denial is not None:
        raise ValueError(f"Received response status [FAILED] from custom resource. Message returned: {denial}")
