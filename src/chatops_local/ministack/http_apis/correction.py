"""All corrections of HTTP APIs that are about who asks, in the order in which they wrap one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.http_apis import cors, iam_routes

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator


def apply(emulator: Emulator) -> None:
    """Judge callers, and answer browsers, as API Gateway does."""
    iam_routes.apply(emulator)
    cors.apply()
