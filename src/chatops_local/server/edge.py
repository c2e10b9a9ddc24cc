"""Viewers of a running local cloud: requests to sites and APIs from any address, and what AWS WAF made of them."""

from __future__ import annotations

import http.client
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from chatops_local.edge.browser_proxy import BrowserProxy
from chatops_local.edge.door import Answer
from chatops_local.edge.site_door import SiteDoor
from chatops_local.edge.viewer import HEADER, Viewer
from chatops_local.server.names import Names, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

    from chatops_local.server.callers import Credentials
    from chatops_local.server.emulator_process import EmulatorProcess

__all__ = ["Edge", "EdgeResponse", "Sample", "UnreachableError"]

VIEWER = "203.0.113.7"
"""Of nobody: https://datatracker.ietf.org/doc/html/rfc5737."""

VIEWER6 = "2001:db8::7"
"""Of nobody: https://datatracker.ietf.org/doc/html/rfc3849."""

_SECONDS = 60.0
_PORTS = range(49152, 65536)


class EdgeResponse(NamedTuple):
    """What a viewer gets.

    Args:
        status: the code.
        headers: they are found by their names in any letters.
        body: the content.
    """

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The content as text."""
        return self.body.decode("utf-8")


@dataclass(frozen=True)
class Sample:
    """A request that met a web ACL.

    Args:
        web_acl: the name of the web ACL.
        source: the address of the viewer.
        host: the name that was asked for.
        method: the method.
        path: the path.
        allowed: whether it went on.
        rule: the rule that decided, ``Default_Action`` if none did.
        counted: the rules that matched and only count.
        labels: what rules have put on it.
    """

    web_acl: str
    source: str
    host: str
    method: str
    path: str
    allowed: bool
    rule: str
    counted: list[str]
    labels: list[str]


class Edge:
    """What viewers see of a local cloud: distributions, APIs and function URLs under their own host names.

    Args:
        process: the emulator.
        port: where it listens.
        secret: with which it believes who the viewer is.
        client: makes boto3 clients.
        directory: where certificates are written.
    """

    def __init__(
        self, process: EmulatorProcess, port: int, secret: str, client: Callable[..., Any], directory: Path
    ) -> None:
        """Talk to the emulator."""
        self._doors: list[SiteDoor | BrowserProxy] = []
        self._directory = directory
        self._process = process
        self._port = port
        self._secret = secret
        self._names = Names(client)

    def get(
        self, url: str, path: str = "/", *, viewer: str = VIEWER, headers: Mapping[str, str] | None = None
    ) -> EdgeResponse:
        """Get a page as a viewer; :meth:`request` says more."""
        return self.request("GET", url, path, viewer=viewer, headers=headers)

    def request(
        self,
        method: str,
        url: str,
        path: str = "/",
        *,
        viewer: str = VIEWER,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        signed_as: Credentials | None = None,
    ) -> EdgeResponse:
        """Send a request as a viewer. Redirects are not followed.

        The address is that of the connection, as AWS WAF, ``CloudFront-Viewer-Address`` and ``sourceIp`` have it,
        whatever the headers say.

        Args:
            method: ``GET`` and so on.
            url: a URL with its path, or the host name of a distribution, of an API or of a function URL, which is
                reached over HTTPS; over HTTP with ``http://`` before it.
            path: the path and the query, unless `url` has one.
            viewer: the IPv4 or IPv6 address of the viewer.
            headers: of the request.
            body: of the request.
            signed_as: signs the request, to an API under its own host name, by Signature Version 4, as
                `server.role_credentials` and `server.user_credentials`. Default: it is not signed.

        Raises:
            UnreachableError: if the name has no address of the viewer's family.
        """
        parts = urlsplit(url if "://" in url else f"https://{url}")
        claimed = Viewer(viewer, random.choice(_PORTS), parts.scheme)  # noqa: S311 - a port is no secret
        self._names.check_family(str(parts.hostname), claimed)
        target = parts._replace(scheme="", netloc="").geturl() or path
        own = {name: value for name, value in (headers or {}).items() if name.lower() not in ("host", HEADER)}
        if signed_as is not None:
            own = signed_as.signed(method, f"{parts.scheme}://{parts.netloc}{target}", own, body)
        sent = {**own, "Host": parts.netloc, HEADER: claimed.signed(self._secret)}
        return self.send(method, target, sent, body)

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> EdgeResponse:
        """Send a request to the emulator as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_SECONDS)
        try:
            connection.request(method, target, body=body or None, headers=dict(headers))
            answer = connection.getresponse()
            return EdgeResponse(answer.status, answer.msg, answer.read())
        finally:
            connection.close()

    def door(self, host: str, *, viewer: str = VIEWER, viewer6: str = VIEWER6) -> SiteDoor:
        """Serve a site on a port of this machine, until the local cloud is stopped.

        Args:
            host: the name of a distribution, of an API or of a function URL.
            viewer: who the viewer of ``http://127.0.0.1:PORT`` is.
            viewer6: who the viewer of ``http://[::1]:PORT`` is.
        """
        door = SiteDoor(host, self._forward(viewer, viewer6))
        self._doors.append(door)
        return door

    def url_of(self, host: str, *, viewer: str = VIEWER, viewer6: str = VIEWER6) -> str:
        """The URL of a site on a port of this machine; :meth:`door` says more, and has the one over IPv6."""
        return self.door(host, viewer=viewer, viewer6=viewer6).url

    def browser_proxy(self, *, viewer: str = VIEWER, viewer6: str | None = VIEWER6) -> BrowserProxy:
        """Start a proxy for a browser, which then opens everything here under its real name, over HTTPS.

        Args:
            viewer: the browser's IPv4 address.
            viewer6: its IPv6 address, which it prefers where the name has one. With ``None`` it has only IPv4.
        """

        def forward(method: str, url: str, headers: Mapping[str, str], body: bytes, *, is_ipv6: bool) -> Answer:
            del is_ipv6  # Of the connection to the proxy, which says nothing.
            host = str(urlsplit(url).hostname)
            source = viewer6 if viewer6 and "AAAA" in self._names.records_of(host) else viewer
            return self._answer(method, url, headers, body, source)

        proxy = BrowserProxy(forward, self._directory)
        self._doors.append(proxy)
        return proxy

    def stop(self) -> None:
        """Close all doors."""
        for door in self._doors:
            door.stop()
        self._doors.clear()

    def _forward(self, viewer: str, viewer6: str) -> Callable[..., Answer]:
        def forward(method: str, url: str, headers: Mapping[str, str], body: bytes, *, is_ipv6: bool) -> Answer:
            return self._answer(method, url, headers, body, viewer6 if is_ipv6 else viewer)

        return forward

    def _answer(self, method: str, url: str, headers: Mapping[str, str], body: bytes, viewer: str) -> Answer:
        self.check_known(str(urlsplit(url).hostname))
        return Answer(*self.request(method, url, viewer=viewer, headers=headers, body=body))

    def check_known(self, host: str) -> None:
        """Refuse a name of nothing that is here.

        Raises:
            UnreachableError: naming it.
        """
        self._names.check_known(host)

    def counts(self, web_acl: str) -> dict[str, dict[str, int]]:
        """How often rules of a web ACL have decided or counted.

        Args:
            web_acl: its name.

        Returns:
            By rule, ``Default_Action`` among them: ``AllowedRequests``, ``BlockedRequests``, ``CountedRequests``.
        """
        found: dict[str, dict[str, int]] = {}
        for each in self._process.call("waf_counts"):
            if each["web_acl"] == web_acl:
                found.setdefault(each["rule"], {})[each["metric"]] = each["count"]
        return found

    def samples(self, web_acl: str | None = None) -> list[Sample]:
        """The latest requests that met web ACLs, the earliest first.

        Args:
            web_acl: the name of one. Default: all.
        """
        samples = [Sample(**each) for each in self._process.call("waf_samples")]
        return [each for each in samples if web_acl in (None, each.web_acl)]
