"""The HTTPS proxy through which functions reach Slack by its real names, and nothing else.

A function opens `https://hooks.slack.com/…` unmodified: `HTTPS_PROXY` leads it here, CONNECT asks for the host, and the
proxy ends the TLS connection itself, with a certificate that `SSL_CERT_FILE` makes the function trust.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from chatops_local.slack.certificates import Certificates, is_slack
from chatops_local.slack.http_message import Request, Response
from chatops_local.slack.http_site import SiteHandler

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

Site = Callable[[Request], Response]

_TLS_GOODBYE_SECONDS = 1.0
_STOP_POLL_SECONDS = 0.02


class SlackProxy:
    """The proxy, listening on 127.0.0.1."""

    def __init__(self, directory: Path, sites: Mapping[str, Site], note: Callable[[str], None]) -> None:
        """Answer for the hosts in `sites`; write the authority's certificate into `directory`."""
        self._certificates = Certificates(directory)
        self._server = _ProxyServer(self._certificates.server_context, sites, note)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_STOP_POLL_SECONDS,), name="slack-double", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """The proxy's address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables with which a function's HTTP client goes through the proxy."""
        authority = str(self._certificates.authority_file)
        return {
            "HTTPS_PROXY": self.url,
            "HTTP_PROXY": self.url,
            "NO_PROXY": "127.0.0.1,localhost",
            "SSL_CERT_FILE": authority,
            "REQUESTS_CA_BUNDLE": authority,
        }

    @property
    def certificate_authority(self) -> Path:
        """The file with the certificate to trust."""
        return self._certificates.authority_file

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _ProxyServer(ThreadingHTTPServer):
    def __init__(self, tls: ssl.SSLContext, sites: Mapping[str, Site], note: Callable[[str], None]) -> None:
        super().__init__(("127.0.0.1", 0), _ProxyHandler)
        self.tls = tls
        self.sites = sites
        self.note = note

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's signature
        """A connection that breaks is the client's business; anything else is an error of the double, and is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _ProxyHandler(SiteHandler):
    server: _ProxyServer

    def do_CONNECT(self) -> None:  # noqa: N802 - http.server's name
        """Become one of Slack's hosts, or refuse."""
        host, _, port = self.path.lower().rpartition(":")
        self.close_connection = True
        if port != "443" or not is_slack(host):
            self._refuse(self.path)
            return
        self.send_response_only(HTTPStatus.OK, "Connection established")
        self.end_headers()
        self._serve_tls(host)

    def respond(self, request: Request) -> Response:
        """Plain HTTP is forwarded nowhere."""
        return self._refusal(f"{request.method} http://{request.host}")

    def _refuse(self, wanted: str) -> None:
        self._send(self._refusal(wanted))

    def _refusal(self, wanted: str) -> Response:
        self.server.note(
            f"a function tried to reach {wanted}, and was refused: functions here reach Slack and AWS only"
        )
        return Response.text(f"{wanted}: functions here reach Slack and AWS only\n", status=HTTPStatus.FORBIDDEN)

    def _serve_tls(self, host: str) -> None:
        try:
            connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        except OSError as error:
            self.server.note(f"TLS with a function that wanted {host} failed: {error}")
            return
        with connection:
            _HostHandler(host, connection, self.client_address, self.server)
            connection.settimeout(_TLS_GOODBYE_SECONDS)
            with suppress(OSError):
                connection.unwrap()


class _HostHandler(SiteHandler):
    """One TLS connection to one of Slack's hosts."""

    server: _ProxyServer

    def __init__(self, connected_host: str, connection: ssl.SSLSocket, client: Any, server: _ProxyServer) -> None:  # noqa: ANN401
        self._connected_host = connected_host
        super().__init__(connection, client, server)

    def respond(self, request: Request) -> Response:
        """What the site of that name answers."""
        if request.host != self._connected_host:
            problem = f"this connection is for {self._connected_host}\n"
            return Response.text(problem, status=HTTPStatus.MISDIRECTED_REQUEST)
        site = self.server.sites.get(request.host)
        if site is None:
            self.server.note(f"{request.method} https://{request.host}: the Slack double has no such site")
            return Response.text("not_found", status=HTTPStatus.NOT_FOUND)
        return site(request)
