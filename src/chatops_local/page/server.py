"""Serves the page, on the loopback interface only."""

from __future__ import annotations

import errno
import secrets
import threading
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING

from chatops_local.page import static_files
from chatops_local.page.handler import PageHandler

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from chatops_local.page.workbench import Workbench

HOST = "127.0.0.1"
DEFAULT_PORT = 8400


class PortTakenError(OSError):
    """Something else listens on the port."""


class PageServer:
    """The page of a workbench, served while a `with` lasts.

    Attributes:
        url: Where it is.
    """

    def __init__(self, workbench: Workbench, port: int = DEFAULT_PORT) -> None:
        """Take the port.

        Args:
            workbench: What the page shows and does.
            port: Where it listens; 0 for any port that is free.

        Raises:
            PortTakenError: It is taken.
        """
        token = secrets.token_urlsafe(32)
        served = {
            "workbench": workbench,
            "files": static_files.read(token),
            "token": token,
            "session": secrets.token_hex(8),
        }
        try:
            self._server = ThreadingHTTPServer((HOST, port), type("Handler", (PageHandler,), served))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortTakenError(
                f"port {port} is taken by another program; end it, or name another one: --port {port + 1}"
            ) from error
        self._server.daemon_threads = True
        self._workbench = workbench
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True, name="page"
        )
        self.url = f"http://{HOST}:{self._server.server_port}"

    def __enter__(self) -> Self:
        """Serve."""
        self._thread.start()
        self._workbench.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._workbench.stop()
        self._server.shutdown()
        self._server.server_close()
