"""What a role may do, asked without doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.authorization import Access, Principal, first_denial
from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops_local.ministack.emulator import Emulator

_request_scope = private("core.responses:request_scope", "account_id, region")


def apply(emulator: Emulator) -> None:
    """Let the controller ask."""

    def denials(role_arn: str, region: str, questions: Sequence[Mapping[str, Any]]) -> list[str | None]:
        principal = Principal(role_arn, "question", region)
        with _request_scope.get()(emulator.account, region):
            return [first_denial(principal, [Access(**question)]) for question in questions]

    emulator.calls.update(denials=denials)
