"""The emulator's own pages, which AWS does not have: anybody on this machine could reset or reconfigure it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chatops_local.ministack.private import Untyped

_HEALTH = "/health"


def without_administration(app: Untyped) -> Callable[..., Awaitable[None]]:
    """The application without the paths that begin with an underscore, as no path of AWS does."""

    async def closed(scope: Untyped, receive: Untyped, send: Untyped) -> None:
        path = scope.get("path", "")
        if path.startswith("/_") or path == _HEALTH:
            await _refuse(scope, send)
        else:
            await app(scope, receive, send)

    return closed


async def _refuse(scope: Untyped, send: Untyped) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
        return
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
