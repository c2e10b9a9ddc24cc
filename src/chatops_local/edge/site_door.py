"""One site on a port of this machine's loopback interface, over IPv4 and IPv6, for a browser or curl."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from chatops_local.edge.door import Door, DoorServer

if TYPE_CHECKING:
    from chatops_local.edge.door import Forward


class SiteDoor:
    """Serves one host of the local cloud at ``http://127.0.0.1:PORT`` and ``http://[::1]:PORT``.

    For the site every request has come over HTTPS under its own name, as if TLS ended here.

    Args:
        host: the name of the site.
        forward: where requests go.
    """

    def __init__(self, host: str, forward: Forward) -> None:
        """Listen."""

        class _Site(Door):
            def url(self) -> str:
                return f"https://{host}{self.path}"

        self._servers = [DoorServer(("127.0.0.1", 0), socket.AF_INET, _Site, forward)]
        self.port = self._servers[0].port
        try:
            self._servers.append(DoorServer(("::1", self.port), socket.AF_INET6, _Site, forward))
        except OSError:
            # Without IPv6 on this machine, or with the port taken there: the viewers of `request` are not bound to it.
            self.has_ipv6 = False
        else:
            self.has_ipv6 = True

    @property
    def url(self) -> str:
        """Its URL over IPv4."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def ipv6_url(self) -> str:
        """Its URL over IPv6.

        Raises:
            OSError: if this machine has no IPv6 loopback address.
        """
        if not self.has_ipv6:
            raise OSError(f"[::1]:{self.port} cannot be listened on: this machine has no IPv6 loopback address")
        return f"http://[::1]:{self.port}/"

    def stop(self) -> None:
        """Stop listening."""
        for server in self._servers:
            server.stop()
