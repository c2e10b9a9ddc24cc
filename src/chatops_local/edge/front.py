"""The front of the emulator: takes the viewer from the controller's header before anything else sees the request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.edge.viewer import HEADER, Viewer, present_viewer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_NAME = HEADER.encode()
_PROTOCOL = b"x-forwarded-proto"


def with_viewers(app: Callable[..., Awaitable[None]], secret: str) -> Callable[..., Awaitable[None]]:
    """The application, for which a request comes from where the controller says.

    Args:
        app: an ASGI application.
        secret: what the controller signs with.
    """

    async def front(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI has no types
        said = [value for name, value in scope.get("headers", []) if name == _NAME]
        if not said:
            await app(scope, receive, send)
            return
        viewer = Viewer.verified(said[0].decode("latin-1"), secret) if len(said) == 1 else None
        if viewer is None:
            await _refuse(send)
            return
        present_viewer.set(viewer)
        await app(_from(viewer, scope), receive, send)

    return front


def _from(viewer: Viewer, scope: Any) -> dict[str, Any]:  # noqa: ANN401 - ASGI has no types
    # What a viewer says of its own connection is not what the connection is.
    headers = [(name, value) for name, value in scope["headers"] if name not in (_NAME, _PROTOCOL)]
    headers.append((_PROTOCOL, viewer.scheme.encode()))
    return {**scope, "client": (viewer.address, viewer.port), "headers": headers}


async def _refuse(send: Any) -> None:  # noqa: ANN401 - ASGI has no types
    body = json.dumps({"message": f"{HEADER} is not for you to set"}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
