"""A proxy through which a browser reaches everything in the local cloud under its real name, and nothing else.

Pages that lead from one host to another work with it, over HTTPS. Its certificates are signed by an authority that is
made for it: tell the browser to trust that one, or to ignore certificates.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import trustme

from chatops_local.edge.door import Door, DoorServer

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.edge.door import Forward

_TLS_GOODBYE_SECONDS = 1.0


class BrowserProxy:
    """An HTTP proxy on 127.0.0.1.

    Args:
        forward: where requests go.
        directory: gets the certificate of the authority.
    """

    def __init__(self, forward: Forward, directory: Path) -> None:
        """Listen."""
        authority = trustme.CA()
        self.certificate_authority = directory / "browser-ca.pem"
        authority.cert_pem.write_to_path(str(self.certificate_authority))
        contexts: dict[str, ssl.SSLContext] = {}

        def tls_for(host: str) -> ssl.SSLContext:
            if host not in contexts:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.set_alpn_protocols(["http/1.1"])
                authority.issue_cert(host).configure_cert(context)
                contexts[host] = context
            return contexts[host]

        class _Proxy(_ProxyDoor):
            tls = staticmethod(tls_for)

        self._server = DoorServer(("127.0.0.1", 0), socket.AF_INET, _Proxy, forward)

    @property
    def url(self) -> str:
        """Its address, for a browser's ``--proxy-server``."""
        return f"http://127.0.0.1:{self._server.port}"

    def stop(self) -> None:
        """Stop listening."""
        self._server.stop()


class _ProxyDoor(Door):
    tls: Any

    def url(self) -> str:
        """Plain HTTP comes with its whole URL."""
        return self.path

    def do_CONNECT(self) -> None:  # noqa: N802 - http.server's name
        """Become the host that is asked for."""
        host, _, port = self.path.lower().rpartition(":")
        self.close_connection = True
        if port != "443":
            self.send_error(HTTPStatus.FORBIDDEN)
            return
        self.send_response_only(HTTPStatus.OK, "Connection established")
        self.end_headers()
        with suppress(OSError), self.tls(host).wrap_socket(self.connection, server_side=True) as connection:
            _HostDoor(host, connection, self.client_address, self.server)
            connection.settimeout(_TLS_GOODBYE_SECONDS)
            connection.unwrap()


class _HostDoor(Door):
    def __init__(self, host: str, connection: ssl.SSLSocket, client: Any, server: DoorServer) -> None:  # noqa: ANN401
        self._host = host
        super().__init__(connection, client, server)

    def url(self) -> str:
        return f"https://{self._host}{self.path}"
